package api

// EventStanding says what an event needs in order to count, and how far it has come.
type EventStanding struct {
	State    string             `json:"state" enum:"confirmed,waiting,disputed,maturing" doc:"maturing: enough confirm it, and its window is not over"`
	Count    int64              `json:"count" doc:"Confirmations that count"`
	Required int64              `json:"required" doc:"How many are needed"`
	By       string             `json:"by" enum:"members,stewards" doc:"Whose confirmations count"`
	Window   string             `json:"window" doc:"For how long it must stand undisputed: a period of ISO 8601"`
	Since    string             `json:"since,omitempty" doc:"When the window began"`
	Until    string             `json:"until,omitempty" doc:"When it ends"`
	Charter  int64              `json:"charter" doc:"Seq of the version of the charter that asks for this"`
	Rule     *EventStandingRule `json:"rule,omitempty" doc:"The confirmation.rule that asks for it; absent: what holds for all events"`
	Own      bool               `json:"lowersOwn,omitempty" doc:"It lowers what its own author gave, which needs nobody"`
	Verdicts []Verdict          `json:"verdicts,omitempty" doc:"All that was said of it, by author; of a single event only"`
}

// EventStandingRule is a rule of confirmation for some events. What is left out fits
// every event.
type EventStandingRule struct {
	Action   string `json:"action,omitempty"`
	Resource string `json:"resource,omitempty"`
	Process  string `json:"process,omitempty"`
	Plan     string `json:"plan,omitempty"`
	Above    string `json:"above,omitempty" doc:"More than so many of per"`
	Per      string `json:"per,omitempty" doc:"OM2 unit"`
}

// Verdict is what somebody said of an event.
type Verdict struct {
	ID      string   `json:"id" doc:"The entry in which it was said"`
	Author  AgentRef `json:"author"`
	Verdict string   `json:"verdict" enum:"confirm,dispute,withdraw"`
	Reason  string   `json:"reason,omitempty"`
	Time    string   `json:"time"`
	State   string   `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Steward bool     `json:"steward,omitempty" doc:"Its author was a steward then"`
}

// ConfirmationsDraft is one verdict on several entries.
type ConfirmationsDraft struct {
	Targets []string `json:"targets" minItems:"1" maxItems:"1000" doc:"CIDs of entries, or unique prefixes of at least 8 characters"`
	Verdict string   `json:"verdict" enum:"confirm,dispute,withdraw"`
	Reason  string   `json:"reason,omitempty" maxLength:"8192"`
}

// Confirmed says what became of verdicts on several entries: minga.confirmed/1.
type Confirmed struct {
	Schema   string            `json:"schema"`
	Written  int               `json:"written" doc:"How many were written now"`
	Repeated int               `json:"repeated" doc:"How many had been said before"`
	Refused  int               `json:"refused" doc:"How many were refused"`
	Results  []ConfirmedTarget `json:"results" doc:"In the order of the targets"`
}

// ConfirmedTarget says what became of a verdict on one entry.
type ConfirmedTarget struct {
	Target   string `json:"target"`
	ID       string `json:"id,omitempty" doc:"The entry of the verdict"`
	State    string `json:"state,omitempty" enum:"waiting,pending,settled,void,frozen,cut"`
	Repeated bool   `json:"repeated,omitempty" doc:"It had been said before"`
	Refused  string `json:"refused,omitempty" doc:"Why it was not written, in words"`
}
