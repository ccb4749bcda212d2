package api

// Change is a run of entries that the node came to hold: minga.change/1.
type Change struct {
	Schema   string `json:"schema"`
	Position uint64 `json:"position" doc:"Place in the arrival journal; the id of the message"`
	Journal  string `json:"journal" doc:"Identifier of the arrival journal"`
	Commons  string `json:"commons"`
	Log      string `json:"log"`
	First    int64  `json:"first" doc:"First sequence number of the run"`
	Last     int64  `json:"last" doc:"Last sequence number of the run"`
	Own      bool   `json:"own" doc:"Written by this node's own member"`
}

// Resync says that the position asked for is not in this journal: read again
// what you need, changes follow from Position on. minga.resync/1.
type Resync struct {
	Schema   string `json:"schema"`
	Position uint64 `json:"position" doc:"Newest durable position"`
	Journal  string `json:"journal" doc:"Identifier of the arrival journal"`
}

// Heartbeat is sent at the start and while nothing happens: minga.heartbeat/1.
type Heartbeat struct {
	Schema   string `json:"schema"`
	Position uint64 `json:"position" doc:"Position up to which everything was sent"`
	Journal  string `json:"journal" doc:"Identifier of the arrival journal"`
}

// ImportOutcome says what became of one line of an import.
type ImportOutcome string

// The outcomes of a line. On a dry run they say what would become of it.
const (
	ImportWritten   ImportOutcome = "written"   // an event was recorded
	ImportRepeated  ImportOutcome = "repeated"  // the same line had been recorded before: nothing was done
	ImportElsewhere ImportOutcome = "elsewhere" // another log has the key: skipped
	ImportCorrected ImportOutcome = "corrected" // the line had changed and a correction was recorded
	ImportChanged   ImportOutcome = "changed"   // the line had changed and corrections were not asked for: refused
	ImportRefused   ImportOutcome = "refused"   // the line is not good, for the reason given
	ImportLeft      ImportOutcome = "left"      // it is good, but something else of its graph is not
)

// ImportRow is what became of one line: minga.import-row/1. Lines that were
// written or repeated are reported on a dry run only.
type ImportRow struct {
	Schema  string        `json:"schema"`
	Line    int64         `json:"line" doc:"Line of the file, from 1"`
	Source  string        `json:"source,omitempty" doc:"source_key of the line, or identifier in the graph"`
	Class   string        `json:"class,omitempty" doc:"Class of a thing of a graph"`
	Outcome ImportOutcome `json:"outcome" enum:"written,repeated,elsewhere,corrected,changed,refused,left"`
	ID      string        `json:"id,omitempty" doc:"CID of the event"`
	Code    Code          `json:"code,omitempty" doc:"Problem code of a line that was refused"`
	Column  string        `json:"column,omitempty" doc:"Column that is at fault; absent if the whole line is"`
	Reason  string        `json:"reason,omitempty" doc:"What is wrong, where"`
}

// ImportProgress is sent now and then: minga.import-progress/1.
type ImportProgress struct {
	Schema string `json:"schema"`
	Lines  int64  `json:"lines" doc:"Lines done so far"`
}

// ImportSummary is the last line of an import: minga.import/1. An import
// without it was cut off; repeating it does no harm.
type ImportSummary struct {
	Schema    string   `json:"schema"`
	Lines     int64    `json:"lines" doc:"Lines read, without the header"`
	Written   int64    `json:"written"`
	Repeated  int64    `json:"repeated"`
	Elsewhere int64    `json:"elsewhere"`
	Corrected int64    `json:"corrected"`
	Changed   int64    `json:"changed"`
	Refused   int64    `json:"refused"`
	Agents    int64    `json:"agents" doc:"Agents that were created for it"`
	Left      int64    `json:"left,omitempty" doc:"Good things of a graph that did not go in since others are not good"`
	Slips     int64    `json:"slipCount,omitempty" doc:"What a graph says in another way than ValueFlows has it"`
	Differing int64    `json:"differenceCount,omitempty" doc:"Quantities that a graph states and that its events do not come to"`
	DryRun    bool     `json:"dryRun,omitempty" doc:"Nothing was written"`
	Problem   *Problem `json:"problem,omitempty" doc:"What ended the import early, if anything did"`
}

// Complete reports whether every line went in, or had gone in before.
func (s ImportSummary) Complete() bool {
	return s.Problem == nil && s.Changed == 0 && s.Refused == 0 && s.Left == 0
}
