package graphql

import (
	"slices"
	"strings"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// asked reads what a client gave for a property: texts, of one or several.
func asked(in map[string]any, names ...string) []string {
	var out []string
	for _, name := range names {
		switch v := in[name].(type) {
		case string:
			out = append(out, v)
		case *string:
			if v != nil {
				out = append(out, *v)
			}
		case []string:
			out = append(out, v...)
		}
	}
	return out
}

func askedOne(in map[string]any, name string) string {
	if texts := asked(in, name); len(texts) > 0 {
		return texts[0]
	}
	return ""
}

func askedFlag(in map[string]any, name string) *bool {
	switch v := in[name].(type) {
	case bool:
		return &v
	case *bool:
		return v
	}
	return nil
}

// words are the texts of a value.
func words(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []protocol.Value:
		return record{r: &ledger.Record{Fields: map[string]protocol.Value{"": v}}}.texts("")
	}
	return nil
}

// anyOf reports whether nothing was asked for, or something that there is.
func anyOf(wanted []string, there ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(there, func(t string) bool { return slices.Contains(wanted, t) })
}

func idTexts(ids []protocol.EntryID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

// within reports whether one of the times lies between two, both included.
func within(in map[string]any, times ...string) bool {
	from, to := askedOne(in, "startDate")+askedOne(in, "after"), askedOne(in, "endDate")+askedOne(in, "before")
	if from == "" && to == "" {
		return true
	}
	for _, text := range times {
		t, ok := instant(text)
		if !ok {
			continue
		}
		if f, given := instant(from); given && t.Before(f) {
			continue
		}
		if u, given := instant(to); given && t.After(u) {
			continue
		}
		return true
	}
	return false
}

// instant reads a time; a date is midnight UTC.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func mentions(search string, texts ...string) bool {
	search = strings.ToLower(search)
	return search == "" || slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), search) })
}

// recordFilter returns which records a client asked for.
func (s *session) recordFilter(in map[string]any) func(*ledger.Record) (bool, error) {
	wanted := asked(in, "action")
	for i := range wanted {
		wanted[i] = actionName(wanted[i])
	}
	specs, err := s.specTexts(asked(in, "resourceConformsTo"))
	return func(r *ledger.Record) (bool, error) {
		if err != nil || len(in) == 0 {
			return err == nil, err
		}
		x := record{s, r}
		text := func(name string) string { return orEmpty(x.text(name)) }
		provider, receiver := idTexts(x.links("provider")), idTexts(x.links("receiver"))
		finished := askedFlag(in, "finished")
		return mentions(askedOne(in, "searchString"), r.Name, r.Note) &&
			(finished == nil || *finished == *x.Finished()) &&
			anyOf(wanted, text("action")) &&
			anyOf(asked(in, "provider", "providerId"), provider...) &&
			anyOf(asked(in, "receiver", "receiverId"), receiver...) &&
			anyOf(asked(in, "agent"), append(provider, receiver...)...) &&
			anyOf(asked(in, "inScopeOf"), idTexts(x.links("inScopeOf"))...) &&
			anyOf(asked(in, "atLocation"), idTexts(x.links("atLocation"))...) &&
			anyOf(specs, append(idTexts(x.links("resourceConformsTo")), text("resourceConformsTo"))...) &&
			anyOf(asked(in, "resourceClassifiedAs"), x.ResourceClassifiedAs()...) &&
			anyOf(asked(in, "classifiedAs"), append(x.ClassifiedAs(), x.ResourceClassifiedAs()...)...) &&
			within(in, text("hasPointInTime"), text("hasBeginning"), text("hasEnd"), text("due")), nil
	}
}

// specTexts returns the texts of specifications that a client named by
// identifier or text, and the identifiers.
func (s *session) specTexts(named []string) ([]string, error) {
	out := slices.Clone(named)
	for _, text := range named {
		spec, err := s.spec(text)
		if err != nil {
			return nil, err
		}
		if spec != nil {
			out = append(out, spec.text)
		}
	}
	return out, nil
}

func orEmpty(text *string) string { return orElse(text, "") }

func orElse(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return *text
}

