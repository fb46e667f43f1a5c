package keeper

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// Anatomy reads the newest tokens of one login, as Reveal does, and tells all
// that they say without anybody being asked. It sends nothing. Errors are as with
// Reveal. It is safe for concurrent use.
func (k *Keeper) Anatomy(ctx context.Context, key tokens.Key) (tokens.Anatomy, error) {
	newest, err := k.newest(ctx, key)
	if err != nil {
		return tokens.Anatomy{}, keychainFailure(err)
	}
	return tokens.Dissect(newest), nil
}

// Part is what an online look asks for, in the words of the JSON output.
type Part string

// The parts, in the order in which they are asked for.
const (
	PartTokens        Part = "tokens" // reading them here; only told of when that fails
	PartIntrospection Part = "introspection"
	PartUserinfo      Part = "userinfo"
	PartVersions      Part = "versions"
	PartOrganization  Part = "organization"
	PartLimits        Part = "limits"
	PartKeys          Part = "keys"
)

// CallsUnknown is the Calls of a request of which Salesforce does not say whether
// it counts as an API call of the org.
const CallsUnknown = -1

// Limit is one allowance of an org and what is left of it.
type Limit = salesforce.Limit

// Finding is one request of an online look and what it told.
type Finding struct {
	Part    Part
	Request string // method and path, as sent; without a token in it
	Host    string
	Took    time.Duration
	Calls   int // API calls of the org that it counts as; CallsUnknown
	Facts   []Fact
	Limits  []Limit // of PartLimits
	// LimitsUnread is how many more limits the answer names that cannot be read.
	LimitsUnread int
	// Wrong is what the answer contradicts, in sentences without the full stop.
	Wrong []string
	// Other says that the answer is of another login or token than was asked about.
	Other bool
	// Notes are what else there is to say of the answer, in sentences.
	Notes []string
	// Signature is what the published keys told of the access token's own signature;
	// of PartKeys, and zero where none were had.
	Signature tokens.Check
	// Failure is what was answered instead; nil where the request went well.
	Failure *tokens.Failure
	// Skipped is why nothing was asked; empty where something was.
	Skipped string
	// Ended says that this answer showed that the access token has ended.
	Ended bool
	// Warning is that of the ledger, which could not be told.
	Warning error
	// Org is the org as it now stands: an answer may have told its username, its type,
	// or when its access token ends.
	Org tokens.Org
}

// Verdict is what an answer says of the access token's end, in a sentence: that it
// has ended, or that a 401 does not mean that (salesforce.Ended, NotExpiry). Empty
// where it says nothing of the kind.
func (f *Finding) Verdict() string {
	switch {
	case f.Ended:
		return "This answer shows that the access token has ended."
	case salesforce.NotExpiry(f.Failure):
		return "This is no expiry: a refresh does not help."
	case f.Failure != nil && f.Failure.Kind == tokens.FailedAnswer && f.Failure.HTTPStatus == http.StatusUnauthorized:
		return "This 401 does not say that the access token has ended, so it is not taken for that."
	}
	return ""
}

// Fact is one thing that an answer told; its Name is in the form of JSON.
type Fact struct {
	Name, Text string
	At         time.Time // of a fact that is a time
}

// Inspect asks the org what it knows of the login: it introspects the access
// token where a client secret is saved, and asks for the user, the versions of
// the API, the org's own record, its limits and, for a JWT, its published keys. No
// refresh token is used. Each finding is sent as it comes, in a channel that has
// room for all; it is closed at the end. Once an answer has shown that the access
// token has ended, what needs it is skipped. Cancelling ctx ends it early. It is
// safe for concurrent use.
func (k *Keeper) Inspect(ctx context.Context, org tokens.Org) <-chan Finding {
	found := make(chan Finding, 8)
	l := &look{keeper: k, org: org, found: found}
	k.running.Go(func() {
		defer close(found)
		saved, err := k.newest(ctx, org.Key)
		if err != nil {
			l.tell(ctx, Finding{Part: PartTokens, Failure: keychainFailure(err)})
			return
		}
		l.saved = saved
		for _, ask := range []func(context.Context) Finding{l.introspection, l.userinfo, l.versions, l.organization, l.limits, l.keys} {
			if ctx.Err() != nil {
				return
			}
			l.tell(ctx, ask(ctx))
		}
	})
	return found
}

// look is one online look at one org.
type look struct {
	keeper  *Keeper
	org     tokens.Org
	saved   tokens.Secrets
	found   chan<- Finding
	ended   Part   // which answer showed that the access token has ended; empty
	other   bool   // an answer was of another login than the saved one
	version string // of the API, once it is known
}

func (l *look) tell(ctx context.Context, f Finding) {
	if f.Failure != nil && salesforce.Ended(f.Failure) && f.Part != PartIntrospection {
		f.Ended = true
	}
	if f.Ended && l.ended == "" {
		l.ended = f.Part
		var err error
		if l.org, err = l.keeper.keepEnd(ctx, l.org, l.saved.Generation); err != nil {
			f.Warning = err
		}
	}
	f.Org = l.org
	l.found <- f
}

// asked makes the finding of a request. One that was given up here is skipped,
// unless a part of it had been answered: then it has a request and a cost.
func (l *look) asked(part Part, request, host string, head salesforce.Head, calls int, err error) Finding {
	f := Finding{Part: part, Request: request, Host: host, Took: head.Latency.Whole, Calls: calls}
	if err != nil {
		f.Failure = asLookFailure(err)
		if f.Failure.Kind == tokens.FailedLocal && head.HTTPStatus == 0 {
			f.Skipped, f.Calls = f.Failure.Problem, 0
			f.Failure = nil
		} else if f.Failure.Kind == tokens.FailedTransport && !f.Failure.Sent {
			f.Calls = 0
		}
	}
	return f
}

