package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// echo answers as an endpoint that quotes all it was sent, in every form, and
// the access token that it gave out before.
func echo(form url.Values, l login) answer {
	said := []string{"refused", form.Encode(), l.access, url.QueryEscape(l.access)}
	for _, secret := range []string{form.Get("refresh_token"), form.Get("client_secret")} {
		said = append(said, secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte("x:"+secret)))
		if len(secret) > 30 { // parts too
			said = append(said, secret[10:], secret[3:len(secret)-6], url.QueryEscape(secret[10:]), strings.ToUpper(secret))
		}
	}
	return answer{http.StatusBadRequest, fmt.Sprintf(
		`{"error":"invalid_client","error_description":%q,"refresh_token":%q,"access_token":%q}`, strings.Join(said, " "), l.refresh, l.access)}
}
