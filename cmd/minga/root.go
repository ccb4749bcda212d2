package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// root builds the whole tree of commands, in the language of this run.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "minga",
		Short:         a.t("A commons ledger that no platform owns"),
		Long:          a.t("Minga keeps the record of a commons: who contributed what, signed by each,\nheld by all. `minga daemon` runs a node; every other verb asks one."),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.exactly(0, ""),
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.home, "home", defaultHome(os.Getenv), a.t("directory of the node"))
	f.StringVar(&a.commons, "commons", "", a.t("name or id of the commons (default: the only one)"))
	f.BoolVar(&a.json, "json", false, a.t("print one JSON object"))
	f.String("lang", a.lang, a.t("language: es or en"))
	f.BoolVar(&a.yes, "yes", false, a.t("answer yes to questions"))
	f.BoolVar(&a.noInput, "no-input", false, a.t("ask nothing"))
	f.BoolVarP(&a.quiet, "quiet", "q", false, a.t("print data and errors only"))
	f.DurationVar(&a.timeout, "timeout", 0, a.t("give up after this long, such as 10s"))
	f.StringVar(&a.url, "api", os.Getenv("MINGA_URL"), a.t("address of another node, http://HOST:PORT"))
	f.StringVar(&a.token, "token", os.Getenv("MINGA_TOKEN"), a.t("token for --api"))
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return a.usage("wrong flags: %v", err)
	})
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return a.checkGlobals(c) }
	a.addCommands(root)
	a.translateHelp(root)
	return root
}

// addCommands adds every command, in the groups in which help lists them.
func (a *app) addCommands(root *cobra.Command) {
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"commons", a.t("A commons and its people:"), []*cobra.Command{
			a.commonsCommand(), a.inviteCommand(), a.agentCommand(), a.inboxCommand(), a.witnessCommand(),
		}},
		{"work", a.t("What people contribute:"), []*cobra.Command{
			a.workCommand(), a.eventCommand(), a.confirmCommand(), a.disputeCommand(), a.balanceCommand(),
		}},
		{"money", a.t("Money:"), []*cobra.Command{
			a.transferCommand(), a.statementCommand(), a.accountCommand(), a.incomeCommand(),
		}},
		{"share", a.t("Value returns:"), []*cobra.Command{
			a.distributionCommand(), a.useCommand(), a.standingCommand(), a.reportCommand(),
		}},
		{"things", a.t("Things, plans and promises:"), append(a.recordCommands(), a.resourceCommand())},
		{"node", a.t("The node:"), []*cobra.Command{
			a.daemonCommand(), a.statusCommand(), a.peerCommand(), a.configCommand(), a.doctorCommand(), a.entriesCommand(),
			a.exportCommand(), a.versionCommand(),
		}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, c := range group.commands {
			c.GroupID = group.id
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID("node")
	root.SetCompletionCommandGroupID("node")
}

func (a *app) checkGlobals(c *cobra.Command) error {
	lang, err := c.Flags().GetString("lang")
	if err == nil && lang != "es" && lang != "en" {
		return a.usage("--lang %s: there is es and en", lang)
	}
	if a.timeout < 0 {
		return a.usage("--timeout %v: a deadline lies ahead", a.timeout)
	}
	if a.home == "" {
		return a.usage("--home is empty: name the directory of the node")
	}
	return nil
}

// exactly refuses any other number of arguments. what names those that there
// should be.
func (a *app) exactly(n int, what string) cobra.PositionalArgs { return a.between(n, n, what) }

func (a *app) between(min, max int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < min:
			return a.usage("%s wants %s", c.CommandPath(), what)
		case len(args) > max && c.HasSubCommands():
			return a.usage("%s has no command %q", c.CommandPath(), args[0])
		case len(args) > max:
			return a.usage("%s: %q is one argument too many; put words that belong together in quotes", c.CommandPath(), args[max])
		}
		return nil
	}
}

// group is a command that only holds others.
func (a *app) group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.usage("%s wants one of: %s", c.CommandPath(), strings.Join(names(commands), ", "))
		},
	}
	c.AddCommand(commands...)
	return c
}

func names(commands []*cobra.Command) []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.Name())
	}
	return all
}
