package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// fakeImporter takes each line for an outcome, unless it has lines of its own.
// The line "binary" ends the import, the line "panic" panics.
type fakeImporter struct {
	asked []api.ImportOptions
	lines []api.ImportLine

	graph  string // what it exports
	breaks bool   // the export fails after that
}

func (f *fakeImporter) Import(ctx context.Context, r io.Reader, o api.ImportOptions) iter.Seq2[api.ImportLine, error] {
	f.asked = append(f.asked, o)
	return func(yield func(api.ImportLine, error) bool) {
		if f.lines != nil {
			for _, line := range f.lines {
				if !yield(line, nil) {
					return
				}
			}
			return
		}
		lines := bufio.NewScanner(r)
		for n := int64(1); lines.Scan(); n++ {
			line := api.ImportLine{Line: n, Source: fmt.Sprint("k", n), Outcome: api.ImportOutcome(lines.Text())}
			switch line.Outcome {
			case "binary":
				yield(line, fmt.Errorf("%w: this is a binary file", ledger.ErrInvalid))
				return
			case "panic":
				panic("no")
			case api.ImportWritten:
				line.ID, line.Agents = protocol.EntryID{byte(n)}, 1
			case api.ImportRefused:
				line.Code, line.Reason = api.CodeInvalid, "quantity: NaN"
			}
			if !yield(line, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(api.ImportLine{}, err)
		}
	}
}

func gather(t *testing.T, messages iter.Seq2[client.ImportMessage, error]) (rows []api.ImportRow, progress int, sum *api.ImportSummary, err error) {
	t.Helper()
	for m, e := range messages {
		switch {
		case e != nil:
			return rows, progress, sum, e
		case m.Row != nil:
			rows = append(rows, *m.Row)
		case m.Progress != nil:
			progress++
		case m.Summary != nil:
			sum = m.Summary
		}
	}
	return rows, progress, sum, nil
}

func TestImportTellsWhatBecameOfEachLine(t *testing.T) {
	n := start(t, nil)
	c := n.client(api.RoleMember)
	file := "written\nrepeated\nelsewhere\nchanged\nrefused\ncorrected\n"
	rows, _, sum, err := gather(t, c.Import(t.Context(), strings.NewReader(file), client.ImportQuery{Correct: true}))
	if err != nil || sum == nil {
		t.Fatal(err, sum)
	}
	want := api.ImportSummary{
		Schema: "minga.import/1", Lines: 6, Written: 1, Repeated: 1, Elsewhere: 1, Corrected: 1, Changed: 1, Refused: 1, Agents: 1,
	}
	if d := cmp.Diff(want, *sum); d != "" {
		t.Error(d)
	}
	if len(rows) != 4 || rows[2].Code != api.CodeInvalid || rows[2].Line != 5 || sum.Complete() {
		t.Errorf("%+v", rows)
	}
	if o := n.imports.asked[0]; !o.Correct || o.DryRun || o.Commons != n.ledger.id() {
		t.Errorf("%+v", o)
	}
	rows, _, sum, err = gather(t, c.Import(t.Context(), strings.NewReader("written\nrepeated\n"), client.ImportQuery{DryRun: true}))
	if err != nil || len(rows) != 2 || !sum.DryRun || !sum.Complete() {
		t.Error(rows, sum, err)
	}
}

// The answer streams while the file still streams: nobody waits for the end of
// a file to hear that its first line is bad.
func TestImportStreamsBothWays(t *testing.T) {
	n := start(t, nil)
	file, more := io.Pipe()
	done := make(chan error, 1)
	heard := make(chan struct{})
	go func() {
		_, err := io.WriteString(more, "refused\n"+strings.Repeat("written\n", 2500))
		<-heard
		if err == nil {
			_, err = io.WriteString(more, "refused\n")
		}
		done <- errors.Join(err, more.Close())
	}()
	rows, progress := 0, 0
	var sum *api.ImportSummary
	for m, err := range n.client(api.RoleMember).Import(t.Context(), file, client.ImportQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Row != nil {
			if rows++; rows == 1 {
				close(heard)
			}
		}
		if m.Progress != nil {
			progress++
		}
		sum = m.Summary
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if rows != 2 || progress != 2 || sum == nil || sum.Lines != 2502 {
		t.Error(rows, progress, sum)
	}
}

func TestImportRefusesWhatIsNoFile(t *testing.T) {
	n := start(t, nil)
	c := n.client(api.RoleMember)
	_, _, _, err := gather(t, c.Import(t.Context(), strings.NewReader("binary\n"), client.ImportQuery{}))
	var p *api.Problem
	if !errors.As(err, &p) || p.Code != api.CodeInvalid || p.Status != 422 {
		t.Errorf("%v", err)
	}
	_, _, sum, err := gather(t, c.Import(t.Context(), strings.NewReader("written\nbinary\n"), client.ImportQuery{}))
	if err != nil || sum.Problem == nil || sum.Problem.Code != api.CodeInvalid || sum.Problem.Hint == "" || sum.Complete() {
		t.Error(sum, err)
	}
	// The answer arrives although the client still sends.
	rest := strings.Repeat("written\n", 400_000)
	_, _, sum, err = gather(t, c.Import(t.Context(), strings.NewReader("written\nbinary\n"+rest), client.ImportQuery{}))
	if err != nil || sum.Problem == nil {
		t.Error(sum, err)
	}
	_, _, _, err = gather(t, c.Import(t.Context(), strings.NewReader("binary\n"+rest), client.ImportQuery{}))
	if !errors.Is(err, &api.Problem{Code: api.CodeInvalid}) {
		t.Error(err)
	}
	n.do(call{method: "POST", path: "/v1/imports", body: "<a/>", role: api.RoleMember,
		header: map[string]string{"Content-Type": "application/rdf+xml"}}).want(t, 415, api.CodeMediaType)
	n.do(call{method: "POST", path: "/v1/imports", body: "panic\n", role: api.RoleMember,
		header: map[string]string{"Content-Type": "text/csv"}}).want(t, 500, api.CodeInternal)
	n.do(call{method: "POST", path: "/v1/imports", body: "written\n", role: api.RoleMember,
		header: map[string]string{"Content-Type": "text/csv", "Idempotency-Key": "k"}}).want(t, 422, api.CodeNoIdempotency)
	_, _, sum, err = gather(t, c.Import(t.Context(), strings.NewReader(""), client.ImportQuery{}))
	if err != nil || sum.Lines != 0 {
		t.Error(sum, err)
	}
}

func TestImportsAreBounded(t *testing.T) {
	n := start(t, func(o *api.Options) { o.MaxStreams = 1 })
	file, more := io.Pipe()
	begun := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		var last error
		first := true
		for _, err := range n.client(api.RoleMember).Import(context.Background(), file, client.ImportQuery{}) {
			if last = err; first {
				close(begun)
				first = false
			}
		}
		done <- last
	}()
	if _, err := io.WriteString(more, "refused\n"); err != nil {
		t.Fatal(err)
	}
	<-begun
	_, _, _, err := gather(t, n.client(api.RoleMember).Import(t.Context(), strings.NewReader("written\n"), client.ImportQuery{}))
	if !errors.Is(err, &api.Problem{Code: api.CodeTooMany}) {
		t.Error(err)
	}
	more.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	// Neither a panic nor a refusal keeps a place.
	for range 3 {
		n.do(call{method: "POST", path: "/v1/imports", body: "panic\n", role: api.RoleMember, header: map[string]string{"Content-Type": "text/csv"}})
	}
	if _, _, sum, err := gather(t, n.client(api.RoleMember).Import(t.Context(), strings.NewReader("written\n"), client.ImportQuery{})); err != nil || sum.Written != 1 {
		t.Error(sum, err)
	}
}
