package archive

import (
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules/unit"
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
	Process     protocol.EntryID // zero if the line names none, or by a prefix only
	Receiver    string           // empty: the commons
	ConfirmedBy string

	ProcessPrefix string // the beginning of the process's identifier, if that is all there is
}

// maxEventTime is the longest text of a date or time on the log.
const maxEventTime = 40

// cells gives access to the fields of one line by column, and keeps the first
// thing that is wrong with them.
type cells struct {
	line   int64
	values map[string]string
	fault  *Fault
}

func (c *cells) refuse(column string, why Why, args ...any) {
	if c.fault == nil {
		c.fault = why.fault(c.line, column, c.values["source_key"], args...)
	}
}

// text returns a field without surrounding space, in normal form C.
func (c *cells) text(column string, max int) string {
	value := c.values[column]
	switch {
	case !utf8.ValidString(value):
		c.refuse(column, notUTF8)
		return ""
	case strings.ContainsFunc(value, isControl):
		c.refuse(column, controlCharacter)
		return ""
	}
	value = norm.NFC.String(strings.TrimSpace(value))
	if len(value) > max {
		c.refuse(column, tooLong, max)
		return ""
	}
	return value
}

func (c *cells) name(column string) string {
	value := c.text(column, protocol.MaxName)
	if strings.ContainsAny(value, "\n\t") {
		c.refuse(column, nameOnOneLine)
	}
	return value
}

func (c *cells) required(column string) string {
	value := c.name(column)
	if value == "" {
		c.refuse(column, nothingHere)
	}
	return value
}

func (c *cells) time(column string) string {
	value := c.required(column)
	if c.fault == nil && !validTime(value) {
		c.refuse(column, badTime, quote(value))
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

func (c *cells) quantity() (q protocol.Quantity) {
	text := c.required("quantity")
	if c.fault != nil {
		return q
	}
	amount, err := protocol.ParseAmount(text)
	switch {
	case err != nil:
		c.refuse("quantity", badQuantity, quote(text))
	case amount.N < 0:
		c.refuse("quantity", negativeQuantity, quote(text))
	case amount.N == 0:
		c.refuse("quantity", zeroQuantity)
	}
	name := c.name("unit")
	om2, err := unit.Find(name)
	var several *unit.AmbiguousError
	switch {
	case errors.As(err, &several):
		c.refuse("unit", manyUnits, quote(name), strings.Join(several.Units, ", "))
	case err != nil:
		c.refuse("unit", badUnit, quote(name))
	}
	return protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: om2}
}

func (c *cells) action() string {
	value := c.required("action")
	if _, known := actions[value]; c.fault == nil && !known {
		c.refuse("action", badAction, quote(value))
	}
	return value
}

// minPrefix is how much of an identifier has to be given at least.
const minPrefix = 8

// process reads the identifier of a process, which need not be held, or the
// beginning of one, which the importer looks up.
func (c *cells) process(action string) (id protocol.EntryID, prefix string) {
	value := c.name("process")
	if value == "" || c.fault != nil {
		return id, ""
	}
	id, err := protocol.ParseID(value)
	switch {
	case actions[action] == apart:
		c.refuse("process", outsideProcess, action)
	case err == nil:
	case len(value) >= minPrefix && prefixForm.MatchString(value):
		prefix = value
	default:
		c.refuse("process", badProcess, quote(value))
	}
	return id, prefix
}

// prefixForm is how every identifier of an entry begins.
var prefixForm = regexp.MustCompile(`^bafyrei[a-z2-7]{1,51}$`)

func (c *cells) row() (Row, *Fault) {
	r := Row{
		Line:        c.line,
		SourceKey:   c.required("source_key"),
		Time:        c.time("time"),
		Agent:       c.required("agent"),
		Action:      c.action(),
		Quantity:    c.quantity(),
		Resource:    c.text("resource", protocol.MaxReference),
		Note:        c.text("note", protocol.MaxNote),
		Receiver:    c.name("receiver"),
		ConfirmedBy: c.name("confirmed_by"),
	}
	r.Process, r.ProcessPrefix = c.process(r.Action)
	if len(r.note()) > protocol.MaxNote {
		c.refuse("note", noteTooLong, protocol.MaxNote)
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
