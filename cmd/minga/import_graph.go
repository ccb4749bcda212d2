package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/minga-commons/minga/node/api"
)

// peeked is how much of a file without a telling name is looked at.
const peeked = 4096

// mediaOf tells by name and content what a file is. What it looked at is still
// to be read.
func mediaOf(name string, file io.Reader) (io.Reader, string) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return file, api.MediaCSV
	case ".yaml", ".yml":
		return file, api.MediaYAML
	case ".json":
		return file, api.MediaJSON
	case ".jsonld":
		return file, api.MediaJSONLD
	}
	ahead := bufio.NewReaderSize(file, peeked)
	head, _ := ahead.Peek(peeked) // an error comes again when the file is read
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return ahead, api.MediaJSONLD
	case yamlForm.Match(head):
		return ahead, api.MediaYAML
	}
	return ahead, api.MediaCSV
}

// yamlForm is what a graph in YAML has and a CSV file has not: keys of JSON-LD
// at the beginning of lines.
var yamlForm = regexp.MustCompile(`(?m)^[ \t-]*['"]?@(context|graph|id|type)['"]?\s*:`)

// showSlip reports a slip of a graph with its place.
func (a *app) showSlip(file string, slip api.ImportSlip) {
	if a.quiet && !slip.Fault && slip.Code != "difference" {
		return
	}
	text := slip.Reason
	if slip.Property != "" {
		text = slip.Property + ": " + text
	}
	fmt.Fprintf(a.err, "%s:%d: %s\n", file, slip.Line, printable(text))
}

// showThing reports what became of a thing of a graph, where that is told.
func (a *app) showThing(file string, row api.ImportRow) {
	if a.quiet {
		return
	}
	var text string
	switch row.Outcome {
	case api.ImportWritten:
		text = a.t("would be recorded")
	case api.ImportRepeated:
		text = a.t("is there already")
	case api.ImportChanged:
		text = a.t("is there with other content, and stays")
	case api.ImportLeft:
		text = a.t("could be recorded")
	default:
		text = a.t("cannot be recorded")
	}
	fmt.Fprintf(a.err, "%s:%d: %s %s: %s\n", file, row.Line, row.Class, printable(row.Source), text)
}

// keptSlips is how many slips of a graph go into the answer with --json. All of
// them are on standard error.
const keptSlips = 10_000

// graphAnswer is the summary of a graph with its slips.
type graphAnswer struct {
	api.ImportSummary
	Slips       []api.ImportSlip `json:"slips"`
	Differences []api.ImportSlip `json:"differences"`
}

// importedGraph prints the summary of a graph, and says by its status whether it
// is in, and what its checks came to.
func (a *app) importedGraph(s api.ImportSummary, slips []api.ImportSlip, needSteward, partial bool) error {
	object := graphAnswer{ImportSummary: s, Slips: []api.ImportSlip{}, Differences: []api.ImportSlip{}}
	for _, slip := range slips {
		if slip.Code == "difference" {
			object.Differences = append(object.Differences, slip)
		} else {
			object.Slips = append(object.Slips, slip)
		}
	}
	err := a.answer(object, func() { fmt.Fprintln(a.out, a.graphSummary(s)) })
	out := s.Refused + s.Changed
	switch {
	case err != nil:
		return err
	case s.Problem != nil:
		return s.Problem
	case needSteward:
		return &statusError{exitForbidden, a.t("some agents do not exist, and only a steward may create them")}
	case out > 0 && !partial:
		return &statusError{exitInvalid, a.t("%d of %d things cannot be recorded, so nothing is; with --partial the others are", out, s.Lines)}
	case out > 0:
		return &statusError{exitPartial, a.t("%d of %d things were not recorded", out, s.Lines)}
	case s.Differing > 0:
		return &statusError{exitVerify, a.t("%d quantities of the file are not what its events come to", s.Differing)}
	}
	return nil
}

func (a *app) graphSummary(s api.ImportSummary) string {
	if s.Repeated == s.Lines && s.Problem == nil {
		return a.t("nothing new: all %d things were there already", s.Lines)
	}
	written := s.Written
	text := a.t("%d of %d things recorded", written, s.Lines)
	if s.DryRun {
		text = a.t("dry run: %d of %d things would be recorded", written, s.Lines)
	}
	for _, part := range []struct {
		n    int64
		text string
	}{
		{s.Repeated, "%d there already"}, {s.Changed, "%d changed and left alone"}, {s.Refused, "%d refused"},
		{s.Agents, "%d agents created"}, {s.Slips, "%d slips"},
	} {
		if part.n > 0 {
			text += ", " + a.t(part.text, part.n)
		}
	}
	return text
}
