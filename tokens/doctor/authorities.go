package doctor

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"

	"orgkeep/tokens"
)

// Authorities looks at the PEM files of certificate authorities that are trusted
// beside or instead of the system's.
func Authorities(files []string, clock tokens.Clock) Check {
	return Check{Name: "authorities", Look: func(context.Context) Result {
		if len(files) == 0 {
			return Result{Outcome: OK, Seen: "the system's alone"}
		}
		found, over := 0, 0
		for _, path := range files {
			text, err := os.ReadFile(path) //nolint:gosec // the user's own choice
			if err != nil {
				return Result{Outcome: Failed, Seen: "a file of authorities cannot be read", Detail: err.Error(), Do: "See --ca-file and SSL_CERT_FILE."}
			}
			all, expired := count(text, clock.Now())
			if all == 0 {
				return Result{Outcome: Failed, Seen: "a file of authorities has no certificate", Detail: path, Do: "It has to be in PEM form."}
			}
			found, over = found+all, over+expired
		}
		r := Result{Outcome: OK, Seen: fmt.Sprintf("%d certificates from files, %d of them out of date", found, over), Detail: strings.Join(files, " ")}
		if over == found { // a few old ones are in every system's file
			r.Outcome, r.Do = Warning, "Ask who runs the proxy for newer ones."
		}
		return r
	}}
}

// count says how many certificates a PEM text has, and how many do not hold now.
func count(text []byte, now time.Time) (all, expired int) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return all, expired
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue
		}
		all++
		if now.After(certificate.NotAfter) || now.Before(certificate.NotBefore) {
			expired++
		}
	}
}
