package cli

import (
	"github.com/spf13/pflag"

	"orgkeep/tokens/salesforce"
)

// trust is the certificate files that the flags name.
type trust struct{ ca, cert, key string }

// addTrust adds the flags of the network.
func (s *session) addTrust(f *pflag.FlagSet) {
	f.StringVar(&s.trust.ca, "ca-file", "", "PEM file of authorities to trust beside the system's, for a proxy that reads TLS")
	f.StringVar(&s.trust.cert, "client-cert", "", "PEM file of the certificate to show where a host or proxy asks for one")
	f.StringVar(&s.trust.key, "client-key", "", "PEM file of its key (default: the key is in --client-cert)")
}

// takeTrust reads the certificate files, so that one that is no good is said
// before anything else is done.
func (s *session) takeTrust() error {
	if s.trust == (trust{}) {
		return nil
	}
	config, err := salesforce.TLSConfig(s.trust.ca, s.trust.cert, s.trust.key)
	if err != nil {
		return cannot("%w", err)
	}
	s.tls = config
	return nil
}
