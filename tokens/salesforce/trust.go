package salesforce

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"orgkeep/tokens"
)

// ErrTrust marks a CA bundle or client certificate that cannot be used.
var ErrTrust = errors.New("the certificate file cannot be used")

// TLSConfig returns what Options.TLS wants for certificates in files; each name
// may be empty. The authorities in caFile (PEM) are trusted beside those of the
// system. certFile and keyFile (PEM) are the certificate that the client shows
// where a host or proxy asks for one; without a keyFile the key is in certFile.
//
// SSL_CERT_FILE needs nothing from here: Go itself reads it on Linux and the
// BSDs, instead of the system's bundle, and does not on macOS and Windows
// (crypto/x509). Errors wrap ErrTrust.
func TLSConfig(caFile, certFile, keyFile string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pool, err := withRoots(caFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	switch {
	case certFile == "" && keyFile != "":
		return nil, fmt.Errorf("%w: the key %s has no certificate beside it", ErrTrust, tokens.Clean(keyFile))
	case certFile == "":
		return config, nil
	case keyFile == "":
		keyFile = certFile
	}
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("%w: client certificate %s: %w", ErrTrust, tokens.Clean(certFile), err)
	}
	config.Certificates = []tls.Certificate{cert}
	return config, nil
}

// withRoots is the system's authorities and those of a file.
func withRoots(caFile string) (*x509.CertPool, error) {
	text, err := os.ReadFile(caFile) //nolint:gosec // the user names the file
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrust, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("%w: the system's authorities: %w", ErrTrust, err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%w: %s holds no certificate in PEM form", ErrTrust, tokens.Clean(caFile))
	}
	return pool, nil
}
