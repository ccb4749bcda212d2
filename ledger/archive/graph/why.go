package graph

// Why is the reason of a slip or of a refused file as an English sentence with
// the verbs of fmt. It is the key under which other languages keep theirs:
// node/api has them, and a test that none is missing.
type Why string

// The reasons for which a file is refused as a whole.
const (
	fileTooLong     Why = "the file is longer than %d MiB; split it"
	fileEmpty       Why = "the file is empty"
	fileNotText     Why = "the file is no text in UTF-8"
	badSyntax       Why = "this cannot be read: %s"
	badGraph        Why = "this is no JSON-LD: %s"
	tooManyItems    Why = "the file has more than %d values; split it"
	tooDeep         Why = "lists and maps are nested more than %d deep"
	yamlAlias       Why = "the alias %s is not followed; write out what it stands for"
	yamlKey         Why = "a key is one word, not a list or a map"
	yamlTag         Why = "the tag %s is not read"
	jsonMore        Why = "something follows the end of the JSON text"
	unknownContext  Why = "the context %s is not known here and is not fetched; put its definitions into the file"
	contextTooLarge Why = "the contexts of the file declare too much"
	noNodes         Why = "the file states nothing: no node has a class or an identifier"
)

// The reasons of slips.
const (
	textTooLong      Why = "the text is longer than %d bytes"
	keyTwice         Why = "this stands on line %d already"
	contextKey       Why = "the key %s of the context is none of JSON-LD; it is taken for an ordinary term"
	prefixUndeclared Why = "the prefix %s is not declared; identifiers keep it as it is"
	prefixUsual      Why = "the prefix %s is not declared; it is taken for what it usually is"

	classMissing     Why = "there is no class; it is taken for %s"
	classUnknown     Why = "%s is no class of ValueFlows that is known here; it is kept as it is"
	classSeveral     Why = "several classes; %s is taken"
	idMissing        Why = "there is no @id; the content is its identifier, so that a change makes it another one"
	idTwice          Why = "the identifier stands on line %d for something else; this one is known as %s"
	stateIgnored     Why = "stated again as on line %d"
	propertyUnknown  Why = "no property of ValueFlows that is known here; it is kept as it is"
	propertyCase     Why = "written %s in ValueFlows; taken for it"
	propertyRenamed  Why = "called %s in ValueFlows 1.0; taken for it"
	propertyElse     Why = "no property of %s; it is kept as it is"
	propertyNested   Why = "only a process has inputs and outputs; they are taken for those of the process of this event"
	propertyStands   Why = "another value stands there; this one is kept beside it as it is"
	valueSeveral     Why = "one value is meant and %d stand there; the first is taken and the others are kept as they are"
	valueEmpty       Why = "there is nothing here"
	valueNode        Why = "a text is meant and something nested stands there; it is kept as it is"
	valueTrimmed     Why = "spaces around the text are left out"
	valueLanguage    Why = "in several languages; one is taken and the others are kept as they are"
	controlCharacter Why = "the text holds a control character"
	slashAdded       Why = "the address of the agent is written with a slash at its end elsewhere; both are one agent"

	timeForm     Why = "%s is taken for %s"
	timeBad      Why = "%s is no time; write 2026-03-01T09:30:00-05:00, or a date, 2026-03-01"
	boolBad      Why = "%s is neither true nor false"
	numberBad    Why = "%s is no decimal number of at most 15 digits and 9 places"
	numberForm   Why = "the number %s is taken for %s"
	unitBad      Why = "%s is no unit that is known here; use an OM2 identifier, such as kilogram, hour or one"
	unitSeveral  Why = "%s may mean several units; write which: %s"
	unitMissing  Why = "there is no unit; it is taken for one"
	quantityBad  Why = "this is no quantity; write hasNumericalValue and hasUnit"
	quantityForm Why = "a quantity is written with hasNumericalValue and hasUnit; this is taken for %s"
)

// The reasons of slips that only show when a graph goes into a ledger.
const (
	dangling        Why = "nothing in the file or in the ledger has this identifier; it is kept as text"
	trackedBy       Why = "no property of an event; by it the %s is found, %s"
	directionTurned Why = "%s has no such side of a process; taken for the other one"
	linkKept        Why = "the action %s has no such resource; it is kept as text"
	openingAssumed  Why = "the file does not say what there was of %s before; it is opened with %s"
	statedOtherwise Why = "other quantities than on line %d, and no event of the file on it in between; these count"
	openingNegative Why = "a resource does not begin with less than nothing"
	negativeGiven   Why = "the quantity is negative, and it corrects nothing"
	cyclic          Why = "it cannot be written before what it names, which names it again: %s"
	actionMissing   Why = "an event has an action, such as work, transfer or produce"
	needsRefused    Why = "it names what is refused on line %d"
	onlySteward     Why = "there is no agent %s, and only a steward may create one"
	noEffect        Why = "it would have no effect: %v"
	notRecorded     Why = "it cannot be recorded: %v"
	changed         Why = "recorded before with other content, as %s; it stays as it is"
	differs         Why = "the file says %s, and its events come to %s"
)

// codes are the stable names of the reasons.
var codes = map[Why]string{
	fileTooLong: "file-too-long", fileEmpty: "file-empty", fileNotText: "file-not-text", badSyntax: "bad-syntax",
	badGraph: "bad-graph", tooManyItems: "too-many-values", tooDeep: "too-deep", yamlAlias: "alias", yamlKey: "bad-key",
	yamlTag: "bad-tag", jsonMore: "bad-syntax", unknownContext: "unknown-context", contextTooLarge: "context-too-large",
	noNodes: "no-nodes",

	textTooLong: "text-too-long", keyTwice: "key-twice", contextKey: "context-key", prefixUndeclared: "undeclared-prefix",
	prefixUsual: "undeclared-prefix", classMissing: "missing-class", classUnknown: "unknown-class", classSeveral: "several-classes",
	idMissing: "missing-id", idTwice: "id-twice", stateIgnored: "stated-again", propertyUnknown: "unknown-property",
	propertyCase: "property-case", propertyRenamed: "property-renamed", propertyElse: "misplaced-property",
	propertyNested: "nested-under-event", propertyStands: "conflicting-value", valueSeveral: "several-values",
	valueEmpty: "empty-value", valueNode: "nested-value", valueTrimmed: "spaces", valueLanguage: "several-languages",
	controlCharacter: "control-character", slashAdded: "missing-slash",

	timeForm: "time-form", timeBad: "bad-time", boolBad: "bad-boolean", numberBad: "bad-number", numberForm: "number-form",
	dangling: "dangling-reference", trackedBy: "found-by-tracking", directionTurned: "wrong-side", linkKept: "misplaced-property",
	openingAssumed: "assumed-opening", statedOtherwise: "stated-otherwise", openingNegative: "negative-opening", negativeGiven: "negative-quantity", cyclic: "cyclic-reference",
	actionMissing: "missing-action", needsRefused: "names-refused", onlySteward: "not-a-steward", noEffect: "no-effect",
	notRecorded: "not-recorded", changed: "changed", differs: "difference",

	unitBad: "unknown-unit", unitSeveral: "ambiguous-unit", unitMissing: "missing-unit", quantityBad: "bad-quantity", quantityForm: "quantity-form",
}

// Code returns the stable name of a reason, for programs.
func (w Why) Code() string { return codes[w] }
