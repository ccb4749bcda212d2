package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// RecordDraft is a record to write, or what to change in one: properties by
// their names in the ontology, and name, note and source. In an amendment, null
// takes a property away.
type RecordDraft map[string]any

// UnmarshalJSON keeps whole numbers whole.
func (d *RecordDraft) UnmarshalJSON(b []byte) error {
	return (*CharterDocument)(d).UnmarshalJSON(b)
}

// Record is a record of the planning layer as it stands after its amendments. In
// JSON its properties and inverse fields stand beside the rest, under their own
// names: minga.process/1, minga.commitment/1 and so on.
type Record struct {
	RecordHead
	// Properties are the properties of its class, by their names: texts, lists,
	// booleans, Measure, AgentRef, and identifiers of what they link
	// to.
	Properties map[string]any
	// Inverses are the relations of others to it; only a record that is read
	// alone has them.
	Inverses map[string][]FlowRef
}

// RecordHead is what every record has.
type RecordHead struct {
	Schema string     `json:"schema"`
	ID     string     `json:"id"`
	Type   string     `json:"type" doc:"Class of the ontology"`
	Entry  EventEntry `json:"entry" doc:"The entry that records it, and what became of it"`
	Author AgentRef   `json:"author" doc:"Who recorded it"`
	Name   string     `json:"name,omitempty"`
	Note   string     `json:"note,omitempty"`
	Source string     `json:"source,omitempty" doc:"Its identifier in the file that it was imported from"`

	Fulfilment *Fulfilment    `json:"fulfilment,omitempty" doc:"Of a commitment, intent or claim: what is done and what is open"`
	Progress   *Progress      `json:"progress,omitempty" doc:"Of a plan: how far it is"`
	Amendments []Amendment    `json:"amendments,omitempty" doc:"What changed it, oldest first"`
	Other      map[string]any `json:"other,omitempty" doc:"Properties that the class does not have, as recorded"`
	Cut        []string       `json:"cut,omitempty" doc:"Inverse fields of which only the first hundred are here"`
}

