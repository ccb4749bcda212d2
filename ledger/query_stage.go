package ledger

import (
	"errors"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// specification returns what a process is based on, as amended.
func (v resolver) specification(process protocol.EntryID) (fieldValue, error) {
	found, err := v.basis(process)
	if err != nil || !found.held {
		return fieldValue{}, err
	}
	says, err := v.amendsBasis(process, plan.MaxAmendments)
	if err != nil || !says {
		return found.value, err
	}
	e, _, err := v.l.find(process)
	if err != nil {
		return fieldValue{}, err
	}
	body, is := e.Body.(*protocol.Record)
	if !is {
		return fieldValue{}, nil
	}
	v.l.stateMu.RLock()
	c := v.l.commons[v.no]
	v.l.stateMu.RUnlock()
	_, counted, err := (&entryReader{l: v.l}).amendments(c, v.no, e)
	if err != nil {
		return fieldValue{}, err
	}
	_, _, fields := plan.Amended(body, counted)
	return basedOn(fields), nil
}

// amendsBasis reports whether any of the amendments of a record says what it is
// based on, or there are more of them than are looked at.
func (v resolver) amendsBasis(record protocol.EntryID, most int) (bool, error) {
	level := []protocol.EntryID{record}
	for len(level) > 0 {
		row, err := v.x.Get(rules.Amending, level[0][:])
		if err != nil {
			return false, err
		}
		level = level[1:]
		places, err := amendmentPlaces(row)
		if err != nil {
			return false, err
		}
		for _, p := range places {
			if most--; most < 0 {
				return true, nil
			}
			found, err := v.basis(p.id)
			if err != nil || found.says {
				return true, err
			}
			level = append(level, p.id)
		}
	}
	return false, nil
}

// basis is what the entry of a process, or of an amendment of one, says of what
// the process is based on.
type basis struct {
	value fieldValue
	held  bool
	says  bool // it says it, be it that it is no longer based on anything
}

// basis returns what an entry says. That never changes, so that it is kept in
// memory.
func (v resolver) basis(id protocol.EntryID) (basis, error) {
	if known, held := v.l.rowCache.basedOn.Get(id); held {
		return known, nil
	}
	e, _, err := v.l.find(id)
	if errors.Is(err, ErrNotFound) {
		return basis{}, nil
	}
	if err != nil {
		return basis{}, err
	}
	found := basisIn(e)
	v.l.rowCache.basedOn.Add(id, found)
	return found, nil
}

func basisIn(e protocol.Entry) basis {
	record, is := e.Body.(*protocol.Record)
	if !is {
		return basis{held: true}
	}
	_, says := record.Fields["basedOn"]
	return basis{value: basedOn(record.Fields), held: true, says: says}
}

// basedOn returns what the fields of a process say that it is based on.
func basedOn(fields map[string]protocol.Value) (found fieldValue) {
	switch on := fields["basedOn"].(type) {
	case protocol.EntryID:
		found.id = on
	case string:
		found.words = on
	}
	return found
}