func (l *look) userinfo(ctx context.Context) Finding {
	if f, skip := l.skip(PartUserinfo); skip {
		return f
	}
	told, err := l.keeper.endpoint.Userinfo(ctx, l.org.InstanceURL, l.saved.AccessToken)
	f := l.asked(PartUserinfo, "GET /services/oauth2/userinfo", l.org.InstanceURL, told.Head, 1, err)
	if err != nil {
		return f
	}
	f.Facts = facts(Fact{Name: "username", Text: told.Username}, Fact{Name: "name", Text: told.Name}, Fact{Name: "email", Text: told.Email},
		Fact{Name: "user_id", Text: told.UserID}, Fact{Name: "org_id", Text: told.OrgID})
	if wrong := l.org.OtherThan(string(PartUserinfo), told.OrgID, told.UserID); len(wrong) > 0 {
		l.isOther(&f, wrong)
		return f
	}
	known, err := l.keeper.learn(ctx, l.org, told.Username)
	if err != nil {
		f.Warning = err
		return f
	}
	l.org.Username = known.Username
	return f
}

func (l *look) versions(ctx context.Context) Finding {
	told, err := l.keeper.endpoint.Versions(ctx, l.org.InstanceURL)
	f := l.asked(PartVersions, "GET /services/data/", l.org.InstanceURL, told.Head, 0, err)
	if err == nil {
		l.version = told.Newest
		f.Facts = facts(Fact{Name: "newest", Text: told.Newest})
	}
	return f
}

func (l *look) organization(ctx context.Context) Finding {
	if f, skip := l.skip(PartOrganization); skip {
		return f
	}
	told, err := l.keeper.endpoint.Organization(ctx, l.org.InstanceURL, l.version, l.saved.AccessToken)
	f := l.asked(PartOrganization, "GET /services/data/v"+l.version+"/query (SELECT … FROM Organization)", l.org.InstanceURL, told.Head, 1, err)
	if err != nil {
		return f
	}
	f.Facts = facts(Fact{Name: "name", Text: told.Name}, Fact{Name: "edition", Text: told.Type}, Fact{Name: "kind", Text: told.Kind()},
		Fact{Name: "is_sandbox", Text: yesNo(told.Sandbox)}, timeFact("trial_ends_at", told.TrialEnd),
		Fact{Name: "instance", Text: told.Instance}, Fact{Name: "namespace", Text: told.Prefix}, usageFact(told.APIUsed, told.APIMax))
	if kind := told.OrgType(); kind != tokens.TypeUnknown && l.org.Type == tokens.TypeUnknown && !l.other {
		l.takeType(ctx, &f, kind)
	}
	return f
}

func (l *look) limits(ctx context.Context) Finding {
	if f, skip := l.skip(PartLimits); skip {
		return f
	}
	told, err := l.keeper.endpoint.LimitsAt(ctx, l.org.InstanceURL, l.version, l.saved.AccessToken)
	f := l.asked(PartLimits, "GET /services/data/v"+l.version+"/limits", l.org.InstanceURL, told.Head, 1, err)
	f.Limits, f.LimitsUnread, f.Facts = told.List, told.Unread, facts(usageFact(told.APIUsed, told.APIMax))
	return f
}

func (l *look) keys(ctx context.Context) Finding {
	access := tokens.DissectToken(l.saved.AccessToken)
	if access.JWT == nil {
		return Finding{Part: PartKeys, Skipped: "the access token is no JWT, and has no signature to check"}
	}
	told, err := l.keeper.endpoint.Keys(ctx, l.org.InstanceURL)
	request := "GET /.well-known/openid-configuration, then its jwks_uri"
	f := l.asked(PartKeys, request, l.org.InstanceURL, told.Head, CallsUnknown, err)
	if err == nil {
		f.Signature = access.JWT.Verify(told.Keys)
		f.Facts = facts(Fact{Name: "signature", Text: f.Signature.Text()}, Fact{Name: "published_keys", Text: strconv.Itoa(told.Len())},
			Fact{Name: "found_at", Text: told.Path})
		if told.Note != "" {
			f.Notes = []string{told.Note}
		}
	}
	return f
}

// skip passes over what needs the access token once that has ended, and what
// needs a version once none was told.
func (l *look) skip(part Part) (Finding, bool) {
	why := ""
	switch {
	case l.ended != "":
		why = "not asked: " + string(l.ended) + " showed that the access token has ended"
	case l.version == "" && (part == PartOrganization || part == PartLimits):
		why = "not asked: the versions of the org's API are not known"
	}
	return Finding{Part: part, Skipped: why}, why != ""
}

// facts leaves out what was not told.
func facts(all ...Fact) []Fact {
	told := all[:0]
	for _, f := range all {
		if f.Text != "" {
			told = append(told, f)
		}
	}
	return told
}

func timeFact(name string, at time.Time) Fact {
	if at.IsZero() {
		return Fact{}
	}
	return Fact{Name: name, Text: at.UTC().Format(time.RFC3339), At: at}
}

func usageFact(used, most int64) Fact {
	if most == 0 {
		return Fact{}
	}
	return Fact{Name: "api_calls", Text: strconv.FormatInt(used, 10) + " of " + strconv.FormatInt(most, 10)}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