// eventFilter returns which events a client asked for.
func (s *session) eventFilter(in map[string]any) func(*EconomicEvent) (bool, error) {
	wanted := asked(in, "action")
	for i := range wanted {
		wanted[i] = actionName(wanted[i])
	}
	specs, err := s.specTexts(asked(in, "resourceConformsTo"))
	return func(e *EconomicEvent) (bool, error) {
		if err != nil || len(in) == 0 {
			return err == nil, err
		}
		b := e.e.Body
		provider, receiver := b.Provider.String(), b.Receiver.String()
		return mentions(askedOne(in, "searchString"), b.Note.String()) &&
			anyOf(wanted, b.Action) &&
			anyOf(asked(in, "provider", "providerId"), provider) &&
			anyOf(asked(in, "receiver", "receiverId"), receiver) &&
			anyOf(asked(in, "agent"), provider, receiver) &&
			anyOf(asked(in, "inScopeOf"), idTexts(b.InScopeOf)...) &&
			anyOf(asked(in, "atLocation"), b.AtLocation.String()) &&
			anyOf(specs, b.ResourceConformsTo) &&
			anyOf(asked(in, "resourceClassifiedAs", "classifiedAs"), b.ResourceClassifiedAs...) &&
			within(in, b.HasPointInTime, b.HasBeginning, b.HasEnd), nil
	}
}

// eventIndex returns what the ledger can select of the events that a client
// asked for, so that a page costs no more on a large ledger.
func (s *session) eventIndex(in map[string]any) (f ledger.EventFilter, err error) {
	for _, name := range []string{"agent", "provider", "providerId", "receiver", "receiverId"} {
		if ids := asked(in, name); len(ids) == 1 {
			id, _ := idOf(ids[0])
			f.Agent = protocol.AgentID{EntryID: id}
		}
	}
	if verbs := asked(in, "action"); len(verbs) == 1 {
		f.Action = actionName(verbs[0])
	}
	if named := asked(in, "resourceConformsTo"); len(named) == 1 {
		f.Resource, err = s.specID(named[0])
	}
	return f, err
}

// onlyOne returns the one identifier or text that was asked for, if it is one.
func onlyOne(in map[string]any, name string) string {
	if texts := asked(in, name); len(texts) == 1 {
		return texts[0]
	}
	return ""
}

// resourceFilter returns which resources a client asked for: what the ledger
// selects, and what is left to look at.
func (s *session) resourceFilter(in map[string]any) (ledger.ResourceFilter, func(*EconomicResource) (bool, error), error) {
	var f ledger.ResourceFilter
	f.ContainedIn, _ = idOf(askedOne(in, "containedIn"))
	f.Lot, _ = idOf(askedOne(in, "lot"))
	f.Stage, f.State = askedOne(in, "stage"), askedOne(in, "state")
	f.PrimaryAccountable.EntryID, _ = idOf(onlyOne(in, "primaryAccountable"))
	f.Custodian.EntryID, _ = idOf(onlyOne(in, "custodian"))
	f.CurrentLocation, _ = idOf(onlyOne(in, "currentLocation"))
	f.ClassifiedAs = onlyOne(in, "classifiedAs")
	if contested := askedFlag(in, "contested"); contested != nil {
		f.Contested = *contested
	}
	specs, err := s.specTexts(asked(in, "conformsTo"))
	if named := onlyOne(in, "conformsTo"); named != "" && err == nil {
		f.ConformsTo, err = s.specID(named)
	}
	return f, func(r *EconomicResource) (bool, error) {
		return mentions(askedOne(in, "searchString"), r.r.Name, r.r.Note, r.r.TrackingIdentifier) &&
			anyOf(specs, r.r.ConformsTo) &&
			anyOf(asked(in, "primaryAccountable"), r.r.PrimaryAccountable.String()) &&
			anyOf(asked(in, "custodian"), r.r.Custodian.String()) &&
			anyOf(asked(in, "currentLocation"), r.r.CurrentLocation.String()) &&
			anyOf(asked(in, "classifiedAs", "resourceClassification"), r.r.ClassifiedAs...), nil
	}, err
}

// agentFilter returns which agents a client asked for.
func agentFilter[T Agent](in map[string]any) func(T) (bool, error) {
	return func(a T) (bool, error) {
		return mentions(askedOne(in, "searchString"), a.about().Name), nil
	}
}

// proposalFilter returns which proposals a client asked for.
func (s *session) proposalFilter(in map[string]any) func(*Proposal) (bool, error) {
	return func(p *Proposal) (bool, error) {
		purpose := orEmpty(p.Purpose())
		if is := askedFlag(in, "isOffer"); is != nil && *is != (purpose == "offer") {
			return false, nil
		}
		if is := askedFlag(in, "isRequest"); is != nil && *is != (purpose == "request") {
			return false, nil
		}
		return anyOf(asked(in, "inScopeOf"), idTexts(p.links("inScopeOf"))...), nil
	}
}
