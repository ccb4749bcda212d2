package main

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// templateFiles are charters to begin with and pages that explain them, in each
// language. The text NAME in a charter stands for the name of the commons.
//
//go:embed templates
var templateFiles embed.FS

// templateNames lists the templates, ascending.
func templateNames() []string {
	files, _ := fs.Glob(templateFiles, "templates/en/*.toml")
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(path.Base(file), ".toml")
	}
	return names
}

// template is a charter to begin with, and its explanation: minga.template/1.
type template struct {
	Schema   string `json:"schema"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Language string `json:"language"`
	Text     string `json:"text,omitempty"`    // the explanation, in Markdown
	Charter  string `json:"charter,omitempty"` // the file
}

// templateOf reads a template in the language of this run.
func (a *app) templateOf(name string) (template, error) {
	if !slices.Contains(templateNames(), name) {
		return template{}, a.usage("there is no template %q; there are: %s", name, strings.Join(templateNames(), ", "))
	}
	base := "templates/" + a.lang + "/" + name
	charter, err := templateFiles.ReadFile(base + ".toml")
	if err != nil {
		return template{}, err
	}
	page, err := templateFiles.ReadFile(base + ".md")
	title, _, _ := strings.Cut(string(page), "\n")
	return template{
		Schema: "minga.template/1", Name: name, Title: strings.TrimPrefix(title, "# "), Language: a.lang,
		Text: string(page), Charter: string(charter),
	}, err
}

func (a *app) templatesCommand() *cobra.Command {
	return a.group("templates", a.t("Charters to begin with"), a.templatesList(), a.templatesShow())
}

func (a *app) templatesList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the templates of charters"),
		Args:  a.exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			var all []template
			var rows [][]string
			for _, name := range templateNames() {
				t, err := a.templateOf(name)
				if err != nil {
					return err
				}
				t.Text, t.Charter = "", ""
				all, rows = append(all, t), append(rows, []string{t.Name, t.Title})
			}
			return a.answer(templateList{"minga.templates/1", all}, func() {
				a.table([]string{a.t("name"), a.t("template")}, rows)
			})
		},
	}
}

// templateList is the templates in one language, without their texts.
type templateList struct {
	Schema    string     `json:"schema"`
	Templates []template `json:"templates"`
}

func (a *app) templatesShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: a.t("Show what a template is for, and its charter"),
		Args:  a.exactly(1, a.t("the name of a template; see: minga commons templates list")),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := a.templateOf(args[0])
			if err != nil {
				return err
			}
			return a.answer(t, func() { fmt.Fprintf(a.out, "%s\n```toml\n%s```\n", t.Text, t.Charter) })
		},
	}
}
