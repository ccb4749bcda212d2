package archive

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/protocol"
)

const header = "source_key,time,agent,action,quantity,unit,resource,note\n"

// readAll reads a whole file and describes each row and each fault in a line.
func readAll(t *testing.T, file string) []string {
	t.Helper()
	r, err := NewReader(strings.NewReader(file))
	if err != nil {
		return []string{err.Error()}
	}
	var lines []string
	for {
		row, fault, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return lines
		case err != nil:
			t.Fatal(err)
		case fault != nil:
			lines = append(lines, fault.Error())
		default:
			lines = append(lines, fmt.Sprintf("%d ok %s", row.Line, row.SourceKey))
		}
	}
}

func TestReaderReadsRows(t *testing.T) {
	file := "\ufefftime,source_key,agent,action,quantity,unit,resource,note,confirmed_by,receiver\r\n" +
		"2026-03-01T09:30:00-05:00,k1, Ana ,work,3.50,h,Huerta,\"sowed, \"\"well\"\"\r\nand more\",Beto,\r\n" +
		"\r\n" +
		"2026-03-02,k2,Ana,produce,2,,Huerta,,,Coop"
	r, err := NewReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{Line: 2, SourceKey: "k1", Time: "2026-03-01T09:30:00-05:00", Agent: "Ana", Action: "work", Quantity: protocol.Quantity{N: 350, Scale: 2, Unit: "hour"}, Resource: "Huerta", Note: "sowed, \"well\"\nand more", ConfirmedBy: "Beto"},
		{Line: 5, SourceKey: "k2", Time: "2026-03-02", Agent: "Ana", Action: "produce", Quantity: protocol.Quantity{N: 2, Unit: "one"}, Resource: "Huerta", Receiver: "Coop"},
	}
	for _, w := range want {
		got, fault, err := r.Next()
		if err != nil || fault != nil {
			t.Fatalf("got %v, %v", fault, err)
		}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Error(diff)
		}
	}
	if _, _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last row: %v", err)
	}
}

