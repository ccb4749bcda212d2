package archive

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Bounds of one record of a file.
const (
	maxRecord = 32 << 10 // bytes, line ends included
	maxLines  = 64       // lines that a quoted field may run over
)

// scanner splits a file into records of fields. Unlike encoding/csv it bounds
// the size of a record and finds its way back after a bad one: when a quote is
// never closed, only the line where it opens is lost.
type scanner struct {
	in      *bufio.Reader
	line    int64  // number of lines handed out or dropped so far
	pending []byte // lines read ahead and given back, each with its end
	dropped bool   // after those pending, a line follows that was too long
	ended   bool   // the file has no more lines than these
}

// record is one line of a table, or several if a quoted field holds line ends.
type record struct {
	line   int64 // where it begins, from 1
	fields []string
	fault  Why // why the fields could not be read, empty if they could
}

func newScanner(r io.Reader) *scanner {
	return &scanner{in: bufio.NewReaderSize(r, maxRecord)}
}

// next returns the next record that is not an empty line. At the end of the
// file the error is io.EOF; other errors are the file's.
func (s *scanner) next() (record, error) {
	for {
		text, whole, err := s.readLine()
		if err != nil {
			return record{}, err
		}
		s.line++
		rec := record{line: s.line}
		if !whole {
			rec.fault = lineTooLong
			return rec, nil
		}
		if len(trimEnd(text)) == 0 {
			continue
		}
		return s.parse(rec, bytes.Clone(text))
	}
}

// parse reads fields from text and, while a quote is open, from the lines that
// follow. If that fails, the lines that follow are given back.
func (s *scanner) parse(rec record, text []byte) (record, error) {
	first := len(text)
	for lines := 1; ; lines++ {
		fields, open, fault := split(trimEnd(text))
		if !open {
			rec.fields, rec.fault = fields, fault
			if fault != "" && lines > 1 {
				s.giveBack(text[first:])
				rec.fault = quoteEndsBadly
				return rec, nil
			}
			s.line += int64(lines - 1)
			return rec, nil
		}
		more, whole, err := s.readLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return rec, err
		}
		if err == nil && whole && lines < maxLines && len(text)+len(more) <= maxRecord {
			text = append(text, more...)
			continue
		}
		rec.fault = quoteNeverEnds
		if whole {
			text = append(text, more...)
		}
		s.dropped = err == nil && !whole
		s.giveBack(text[first:])
		return rec, nil
	}
}

func (s *scanner) giveBack(lines []byte) {
	s.pending = append(bytes.Clone(lines), s.pending...)
}

// readLine returns the next line with its end, valid until the next call. A
// line that is too long is dropped, and whole is false.
func (s *scanner) readLine() (text []byte, whole bool, err error) {
	if len(s.pending) > 0 {
		text, s.pending = cutLine(s.pending)
		return text, true, nil
	}
	if s.dropped {
		s.dropped = false
		return nil, false, nil
	}
	if s.ended {
		return nil, false, io.EOF
	}
	text, err = s.in.ReadSlice('\n')
	whole = true
	for errors.Is(err, bufio.ErrBufferFull) {
		whole = false
		_, err = s.in.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) {
		s.ended = true
		if len(text) > 0 || !whole {
			err = nil
		}
	}
	return text, whole, err
}

func cutLine(text []byte) (line, rest []byte) {
	if at := bytes.IndexByte(text, '\n'); at >= 0 {
		return text[:at+1], text[at+1:]
	}
	return text, nil
}

// trimEnd removes one line end: LF or CRLF.
func trimEnd(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'})
}

// split reads the fields of one record. open says that the text ends inside a
// quoted field, fault what is wrong otherwise.
func split(text []byte) (fields []string, open bool, fault Why) {
	for {
		if len(text) > 0 && text[0] == '"' {
			field, rest, closed := quoted(text[1:])
			if !closed {
				return nil, true, ""
			}
			fields = append(fields, field)
			if len(rest) == 0 {
				return fields, false, ""
			}
			if rest[0] != ',' {
				return nil, false, textAfterQuote
			}
			text = rest[1:]
			continue
		}
		field, rest, more := bytes.Cut(text, []byte{','})
		if bytes.IndexByte(field, '"') >= 0 {
			return nil, false, quoteInside
		}
		fields = append(fields, string(field))
		if !more {
			return fields, false, ""
		}
		text = rest
	}
}

// quoted reads up to the closing quote; two quotes in a row are one of the
// field. A line end inside the field is one LF, whatever the file has.
func quoted(text []byte) (field string, rest []byte, closed bool) {
	var b []byte
	for {
		at := bytes.IndexByte(text, '"')
		if at < 0 {
			return "", nil, false
		}
		b = append(b, text[:at]...)
		text = text[at+1:]
		if len(text) == 0 || text[0] != '"' {
			return string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), text, true
		}
		b, text = append(b, '"'), text[1:]
	}
}
