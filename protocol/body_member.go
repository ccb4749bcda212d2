package protocol

import "math"

// MaxProposal bounds the bytes of a block that is to be signed by several keys:
// it travels inside an entry of its own.
const MaxProposal = MaxBlock - 512

const (
	maxSeq        = math.MaxInt64
	maxReferences = 64
	maxWatermarks = 256
	maxHeads      = 512
	maxLines      = 256
	maxEventTime  = 40
	maxPrevious   = 2 // an event touches at most two resources
)

// Invite grants admission to whoever holds the private key of Key, until
// Expiry (milliseconds UTC, against the time that the inception claims).
type Invite struct {
	Key    PublicKey
	Expiry int64
	Role   string // "member"
	Uses   int64  // how many inceptions a witness endorses
}

// Agent is a record of somebody without a log: a neighbour without a phone, an
// outside buyer, the author of an imported history.
type Agent struct {
	Card   AgentCard
	Note   Text
	Source string // the importer's key of this agent
	Ext    map[string]Value
}

// Record is any ValueFlows object other than an event: a specification, a
// process, a plan, an intent, a commitment and so on. Fields holds the
// properties under the ontology's names; Of names the record that this one
// amends.
type Record struct {
	Type   string
	Of     EntryID
	Name   Text
	Note   Text
	Source string
	Fields map[string]Value
	Ext    map[string]Value
}

// Confirm is a verdict of the log's agent on an entry.
type Confirm struct {
	Target  EntryID
	Verdict Verdict
	Reason  Text
}

// Verdict is what a member says of another's entry.
type Verdict string

// The verdicts. A withdrawal takes back the same author's earlier verdict, or,
// when the target is the author's own invite, that invite.
const (
	VerdictConfirm  Verdict = "confirm"
	VerdictDispute  Verdict = "dispute"
	VerdictWithdraw Verdict = "withdraw"
)

// Declare is a declaration of use of a resource during a period.
type Declare struct {
	Agent     AgentID // who used it
	Resource  string  // a resource specification
	Beginning string  // first day, date
	End       string  // last day, date
	Use       string  // "commercial" or "non-commercial"
	Form      string  // form of organisation
	Currency  string  // of income and profit
	Income    *Amount
	Profit    *Amount
	Fraction  *Amount // of the profit that is due to the resource, 0..1
	Note      Text
	Ext       map[string]Value
}

// Propose carries the block of an entry that wants the signatures of a
// threshold log's keys.
type Propose struct {
	Block []byte
}

// Approve is one signature for a proposed entry, made over its CID with the
// key that its author holds in the proposed entry's log.
type Approve struct {
	CID       EntryID
	Signature [SigSize]byte
}

// Reject refuses a proposed entry for good.
type Reject struct {
	CID EntryID
}

// Keys replaces the key set of the log. It is signed by the old set and by the
// new one, and is the last entry of its segment.
type Keys struct {
	KeySet KeySet
}

// Kind returns KindInvite.
func (b *Invite) Kind() Kind { return KindInvite }

// Kind returns KindAgent.
func (b *Agent) Kind() Kind { return KindAgent }

// Kind returns KindRecord.
func (b *Record) Kind() Kind { return KindRecord }

// Kind returns KindConfirm.
func (b *Confirm) Kind() Kind { return KindConfirm }

// Kind returns KindDeclare.
func (b *Declare) Kind() Kind { return KindDeclare }

// Kind returns KindPropose.
func (b *Propose) Kind() Kind { return KindPropose }

// Kind returns KindApprove.
func (b *Approve) Kind() Kind { return KindApprove }

// Kind returns KindReject.
func (b *Reject) Kind() Kind { return KindReject }

// Kind returns KindKeys.
func (b *Keys) Kind() Kind { return KindKeys }

func (b *Invite) fields(f *fields) {
	f.publicKey("key", &b.Key)
	choice(f, "role", required, &b.Role, "member")
	f.integer("uses", required, &b.Uses, 1, 1_000_000)
	f.integer("expiry", required, &b.Expiry, 0, MaxTime)
}

func (b *Agent) fields(f *fields) {
	f.extension(&b.Ext)
	f.personal("name", required, &b.Card.Name, MaxName)
	f.personal("note", optional, &b.Note, MaxNote)
	choice(f, "type", required, &b.Card.Type, Person, Organization, EcologicalAgent)
	f.text("source", optional, &b.Source, MaxName)
}

func (b *Record) fields(f *fields) {
	f.link("of", optional, &b.Of)
	f.extension(&b.Ext)
	f.personal("name", optional, &b.Name, MaxReference)
	f.personal("note", optional, &b.Note, MaxNote)
	f.text("type", required, &b.Type, MaxName)
	f.mapping("fields", optional, &b.Fields, "value", nil)
	f.text("source", optional, &b.Source, MaxName)
}

func (b *Confirm) fields(f *fields) {
	f.personal("reason", optional, &b.Reason, MaxNote)
	f.link("target", required, &b.Target)
	choice(f, "verdict", required, &b.Verdict, VerdictConfirm, VerdictDispute, VerdictWithdraw)
}

func (b *Declare) fields(f *fields) {
	f.text("end", required, &b.End, maxEventTime)
	f.extension(&b.Ext)
	choice(f, "use", required, &b.Use, "commercial", "non-commercial")
	f.text("form", optional, &b.Form, MaxName)
	f.personal("note", optional, &b.Note, MaxNote)
	f.link("agent", required, &b.Agent.EntryID)
	maybe(f, "income", &b.Income)
	maybe(f, "profit", &b.Profit)
	f.text("currency", optional, &b.Currency, MaxName)
	maybe(f, "fraction", &b.Fraction)
	f.text("resource", required, &b.Resource, MaxReference)
	f.text("beginning", required, &b.Beginning, maxEventTime)
}

func (b *Propose) fields(f *fields) { f.blob("block", required, &b.Block, MaxProposal) }

func (b *Approve) fields(f *fields) {
	f.link("cid", required, &b.CID)
	f.fixed("signature", b.Signature[:])
}

func (b *Reject) fields(f *fields) { f.link("cid", required, &b.CID) }

func (b *Keys) fields(f *fields) {
	f.keys("keys", &b.KeySet.Keys)
	f.fixed("next", b.KeySet.Next[:])
	f.integer("threshold", required, &b.KeySet.Threshold, 1, MaxKeys)
	f.thresholdFits(b.KeySet)
}
