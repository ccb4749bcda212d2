package archive

import "fmt"

// Why is the reason of a Fault as an English sentence with the verbs of fmt. It
// is the key under which other languages keep theirs: node/api/reasons.go has
// them, and a test that none is missing.
type Why string

// The reasons.
const (
	lineTooLong    Why = "the line is longer than 32 KiB"
	quoteNeverEnds Why = "a quote is never closed"
	quoteEndsBadly Why = "a quote is not closed on this line, nor properly later"
	textAfterQuote Why = "text follows a closing quote; write a quote inside a field twice"
	quoteInside    Why = "a quote inside a field that does not begin with one"
	otherFields    Why = "%d fields where line 1 names %d columns; put text with commas in quotes"

	notUTF8          Why = "the text is not valid UTF-8; save the file as UTF-8"
	controlCharacter Why = "the text holds a control character"
	tooLong          Why = "the text is longer than %d bytes"
	noteTooLong      Why = "the text is longer than %d bytes, with who confirmed it"
	nameOnOneLine    Why = "a name stands on one line"
	nothingHere      Why = "there is nothing here"

	badTime          Why = "%s is no time; write 2026-03-01T09:30:00-05:00, or a date, 2026-03-01"
	badQuantity      Why = "%s is no decimal number of at most 15 digits and 9 places"
	negativeQuantity Why = "%s is negative; only a correction takes something back"
	zeroQuantity     Why = "nothing was given: the quantity is zero"
	badUnit          Why = "%s is no unit that is known here; use h, kg, l, one, or an OM2 identifier"
	manyUnits        Why = "%s may be one of several units: %s; write which"
	badAction        Why = "%s is no action of ValueFlows; contributions are work, produce, deliverService, use, transfer and others"

	badProcess     Why = "%s is neither the identifier of a process nor the first 8 or more characters of one; names are not looked up"
	unknownProcess Why = "no entry is held whose identifier begins with %s; wait until the node has caught up, or write all of it"
	severalFit     Why = "%s fits several entries; write more of the identifier"
	outsideProcess Why = "%s is neither input nor output of a process"

	keyTwice    Why = "the key stands on line %d with other content"
	keyChanged  Why = "recorded before with other content, as %s"
	noAgent     Why = "there is no agent %s"
	onlySteward Why = "there is no agent %s, and only a steward may create one"
	manyAgents  Why = "%s fits several agents; use an identifier: %s"

	noEffect       Why = "it would have no effect: %v"
	notRecorded    Why = "it cannot be recorded: %v"
	notCorrected   Why = "recorded anew, but what stood there could not be corrected: %v"
	correctionVoid Why = "recorded anew, but a correction of what stood there would have no effect: %v"
)

// fault makes a fault of a reason and what fills it.
func (w Why) fault(line int64, column, key string, args ...any) *Fault {
	reason := string(w)
	if len(args) > 0 {
		reason = fmt.Sprintf(reason, args...)
	}
	return &Fault{Line: line, Column: column, Key: key, Reason: reason, Why: w, Args: args}
}
