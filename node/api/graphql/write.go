package graphql

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// form says how a property of an input becomes one of a record.
type form int

const (
	asText   form = iota // also times and names of enumerations
	asFlag               // true or false
	asTexts              // a list of texts
	asLink               // an identifier
	asLinks              // a list of identifiers
	asAmount             // a number with its unit
	asNumber             // a number without one
	asLength             // a duration
	asUnitID             // a unit
	asSpecID             // a resource specification: its text
	asVerb               // an action
)

// forms are the forms of the properties that are no texts, and never changed.
var forms = map[string]form{
	"finished": asFlag, "substitutable": asFlag, "mediumOfExchange": asFlag, "unitBased": asFlag,
	"imageList": asTexts, "classifiedAs": asTexts, "resourceClassifiedAs": asTexts, "processClassifiedAs": asTexts,

	"provider": asLink, "receiver": asLink, "subject": asLink, "object": asLink, "relationship": asLink,
	"inputOf": asLink, "outputOf": asLink, "resourceInventoriedAs": asLink, "triggeredBy": asLink,
	"atLocation": asLink, "eligibleLocation": asLink, "clauseOf": asLink, "reciprocalClauseOf": asLink,
	"bundledIn": asLink, "plannedWithin": asLink, "independentDemandOf": asLink, "satisfies": asLink,
	"basedOn": asLink, "stage": asLink, "processConformsTo": asLink,
	"recipeInputOf": asLink, "recipeOutputOf": asLink, "recipeClauseOf": asLink, "recipeReciprocalClauseOf": asLink,
	"inScopeOf": asLinks, "publishes": asLinks, "reciprocal": asLinks, "proposedTo": asLinks, "lists": asLinks,
	"bundles": asLinks, "recipeIncludes": asLinks,

	"resourceQuantity": asAmount, "effortQuantity": asAmount, "availableQuantity": asAmount, "minimumQuantity": asAmount,
	"lat": asNumber, "long": asNumber, "alt": asNumber, "hasDuration": asLength,
	"defaultUnitOfResource": asUnitID, "defaultUnitOfEffort": asUnitID,
	"resourceConformsTo": asSpecID, "primaryOutput": asSpecID, "action": asVerb,
}

// renamed leads from properties of the schema to those of the ontology that are
// called otherwise. It is never changed.
var renamed = map[string]string{
	"agreements": "bundles", "recipeProcesses": "recipeIncludes",
	"batchNumber": "batchLotCode", "expiryDate": "expirationDate",
}

// value gives what a client said of a property its form in a record. nil, and
// the empty text that forms send for a field nobody filled in, take the property
// away.
func (s *session) value(property string, said any) (protocol.Value, error) {
	if isNull(said) {
		return nil, nil
	}
	texts := asked(map[string]any{"": said}, "")
	one := ""
	if len(texts) > 0 {
		one = texts[0]
	}
	switch said.(type) {
	case string, *string:
		if one == "" {
			return nil, nil
		}
	}
	switch forms[property] {
	case asFlag:
		return *askedFlag(map[string]any{"": said}, ""), nil
	case asTexts:
		return list(texts, func(t string) (protocol.Value, error) { return t, nil })
	case asLink:
		return s.linkTo(one)
	case asLinks:
		return list(texts, func(t string) (protocol.Value, error) { return s.linkTo(t) })
	case asAmount:
		q, err := s.amount(said)
		if q == nil || err != nil {
			return nil, err
		}
		return quantityValue(*q), nil
	case asLength:
		return s.length(said)
	case asUnitID:
		return s.unitID(one)
	case asSpecID:
		return s.specID(one)
	case asVerb:
		return actionName(one), nil
	}
	return one, nil
}

func isNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case *string:
		return v == nil
	case *bool:
		return v == nil
	case []string:
		return v == nil
	case map[string]any:
		return v == nil
	}
	return false
}

func list(texts []string, each func(string) (protocol.Value, error)) (protocol.Value, error) {
	out := []protocol.Value{}
	for _, text := range texts {
		v, err := each(text)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func quantityValue(q protocol.Quantity) protocol.Value {
	return map[string]protocol.Value{"n": q.N, "s": q.Scale, "unit": q.Unit}
}

// linkTo reads the identifier of something, held or not.
func (s *session) linkTo(text string) (protocol.EntryID, error) {
	id, ok := idOf(text)
	if !ok {
		return id, s.host.Refuse(CodeBadValue, text)
	}
	return id, nil
}

// amount reads a number with its unit, nil for none.
func (s *session) amount(said any) (*protocol.Quantity, error) {
	in, is := said.(map[string]any)
	if !is || in == nil {
		return nil, nil
	}
	text := askedOne(in, "hasNumericalValue")
	amount, err := protocol.ParseAmount(text)
	if err != nil {
		return nil, s.host.Refuse(CodeBadValue, text)
	}
	unit, err := s.unitID(askedOne(in, "hasUnit"))
	return &protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: unit}, err
}

func (s *session) length(said any) (protocol.Value, error) {
	in, is := said.(map[string]any)
	if !is {
		return nil, nil
	}
	amount, err := protocol.ParseAmount(askedOne(in, "numericDuration"))
	if err != nil {
		return nil, s.host.Refuse(CodeBadValue, askedOne(in, "numericDuration"))
	}
	return quantityValue(protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: timeUnits[askedOne(in, "unitType")]}), nil
}

