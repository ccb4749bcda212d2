package ledger

import (
	"bytes"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

const (
	placeSize = 4 + seqBytes
	amendSize = 32 + placeSize
)

// indexRecord notes where a record is found that is held from now on: by its
// class and time, its name, and what it amends. Such rows stay, whatever becomes
// of the record.
func (b *batch) indexRecord(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Record) error {
	x := b.context(c)
	id := e.ID()
	place := appendPlace(nil, log.at(e.Seq), e.Seq)
	if !body.Name.IsZero() {
		x.Put(rules.Titles, append(titlePrefix(body.Name.Plain), id[:]...), place)
	}
	if !body.Of.IsZero() {
		row, err := x.Get(rules.Amending, body.Of[:])
		if err != nil {
			return err
		}
		x.Put(rules.Amending, body.Of[:], withAmendment(row, id, place))
		return nil
	}
	x.Put(rules.Shelf, append(shelfPrefix(body.Type), recordKey(e)...), place)
	if action, is := body.Fields["action"].(string); is {
		x.Put(rules.Actions, append(actionPrefix(body.Type, action), recordKey(e)...), place)
	}
	if body.Type == plan.Commitment {
		for _, intent := range plan.LinksIn(body.Fields["satisfies"]) {
			x.Put(rules.Promising, append(intent[:], id[:]...), place)
		}
	}
	return nil
}

// recordKey orders records of a class: by their own time, then by identifier.
func recordKey(e protocol.Entry) []byte {
	return append(u64(uint64(e.Time)), idKey(e)...)
}

// textKey ends a text so that none is the beginning of another one's key. Longer
// ones than a key holds are cut: who reads looks at the record.
func textKey(text string) []byte {
	return append([]byte(text[:min(len(text), 400)]), 0)
}

func shelfPrefix(class string) []byte { return textKey(class) }

func actionPrefix(class, action string) []byte { return append(textKey(class), textKey(action)...) }

func titlePrefix(name string) []byte { return textKey(foldName(name)) }

// withAmendment adds a record to the list of those that name another one: the
// lowest identifiers, as many as can count.
func withAmendment(row []byte, id protocol.EntryID, place []byte) []byte {
	at := 0
	for at < len(row) && bytes.Compare(row[at:at+32], id[:]) < 0 {
		at += amendSize
	}
	if at < len(row) && bytes.Equal(row[at:at+32], id[:]) {
		return row
	}
	one := append(bytes.Clone(id[:]), place...)
	all := slices.Concat(row[:at], one, row[at:])
	return all[:min(len(all), amendSize*plan.MaxAmendments)]
}

// amendmentPlaces reads a row of table Amending.
func amendmentPlaces(row []byte) (all []amendmentPlace, err error) {
	for ; len(row) >= amendSize; row = row[amendSize:] {
		no, seq, err := placeFrom(row[32:])
		if err != nil {
			return nil, err
		}
		all = append(all, amendmentPlace{id: idFrom(row[:32]), no: no, seq: seq})
	}
	return all, nil
}

type amendmentPlace struct {
	id  protocol.EntryID
	no  logNo
	seq int64
}

// amendments returns the records that amend one, nearest first, of equally near
// ones the lowest identifier first, and for each whether it counts.
func (r *entryReader) amendments(c *commonsState, no commonsNo, root protocol.Entry) ([]Amendment, []plan.Amendment, error) {
	var shown []Amendment
	var counted []plan.Amendment
	x := readRows{r, no}
	level := []protocol.EntryID{root.ID()}
	for depth := 1; len(level) > 0; depth++ {
		var places []amendmentPlace
		for _, id := range level {
			row, err := x.Get(rules.Amending, id[:])
			if err != nil {
				return nil, nil, err
			}
			more, err := amendmentPlaces(row)
			if err != nil {
				return nil, nil, err
			}
			places = append(places, more...)
		}
		slices.SortFunc(places, func(p, q amendmentPlace) int { return p.id.Compare(q.id) })
		level = nil
		for _, p := range places {
			if len(shown) == plan.MaxAmendments {
				return shown, counted, nil
			}
			e, err := r.called(p.id, p.no, p.seq)
			if err != nil {
				return nil, nil, err
			}
			a, err := r.amendment(c, x, root, e, p.no)
			if err != nil {
				return nil, nil, err
			}
			shown = append(shown, a)
			if a.State != Pending && a.State != Settled {
				continue // what amends it hangs in the air
			}
			level = append(level, p.id)
			if a.Counts {
				counted = append(counted, plan.Amendment{ID: p.id, Depth: depth, Body: e.Body.(*protocol.Record)})
			}
		}
	}
	return shown, counted, nil
}

func (r *entryReader) amendment(c *commonsState, x rules.Rows, root, e protocol.Entry, no logNo) (Amendment, error) {
	status, err := r.status(e, no)
	if err != nil {
		return Amendment{}, err
	}
	a := Amendment{ID: e.ID(), Author: e.Log.Agent(), Time: e.Time, State: status.State, Reason: status.Reason}
	first, body := root.Body.(*protocol.Record), e.Body.(*protocol.Record)
	if a.State != Pending && a.State != Settled || body.Type != first.Type || status.Commons != c.id() {
		return a, nil
	}
	a.Counts, err = mayAmend(x, c, root, e.Log, e.Charter)
	return a, err
}

// mayAmend reports whether the author of a log may amend a record under a charter:
// whoever wrote it, and a steward, always; of what is promised, offered or agreed
// only those besides whom it names as provider or receiver; of the rest every
// member.
func mayAmend(x rules.Rows, c *commonsState, root protocol.Entry, author protocol.LogID, charter int64) (bool, error) {
	b := root.Body.(*protocol.Record)
	if !plan.Guarded(b.Type) || author == root.Log || author == c.id().Charter() || c.termsAt(charter).Steward(author) {
		return true, nil
	}
	for _, property := range []string{"provider", "receiver"} {
		agent, is := b.Fields[property].(protocol.EntryID)
		if !is {
			continue
		}
		if agent == author.EntryID {
			return true, nil
		}
		log, _, err := account.BoundTo(x, protocol.AgentID{EntryID: agent})
		if err != nil {
			return false, err
		}
		if log == author {
			return true, nil
		}
	}
	return false, nil
}
