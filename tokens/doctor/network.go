package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// hostLimit is how long one host may take to answer.
const hostLimit = 10 * time.Second

// Hosts are the login and instance hosts of orgs, each once, in order, as
// scheme and host.
func Hosts(orgs []tokens.Org) []string {
	var hosts []string
	for _, org := range orgs {
		for _, base := range []string{org.LoginHost(), org.InstanceURL} {
			if base != "" {
				hosts = append(hosts, base)
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// Network looks at the way to hosts: whether their names resolve, whether each
// answers over verified TLS, and what their clocks say of this machine's. It
// sends no token. proxied says that a proxy is used, which then looks the names
// up itself.
func Network(client *salesforce.Client, hosts []string, proxied bool, clock tokens.Clock) []Check {
	if len(hosts) == 0 {
		return absent("no org is saved", "names", "hosts", "clock")
	}
	s := &skews{}
	checks := []Check{names(net.DefaultResolver.LookupHost, hosts, proxied)}
	for _, base := range hosts {
		s.left.Add(1)
		checks = append(checks, Check{Name: "host", Subject: nameOf(base), Limit: hostLimit, Look: func(ctx context.Context) Result {
			defer s.left.Done()
			return knock(ctx, client, base, clock, s)
		}})
	}
	// By the time this one has its turn every host is being asked.
	return append(checks, Check{Name: "clock", Limit: hostLimit + 2*grace, Look: s.look})
}

// Offline stands for Network where no host may be contacted; why says so.
func Offline(why string) []Check { return absent(why, "names", "hosts", "clock") }

func absent(why string, names ...string) []Check {
	checks := make([]Check, len(names))
	for i, name := range names {
		checks[i] = Check{Name: name, Look: func(context.Context) Result { return Result{Outcome: Skipped, Seen: why} }}
	}
	return checks
}

func nameOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return tokens.Clean(base)
	}
	return tokens.Clean(u.Host)
}

// names looks every host up.
func names(lookUp func(context.Context, string) ([]string, error), hosts []string, proxied bool) Check {
	return Check{Name: "names", Limit: hostLimit, Look: func(ctx context.Context) Result {
		problems := make([]error, len(hosts))
		var looking sync.WaitGroup
		slots := make(chan struct{}, atOnce)
		for i, base := range hosts {
			slots <- struct{}{}
			looking.Go(func() {
				defer func() { <-slots }()
				if u, err := url.Parse(base); err == nil {
					_, problems[i] = lookUp(ctx, u.Hostname())
				}
			})
		}
		looking.Wait()
		problems = slices.DeleteFunc(problems, func(err error) bool { return err == nil })
		r := Result{Outcome: OK, Seen: fmt.Sprintf("%d of %d host names resolve", len(hosts)-len(problems), len(hosts))}
		switch {
		case len(problems) == 0:
		case proxied:
			r.Outcome, r.Seen, r.Detail = OK, r.Seen+" here; the proxy looks them up itself", problems[0].Error()
		default:
			r.Outcome, r.Detail = Failed, problems[0].Error()
			r.Do = "See whether this machine is online and its name servers answer."
		}
		return r
	}}
}

// knock asks one host for an answer of any kind.
func knock(ctx context.Context, client *salesforce.Client, base string, clock tokens.Clock, s *skews) Result {
	head, f := client.Knock(ctx, base)
	if f != nil {
		e := salesforce.Explain(f)
		return Result{
			Outcome: Failed, Seen: broke(f), Detail: f.Problem,
			Do: cmp.Or(e.Remedy, "See whether this machine is online."),
		}
	}
	s.add(head.Skew(clock.Now()), !head.Date.IsZero())
	way := "TLS verified"
	if strings.HasPrefix(base, "http://") {
		way = "without TLS, on this machine"
	}
	return Result{Outcome: OK, Seen: fmt.Sprintf("%s, HTTP %d in %s", way, head.HTTPStatus, tokens.FormatTook(head.Latency.Whole))}
}

// skews collects what the hosts' clocks say. It is safe for concurrent use.
type skews struct {
	left sync.WaitGroup // hosts that are still asked

	mu    sync.Mutex
	spans []time.Duration
}

func (s *skews) add(span time.Duration, told bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if told {
		s.spans = append(s.spans, span)
	}
}

// look takes the middle one of the hosts' clocks, so that one that is off does
// not accuse this machine.
func (s *skews) look(ctx context.Context) Result {
	asked := make(chan struct{})
	go func() {
		s.left.Wait()
		close(asked)
	}()
	select {
	case <-asked:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.spans) == 0 {
		return Result{Outcome: Skipped, Seen: "no host told its time"}
	}
	slices.Sort(s.spans)
	skew := s.spans[len(s.spans)/2]
	if text := tokens.SkewWarning(skew, ""); text != "" {
		return Result{Outcome: Failed, Seen: strings.TrimSuffix(text, "."), Do: "Set this machine's clock by the network."}
	}
	hosts := fmt.Sprintf("%d hosts", len(s.spans))
	if len(s.spans) == 1 {
		hosts = "1 host"
	}
	return Result{Outcome: OK, Seen: "less than a minute from that of " + hosts}
}

// Proxy tells which proxies the environment names; env gives its variables. What
// orgkeep obeys are HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case.
func Proxy(env func(string) string) Check {
	return Check{Name: "proxy", Look: func(context.Context) Result {
		r := Result{Outcome: OK, Seen: "none"}
		var used, details []string
		for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"} {
			value := cmp.Or(env(name), env(strings.ToLower(name)))
			if value == "" {
				continue
			}
			used = append(used, name)
			if name == "NO_PROXY" {
				details = append(details, name+"="+value)
				continue
			}
			shown, err := withoutCredentials(value)
			if err != nil {
				return Result{Outcome: Failed, Seen: name + " is not the URL of a proxy", Do: "It has to be like http://gateway.example:8080."}
			}
			details = append(details, name+"="+shown)
		}
		switch {
		case len(used) > 0:
			r.Seen, r.Detail = strings.Join(used, " and ")+" set", strings.Join(details, " ")
		case cmp.Or(env("ALL_PROXY"), env("all_proxy")) != "":
			r.Outcome, r.Seen = Warning, "ALL_PROXY is set, which orgkeep does not obey"
			r.Do = "Set HTTPS_PROXY if the orgs are behind a proxy."
		}
		return r
	}}
}

// Proxied reports whether the environment names a proxy for https.
func Proxied(env func(string) string) bool {
	return cmp.Or(env("HTTPS_PROXY"), env("https_proxy")) != ""
}

var errProxy = errors.New("not the URL of a proxy")

// withoutCredentials is a proxy's URL without user and password. Its errors
// quote nothing.
func withoutCredentials(value string) (string, error) {
	if !strings.Contains(value, "://") {
		value = "http://" + value // as net/http reads it
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		return "", errProxy
	}
	shown := u.Scheme + "://" + u.Host
	if u.User != nil {
		shown += " (with a user name)"
	}
	return shown, nil
}

func broke(f *tokens.Failure) string {
	if during := f.During(); during != "" {
		return "it broke " + during
	}
	return "it could not be asked"
}