// unitID returns the text by which a quantity names a unit: as people write it,
// or by the record that describes it. No unit is one.
func (s *session) unitID(text string) (string, error) {
	id, err := unit.Find(text)
	if err == nil {
		return id, nil
	}
	described, failed := s.findUnit(text)
	if failed != nil {
		return "", failed
	}
	if described == nil {
		return "", s.host.Refuse(CodeBadUnit, err)
	}
	if id, err := unit.Find(described.text()); err == nil {
		return id, nil
	}
	return described.text(), nil
}

// specID returns the text of a resource specification that a client names by the
// identifier of its record, or by the text itself.
func (s *session) specID(text string) (string, error) {
	if _, ok := idOf(text); !ok {
		return text, nil
	}
	spec, err := asSpec.find(s, text)
	if err != nil {
		return "", err
	}
	if spec == nil {
		return "", s.host.Refuse(CodeOtherKind, text, WordNotSpecification)
	}
	return spec.text, nil
}

// submit writes a body in the commons of the request.
func (s *session) submit(body protocol.Body, said any) (ledger.Written, error) {
	if err := s.host.MayWrite(s.ctx); err != nil {
		return ledger.Written{}, err
	}
	c, err := s.in()
	if err != nil {
		return ledger.Written{}, err
	}
	w, err := s.host.Write(s.ctx, c, body, said, s.writes)
	s.writes++
	s.forget()
	return w, err
}

// fill gives a record the properties that a client said.
func (s *session) fill(body *protocol.Record, said map[string]any) error {
	for property, v := range said {
		switch property {
		case "revisionId":
			continue
		case "name":
			body.Name = protocol.PlainText(askedOne(said, "name"))
			continue
		case "note":
			body.Note = protocol.PlainText(askedOne(said, "note"))
			continue
		}
		if other, is := renamed[property]; is {
			property = other
		}
		value, err := s.value(property, v)
		if err != nil {
			return err
		}
		if list, is := value.([]protocol.Value); body.Of.IsZero() && (value == nil || is && len(list) == 0) {
			continue
		}
		if body.Fields == nil {
			body.Fields = map[string]protocol.Value{}
		}
		body.Fields[property] = value
	}
	return nil
}

// create writes a new record of a kind.
func create[T any](ctx context.Context, as kind[T], said map[string]any) (*T, error) {
	s := sessionOf(ctx)
	body := &protocol.Record{Type: as.class}
	if err := s.fill(body, said); err != nil {
		return nil, err
	}
	return writeRecord(s, as, body, said)
}

func writeRecord[T any](s *session, as kind[T], body *protocol.Record, said any) (*T, error) {
	w, err := s.submit(body, said)
	if err != nil {
		return nil, err
	}
	made, err := as.load(s, w.Entry.ID())
	if made == nil && err == nil {
		err = ledger.ErrNotFound
	}
	return made, err
}

// amend writes an amendment of the record whose revision the client names: its
// newest one, so that what is said now holds.
func amend[T any](ctx context.Context, as kind[T], said map[string]any) (*T, error) {
	s := sessionOf(ctx)
	r, err := s.amended(as.class, askedOne(said, "revisionId"))
	if err != nil {
		return nil, err
	}
	body := &protocol.Record{Type: as.class, Of: revision(r)}
	if err := s.fill(body, said); err != nil {
		return nil, err
	}
	if purpose, given := body.Fields["purpose"]; given && r.Fields["purpose"] != nil && purpose != r.Fields["purpose"] {
		return nil, s.host.Refuse(CodeFixed, "purpose")
	}
	return writeRecord(s, as, body, said)
}

// amended returns the record of a class that an identifier is of: its own, or
// that of an amendment.
func (s *session) amended(class, text string) (*ledger.Record, error) {
	id, ok := idOf(text)
	if !ok {
		return nil, s.host.Refuse(CodeBadValue, text)
	}
	r, err := s.record(id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, s.host.Refuse(CodeNotFound, text)
	}
	if r.Type != class {
		return nil, s.host.Refuse(CodeOtherKind, text, WordNotKind)
	}
	return r, nil
}
