package archive

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/protocol"
)

// Row is one line of a file, checked.
type Row struct {
	Line        int64
	SourceKey   string
	Time        string // as written: RFC 3339 with offset, or a date
	Agent       string
	Action      string
	Quantity    protocol.Quantity
	Resource    string
	Note        string
	Process     protocol.EntryID // zero if the line names none
	Receiver    string           // empty: the commons
	ConfirmedBy string
}

// UnitFunc returns the OM2 identifier of a unit as people write it; ok is false
// for one that it does not know.
type UnitFunc func(name string) (om2 string, ok bool)

// maxEventTime is the longest text of a date or time on the log.
const maxEventTime = 40

// cells gives access to the fields of one line by column, and keeps the first
// thing that is wrong with them.
type cells struct {
	line   int64
	values map[string]string
	fault  *Fault
}

func (c *cells) refuse(column, reason string) {
	if c.fault == nil {
		c.fault = &Fault{Line: c.line, Column: column, Key: c.values["source_key"], Reason: reason}
	}
}

// text returns a field without surrounding space, in normal form C.
func (c *cells) text(column string, max int) string {
	value := c.values[column]
	switch {
	case !utf8.ValidString(value):
		c.refuse(column, "the text is not valid UTF-8; save the file as UTF-8")
		return ""
	case strings.ContainsFunc(value, isControl):
		c.refuse(column, "the text holds a control character")
		return ""
	}
	value = norm.NFC.String(strings.TrimSpace(value))
	if len(value) > max {
		c.refuse(column, "the text is longer than "+number(max)+" bytes")
		return ""
	}
	return value
}

func (c *cells) name(column string) string {
	value := c.text(column, protocol.MaxName)
	if strings.ContainsAny(value, "\n\t") {
		c.refuse(column, "a name stands on one line")
	}
	return value
}

func (c *cells) required(column string) string {
	value := c.name(column)
	if value == "" {
		c.refuse(column, "there is nothing here")
	}
	return value
}

func (c *cells) time(column string) string {
	value := c.required(column)
	if c.fault == nil && !validTime(value) {
		c.refuse(column, quote(value)+" is no time; write 2026-03-01T09:30:00-05:00, or a date, 2026-03-01")
	}
	return value
}

func validTime(value string) bool {
	if len(value) > maxEventTime {
		return false
	}
	if _, err := time.Parse(time.DateOnly, value); err == nil {
		return true
	}
	var t time.Time
	return t.UnmarshalText([]byte(value)) == nil // stricter than time.Parse
}

func (c *cells) quantity(unit UnitFunc) (q protocol.Quantity) {
	text := c.required("quantity")
	if c.fault != nil {
		return q
	}
	amount, err := protocol.ParseAmount(text)
	switch {
	case err != nil:
		c.refuse("quantity", err.Error())
	case amount.N < 0:
		c.refuse("quantity", quote(text)+" is negative; only a correction takes something back")
	case amount.N == 0:
		c.refuse("quantity", "nothing was given: the quantity is zero")
	}
	name := c.name("unit")
	if name == "" {
		name = "one"
	}
	om2, known := unit(name)
	if !known {
		c.refuse("unit", quote(name)+" is no unit that is known here; use h, kg, l, one, or an OM2 identifier")
	}
	return protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: om2}
}

func (c *cells) action() string {
	value := c.required("action")
	if _, known := actions[value]; c.fault == nil && !known {
		c.refuse("action", quote(value)+" is no action of ValueFlows; contributions are work, produce, deliverService, use, transfer and others")
	}
	return value
}

func (c *cells) process(action string) (id protocol.EntryID) {
	value := c.name("process")
	if value == "" || c.fault != nil {
		return id
	}
	id, err := protocol.ParseID(value)
	if err != nil {
		c.refuse("process", quote(value)+" is not the identifier of a process; names are not looked up")
	} else if actions[action] == apart {
		c.refuse("process", action+" is neither input nor output of a process")
	}
	return id
}

func (c *cells) row(unit UnitFunc) (Row, *Fault) {
	r := Row{
		Line:        c.line,
		SourceKey:   c.required("source_key"),
		Time:        c.time("time"),
		Agent:       c.required("agent"),
		Action:      c.action(),
		Quantity:    c.quantity(unit),
		Resource:    c.text("resource", protocol.MaxReference),
		Note:        c.text("note", protocol.MaxNote),
		Receiver:    c.name("receiver"),
		ConfirmedBy: c.name("confirmed_by"),
	}
	r.Process = c.process(r.Action)
	if len(r.note()) > protocol.MaxNote {
		c.refuse("note", "the text is longer than "+number(protocol.MaxNote)+" bytes, with who confirmed it")
	}
	return r, c.fault
}

// note returns the note as it goes on the log. Who confirmed a row stands there
// as the file's claim; it is nobody's voice.
func (r Row) note() string {
	if r.ConfirmedBy == "" {
		return r.Note
	}
	return strings.TrimSpace(r.Note + " (confirmed by: " + r.ConfirmedBy + ", as the file says)")
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
