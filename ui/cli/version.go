package cli

import (
	"runtime/debug"
	"strings"
)

// BuildVersion is what the Go toolchain noted of this build: the module's
// version, else "devel", with the revision where it is known and not already in
// the version.
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
	if revision != "" && !strings.Contains(version, revision) {
		version += " (" + revision + ")"
	}
	return version
}