func TestReaderRefusesFiles(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"empty":          {"", "empty"},
		"only mark":      {"\ufeff", "empty"},
		"only blank":     {"\n\r\n\n", "empty"},
		"binary":         {"\x7fELF\x00\x01", "binary"},
		"utf-16":         {"\xff\xfes\x00", "UTF-16"},
		"latin-1":        {"a\xf1o,time\n", "UTF-8"},
		"missing column": {"source_key,time,agent,action,quantity,unit,resource\n", `lacks column note`},
		"unknown column": {"source_key,time,agent,action,quantity,unit,resource,note,colour\n", `"colour", which is not known`},
		"semicolons":     {"source_key;time;agent\n", "separated by commas"},
		"twice":          {"source_key,source_key\n", `"source_key" twice`},
		"quote open":     {"source_key,\"time\n", "never closed"},
		"one long line":  {strings.Repeat("x", 1<<20), "longer than 32 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(c.file))
			if !errors.Is(err, ErrBadFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestReaderRefusesLinesAndGoesOn(t *testing.T) {
	good := "good,2026-03-01,Ana,work,1,h,Huerta,\n"
	for name, c := range map[string]struct{ line, want string }{
		"fields missing":  {"k,2026-03-01,Ana,work,1,h,Huerta", "7 fields where line 1 names 8 columns"},
		"fields too many": {"k,2026-03-01,Ana,work,1,h,Huerta,a,b", "9 fields"},
		"no key":          {",2026-03-01,Ana,work,1,h,Huerta,", "column source_key: there is nothing here"},
		"long key":        {strings.Repeat("k", 300) + ",2026-03-01,Ana,work,1,h,Huerta,", "longer than 256 bytes"},
		"no agent":        {"k,2026-03-01,  ,work,1,h,Huerta,", "column agent"},
		"no time":         {"k,,Ana,work,1,h,Huerta,", "column time: there is nothing"},
		"bad date":        {"k,31/12/2026,Ana,work,1,h,Huerta,", `"31/12/2026" is no time`},
		"no such day":     {"k,2026-02-30,Ana,work,1,h,Huerta,", "is no time"},
		"no offset":       {"k,2026-02-03T10:00:00,Ana,work,1,h,Huerta,", "is no time"},
		"short offset":    {"k,2026-02-03T10:00:00-5:00,Ana,work,1,h,Huerta,", "is no time"},
		"long time":       {"k,2026-02-03T10:00:00." + strings.Repeat("1", 40) + "Z,Ana,work,1,h,Huerta,", "is no time"},
		"action":          {"k,2026-03-01,Ana,worked,1,h,Huerta,", `"worked" is no action`},
		"no quantity":     {"k,2026-03-01,Ana,work,,h,Huerta,", "column quantity"},
		"NaN":             {"k,2026-03-01,Ana,work,NaN,h,Huerta,", "no decimal number"},
		"Inf":             {"k,2026-03-01,Ana,work,Inf,h,Huerta,", "no decimal number"},
		"1e30":            {"k,2026-03-01,Ana,work,1e30,h,Huerta,", "no decimal number"},
		"10^30":           {"k,2026-03-01,Ana,work,1000000000000000000000000000000,h,Huerta,", "at most 15 digits"},
		"decimal comma":   {`k,2026-03-01,Ana,work,"1,5",h,Huerta,`, "no decimal number"},
		"negative":        {"k,2026-03-01,Ana,work,-1,h,Huerta,", "negative"},
		"zero":            {"k,2026-03-01,Ana,work,0.00,h,Huerta,", "zero"},
		"unit":            {"k,2026-03-01,Ana,work,1,parsec?,Huerta,", `"parsec?" is no unit`},
		"units":           {"k,2026-03-01,Ana,produce,1,ton,Huerta,", `"ton" may be one of several units: tonne, ton-Short, ton-Long`},
		"latin-1":         {"k,2026-03-01,Ana,work,1,h,Huerta,a\xf1o", "column note: the text is not valid UTF-8"},
		"NUL":             {"k,2026-03-01,Ana,work,1,h,Huerta,a\x00b", "control character"},
		"escape":          {"k,2026-03-01,A\x1b[2Jna,work,1,h,Huerta,", "control character"},
		"long note":       {"k,2026-03-01,Ana,work,1,h,Huerta," + strings.Repeat("n", 9000), "longer than 8192 bytes"},
		"long line":       {"k,2026-03-01,Ana,work,1,h,Huerta," + strings.Repeat("n", 1<<20), "longer than 32 KiB"},
		"quote open":      {`k,2026-03-01,Ana,work,1,h,Huerta,"never ends`, "a quote is never closed"},
		"quote inside":    {`k,2026-03-01,Ana,work,1,h,Huerta,5" pipe`, "a quote inside a field"},
		"text after":      {`k,2026-03-01,Ana,work,1,h,Huerta,"5" pipe`, "text follows a closing quote"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, header+good+c.line+"\n"+good)
			if len(got) != 3 || got[0] != "2 ok good" || got[2] != "4 ok good" {
				t.Fatalf("the good lines: %q", got)
			}
			if !strings.HasPrefix(got[1], "line 3") || !strings.Contains(got[1], c.want) {
				t.Errorf("got %q, want %q", got[1], c.want)
			}
		})
	}
}

func TestReaderFindsItsWayBackAfterAQuote(t *testing.T) {
	open := `k,2026-03-01,Ana,work,1,h,Huerta,"open` + "\n"
	good := "good,2026-03-01,Ana,work,1,h,Huerta,\"said, so\"\n"
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"another quote follows": {open + good + good, []string{"line 2: a quote is not closed on this line, nor properly later", "3 ok good", "4 ok good"}},
		"two in a row":          {open + open + good, []string{"line 2: a quote is not closed on this line, nor properly later", "line 3: a quote is not closed on this line, nor properly later", "4 ok good"}},
		"a long line follows":   {open + strings.Repeat("x", 40<<10) + "\n" + good, []string{"line 2: a quote is never closed", "line 3: the line is longer than 32 KiB", "4 ok good"}},
		"at the end":            {good + strings.TrimSuffix(open, "\n"), []string{"2 ok good", "line 3: a quote is never closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, readAll(t, header+c.file)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// brokenFile fails after its content, as a disk or a connection does.
type brokenFile struct{ content io.Reader }

var errBroken = errors.New("the disk is gone")

func (b brokenFile) Read(p []byte) (int, error) {
	n, err := b.content.Read(p)
	if errors.Is(err, io.EOF) {
		err = errBroken
	}
	return n, err
}

func TestReaderReportsAFileThatBreaks(t *testing.T) {
	for _, content := range []string{"", header, header + "k,2026-03-01,Ana,work,1,h,Huerta,\"x\n"} {
		r, err := NewReader(brokenFile{strings.NewReader(content)})
		for err == nil {
			_, _, err = r.Next()
		}
		if !errors.Is(err, errBroken) {
			t.Errorf("after %d bytes: %v", len(content), err)
		}
	}
}

// lines returns n good rows without holding them.
type lines struct {
	n, at int
	rest  []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.at == l.n {
			return 0, io.EOF
		}
		if l.at == 0 {
			l.rest = []byte(header)
		}
		l.rest = fmt.Appendf(l.rest, "k%d,2026-03-01,Ana,work,1,h,Huerta,\"a, b\"\n", l.at)
		l.at++
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func BenchmarkReader(b *testing.B) {
	b.ReportAllocs()
	r, err := NewReader(&lines{n: b.N})
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		if _, fault, err := r.Next(); err != nil || fault != nil {
			b.Fatal(fault, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	row := "k,2026-03-01,Ana,work,1,h,Huerta,note\n"
	for _, seed := range []string{"", header, header + row, header + row + "\"", "\ufeff" + header + row + row,
		header + "k,2026-03-01,\"A\"\"na\",work,1,h,\"Hu\r\nerta\",\n", header + "\x00\xff\n" + row, header + strings.Repeat("x", 33<<10)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkFile(t, string(data))
		checkFile(t, header+string(data))
	})
}

// checkFile reads any file: only the file is ever blamed, lines go up, and a
// row that is accepted fits an entry.
func checkFile(t *testing.T, data string) {
	r, err := NewReader(strings.NewReader(data))
	if err != nil {
		if !errors.Is(err, ErrBadFile) {
			t.Fatalf("an error that is not the file's: %v", err)
		}
		return
	}
	last := int64(0)
	for {
		row, fault, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("an error that is not the file's: %v", err)
		}
		line := row.Line
		if fault != nil {
			line = fault.Line
		}
		if line <= last || line > int64(strings.Count(data, "\n")+1) {
			t.Fatalf("line %d after line %d", line, last)
		}
		last = line
		if fault != nil {
			continue
		}
		event := row.event(protocol.AgentID{EntryID: protocol.EntryID{1}}, protocol.AgentID{EntryID: protocol.EntryID{2}})
		if _, err := protocol.New(protocol.Placement{Log: protocol.LogID{EntryID: protocol.EntryID{3}}, Seq: 1, Prev: protocol.EntryID{3}}, event); err != nil {
			t.Fatalf("an accepted row does not fit an entry: %v\n%q", err, data)
		}
	}
}
