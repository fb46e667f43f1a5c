package cli

import (
	"runtime/debug"
	"strings"
)

// BuildVersion is what the Go toolchain noted of this build: the module's
// version, else "devel", and behind it in brackets the revision, where it is
// known and not already in the version, and the day of that revision.
func BuildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return describeBuild(info)
}

func describeBuild(info *debug.BuildInfo) string {
	const enough = 12 // digits of a revision, as in pseudo-versions
	version := strings.Trim(info.Main.Version, "()")
	if version == "" {
		version = "devel"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if len(revision) > enough {
		revision = revision[:enough]
	}
	var more []string
	if revision != "" && !strings.Contains(version, revision) {
		more = append(more, revision)
	}
	// RFC 3339, in UTC, of which the day is enough.
	if day, _, is := strings.Cut(settings["vcs.time"], "T"); is {
		more = append(more, day)
	}
	if len(more) > 0 {
		version += " (" + strings.Join(more, ", ") + ")"
	}
	return version
}
