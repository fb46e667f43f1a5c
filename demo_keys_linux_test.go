package main

import (
	"regexp"
	"strings"
)

// presenter presses keys of the demo by the names that the README's table has,
// and remembers which.
type presenter struct {
	*window
	pressed []string
}

// named are what a terminal sends for the keys that are no characters.
var named = map[string]string{
	"enter": "\r", "esc": "\x1b", "space": " ", "tab": "\t", "shift+tab": "\x1b[Z", "left": "\x1b[D", "right": "\x1b[C",
	"pgdn": "\x1b[6~", "pgup": "\x1b[5~", "ctrl+a": "\x01", "ctrl+t": "\x14",
	"f2": "\x1bOQ", "f3": "\x1bOR", "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
}

// key presses a key and waits until the screen shows every one of the words.
func (p *presenter) key(name string, shows ...string) {
	p.t.Helper()
	p.pressed = append(p.pressed, name)
	bytes, special := named[name]
	if !special {
		bytes = name
	}
	p.press(bytes)
	p.see(shows...)
}

// closes presses esc and waits until the screen does not show a word any more.
func (p *presenter) closes(word string) {
	p.t.Helper()
	p.key("esc")
	p.until("the end of "+word, func() bool { return !strings.Contains(p.text(), word) })
}

// showsEverything presses every key of the table where it does something, and
// those that are off in the demo too, and leaves.
func (p *presenter) showsEverything() {
	p.find("acme-prod")
	p.refreshes()
	p.handsOut()
	p.looks()
	p.changes()
	p.leadsNowhere()
	p.disturbs()
	p.plays()
	p.forgets()
	p.key("q")
}

// find leaves one org in the list, under the cursor.
func (p *presenter) find(words string) {
	p.key("/", "keep the filter")
	p.press(words + "\r")
	p.see("/"+words, "1/1", "q quit")
}

func (p *presenter) refreshes() {
	p.key("r", "New access token saved in memory")
	p.key("a", "accepts the access token")
	p.key("i", "Asked online", "userinfo")
	p.key("h", "esc close")
	p.closes("esc close")
}

// handsOut tries to copy in every way, and to write in every way.
func (p *presenter) handsOut() {
	p.key("c", "on the demo's own clipboard")
	p.key("e", "Hand out acme-prod", "Files are off: the demo writes no file.")
	for _, file := range []string{"j", "u", "m"} {
		p.press(file)
		p.see(file + " is off: the demo writes no file.")
	}
	p.press("c")
	p.see("on the demo's own clipboard")
	p.key("e", "Hand out acme-prod")
	p.press("v")
	p.see("on the demo's own clipboard")
	p.key("e", "Hand out acme-prod")
	p.press("r")
	p.see("The refresh of acme-prod as a curl command", "curl --request POST", `"$REFRESH_TOKEN"`, "c copy")
	p.key("l", "No line is longer than the window is wide.")
	p.key("c", "as a curl command is copied")
	p.closes("as a curl command")
	p.key("e", "Hand out acme-prod")
	p.press("a")
	p.see("The last answer to acme-prod", "HTTP 200", "[masked]")
	p.closes("The last answer")
	p.key("D", "Doctor")
	p.see("the demo contacts no host", " ok,")
	p.press("y")
	p.see("The result is copied")
	p.closes("Doctor")
}

func (p *presenter) looks() {
	p.key("1", "[1 overview]")
	p.key("2", "[2 token]", "Asked online")
	p.key("v", "AQ~demo~not~a~token")
	p.key("v")
	p.key("3", "[3 failure]")
	p.key("4", "[4 history]")
	p.key("tab", "[1 overview]")
	p.key("shift+tab", "[4 history]")
	p.key("enter", "esc close")
	p.key("pgdn")
	p.key("pgup")
	p.closes("esc close")
	p.key("?", "Keys ─")
	p.closes("Keys ─")
	p.key(":", "Commands and orgs")
	p.closes("Commands and orgs")
	p.key("p", "PRIVATE", "org-")
	p.key("p", "acme-prod")
	p.key("t", "q quit")
	p.key("ctrl+t", "Theme: ")
	p.key("M", "The mouse is the terminal's")
	p.key("M", "orgkeep's again")
}

