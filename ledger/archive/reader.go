package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Columns of a file. Their order is free.
var (
	requiredColumns = [...]string{"source_key", "time", "agent", "action", "quantity", "unit", "resource", "note"}
	optionalColumns = [...]string{"process", "receiver", "confirmed_by"}
)

// Reader reads the rows of one file. It is not for use by several goroutines.
type Reader struct {
	scan    *scanner
	columns []string
}

// NewReader reads the first line, which names the columns. An error that wraps
// ErrBadFile says that the file is empty, binary, or has other columns; any
// other is the error of r.
func NewReader(r io.Reader) (*Reader, error) {
	scan := newScanner(r)
	if err := scan.start(); err != nil {
		return nil, err
	}
	header, err := scan.next()
	if errors.Is(err, io.EOF) {
		return nil, badFile("it is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("read line 1: %w", err)
	}
	columns, err := readHeader(header)
	return &Reader{scan: scan, columns: columns}, err
}

// start drops a byte order mark and refuses what is plainly no text.
func (s *scanner) start() error {
	head, err := s.in.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read line 1: %w", err)
	}
	first, _, _ := bytes.Cut(head, []byte{'\n'})
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return badFile("it is UTF-16; save it as UTF-8")
	case bytes.IndexByte(first, 0) >= 0:
		return badFile("it is binary; CSV is plain text")
	case bytes.HasPrefix(head, []byte("\ufeff")):
		_, err = s.in.Discard(len("\ufeff"))
		return err
	}
	return nil
}

func readHeader(rec record) ([]string, error) {
	want := strings.Join(requiredColumns[:], ",")
	if rec.fault != "" {
		return nil, badFile("line %d: %s; it names the columns, at least %s", rec.line, rec.fault, want)
	}
	var columns []string
	for _, name := range rec.fields {
		name = strings.TrimSpace(name)
		switch {
		case !utf8.ValidString(name):
			return nil, badFile("line %d is not valid UTF-8; save the file as UTF-8", rec.line)
		case slices.Contains(columns, name):
			return nil, badFile("line %d names column %s twice", rec.line, quote(name))
		case !slices.Contains(requiredColumns[:], name) && !slices.Contains(optionalColumns[:], name):
			hint := ""
			if strings.ContainsAny(name, ";\t") {
				hint = "; columns are separated by commas"
			}
			return nil, badFile("line %d names a column %s, which is not known%s; the columns are %s and if wanted %s",
				rec.line, quote(name), hint, want, strings.Join(optionalColumns[:], ","))
		}
		columns = append(columns, name)
	}
	for _, name := range requiredColumns {
		if !slices.Contains(columns, name) {
			return nil, badFile("line %d lacks column %s; the columns are %s", rec.line, name, want)
		}
	}
	return columns, nil
}

// Next returns the next row, or a Fault if its line is refused; reading goes on
// after that. At the end of the file the error is io.EOF; any other error is
// that of the file.
func (r *Reader) Next() (Row, *Fault, error) {
	rec, err := r.scan.next()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = fmt.Errorf("read line %d: %w", r.scan.line+1, err)
		}
		return Row{}, nil, err
	}
	if rec.fault != "" {
		return Row{}, rec.fault.fault(rec.line, "", ""), nil
	}
	if len(rec.fields) != len(r.columns) {
		return Row{}, otherFields.fault(rec.line, "", "", len(rec.fields), len(r.columns)), nil
	}
	c := cells{line: rec.line, values: make(map[string]string, len(r.columns))}
	for i, column := range r.columns {
		c.values[column] = rec.fields[i]
	}
	row, fault := c.row()
	return row, fault, nil
}

// quote shows a field in a message: quoted, and cut where it is long.
func quote(value string) string {
	const most = 60
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "…"
	}
	return strconv.Quote(value)
}
