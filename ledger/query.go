package ledger

import (
	"bytes"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

const (
	defaultPage = 100
	maxPage     = 1000
)

func (p Page) limit() int {
	if p.Limit <= 0 {
		return defaultPage
	}
	return min(p.Limit, maxPage)
}

// foldName returns the form under which a name is found: NFC, case folded.
func foldName(name string) string {
	return cases.Fold().String(norm.NFC.String(strings.TrimSpace(name)))
}

// Commons returns every commons held, in the order in which they came.
func (l *Ledger) Commons(context.Context) ([]Commons, error) {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	all := make([]Commons, 0, len(l.commons))
	for no := range commonsNo(l.meta.Commons) {
		if c, held := l.commons[no]; held {
			one, err := l.cautious(no, c)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// CommonsByID returns one commons.
func (l *Ledger) CommonsByID(_ context.Context, id protocol.CommonsID) (Commons, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Commons{}, err
	}
	return l.cautious(no, c)
}

// Digest returns the state digest of a commons.
func (l *Ledger) Digest(id protocol.CommonsID) ([32]byte, error) {
	_, c, err := l.state(id)
	if err != nil {
		return [32]byte{}, err
	}
	return c.sum.Digest(id), nil
}

// state returns the published state of a commons.
func (l *Ledger) state(id protocol.CommonsID) (commonsNo, *commonsState, error) {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	no, held := l.byID[id]
	if !held {
		return 0, nil, fmt.Errorf("%w: %v", protocol.ErrUnknownCommons, id)
	}
	return no, l.commons[no], nil
}

// scan calls fn for each stored row below prefix, ascending, until it returns
// false.
func (l *Ledger) scan(prefix, from []byte, fn func(k, v []byte) bool) error {
	return storeError(l.storage.View(func(s Snapshot) error { return s.Scan(prefix, from, false, fn) }))
}

// pageRows reads the rows of a table whose keys begin with prefix, after a
// cursor: the part of the key after prefix.
func (l *Ledger) pageRows(prefix []byte, p Page) (rows [][2][]byte, next string, err error) {
	after, err := cursorBytes(p.After)
	if err != nil {
		return nil, "", err
	}
	from := append(bytes.Clone(prefix), after...)
	err = l.scan(prefix, from, func(k, v []byte) bool {
		rest := k[len(prefix):]
		if len(after) > 0 && bytes.Equal(rest, after) {
			return true
		}
		rows = append(rows, [2][]byte{bytes.Clone(rest), bytes.Clone(v)})
		return len(rows) <= p.limit()
	})
	if len(rows) > p.limit() {
		rows = rows[:p.limit()]
		next = cursorText(rows[len(rows)-1][0])
	}
	return rows, next, err
}

var cursorCoding = base32.StdEncoding.WithPadding(base32.NoPadding)

func cursorText(b []byte) string { return cursorCoding.EncodeToString(b) }

func cursorBytes(s string) ([]byte, error) {
	b, err := cursorCoding.DecodeString(s)
	if err != nil {
		return nil, &CursorError{s}
	}
	return b, nil
}

// Entry returns an entry with what became of it, or ErrNotFound.
func (l *Ledger) Entry(_ context.Context, id protocol.EntryID) (EntryStatus, error) {
	e, no, err := l.find(id)
	if err != nil {
		return EntryStatus{}, err
	}
	return l.status(e, no)
}

// primaryRow returns the row of the log to which a number belongs.
func (l *Ledger) primaryRow(no logNo) (*logRow, error) {
	row, err := l.logRow(no)
	if err == nil && row.Of > 0 {
		return l.logRow(row.primary())
	}
	return row, err
}

func (l *Ledger) status(e protocol.Entry, no logNo) (EntryStatus, error) {
	return (&entryReader{l: l}).status(e, no)
}

// status says what became of an entry. The row of its log is read before the
// reason why it is void: so an entry that has no effect never seems to have one.
func (r *entryReader) status(e protocol.Entry, no logNo) (EntryStatus, error) {
	log, err := r.primaryRow(no)
	if err != nil {
		return EntryStatus{}, err
	}
	r.l.stateMu.RLock()
	c := r.l.commons[log.Commons]
	r.l.stateMu.RUnlock()
	s := EntryStatus{Entry: e, Commons: c.id()}
	if !log.has(no, e.Seq) {
		s.State, s.Reason = Frozen, rules.ForkLost
		if log.frozen() {
			s.Reason = rules.ForkUnsettled
		}
		return s, nil
	}
	void, err := r.void(log.Commons, e.ID())
	switch {
	case err != nil:
		return s, err
	case void != nil:
		s.State, s.Reason = Void, Reason(void)
	case e.Seq <= log.Settled.Seq && e.Seq <= log.Applied.Seq:
		s.State = Settled
	case e.Seq <= log.Applied.Seq:
		s.State = Pending
	case log.frozen() && e.Seq >= log.Fork:
		s.State, s.Reason = Frozen, rules.ForkUnsettled
	case log.IsCut && e.Seq > log.Cut && e.Seq > log.Settled.Seq:
		s.State, s.Reason = Cut, rules.Removed
	default:
		s.State, s.Reason = Waiting, log.Awaits
	}
	return s, nil
}

// Entries returns the entries of a range, ascending. It ends at the newest
// entry held; an unknown log gives ErrNotFound.
func (l *Ledger) Entries(ctx context.Context, r protocol.Range) iter.Seq2[protocol.Entry, error] {
	return func(yield func(protocol.Entry, error) bool) {
		log, err := l.logByID(r.Log)
		if err != nil {
			yield(protocol.Entry{}, err)
			return
		}
		last := log.Held.Seq
		if r.Last >= 0 {
			last = min(last, r.Last)
		}
		for seq := max(0, r.First); seq <= last; seq++ {
			e, err := l.entryAt(log.at(seq), seq)
			if err == nil {
				err = ctx.Err()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Log returns what is held of one log.
func (l *Ledger) Log(ctx context.Context, id protocol.LogID) (LogStatus, error) {
	row, err := l.logByID(id)
	if err != nil {
		return LogStatus{}, err
	}
	return l.logStatus(row)
}

func (l *Ledger) logStatus(row *logRow) (LogStatus, error) {
	l.stateMu.RLock()
	c := l.commons[row.Commons]
	l.stateMu.RUnlock()
	agent, err := l.agent(row.Commons, c, row.log().Agent())
	if errors.Is(err, ErrNotFound) {
		agent, err = Agent{ID: row.log().Agent(), HasLog: true}, nil
	}
	if err != nil {
		return LogStatus{}, err
	}
	fork, err := l.firstFork(row)
	return LogStatus{
		ID: row.log(), Commons: c.id(), Agent: agent, Held: row.heldHead(), Applied: row.Applied.Seq,
		Settled: row.Settled.Seq, Forked: row.forked(), Frozen: row.frozen(), ForkSeq: fork,
		WaitingFor: row.Awaits,
	}, err
}

// Logs returns the logs of a commons in the order in which they were admitted
// here.
func (l *Ledger) Logs(_ context.Context, id protocol.CommonsID, p Page) ([]LogStatus, string, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := l.pageRows(key(keyMember, no.bytes()), p)
	all := make([]LogStatus, 0, len(rows))
	for _, r := range rows {
		n, err := logNoFrom(r[0])
		if err != nil {
			return nil, "", err
		}
		row, err := l.logRow(n)
		if err != nil {
			return nil, "", err
		}
		status, err := l.logStatus(row)
		if err != nil {
			return nil, "", err
		}
		all = append(all, status)
	}
	return all, next, err
}

// FindEntry returns the identifier of the entry of a commons whose identifier
// is given whole or by a prefix of at least eight characters that fits one
// only.
func (l *Ledger) FindEntry(_ context.Context, id protocol.CommonsID, text string) (protocol.EntryID, error) {
	if full, err := protocol.ParseID(text); err == nil {
		e, _, err := l.find(full)
		return e.ID(), err
	}
	least, most, err := digestsOf(text)
	if err != nil {
		return protocol.EntryID{}, err
	}
	all, err := l.index.Between(least, most, maxPage)
	if err != nil {
		return protocol.EntryID{}, storeError(err)
	}
	var found []protocol.EntryID
	for _, at := range all {
		e, err := l.entryAt(logNo(at.No), at.Seq)
		if err != nil {
			return protocol.EntryID{}, err
		}
		if strings.HasPrefix(e.ID().String(), text) {
			found = append(found, e.ID())
		}
	}
	switch len(found) {
	case 0:
		return protocol.EntryID{}, fmt.Errorf("%w: entry %q", ErrNotFound, text)
	case 1:
		return found[0], nil
	}
	return protocol.EntryID{}, fmt.Errorf("%w: %q fits %d entries, give more of it", ErrInvalid, text, len(found))
}

const minPrefix = 8

// digestsOf returns the least and the most digest, as far as the index knows
// them, of identifiers that begin with a text.
func digestsOf(text string) (least, most []byte, err error) {
	const (
		fixed  = "bafyrei"
		prefix = 4  // bytes before the digest
		chars  = 24 // 15 bytes: enough for the prefix and the digest
	)
	bound := func(fill string) ([]byte, error) {
		chosen := strings.ToUpper(text[1:])
		chosen = chosen[:min(len(chosen), chars)]
		return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(
			chosen + strings.Repeat(fill, chars-len(chosen)))
	}
	if len(text) >= minPrefix && strings.HasPrefix(text, fixed) {
		if least, err = bound("A"); err == nil {
			most, err = bound("7")
		}
	}
	if err != nil || most == nil {
		return nil, nil, fmt.Errorf("%w: %q is neither an identifier nor %d or more characters of one", ErrNotFound, text, minPrefix)
	}
	return least[prefix:], most[prefix:], nil
}

// digestBeginning returns the bytes with which the digests of all identifiers
// begin that begin with a text.
func digestBeginning(text string) ([]byte, error) {
	least, most, err := digestsOf(text)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(least) && least[n] == most[n] {
		n++
	}
	return least[:n], nil
}

func (l *Ledger) agent(no commonsNo, c *commonsState, id protocol.AgentID) (Agent, error) {
	a, err := agentFrom(stored{l, no}, c, id)
	if err == nil {
		_, a.HasLog, err = l.logNoOf(protocol.LogID(id))
	}
	return a, err
}

// agentFrom reads what an agent is from a row of state; whether it has a log
// stands elsewhere.
func agentFrom(x rules.Rows, c *commonsState, id protocol.AgentID) (Agent, error) {
	row, err := x.Get(rules.Agents, id.EntryID[:])
	if err != nil {
		return Agent{}, err
	}
	kind, name, ok := bytes.Cut(row, []byte{0})
	if !ok {
		return Agent{}, fmt.Errorf("%w: agent %v", ErrNotFound, id)
	}
	a := Agent{ID: id, Name: string(name), Type: protocol.AgentType(kind), Commons: id.EntryID == c.row.ID}
	if a.Commons {
		a.Name = c.name()
	}
	a.Steward = c.currentTerms().Steward(protocol.LogID(id))
	return a, nil
}

// Agents returns the agents of a commons, ordered by identifier.
func (l *Ledger) Agents(_ context.Context, id protocol.CommonsID, p Page) ([]Agent, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := l.pageRows(stateKey(no, rules.Agents, nil), p)
	all := make([]Agent, 0, len(rows))
	for _, r := range rows {
		a, err := l.agent(no, c, protocol.AgentID{EntryID: idFrom(r[0])})
		if err != nil {
			return nil, "", err
		}
		all = append(all, a)
	}
	return all, next, err
}

// Agent returns one agent of a commons.
func (l *Ledger) Agent(_ context.Context, id protocol.CommonsID, agent protocol.AgentID) (Agent, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Agent{}, err
	}
	return l.agent(no, c, agent)
}

// FindAgent returns the agent whom people mean: by exact name, by name without
// regard to case, by identifier, or by a unique prefix of one. A member and the
// records that are bound to it are one, so that a name which they share means the
// member. It returns ErrNotFound or an *AmbiguousError.
func (l *Ledger) FindAgent(_ context.Context, id protocol.CommonsID, text string) (Agent, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Agent{}, err
	}
	if full, err := protocol.ParseID(text); err == nil {
		return l.agent(no, c, protocol.AgentID{EntryID: full})
	}
	found, err := l.agentsNamed(no, c, text)
	if err != nil {
		return Agent{}, err
	}
	if len(found) == 0 {
		found, err = l.agentsFrom(no, c, text)
	} else if len(found) > 1 {
		found, err = l.withoutBound(no, found)
	}
	if err != nil {
		return Agent{}, err
	}
	switch len(found) {
	case 0:
		return Agent{}, fmt.Errorf("%w: agent %q", ErrNotFound, text)
	case 1:
		return found[0], nil
	}
	return Agent{}, &AmbiguousError{Name: text, Candidates: found}
}

// withoutBound drops the records that are bound to a member who is there too.
func (l *Ledger) withoutBound(no commonsNo, found []Agent) ([]Agent, error) {
	var all []Agent
	for _, a := range found {
		who, _, err := l.resolve(stored{l, no}, a.ID)
		if err != nil {
			return nil, err
		}
		if who == a.ID || !slices.ContainsFunc(found, func(b Agent) bool { return b.ID == who }) {
			all = append(all, a)
		}
	}
	return all, nil
}

func (l *Ledger) agentsNamed(no commonsNo, c *commonsState, name string) ([]Agent, error) {
	prefix := stateKey(no, rules.Names, append([]byte(foldName(name)), 0))
	var ids []protocol.AgentID
	err := l.scan(prefix, nil, func(k, _ []byte) bool {
		ids = append(ids, protocol.AgentID{EntryID: idFrom(k[len(prefix):])})
		return len(ids) < defaultPage
	})
	var all []Agent
	for _, id := range ids {
		a, err := l.agent(no, c, id)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	exact := slices.DeleteFunc(slices.Clone(all), func(a Agent) bool {
		return a.Name != norm.NFC.String(strings.TrimSpace(name))
	})
	if len(exact) > 0 {
		return exact, err
	}
	return all, err
}

func (l *Ledger) agentsFrom(no commonsNo, c *commonsState, text string) ([]Agent, error) {
	digest, err := digestBeginning(text)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	var ids []protocol.AgentID
	prefix := stateKey(no, rules.Agents, digest)
	err = l.scan(prefix, nil, func(k, _ []byte) bool {
		id := idFrom(k[len(prefix)-len(digest):])
		if strings.HasPrefix(id.String(), text) {
			ids = append(ids, protocol.AgentID{EntryID: id})
		}
		return len(ids) < defaultPage
	})
	var all []Agent
	for _, id := range ids {
		a, err := l.agent(no, c, id)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, err
}
