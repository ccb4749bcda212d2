package charter

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Document is a charter document with its types and defaults. Amounts are exact;
// those that are left out are nil where there is no default.
type Document struct {
	Name          string
	Purpose       string
	Language      string // "es" or "en"
	Open          bool   // membership = "open"
	MembersInvite bool   // inviters = "members"
	PublicRead    bool
	Stewards      Stewards
	Currencies    []Currency // in the order of the document, as all lists are
	Confirmation  Confirmation
	Streams       Streams
	Weights       []Weight
	Buckets       []Bucket
	Licence       *Licence

	// IDs are the agents that the names of the document mean. Only Check fills
	// it in.
	IDs map[string]protocol.AgentID
}

// Stewards says who governs. Members is nil if the document leaves it out: then
// the founder is the only one.
type Stewards struct {
	Members   []string
	Threshold int64
	Liars     int64
}

// Currency is one [[currency]]. Limit and Exceptions are not negative and zero
// or empty if the currency is issued.
type Currency struct {
	Name       string
	Issued     bool
	Scale      int64
	Limit      protocol.Amount
	Exceptions map[string]protocol.Amount // by name of an agent
}

// By says whose confirmations count.
type By string

// The choices of confirmation.by.
const (
	ByMembers  By = "members"
	ByStewards By = "stewards"
)

// Confirmation says what makes an event count. Of the rules the first that
// matches wins; they have their own values throughout.
type Confirmation struct {
	Required int64
	By       By
	Window   Period
	Rules    []ConfirmationRule
}

// ConfirmationRule is one [[confirmation.rule]]. Above is nil if it holds for any
// quantity; Per is its unit.
type ConfirmationRule struct {
	Filter
	Above    *protocol.Amount
	Per      string
	Required int64
	By       By
	Window   Period
}

// Filter says which events a rule is for. An empty field matches everything.
type Filter = rules.Filter

// Streams are the factors by which value is multiplied.
type Streams struct{ Livelihood, Love, Care protocol.Amount }

// Of returns the factor of a stream.
func (s Streams) Of(stream Stream) protocol.Amount {
	switch stream {
	case Love:
		return s.Love
	case Care:
		return s.Care
	}
	return s.Livelihood
}

// Weight says what one unit of an output weighs beside the other outputs of its
// process.
type Weight struct {
	Resource string
	Per      string
	Value    protocol.Amount // above zero
}

// Policy says how the contributors share a bucket.
type Policy string

// The choices of bucket.policy.
const (
	Proportional Policy = "proportional"
	Equal        Policy = "equal"
	Balanced     Policy = "balanced"
)

// Where what a bucket leaves goes, unless Rest is the name of an agent.
const (
	RestNext = "next"
	RestPool = "pool"
)

// Bucket is one share of an income.
type Bucket struct {
	Name      string
	Percent   protocol.Amount // 0 to 100
	Remaining bool            // of = "remaining": of what is left, not of the total
	To        string          // an agent; empty: the contributors whom the rules pick
	Policy    Policy
	Currency  string           // empty: any
	Max, Min  *protocol.Amount // per payee and distribution
	Rest      string           // RestNext, RestPool or the name of an agent
	Since     string           // a date or time; empty: approval of the version that first had it
	Rules     []Rule
}

// Agent returns the name of the agent to whom what the bucket leaves goes, empty
// if it goes to the next bucket or stays in the pool.
func (b Bucket) Agent() string {
	if b.Rest == RestNext || b.Rest == RestPool {
		return ""
	}
	return b.Rest
}

// The choices of a bucket's rule.
type (
	// Who says whose contributions count.
	Who string
	// Scope says which events a rule looks at.
	Scope string
	// Stream is a stream of value.
	Stream string
	// Credit says to whom the value of an event belongs.
	Credit string
	// Claim says what becomes of a claim when it is paid.
	Claim string
)

// The choices of a bucket's rule; the first of each kind is the default.
const (
	Anyone  Who = "anyone"
	Members Who = "members"

	InPeriod Scope = "period"
	InTrace  Scope = "trace"

	Livelihood Stream = "livelihood"
	Love       Stream = "love"
	Care       Stream = "care"

	ToProvider Credit = "provider"
	ToSource   Credit = "source"

	Once   Claim = "once"
	Debt   Claim = "debt"
	Equity Claim = "equity"
)

// Rule is one [[bucket.rule]]: which events count, and what they are worth.
// Exactly one of Rate and Percent is given.
type Rule struct {
	Filter
	Who     Who
	Scope   Scope
	Stream  Stream
	Rate    *protocol.Amount // value of one Per
	Per     string           // OM2 unit
	Percent *protocol.Amount // of the value of a process's other inputs
	Credit  Credit
	Claim   Claim
}

// Counts says which contributions make a commercial user reciprocating.
type Counts string

// The choices of licence.counts.
const (
	CountUnpaid Counts = "unpaid"
	CountAll    Counts = "all"
)

// Attribution says which part of a profit the share is of.
type Attribution string

// The choices of licence.attribution.
const (
	AttributeWhole    Attribution = "whole"
	AttributeDeclared Attribution = "declared"
)

// Licence says under which terms the resources of the commons may be used.
type Licence struct {
	Resources    []string
	Free         []string         // forms of organisation that owe nothing
	Contribution *protocol.Amount // nil: no contribution makes a user reciprocating
	Window       Period
	ValueBy      []string // buckets
	Counts       Counts
	Share        protocol.Amount // per cent of the profit, 0 to 100
	Attribution  Attribution
	Currency     string
	Declare      Period
	Grace        Period
	CarryOver    bool
}

// Names returns the names of agents in the document, each once, in ascending
// order. A charter has to resolve each of them.
func (d Document) Names() []string {
	names := slices.Clone(d.Stewards.Members)
	for _, c := range d.Currencies {
		for name := range c.Exceptions {
			names = append(names, name)
		}
	}
	for _, b := range d.Buckets {
		names = append(names, b.To, b.Agent())
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// Names returns the names of agents in a document, each once, in ascending order,
// as far as it can be read.
func Names(doc map[string]protocol.Value) []string {
	d, _ := Parse(doc)
	return d.Names()
}
