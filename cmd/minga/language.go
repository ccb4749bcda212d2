package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// chooseLanguage reads --lang before anything else is read, since the flags
// themselves are explained in it. Without it, MINGA_LANG decides, then the
// locale; English if none of them asks for Spanish.
func chooseLanguage(args []string, env func(string) string) string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, found := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, found = args[i+1], true
		}
		if found {
			return value
		}
	}
	for _, name := range []string{"MINGA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "es") {
				return "es"
			}
			return "en"
		}
	}
	return "en"
}

// t returns a text in the language of this run. The English text is the key;
// spanish.go has the others.
func (a *app) t(english string, args ...any) string {
	text := english
	if a.lang == "es" {
		if translated, found := inSpanish(english); found {
			text = translated
		}
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// inSpanish returns the Spanish of a text.
func inSpanish(english string) (string, bool) {
	for _, texts := range []map[string]string{spanish, spanishOfMoney, spanishOfUse, spanishOfFlows, spanishOfGraphs, spanishOfConfirmations, spanishOfShares} {
		if translated, found := texts[english]; found {
			return translated, true
		}
	}
	return "", false
}

// translateHelp puts the frame of the help texts into the language of this run.
func (a *app) translateHelp(root *cobra.Command) {
	if a.lang != "es" {
		return
	}
	root.SetUsageTemplate(strings.NewReplacer(
		"Usage:", "Uso:", "Aliases:", "Otros nombres:", "Examples:", "Ejemplos:",
		"Available Commands:", "Órdenes:", "Additional Commands:", "Otras órdenes:",
		"Global Flags:", "Opciones generales:", "Flags:", "Opciones:",
		"Additional help topics:", "Más ayuda:",
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`,
		`Más sobre una orden: {{.CommandPath}} [orden] --help`,
	).Replace(root.UsageTemplate()))
	root.SetHelpCommand(&cobra.Command{
		Use: "help [orden]", Short: a.t("Explain a command"),
		RunE: func(c *cobra.Command, args []string) error {
			found, _, err := c.Root().Find(args)
			if err != nil || found == nil {
				return a.usage("%s has no command %q", c.Root().Name(), strings.Join(args, " "))
			}
			return found.Help()
		},
	})
}
