package protocol

import (
	"crypto/sha256"
	"math"
)

// Charter is a whole version of the charter document.
type Charter struct {
	Rules    int64            // version of the rules engine
	Doc      map[string]Value // the document as plain canonical data
	IDs      map[string]Value // names of the document resolved: text to link
	Stewards []Steward        // whose key is whose, ascending by log
}

// Steward says with which of the charter log's keys a member signs.
type Steward struct {
	Log LogID
	Key PublicKey
}

// Witnesses is a set of witnesses, F of whom may lie. Members ascend.
type Witnesses struct {
	Members []LogID
	F       int64
}

// Admit admits a log to the commons.
type Admit struct {
	Log LogID
}

// Remove ends a log after Seq, the last entry that counts, or takes back the
// invitation Grant. Exactly one of the two is given.
type Remove struct {
	Log   LogID
	Seq   int64
	Grant EntryID
}

// Bind says that an agent record and the agent of a log are the same.
type Bind struct {
	Agent EntryID
	Log   LogID
}

// Distribution is one part of a committed distribution: part 0 has the amount
// and the cut, every part has lines, and all parts follow one another in the
// charter log. Digest is the LinesDigest of the lines of all parts. Claims are the
// credits on which the pool relies to pay, in part 0.
type Distribution struct {
	Part      int64
	Parts     int64
	First     EntryID // part 0; zero in part 0 itself
	Version   int64   // charter seq of the version under which it was computed
	Currency  string
	Amount    *Amount
	Remainder *Amount
	Incomes   []EntryID // the events whose money is shared
	Cut       []Head    // the settled head of each log up to which events count
	Claims    []Watermark
	Lines     []Line
	Digest    [32]byte
}

// Line is what one agent is given from one bucket.
type Line struct {
	Agent  AgentID
	Amount Amount
	Bucket string
}

// Kind returns KindCharter.
func (b *Charter) Kind() Kind { return KindCharter }

// Kind returns KindWitnesses.
func (b *Witnesses) Kind() Kind { return KindWitnesses }

// Kind returns KindAdmit.
func (b *Admit) Kind() Kind { return KindAdmit }

// Kind returns KindRemove.
func (b *Remove) Kind() Kind { return KindRemove }

// Kind returns KindBind.
func (b *Bind) Kind() Kind { return KindBind }

// Kind returns KindDistribution.
func (b *Distribution) Kind() Kind { return KindDistribution }

func (b *Charter) fields(f *fields) {
	f.mapping("doc", required, &b.Doc, "value", nil)
	f.mapping("ids", optional, &b.IDs, "link", func(v Value) bool { _, is := v.(EntryID); return is })
	f.integer("rules", required, &b.Rules, 1, math.MaxInt64)
	records(f, "stewards", required, &b.Stewards, MaxKeys, "map, ascending by log")
	ascending(f, "stewards", b.Stewards, func(a, c Steward) int { return a.Log.Compare(c.Log.EntryID) })
}

func (s *Steward) fields(f *fields) {
	f.publicKey("key", &s.Key)
	f.link("log", required, &s.Log.EntryID)
}

func (b *Witnesses) fields(f *fields) {
	f.integer("f", required, &b.F, 0, MaxKeys)
	list(f, "members", required, &b.Members, maxReferences, "link, ascending", func(f *fields, id *LogID) { f.linkValue(&id.EntryID) })
	ascending(f, "members", b.Members, func(a, c LogID) int { return a.Compare(c.EntryID) })
}

func (b *Admit) fields(f *fields) { f.link("log", required, &b.Log.EntryID) }

func (b *Remove) fields(f *fields) {
	f.link("log", optional, &b.Log.EntryID)
	f.integer("seq", optional, &b.Seq, 1, maxSeq)
	f.link("grant", optional, &b.Grant)
	f.forbid(b.Log.IsZero() == b.Grant.IsZero(), "exactly one of log and grant")
	f.forbid(b.Log.IsZero() && b.Seq != 0, "seq without log")
}

func (b *Bind) fields(f *fields) {
	f.link("log", required, &b.Log.EntryID)
	f.link("agent", required, &b.Agent)
}

func (b *Distribution) fields(f *fields) {
	f.heads("cut", optional, &b.Cut)
	f.integer("part", optional, &b.Part, 1, maxSeq)
	f.link("first", optional, &b.First)
	records(f, "lines", optional, &b.Lines, maxLines, "map")
	f.integer("parts", required, &b.Parts, 1, maxSeq)
	maybe(f, "amount", &b.Amount)
	records(f, "claims", optional, &b.Claims, maxWatermarks, "map")
	f.fixed("digest", b.Digest[:])
	f.links("incomes", optional, &b.Incomes, maxHeads)
	f.integer("version", required, &b.Version, 0, maxSeq)
	f.text("currency", required, &b.Currency, MaxName)
	maybe(f, "remainder", &b.Remainder)
	f.forbid(b.Part >= b.Parts, "part is counted from 0 and below parts")
	f.forbid((b.Part == 0) != b.First.IsZero(), "part 0 names no first part, every other does")
	f.forbid((b.Part == 0) != (b.Amount != nil), "the amount is in part 0")
	f.forbid(b.Part != 0 && b.Remainder != nil, "the remainder is in part 0")
	f.forbid(b.Part != 0 && len(b.Claims) > 0, "the claims are in part 0")
}

func (l *Line) fields(f *fields) {
	f.link("agent", required, &l.Agent.EntryID)
	f.object("amount", &l.Amount)
	f.text("bucket", required, &l.Bucket, MaxName)
}

// LinesDigest returns the digest of a distribution: SHA-256 over its domain and
// the canonical list of the lines of all its parts, in order.
func LinesDigest(lines []Line) ([32]byte, error) {
	b := appendHead([]byte(domainLines), majorList, uint64(len(lines)))
	for i := range lines {
		var err error
		if b, err = appendRecord(b, &lines[i]); err != nil {
			return [32]byte{}, err
		}
	}
	return sha256.Sum256(b), nil
}
