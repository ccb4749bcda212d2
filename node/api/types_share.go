package api

// PreviewDraft asks how an amount of the pool would be shared. Nothing is written.
type PreviewDraft struct {
	Amount   string            `json:"amount" doc:"Decimal number above zero, a multiple of the currency's smallest part" example:"10000.00" maxLength:"64"`
	Currency string            `json:"currency" doc:"A currency of the charter in force" maxLength:"256"`
	Incomes  []string          `json:"incomes,omitempty" doc:"The incomes to share, whose deliveries are traced: CIDs or unique prefixes; default: the oldest that no distribution names yet and that cover the amount" maxItems:"1000"`
	Version  *int64            `json:"version,omitempty" doc:"Seq of the charter whose rules apply; default: the one in force" minimum:"0" maximum:"9223372036854775807"`
	Rates    map[string]string `json:"rates,omitempty" doc:"Other factors of streams, to try them out: livelihood, love, care"`
	Document CharterDocument   `json:"document,omitempty" doc:"A whole charter to try out in place of a version"`
	Why      []string          `json:"why,omitempty" doc:"Agents whose lines are to be explained: names or identifiers" maxItems:"16"`
	Limit    int64             `json:"limit,omitempty" doc:"Events that each rule of an explanation lists; default: 100" minimum:"1" maximum:"1000"`
}

// DistributionDraft proposes a distribution of an amount of the pool.
type DistributionDraft struct {
	Amount   string   `json:"amount" doc:"Decimal number above zero, a multiple of the currency's smallest part" example:"10000.00" maxLength:"64"`
	Currency string   `json:"currency" doc:"A currency of the charter in force" maxLength:"256"`
	Incomes  []string `json:"incomes,omitempty" doc:"The incomes to share: CIDs or unique prefixes; default: the oldest that no distribution names yet and that cover the amount" maxItems:"1000"`
	Version  *int64   `json:"version,omitempty" doc:"Seq of the charter whose rules apply; default: the one in force" minimum:"0" maximum:"9223372036854775807"`
}

// Distribution is how an amount of the pool is shared, or would be:
// minga.distribution/1. Lines and remainder sum to the amount.
type Distribution struct {
	Schema   string   `json:"schema"`
	ID       string   `json:"id" doc:"CID of its first part, the same from proposal on; empty for a preview"`
	State    string   `json:"state" enum:"preview,proposed,refused,pending,settled,void,superseded" doc:"proposed: stewards can sign it; refused: too many refuse it; pending, settled, void: it is in the charter log; superseded: another entry stands at its place"`
	Reason   string   `json:"reason,omitempty" doc:"Why it is void"`
	Time     string   `json:"time" doc:"As of when it is computed"`
	Amount   string   `json:"amount"`
	Currency string   `json:"currency"`
	Version  int64    `json:"version" doc:"Seq of the charter whose rules apply"`
	Incomes  []string `json:"incomes" doc:"The incomes that are shared: CIDs"`
	Cut      []CutLog `json:"cut" doc:"Up to which entry of each log events count"`

	Lines     []DistributionLine `json:"lines"`
	Remainder string             `json:"remainder" doc:"What stays in the pool besides lines to the commons"`
	Buckets   []BucketResult     `json:"buckets" doc:"In the order of the charter"`

	Unvalued       []UnvaluedEvent       `json:"unvalued" doc:"Events that a rule matches and cannot measure: the first hundred"`
	UnvaluedEvents int                   `json:"unvaluedEvents" doc:"How many there are"`
	Warnings       []DistributionWarning `json:"warnings" doc:"What one should know before signing"`

	Proposal *Proposal `json:"proposal,omitempty" doc:"Who proposed, signed and refused it"`
	Why      []Why     `json:"why,omitempty" doc:"Explanations that were asked for"`
}

// DistributionLine is what one agent gets from one bucket.
type DistributionLine struct {
	Agent  AgentRef `json:"agent"`
	Amount string   `json:"amount"`
	Bucket string   `json:"bucket"`
}

// CutLog says up to which entry of a log events count.
type CutLog struct {
	Log string `json:"log"`
	Seq int64  `json:"seq"`
	ID  string `json:"id" doc:"CID of that entry"`
}

// BucketResult is what became of one bucket. Amount, claimed and events are there
// when the distribution was computed: for a preview and a verification.
type BucketResult struct {
	Name     string   `json:"name"`
	Amount   string   `json:"amount,omitempty" doc:"What it holds"`
	Spent    string   `json:"spent" doc:"What its lines sum to"`
	Claimed  string   `json:"claimed,omitempty" doc:"The claims of all payees, rounded to nine places where it has more"`
	Payees   int      `json:"payees" doc:"How many get a line of it"`
	Events   int      `json:"events,omitempty" doc:"Events with a claim"`
	Sentence string   `json:"sentence" doc:"What the charter says of the bucket"`
	Rules    []string `json:"rules" doc:"Its rules, each in a sentence"`
}

