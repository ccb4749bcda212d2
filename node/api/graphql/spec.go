package graphql

import (
	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// specText returns the text that a specification is: the name that its first
// record gave it, which later ones do not change.
func specText(r *ledger.Record) string {
	if body, is := r.Entry.Body.(*protocol.Record); is && body.Name.String() != "" {
		return body.Name.String()
	}
	return r.Name
}

// isRecorded reports whether there is a record of it.
func (r ResourceSpecification) isRecorded() bool { return !r.r.ID.IsZero() }

// ID returns the identifier of the record, or the text where there is none.
func (r ResourceSpecification) ID() string {
	if r.isRecorded() {
		return r.named.ID()
	}
	return r.text
}

// RevisionID returns the newest amendment of the record, or the text.
func (r ResourceSpecification) RevisionID() string {
	if r.isRecorded() {
		return r.named.RevisionID()
	}
	return r.text
}

// spec returns the specification of a text, or of the identifier of its record;
// nil for no text.
func (s *session) spec(text string) (*ResourceSpecification, error) {
	if text == "" {
		return nil, nil
	}
	if id, ok := idOf(text); ok {
		return asSpec.load(s, id)
	}
	s.mu.Lock()
	known := s.specs[text]
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := s.specNamed(text)
	if err != nil {
		return nil, err
	}
	if found == nil {
		found = &ResourceSpecification{named{record{s, &ledger.Record{Name: text, Type: asSpec.class}}}, text}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.specs[text] = found
	return found, nil
}

// specNamed returns the record of a specification's text. Of several, made by
// nodes that did not know of one another, it is the one with the lowest
// identifier, as everywhere.
func (s *session) specNamed(text string) (*ResourceSpecification, error) {
	found, err := all(asSpec.list(s, ledger.RecordFilter{Name: text}))
	if best := lowest(found, text); best != nil || err != nil {
		return best, err
	}
	// It may have been given another name since.
	found, err = s.everySpec()
	return lowest(found, text), err
}

func lowest(found []*ResourceSpecification, text string) *ResourceSpecification {
	var best *ResourceSpecification
	for _, r := range found {
		if r.text == text && (best == nil || r.r.ID.Compare(best.r.ID) < 0) {
			best = r
		}
	}
	return best
}

// everySpec returns the records of specifications, the first thousand of them,
// and reads them once.
func (s *session) everySpec() ([]*ResourceSpecification, error) {
	s.mu.Lock()
	known := s.everyone
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := pick(s, window{}, asSpec.list(s, ledger.RecordFilter{}), anything)
	if err != nil {
		return nil, err
	}
	known = make([]*ResourceSpecification, len(found.items))
	for i, item := range found.items {
		known[i] = item.item
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.everyone = known
	return known, nil
}
