package protocol

import (
	"math"
	"slices"
)

// Bounds of a key set.
const (
	MaxKeys  = 64
	KeySize  = 32
	SigSize  = 64
	NonceLen = 16
)

// PublicKey is an Ed25519 public key: 32 bytes, canonical, not of small order.
type PublicKey [KeySize]byte

// KeySet is who may sign for a log: any Threshold of Keys. Next is the digest
// of the set that may replace it, see NextDigest.
type KeySet struct {
	Keys      []PublicKey
	Threshold int64
	Next      [32]byte
}

// Inception is entry 0 of a log: who signs for it, in which commons, and how
// the log was admitted. The charter log's has no Commons, and only it has
// Rules.
type Inception struct {
	Commons CommonsID // zero for a charter log
	KeySet  KeySet
	Nonce   [NonceLen]byte // makes logs of the same keys distinct
	Agent   AgentCard
	Grant   *Grant // nil for the charter log, a steward's log, an open commons
	Rules   int64  // version of the rules engine, charter log only
}

// AgentCard is how an agent introduces itself.
type AgentCard struct {
	Name Text
	Type AgentType
}

// AgentType is the ValueFlows class of an agent.
type AgentType string

// The classes of agents of ValueFlows 1.0.
const (
	Person          AgentType = "Person"
	Organization    AgentType = "Organization"
	EcologicalAgent AgentType = "EcologicalAgent"
)

// Grant is the proof that somebody holding the private key of an invitation
// admitted exactly this inception. Signature is made with the invitation's key
// over GrantMessage.
type Grant struct {
	Invite    EntryID // the invite entry
	Charter   int64   // charter seq under which its author may invite
	Signature [SigSize]byte
}

// Kind returns KindInception.
func (b *Inception) Kind() Kind { return KindInception }

func (b *Inception) fields(f *fields) { (&inceptionShape{body: *b}).fields(f) }

// inceptionShape is the whole block of an inception: what is in the body, and
// the version, kind and time that belong to the entry.
type inceptionShape struct {
	body    Inception
	version int64
	kind    Kind
	time    int64
}

func (s *inceptionShape) fields(f *fields) {
	b := &s.body
	f.integer("v", required, &s.version, Version, Version)
	f.keys("keys", &b.KeySet.Keys)
	s.kindField(f)
	f.fixed("next", b.KeySet.Next[:])
	f.integer("time", required, &s.time, 0, MaxTime)
	f.object("agent", &b.Agent)
	maybe(f, "grant", &b.Grant)
	f.fixed("nonce", b.Nonce[:])
	f.integer("rules", optional, &b.Rules, 1, math.MaxInt64)
	f.link("commons", optional, &b.Commons.EntryID)
	f.integer("threshold", required, &b.KeySet.Threshold, 1, MaxKeys)
	f.thresholdFits(b.KeySet)
	f.forbid(b.Commons.IsZero() != (b.Rules != 0), "rules go with a charter log, commons with any other")
	f.forbid(b.Commons.IsZero() && b.Grant != nil, "a charter log has no grant")
}

func (s *inceptionShape) kindField(f *fields) {
	choice(f, "kind", required, &s.kind, KindInception)
	if format, is := f.err.(*FormatError); is && format.Fault == FaultChoice {
		format.Fault = FaultKindMismatch
	}
}

func (f *fields) keys(name string, v *[]PublicKey) {
	list(f, name, required, v, MaxKeys, "public key", (*fields).publicKeyValue)
	if !f.checking() {
		return
	}
	for i, key := range *v {
		if slices.Contains((*v)[:i], key) {
			f.err = fault(f.r.pos, FaultConflict, "%s: key %d twice", name, i)
			return
		}
	}
}

func (f *fields) thresholdFits(set KeySet) {
	if f.checking() && set.Threshold > int64(len(set.Keys)) {
		f.err = fault(f.r.pos, FaultThreshold, "%d of %d keys", set.Threshold, len(set.Keys))
	}
}

func (c *AgentCard) fields(f *fields) {
	f.personal("name", required, &c.Name, MaxName)
	choice(f, "type", required, &c.Type, Person, Organization, EcologicalAgent)
}

func (g *Grant) fields(f *fields) {
	f.link("invite", required, &g.Invite)
	f.integer("charter", required, &g.Charter, 0, maxSeq)
	f.fixed("signature", g.Signature[:])
}
