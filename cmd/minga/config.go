package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node"
)

func (a *app) configCommand() *cobra.Command {
	show := &cobra.Command{
		Use:   "show",
		Short: a.t("Print every setting of the node and where it comes from"),
		Args:  a.exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			config, settings, err := node.Load(a.home, os.LookupEnv, nil)
			if err != nil {
				return err
			}
			if err := a.answer(shownConfig(settings), func() { a.showSettings(settings) }); err != nil {
				return err
			}
			return config.Validate()
		},
	}
	return a.group("config", a.t("Settings of the node"), show)
}

// configList is the answer of config show: minga.config/1.
type configList struct {
	Schema   string          `json:"schema"`
	Settings []configSetting `json:"settings"`
}

type configSetting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

func shownConfig(settings []node.Setting) configList {
	list := configList{Schema: "minga.config/1"}
	for _, s := range settings {
		list.Settings = append(list.Settings, configSetting(s))
	}
	return list
}

func (a *app) showSettings(settings []node.Setting) {
	var rows [][]string
	for _, s := range settings {
		value := fmt.Sprint(s.Value)
		if all, is := s.Value.([]string); is {
			value = strings.Join(all, " ")
		}
		rows = append(rows, []string{s.Key, value, s.Origin})
	}
	a.table([]string{a.t("setting"), a.t("value"), a.t("comes from")}, rows)
}
