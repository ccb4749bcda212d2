package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/protocol"
)

// version is what this program is: minga.version/1.
type version struct {
	Schema   string `json:"schema"`
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Protocol int    `json:"protocol"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisVersion() version {
	v := version{
		Schema: "minga.version/1", Version: "unknown", Protocol: protocol.Version,
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	info, found := debug.ReadBuildInfo()
	if !found {
		return v
	}
	v.Version = info.Main.Version
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			v.Revision = setting.Value
		case "vcs.modified":
			v.Modified = setting.Value == "true"
		}
	}
	return v
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: a.t("Print the version of this program"),
		Args:  a.exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			v := thisVersion()
			return a.answer(v, func() {
				fmt.Fprintf(a.out, "minga %s\n", v.Version)
				a.pairs(
					[2]string{a.t("revision"), v.Revision},
					[2]string{a.t("protocol"), fmt.Sprint(v.Protocol)},
					[2]string{"go", v.Go + " " + v.Platform},
				)
			})
		},
	}
}