// Amendment is a change of a record.
type Amendment struct {
	ID     string   `json:"id"`
	Author AgentRef `json:"author"`
	Time   string   `json:"time"`
	State  string   `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason string   `json:"reason,omitempty" doc:"Why it is void or waits"`
	Counts bool     `json:"counts" doc:"It has its effect: its author may change the record"`
}

// Fulfilment is what is done of a promise, and what is open.
type Fulfilment struct {
	Lines    []FulfilmentLine `json:"lines"`
	Finished bool             `json:"finished" doc:"Whoever promised says that nothing more will come"`
}

// FulfilmentLine is one quantity of a promise.
type FulfilmentLine struct {
	Of       string    `json:"of" enum:"resourceQuantity,effortQuantity"`
	Promised Measure   `json:"promised"`
	Done     Measure   `json:"done"`
	Open     Measure   `json:"open"`
	Events   int64     `json:"events" doc:"Entries that count, also those in other"`
	Other    []Measure `json:"other,omitempty" doc:"What is done in units that cannot be compared with what was promised"`
}

// Progress is how far a plan is.
type Progress struct {
	Processes   int64    `json:"processes"`
	Finished    int64    `json:"finished" doc:"Processes that are finished"`
	Commitments int64    `json:"commitments"`
	Fulfilled   int64    `json:"fulfilled" doc:"Commitments of which nothing is open"`
	Intents     int64    `json:"intents"`
	Satisfied   int64    `json:"satisfied" doc:"Intents of which nothing is open"`
	Overdue     []string `json:"overdue,omitempty" doc:"Commitments and intents with something open that were due before today"`
}

// FlowRef is an event, commitment, intent or other record in an inverse field.
type FlowRef struct {
	ID                    string    `json:"id"`
	Type                  string    `json:"type" doc:"EconomicEvent, Commitment, Intent, ..."`
	Name                  string    `json:"name,omitempty"`
	Action                string    `json:"action,omitempty"`
	Provider              *AgentRef `json:"provider,omitempty"`
	Receiver              *AgentRef `json:"receiver,omitempty"`
	ResourceInventoriedAs string    `json:"resourceInventoriedAs,omitempty"`
	ResourceConformsTo    string    `json:"resourceConformsTo,omitempty"`
	ResourceQuantity      *Measure  `json:"resourceQuantity,omitempty"`
	EffortQuantity        *Measure  `json:"effortQuantity,omitempty"`
	Finished              bool      `json:"finished,omitempty"`
	State                 string    `json:"state" enum:"waiting,pending,settled,void,frozen,cut" doc:"What became of its entry"`
}

// MarshalJSON puts the properties beside the rest, in the order of the class.
func (r Record) MarshalJSON() ([]byte, error) {
	out, err := encodeJSON(r.RecordHead)
	if err != nil {
		return nil, err
	}
	out = bytes.TrimSuffix(out, []byte("}\n"))
	class, _ := ClassOf(r.Type)
	for _, p := range class.Properties {
		if v, there := r.Properties[p.Name]; there {
			if out, err = appendMember(out, p.Name, v); err != nil {
				return nil, err
			}
		}
	}
	for _, inverse := range class.Inverses {
		if refs, there := r.Inverses[inverse.Name]; there {
			if out, err = appendMember(out, inverse.Name, refs); err != nil {
				return nil, err
			}
		}
	}
	return append(out, '}'), nil
}

// appendMember appends a member to a JSON object that is not closed yet.
func appendMember(object []byte, name string, v any) ([]byte, error) {
	text, err := encodeJSON(v)
	object = append(append(append(object, ','), strconv.Quote(name)...), ':')
	return append(object, bytes.TrimSuffix(text, []byte("\n"))...), err
}

// UnmarshalJSON takes the properties from beside the rest.
func (r *Record) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &r.RecordHead); err != nil {
		return err
	}
	class, known := ClassOf(r.Type)
	if !known {
		return fmt.Errorf("there is no class %q", r.Type)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	r.Properties, r.Inverses = map[string]any{}, map[string][]FlowRef{}
	for _, p := range class.Properties {
		if text, there := all[p.Name]; there {
			v, err := p.read(text)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			r.Properties[p.Name] = v
		}
	}
	for _, inverse := range class.Inverses {
		if text, there := all[inverse.Name]; there {
			var refs []FlowRef
			if err := json.Unmarshal(text, &refs); err != nil {
				return fmt.Errorf("%s: %w", inverse.Name, err)
			}
			r.Inverses[inverse.Name] = refs
		}
	}
	return nil
}

// read reads the JSON of a property into the type that Record promises. What was
// recorded elsewhere in another form is read as it is.
func (p Property) read(text json.RawMessage) (any, error) {
	var v any
	var err error
	switch {
	case p.Kind == PropertyAmount:
		v, err = readAs[Measure](text)
	case p.Kind == PropertyAgent && p.Many:
		v, err = readAs[[]AgentRef](text)
	case p.Kind == PropertyAgent:
		v, err = readAs[AgentRef](text)
	case p.Kind == PropertyBool:
		v, err = readAs[bool](text)
	case p.Many:
		v, err = readAs[[]string](text)
	default:
		v, err = readAs[string](text)
	}
	if err != nil {
		return readAs[any](text)
	}
	return v, nil
}

func readAs[T any](text json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(text, &v)
	return v, err
}

// RecordList is a page of records of one class. In JSON the list has the name of
// the class: minga.processes/1 has processes, and so on.
type RecordList struct {
	Schema  string
	Plural  string // name of the list
	Records []Record
	Next    string // cursor of the next page, empty with the last
}

// MarshalJSON writes the list under its name.
func (l RecordList) MarshalJSON() ([]byte, error) {
	out, err := appendMember([]byte(`{"schema":`+strconv.Quote(l.Schema)), l.Plural, l.Records)
	if err == nil && l.Next != "" {
		out, err = appendMember(out, "next", l.Next)
	}
	return append(out, '}'), err
}

// UnmarshalJSON reads the list, whatever its name.
func (l *RecordList) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	for name, text := range all {
		var err error
		switch name {
		case "schema":
			err = json.Unmarshal(text, &l.Schema)
		case "next":
			err = json.Unmarshal(text, &l.Next)
		default:
			l.Plural = name
			err = json.Unmarshal(text, &l.Records)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
