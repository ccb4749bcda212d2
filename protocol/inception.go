package protocol

import "math"

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

func (b *Inception) fields(f *fields) {
	version, kind, at := int64(Version), string(KindInception), int64(0)
	b.head(f, &version, &kind, &at)
}

// head walks all fields of an inception, whose version, kind and time belong to
// the entry.
func (b *Inception) head(f *fields, version *int64, kind *string, at *int64) {
	f.integer("v", required, version, 1, math.MaxInt64)
	f.keys("keys", &b.KeySet.Keys)
	f.choice("kind", required, kind, string(KindInception))
	f.fixed("next", required, b.KeySet.Next[:])
	f.integer("time", required, at, 0, MaxTime)
	f.object("agent", required, true, func() record { return &b.Agent })
	f.object("grant", optional, b.Grant != nil, func() record {
		if b.Grant == nil {
			b.Grant = &Grant{}
		}
		return b.Grant
	})
	f.fixed("nonce", required, b.Nonce[:])
	f.integer("rules", optional, &b.Rules, 1, math.MaxInt64)
	f.link("commons", optional, &b.Commons.EntryID)
	f.integer("threshold", required, &b.KeySet.Threshold, 1, MaxKeys)
	f.thresholdFits(b.KeySet)
	if f.mode != describing {
		f.forbid(b.Commons.IsZero() != (b.Rules != 0), "rules go with a charter log, commons with any other")
		f.forbid(b.Commons.IsZero() && b.Grant != nil, "a charter log has no grant")
	}
}

func (f *fields) keys(name string, v *[]PublicKey) {
	list(f, name, required, v, 1, MaxKeys, "bytes 32 (Ed25519 public key)", nil, func(f *fields, key *PublicKey) {
		at := f.at()
		f.fixedValue(name, key[:])
		if f.err == nil && !key.Valid() {
			f.err = fault(at, FaultBadKey, "%s", name)
		}
	})
	if f.err != nil || f.mode == counting || f.mode == describing {
		return
	}
	seen := make(map[PublicKey]bool, len(*v))
	for _, key := range *v {
		if seen[key] {
			f.fail(FaultConflict, "%s: a key twice", name)
			return
		}
		seen[key] = true
	}
}

func (f *fields) thresholdFits(set KeySet) {
	if f.err == nil && f.mode != describing && f.mode != counting && set.Threshold > int64(len(set.Keys)) {
		f.fail(FaultThreshold, "%d of %d keys", set.Threshold, len(set.Keys))
	}
}

func (c *AgentCard) fields(f *fields) {
	f.personal("name", required, &c.Name, MaxName)
	f.agentType("type", &c.Type)
}

func (f *fields) agentType(name string, t *AgentType) {
	s := string(*t)
	f.choice(name, required, &s, string(Person), string(Organization), string(EcologicalAgent))
	*t = AgentType(s)
}

func (g *Grant) fields(f *fields) {
	f.link("invite", required, &g.Invite)
	f.integer("charter", required, &g.Charter, 0, math.MaxInt64)
	f.fixed("signature", required, g.Signature[:])
}
