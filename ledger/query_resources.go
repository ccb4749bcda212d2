package ledger

import (
	"bytes"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Resources returns a page of the resources of a commons, in the order of their
// identifiers, and the cursor of the next page, empty with the last. Resources
// whose creating event has no effect are not among them. The cost of a page
// follows the resources of a specification, of an agent or at a place, if the
// filter names one, and all resources otherwise.
func (l *Ledger) Resources(ctx context.Context, commons protocol.CommonsID, f ResourceFilter, p Page) ([]Resource, string, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return nil, "", err
	}
	after, err := cursorBytes(p.After)
	if err != nil || len(after) != 0 && len(after) != len(protocol.EntryID{}) {
		return nil, "", &CursorError{p.After}
	}
	f, prefixes, err := l.shelvesFor(no, f)
	if err != nil {
		return nil, "", err
	}
	all := []Resource{}
	for {
		ids, err := l.merged(prefixes, after, p.limit()+1)
		if err != nil {
			return nil, "", err
		}
		for _, id := range ids {
			if bytes.Equal(id[:], after) {
				continue
			}
			r, held, err := l.resourceAt(no, id)
			if err != nil {
				return nil, "", err
			}
			if !held || !f.matches(&r) {
				continue
			}
			if len(all) == p.limit() {
				last := all[len(all)-1].ID
				return all, cursorText(last[:]), nil
			}
			all = append(all, r)
		}
		if len(ids) <= p.limit() {
			return all, "", ctx.Err()
		}
		after = bytes.Clone(ids[len(ids)-1][:])
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
	}
}

// shelvesFor returns the shortest part of the index in which everything stands
// that a filter selects, and the filter with its agents resolved.
func (l *Ledger) shelvesFor(no commonsNo, f ResourceFilter) (ResourceFilter, [][]byte, error) {
	x := stored{l, no}
	shelf := func(s string) []byte { return stateKey(no, rules.Shelves, []byte(s)) }
	var prefixes [][]byte
	for _, by := range []struct {
		kind  byte
		agent *protocol.AgentID
	}{{shelfCustodian, &f.Custodian}, {shelfAccountable, &f.PrimaryAccountable}} {
		if by.agent.IsZero() {
			continue
		}
		who, accounts, err := l.resolve(x, *by.agent)
		if err != nil {
			return f, nil, err
		}
		*by.agent = who
		prefixes = nil
		for _, a := range accounts {
			prefixes = append(prefixes, shelf(idShelf(by.kind, a.EntryID)), shelf(idShelf(shelfHolder, a.EntryID)))
		}
	}
	switch {
	case f.Contested:
		return f, [][]byte{shelf(string(rune(shelfContested)))}, nil
	case !f.CurrentLocation.IsZero():
		return f, [][]byte{shelf(idShelf(shelfLocation, f.CurrentLocation))}, nil
	case prefixes != nil:
		return f, prefixes, nil
	case f.ConformsTo != "":
		return f, [][]byte{shelf(textShelf(shelfSpecification, f.ConformsTo))}, nil
	}
	return f, [][]byte{stateKey(no, rules.Homes, nil)}, nil
}

// merged returns the lowest identifiers below several prefixes, from one on.
func (l *Ledger) merged(prefixes [][]byte, from []byte, most int) ([]protocol.EntryID, error) {
	var all []protocol.EntryID
	for _, prefix := range prefixes {
		ids, err := l.onShelf(prefix, from, most)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	slices.SortFunc(all, protocol.EntryID.Compare)
	all = slices.Compact(all)
	return all[:min(len(all), most)], nil
}

func (f *ResourceFilter) matches(r *Resource) bool {
	return (f.ConformsTo == "" || f.ConformsTo == r.ConformsTo) &&
		(f.PrimaryAccountable.IsZero() || f.PrimaryAccountable == r.PrimaryAccountable) &&
		(f.Custodian.IsZero() || f.Custodian == r.Custodian) &&
		(f.ContainedIn.IsZero() || f.ContainedIn == r.ContainedIn) &&
		(f.CurrentLocation.IsZero() || f.CurrentLocation == r.CurrentLocation) &&
		(f.Lot.IsZero() || f.Lot == r.Lot) &&
		(f.ClassifiedAs == "" || slices.Contains(r.ClassifiedAs, f.ClassifiedAs)) &&
		(f.Stage == "" || f.Stage == r.StageText || f.Stage == r.Stage.String()) &&
		(f.State == "" || f.State == r.StateText) &&
		(f.Source == "" || f.Source == r.Source) &&
		(!f.Contested || len(r.Contested) > 0)
}
