package salesforce

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority is a CA of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // its certificate in PEM
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key, der := newCert(t, template, template, nil)
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key, write(t, "ca.pem", pemOf("CERTIFICATE", der))}
}

func newCert(t *testing.T, template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if signer == nil {
		signer = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

// issue makes a certificate for a name, as files of certificate and key.
func (a authority) issue(t *testing.T, name string) (certFile, keyFile string) {
	t.Helper()
	key, der := newCert(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name, "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert, a.key)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "cert.pem", pemOf("CERTIFICATE", der)), write(t, "key.pem", pemOf("PRIVATE KEY", private))
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// localhost is the server's URL by the name that its certificate has.
func localhost(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

func TestTLSConfig(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	serverCert, err := tls.LoadX509KeyPair(ca.issue(t, "acme.my.salesforce.com"))
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AddCert(ca.cert)
	s := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		say(200, r.TLS.PeerCertificates[0].Subject.CommonName, goodGrant)(w, r)
	}, &tls.Config{Certificates: []tls.Certificate{serverCert}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients})
	certFile, keyFile := ca.issue(t, "ada")
	both := write(t, "both.pem", read(t, certFile)+read(t, keyFile))
	for _, c := range []struct{ name, ca, cert, key, problem string }{
		{"all", ca.file, certFile, keyFile, ""},
		{"one file", ca.file, both, "", ""},
		{"no client certificate", ca.file, "", "", problemTLSAlert},
		{"no CA", "", certFile, keyFile, problemUnknownCA},
	} {
		config, err := TLSConfig(c.ca, c.cert, c.key)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		_, err = newClient(t, Options{TLS: config}).Refresh(t.Context(), request(localhost(s.URL)), nil)
		if c.problem == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		// With TLS 1.3 the alert comes after the handshake, and may meet a write.
		if c.problem == problemUnknownCA && failureOf(t, err).Problem != c.problem || c.problem != "" && err == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestExtraAuthoritiesComeBesideTheSystems(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	config, err := TLSConfig(ca.file, "", "")
	if err != nil {
		t.Fatal(err)
	}
	system, err := x509.SystemCertPool()
	if err != nil {
		t.Fatal(err)
	}
	system.AddCert(ca.cert)
	if !config.RootCAs.Equal(system) {
		t.Error("the roots are not those of the system and the file's")
	}
	if plain, err := TLSConfig("", "", ""); err != nil || plain.RootCAs != nil || plain.Certificates != nil {
		t.Errorf("nothing asked for: %+v, %v", plain, err)
	}
}

func TestTLSConfigSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	certFile, keyFile := ca.issue(t, "ada")
	junk, missing := write(t, "junk.pem", "no certificate"), filepath.Join(t.TempDir(), "missing.pem")
	for _, c := range []struct{ ca, cert, key string }{
		{missing, "", ""},
		{junk, "", ""},
		{keyFile, "", ""},
		{"", "", keyFile},
		{"", certFile, ""},
		{"", certFile, junk},
		{"", missing, keyFile},
		{"", certFile, certFile},
	} {
		_, err := TLSConfig(c.ca, c.cert, c.key)
		if !errors.Is(err, ErrTrust) || strings.Contains(fmt.Sprintf("%+v", err), "PRIVATE KEY-----") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
