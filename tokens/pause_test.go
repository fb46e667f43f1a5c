package tokens

import (
	"testing"
	"time"
)

func TestPauseScopes(t *testing.T) {
	t.Parallel()
	mine := Org{Key: "1", OrgID: "00D1", UserID: "0051", LoginURL: "https://Login.salesforce.com", ClientID: "a"}
	again := Org{Key: "2", OrgID: "00D1", UserID: "0051", InstanceURL: "https://acme.my.salesforce.com", ClientID: "b"}
	if UserScope(mine) != UserScope(again) || HostScope(mine) == HostScope(again) {
		t.Error("two logins of one user share the user and not the host")
	}
	if got := HostScope(mine).Name(); got != "login.salesforce.com" {
		t.Errorf("the host is called %q", got)
	}
	if got := UserScope(mine).Name(); got != "this user" {
		t.Errorf("the user is called %q", got)
	}
}

func TestFormatUntil(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 31, 23, 30, 0, 0, time.FixedZone("", 3600))
	for until, want := range map[time.Time]string{
		now.Add(10 * time.Minute).UTC(): "23:40",
		now.Add(40 * time.Minute).UTC(): "1 Jan 00:10",
	} {
		if got := FormatUntil(until, now); got != want {
			t.Errorf("%v is %q, want %q", until, got, want)
		}
	}
}