func (p *presenter) changes() {
	p.key("n", "Rename acme-prod")
	p.press("-2\r")
	p.see("acme-prod is called acme-prod-2 now")
	p.key("T", "Tags of acme-prod-2")
	p.press("+eu\r")
	p.see("The tags of acme-prod-2 are changed.")
	p.key("*", "is on top now")
	p.key("w", "is watched")
	p.key("w", "is not watched any more")
	p.closes("╭ Orgs /")
	p.key("s", "sorted by alias")
	p.key("S", "reversed")
	p.key("o", "grouped by tag")
	p.key("g")
	p.key("left")
	p.key("right")
	p.key("G", "12/12")
	p.key("k", "11/12")
	p.key("j", "12/12")
	p.key("ctrl+a", "12 marked")
	p.key("ctrl+a")
	p.key("space", "1 marked")
	p.key("k", "11/12")
	p.key("V", "2 marked")
	p.key("=", "side by side")
	p.closes("side by side")
	p.see("2 marked")
	p.closes("2 marked")
}

// leadsNowhere presses what would leave the process or save something.
func (p *presenter) leadsNowhere() {
	p.key("l", "l is off: the demo has nobody to sign in.")
	p.key("A", "A is off: the demo saves nothing.")
	p.key("E", "E is off: the demo saves nothing.")
	p.key("d", "d is off: this is the demo.")
	p.key("K", "K is off: memory can be used.")
}

func (p *presenter) disturbs() {
	p.key("f8", "Answers take eight times as long.")
	p.key("f8", "Answers take their usual time.")
	p.key("f9", "f9 is off: time passes by itself")
	p.key("f5", "The endpoint is down for maintenance.")
	p.key("f5", "The endpoint is up.")
	p.find("acme-prod-2")
	p.key("f7", "Another program has refreshed")
	p.key("f6", "An admin has revoked the login")
	p.key("r", "HTTP 400")
	p.key("y", "The demo has a clipboard of its own")
	p.key("F", "The saved tokens are kept.")
	p.closes("╭ Orgs /")
	p.find("acme-uat")
	p.key("x", "Forget acme-uat")
	p.press("r")
	p.see("1 of 1 revoked and forgotten.")
	p.closes("╭ Orgs /")
}

// plays starts the tour and leaves it, then starts another scenario, with orgs that a pause holds back.
func (p *presenter) plays() {
	p.key("f3", "1 of 5")
	p.key("esc", "The demo is yours.")
	p.key("f2", "Scenarios")
	p.press("5")
	p.see("12 orgs", "aperture", "q quit")
	p.key("R", "paused, again in")
	p.key("g")
	p.key("!")
	// On a slow machine the pause is over by then, and there is nothing to ask.
	const asks = "Send before the pause is over?"
	p.until("what ! does", func() bool { return strings.Contains(p.text(), asks) || strings.Contains(p.text(), "! is off") })
	if strings.Contains(p.text(), asks) {
		p.press("y")
		p.see("13 of 13 refreshed")
	}
}

// forgets ends with an empty list, which offers nothing that leaves the demo.
func (p *presenter) forgets() {
	p.key("ctrl+a", "12 marked")
	p.key("x")
	// While orgs are still being refreshed x is off: it is pressed until it asks.
	p.until("what x asks", func() bool {
		asked := strings.Contains(p.text(), "Forget 12 orgs")
		if !asked {
			p.press("x")
		}
		return asked
	})
	p.press("f")
	p.see("production orgs to go on")
	p.press(productionOrgs.FindString(p.text()) + "\r")
	p.see("No orgs yet.")
	p.leadsNowhere()
}

// productionOrgs is what has to be typed before several of them are forgotten.
var productionOrgs = regexp.MustCompile(`\d+ production orgs`)
