package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"

	"orgkeep/tokens"
)

// authority is a certificate authority that lives as long as the process and
// signs a certificate for whichever host a client asks for.
type authority struct {
	clock tokens.Clock
	root  *x509.Certificate
	key   *ecdsa.PrivateKey

	mu     sync.Mutex
	serial int64
	leaves map[string]*tls.Certificate // by host
}

func newAuthority(clock tokens.Clock) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the demo's key: %w", err)
	}
	a := &authority{clock: clock, key: key, leaves: map[string]*tls.Certificate{}}
	template := a.template("orgkeep demo")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	if a.root, err = a.sign(template, template); err != nil {
		return nil, err
	}
	return a, nil
}

// template is valid around the demo's own clock, which may stand still at any
// date; both ends are told to read that clock.
func (a *authority) template(name string) *x509.Certificate {
	a.serial++
	now := a.clock.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(a.serial),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"orgkeep demo, not Salesforce"}},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(1, 0, 0),
	}
}

func (a *authority) sign(template, parent *x509.Certificate) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("signing the demo's certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("reading the demo's certificate: %w", err)
	}
	return certificate, nil
}

// leaf returns the certificate for the host a client asks for, made when it is
// first asked for. A client that names no host has an address: the listener's.
func (a *authority) leaf(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	host := hello.ServerName
	a.mu.Lock()
	defer a.mu.Unlock()
	if leaf := a.leaves[host]; leaf != nil {
		return leaf, nil
	}
	template := a.template(host)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if host == "" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.DNSNames = []string{host}
	}
	certificate, err := a.sign(template, a.root)
	if err != nil {
		return nil, err
	}
	a.leaves[host] = &tls.Certificate{Certificate: [][]byte{certificate.Raw}, PrivateKey: a.key, Leaf: certificate}
	return a.leaves[host], nil
}

func (a *authority) serverConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, GetCertificate: a.leaf, Time: a.clock.Now}
}

func (a *authority) clientConfig() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(a.root)
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, Time: a.clock.Now}
}
