package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
)

// Every template is there in both languages, is a charter that a commons can be
// founded with, and has rules that read back as sentences.
func TestTemplatesAreCharters(t *testing.T) {
	want := []string{"cooperative", "garden", "hardware", "knowledge", "timebank"}
	if got := templateNames(); !slices.Equal(got, want) {
		t.Fatalf("there are %q", got)
	}
	for _, lang := range []string{"es", "en"} {
		for _, name := range want {
			a := newApp([]string{"--lang", lang}, os.Stdin, os.Stdout, os.Stderr)
			page, err := a.templateOf(name)
			if err != nil {
				t.Fatal(err)
			}
			if page.Title == "" || strings.HasPrefix(page.Title, "#") || len(page.Text) < 400 {
				t.Errorf("%s %s: no page explains it", lang, name)
			}
			charter, err := a.charterFrom("", name)
			if err != nil {
				t.Errorf("%s %s: %v", lang, name, err)
				continue
			}
			fill(charter.Doc, "Común")
			if faults := charter.CheckFirst("Ana"); len(faults) > 0 {
				t.Errorf("%s %s: %v", lang, name, faults)
			}
			if charter.Doc["language"] != lang {
				t.Errorf("%s %s: its language is %v", lang, name, charter.Doc["language"])
			}
			say := ledger.SentencesOf(charter.Doc)
			if (say.Buckets() == 0) != (name == "timebank") {
				t.Errorf("%s %s: %d buckets", lang, name, say.Buckets())
			}
			for bucket := range say.Buckets() {
				for _, text := range append(say.Rules(bucket, lang), say.Bucket(bucket, lang)) {
					if len(text) < 10 || strings.Contains(text, "%!") {
						t.Errorf("%s %s: bucket %d: %q", lang, name, bucket, text)
					}
				}
			}
		}
	}
}