// UnvaluedEvent is an event that a rule matches and cannot measure.
type UnvaluedEvent struct {
	Bucket string `json:"bucket"`
	Rule   int    `json:"rule" doc:"Place among the rules of the bucket, from 0"`
	Event  string `json:"event" doc:"CID"`
}

// DistributionWarning is something that one should know of a distribution.
type DistributionWarning struct {
	Code string `json:"code" doc:"For programs: log-held, log-frozen, payee-removed, income-untraced, unvalued, log-left-out, older-charter, income-again, dated-ahead, and those of the value equation"`
	Text string `json:"text"`
}

// DistributionList is a page of distributions, newest first: minga.distributions/1.
type DistributionList struct {
	Schema        string         `json:"schema"`
	Distributions []Distribution `json:"distributions"`
	Next          string         `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// Verification compares a distribution with what its cut gives:
// minga.verification/1.
type Verification struct {
	Schema       string                   `json:"schema"`
	ID           string                   `json:"id" doc:"CID of the distribution"`
	OK           bool                     `json:"ok" doc:"It was computed, and nothing differs"`
	Computed     bool                     `json:"computed" doc:"This node holds the whole cut"`
	Text         string                   `json:"text" doc:"What was found, in a sentence"`
	Differences  []DistributionDifference `json:"differences"`
	Missing      []CutLog                 `json:"missing" doc:"Entries of the cut that this node does not hold, or that are not settled here"`
	Distribution Distribution             `json:"distribution"`
}

// DistributionDifference is a line that is stated otherwise than computed.
type DistributionDifference struct {
	Agent    *AgentRef `json:"agent,omitempty" doc:"Absent for the remainder"`
	Bucket   string    `json:"bucket,omitempty" doc:"Absent for the remainder"`
	Stated   string    `json:"stated"`
	Computed string    `json:"computed"`
}

// Why explains what an agent has of something: minga.why/1.
type Why struct {
	Schema string    `json:"schema"`
	Agent  AgentRef  `json:"agent"`
	Amount string    `json:"amount,omitempty" doc:"Of a distribution: what its lines give the agent"`
	Unit   string    `json:"unit,omitempty" doc:"The currency of the amount"`
	Parts  []WhyPart `json:"parts" doc:"Of a distribution: its buckets. Of a balance: its contributions, then its accounts"`
}

// WhyPart is a part of a figure, which has parts in turn. The amounts of its
// parts sum to its own, so those of the leaves sum to the figure.
type WhyPart struct {
	Kind   string    `json:"kind" enum:"bucket,rule,event,charter,carried,contribution,account,payment,distribution,rest" doc:"charter: the charter names who gets it; carried: corrections took back more than there was to claim; rest: what is not listed, with how many and their sum"`
	Text   string    `json:"text,omitempty" doc:"What it is, in a sentence"`
	Amount string    `json:"amount" doc:"What it adds"`
	Unit   string    `json:"unit" doc:"Currency, or OM2 unit"`
	ID     string    `json:"id,omitempty" doc:"The entry: a CID"`
	Agent  *AgentRef `json:"agent,omitempty" doc:"Who provided, or the other side of a payment"`
	Time   string    `json:"time,omitempty"`
	State  string    `json:"state,omitempty"`
	Bucket string    `json:"bucket,omitempty"`
	Rule   *int      `json:"rule,omitempty" doc:"Place among the rules of the bucket, from 0"`
	Count  int64     `json:"count,omitempty" doc:"Events or payments that it sums"`

	Claim    string `json:"claim,omitempty" doc:"Of a bucket: the claim of the agent. Of an event: its claim"`
	Claims   string `json:"claims,omitempty" doc:"Of a bucket: the claims of all"`
	Quantity string `json:"quantity,omitempty" doc:"Of an event: its quantity in the unit of the rule"`
	Fraction string `json:"fraction,omitempty" doc:"Of an event: the part of it that counts"`
	Value    string `json:"value,omitempty" doc:"Of an event: what that part is worth"`
	Before   string `json:"before,omitempty" doc:"Of an event: what earlier distributions took or paid"`
	Of       string `json:"of,omitempty" doc:"The use or citation by which the event is credited: a CID"`
	Corrects string `json:"corrects,omitempty" doc:"The event that this one corrects: a CID"`

	Confirmed     bool    `json:"confirmed,omitempty" doc:"Of an event: it meets the charter's rule"`
	Confirmations []Voice `json:"confirmations,omitempty" doc:"Of an event: what others say of it"`

	Parts []WhyPart `json:"parts,omitempty"`
}

// Voice is what somebody said of an event.
type Voice struct {
	ID      string   `json:"id" doc:"The entry: a CID"`
	Author  AgentRef `json:"author"`
	Verdict string   `json:"verdict" enum:"confirm,dispute,withdraw"`
	Reason  string   `json:"reason,omitempty"`
	Time    string   `json:"time"`
	State   string   `json:"state"`
}
