package salesforce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"orgkeep/tokens"
)

// Limit is one allowance of an org and what is left of it.
type Limit struct {
	Name      string
	Max       int64
	Remaining int64
}

// Limits are the allowances of an org, by name.
type Limits struct {
	Head
	Version string // of the REST API that was asked, as "65.0"
	List    []Limit
	// Unread is how many more the answer names with figures that cannot be read.
	Unread int
	// Usage is the Sforce-Limit-Info header as it came, cleaned; APIUsed and
	// APIMax are the figures in it, zero when it had none.
	Usage   string
	APIUsed int64
	APIMax  int64
}

var (
	errNoVersions = errors.New("no versions in it")
	errNoLimits   = errors.New("no limits in it")
)

// Limits asks the instance for the org's limits, in the newest version of the
// REST API that it offers. The user needs the permission View Setup and
// Configuration. The question counts as one API call of the org; the one for the
// versions before it goes without the access token and counts as none. Errors,
// cancelling and concurrent use are as with Userinfo.
func (c *Client) Limits(ctx context.Context, instance string, access tokens.Secret) (Limits, error) {
	q, failure := bearing(instance, access)
	if failure != nil {
		return Limits{}, failure
	}
	version, head, failure := c.newest(ctx, q)
	if failure != nil {
		return Limits{Head: head}, failure
	}
	return c.LimitsAt(ctx, instance, version, access)
}

// LimitsAt is Limits in a version of the REST API that is known already, as
// "65.0".
func (c *Client) LimitsAt(ctx context.Context, instance, version string, access tokens.Secret) (Limits, error) {
	q, failure := restQuestion(instance, version, access)
	if failure != nil {
		return Limits{}, failure
	}
	q.path += "/limits"
	l := Limits{Version: version}
	l.Head, failure = c.inquire(ctx, q, problemNoLimits, func(text string, r reply, m mask) (err error) {
		l.List, l.Unread, err = parseLimits(text, m)
		l.Usage = m.line(r.header.Get("Sforce-Limit-Info"))
		l.APIUsed, l.APIMax = apiUsage(l.Usage)
		return err
	})
	if failure != nil {
		return Limits{Head: l.Head, Version: version}, failure
	}
	return l, nil
}

// newest asks for the newest version of the REST API.
func (c *Client) newest(ctx context.Context, q question) (version string, head Head, failure *tokens.Failure) {
	q.path, q.bearer = versionsPath, tokens.Secret{}
	head, failure = c.inquire(ctx, q, problemNoVersions, func(text string, _ reply, _ mask) (err error) {
		version, err = parseVersions(text)
		return err
	})
	return version, head, failure
}

// versionForm keeps what becomes a part of a path to what a version can be.
var versionForm = regexp.MustCompile(`^[0-9]{1,4}\.[0-9]$`)

func parseVersions(text string) (string, error) {
	var list []struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return "", fmt.Errorf("reading the versions: %w", err)
	}
	newest, best := "", 0.0
	for _, v := range list {
		n, err := strconv.ParseFloat(v.Version, 64)
		if err == nil && n > best && versionForm.MatchString(v.Version) {
			newest, best = v.Version, n
		}
	}
	if newest == "" {
		return "", fmt.Errorf("reading the versions: %w", errNoVersions)
	}
	return newest, nil
}

// parseLimits reads {"DailyApiRequests":{"Max":15000,"Remaining":14998}, …}.
// Entries of another form, which later versions may bring, and those whose figures
// can be none are counted.
func parseLimits(text string, m mask) (list []Limit, unread int, err error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, 0, fmt.Errorf("reading the limits: %w", err)
	}
	list = make([]Limit, 0, len(raw))
	for name, entry := range raw {
		var figures struct{ Max, Remaining *int64 }
		if json.Unmarshal(entry, &figures) == nil && sound(figures.Max, figures.Remaining) {
			list = append(list, Limit{Name: m.line(name), Max: *figures.Max, Remaining: *figures.Remaining})
		}
	}
	if len(list) == 0 {
		return nil, 0, fmt.Errorf("reading the limits: %w", errNoLimits)
	}
	slices.SortFunc(list, func(a, b Limit) int { return cmp.Compare(a.Name, b.Name) })
	return list, len(raw) - len(list), nil
}

// sound reports whether two figures can be a limit's. One may be overdrawn; what is
// used of it must still be a number.
func sound(most, remaining *int64) bool {
	return most != nil && remaining != nil && *most >= 0 && *remaining >= *most-math.MaxInt64
}

var usageForm = regexp.MustCompile(`(?:^|[;,\s])api-usage=([0-9]{1,18})/([0-9]{1,18})(?:$|[;,\s])`)

// apiUsage reads the org's API calls off a Sforce-Limit-Info header, which is
// like "api-usage=10018/100000".
func apiUsage(header string) (used, most int64) {
	found := usageForm.FindStringSubmatch(strings.TrimSpace(header))
	if found == nil {
		return 0, 0
	}
	used, _ = strconv.ParseInt(found[1], 10, 64) // 18 digits always fit
	most, _ = strconv.ParseInt(found[2], 10, 64)
	return used, most
}

// Used is the share of a limit that is used up, from 0 to 1.
func (l Limit) Used() float64 {
	if l.Max <= 0 || l.Remaining >= l.Max {
		return 0
	}
	return min(1, float64(l.Max-l.Remaining)/float64(l.Max))
}

// Spent is how much of a limit is used up, in its own unit; more than its Max where
// it is overdrawn.
func (l Limit) Spent() int64 { return max(0, l.Max-l.Remaining) }

// Percent is Used in whole percent. Only a limit of which nothing is left has 100.
func (l Limit) Percent() int { return l.Cells(100) }

// Cells are how many of the cells of a bar are Used. Only a limit of which nothing is
// left fills it.
func (l Limit) Cells(bar int) int {
	cells := int(l.Used()*float64(bar) + 0.5)
	if l.Used() < 1 {
		return min(cells, bar-1)
	}
	return cells
}
