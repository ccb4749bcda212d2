package scripts

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// document is one Markdown file of the repository.
type document struct {
	path string // from the root, with slashes
	text string
}

// documents reads every Markdown file of the module.
func documents(t *testing.T) []document {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []document
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(root, path, d.Name())
		}
		if !strings.HasSuffix(path, ".md") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		all = append(all, document{path: filepath.ToSlash(rel), text: string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, d := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(d.text, -1) {
			target, err := url.Parse(m[1])
			if err != nil {
				t.Errorf("%s: %s is no link: %v", d.path, m[1], err)
				continue
			}
			if target.Scheme != "" || target.Path == "" {
				continue
			}
			file := filepath.Join("..", filepath.Dir(filepath.FromSlash(d.path)), filepath.FromSlash(target.Path))
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", d.path, m[1])
			}
		}
	}
}

func TestMakeTargetsInDocumentsExist(t *testing.T) {
	text, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(string(text), -1) {
		targets[m[1]] = true
	}
	asked := regexp.MustCompile("(?m)(?:`|^)make ([a-z][a-z-]*)")
	for _, d := range documents(t) {
		for _, m := range asked.FindAllStringSubmatch(d.text, -1) {
			if !targets[m[1]] {
				t.Errorf("%s says make %s, which the Makefile does not know", d.path, m[1])
			}
		}
	}
}
