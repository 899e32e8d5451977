// Package version says what this binary is and what it runs on.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/cpu"
)

// Version of the prover; the same as the package's it ships with.
const Version = "0.1.0"

// Info is what the version command prints and the server answers.
type Info struct {
	Version string `json:"version"`
	// Go is the release that compiled the binary, with the operating system and architecture.
	Go string `json:"go"`
	// Commit of the source, "" when the build did not record it; "+dirty" at its end when files were changed.
	Commit string `json:"commit,omitempty"`
	// CPU lists the instruction sets that the field arithmetic looks for, of those that are there.
	CPU []string `json:"cpu"`
	// Threads is how many run at once.
	Threads int `json:"threads"`
}

// Get describes the running binary.
func Get() Info {
	info := Info{
		Version: Version,
		Go:      fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH),
		CPU:     features(),
		Threads: runtime.GOMAXPROCS(0),
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		info.Commit = commit(build.Settings)
	}
	return info
}

// String is one line, for people.
func (i Info) String() string {
	text := fmt.Sprintf("fairlead-prover %s (%s, %d threads", i.Version, i.Go, i.Threads)
	if len(i.CPU) > 0 {
		text += ", " + strings.Join(i.CPU, " ")
	}
	text += ")"
	if i.Commit != "" {
		text += " " + i.Commit
	}
	return text
}

func features() []string {
	found := []string{}
	for _, feature := range []struct {
		name string
		has  bool
	}{
		{"adx", cpu.X86.HasADX},
		{"bmi2", cpu.X86.HasBMI2},
		{"avx2", cpu.X86.HasAVX2},
		{"avx512f", cpu.X86.HasAVX512F},
		{"avx512ifma", cpu.X86.HasAVX512IFMA},
		{"asimd", cpu.ARM64.HasASIMD},
	} {
		if feature.has {
			found = append(found, feature.name)
		}
	}
	return found
}

func commit(settings []debug.BuildSetting) string {
	var revision, suffix string
	for _, setting := range settings {
		switch setting.Key {
		case "vcs.revision":
			revision = setting.Value
		case "vcs.modified":
			if setting.Value == "true" {
				suffix = "+dirty"
			}
		}
	}
	if revision == "" {
		return ""
	}
	return revision + suffix
}
