package api_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func TestImportTellsTheSlipsOfAGraph(t *testing.T) {
	n := start(t, nil)
	n.imports.lines = []api.ImportLine{
		{Line: 7, Reason: "%s is taken for %s", Args: []any{"8:00", "08:00"}, Slip: &api.ImportNote{Column: 3, Node: "urn:1", Property: "due", Code: "time-form"}},
		{Line: 9, Reason: "the file says %s, and its events come to %s", Args: []any{"2", "3"}, Slip: &api.ImportNote{Code: "difference", Difference: true}},
		{Line: 5, Source: "urn:1", Class: "Process", Outcome: api.ImportWritten},
		{Line: 6, Source: "urn:2", Class: "Plan", Outcome: api.ImportRefused},
		{Line: 8, Source: "urn:3", Class: "Plan", Outcome: api.ImportLeft},
	}
	var slips []api.ImportSlip
	var rows []api.ImportRow
	var sum api.ImportSummary
	for m, err := range n.client(api.RoleMember).Import(t.Context(), strings.NewReader("{}"), client.ImportQuery{Media: api.MediaJSONLD, Partial: true}) {
		switch {
		case err != nil:
			t.Fatal(err)
		case m.Slip != nil:
			slips = append(slips, *m.Slip)
		case m.Row != nil:
			rows = append(rows, *m.Row)
		case m.Summary != nil:
			sum = *m.Summary
		}
	}
	want := []api.ImportSlip{
		{Schema: "minga.import-slip/1", Line: 7, Column: 3, Node: "urn:1", Property: "due", Code: "time-form", Reason: "8:00 is taken for 08:00"},
		{Schema: "minga.import-slip/1", Line: 9, Code: "difference", Reason: "the file says 2, and its events come to 3"},
	}
	if d := cmp.Diff(want, slips); d != "" {
		t.Error(d)
	}
	if len(rows) != 1 || rows[0].Outcome != api.ImportRefused || rows[0].Class != "Plan" {
		t.Errorf("%+v", rows)
	}
	if sum.Slips != 2 || sum.Differing != 1 || sum.Lines != 3 || sum.Refused != 1 || sum.Left != 1 || sum.Complete() {
		t.Errorf("%+v", sum)
	}
	if o := n.imports.asked[0]; o.Format != api.FormatJSON || !o.Partial {
		t.Errorf("asked for %+v", o)
	}
}

func TestAFileFaultSpeaksBothLanguages(t *testing.T) {
	fault := &api.FileFault{Line: 3, Reason: "the tag %s is not read", Args: []any{"!!x"}}
	if fault.Error() != "line 3: the tag !!x is not read" || errors.Unwrap(fault) == nil {
		t.Error(fault)
	}
}

func (f *fakeImporter) Export(_ context.Context, _ protocol.CommonsID, w io.Writer) error {
	if _, err := io.WriteString(w, f.graph); err != nil {
		return err
	}
	if f.breaks {
		return errors.New("the disk is gone")
	}
	return nil
}

func TestExportIsWholeOrSaysSo(t *testing.T) {
	whole := `{"@graph":[` + strings.Repeat("\n{},", 50_000) + "\n{}\n]}\n"
	for name, c := range map[string]struct {
		text  string
		fail  bool
		whole bool
	}{
		"whole":      {whole, false, true},
		"broken off": {whole[:len(whole)-5], true, false},
		"nothing":    {"", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			n := start(t, nil)
			n.imports.graph, n.imports.breaks = c.text, c.fail
			var b strings.Builder
			err := n.client(api.RoleMember).Export(t.Context(), "", &b)
			if b.String() != c.text || (err == nil) != c.whole || err != nil && !errors.Is(err, client.ErrUnreachable) {
				t.Errorf("%d bytes of %d: %v", b.Len(), len(c.text), err)
			}
		})
	}
}
