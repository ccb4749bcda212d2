package graph

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// ExportLedger is what an export needs of the ledger; *ledger.Ledger is one.
type ExportLedger interface {
	Agents(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.Agent, string, error)
	Records(ctx context.Context, id protocol.CommonsID, f ledger.RecordFilter, p ledger.Page) ([]ledger.Record, string, error)
	Events(ctx context.Context, id protocol.CommonsID, f ledger.EventFilter, p ledger.Page) ([]ledger.Event, string, error)
	Resources(ctx context.Context, id protocol.CommonsID, f ledger.ResourceFilter, p ledger.Page) ([]ledger.Resource, string, error)
	Entry(ctx context.Context, id protocol.EntryID) (ledger.EntryStatus, error)
	BySource(ctx context.Context, id protocol.CommonsID, source string) ([]protocol.EntryID, error)
}

// Prefixes of the identifiers that Export gives to what has none of its own.
const (
	resourcePrefix = "urn:minga:resource:" // of the event that brought it into being
	sourcePrefix   = "urn:minga:source:"   // a key of another system that is no IRI
)

// knownNames is how many identifiers an export remembers.
const knownNames = 1 << 14

const exportPage = 500

// Export writes the agents, records, events and resources of a commons that have
// their effect as one JSON-LD graph, with the context of this project in it. It
// streams: what it keeps in memory does not depend on the size of the ledger.
// What a file called something keeps that identifier; anything else gets a URN
// of its entry. Imported elsewhere, the graph comes to the same resources,
// quantities and relations; payments are only told there, and confirmations are
// not part of it. An error of the ledger or of w leaves a graph without its end.
func Export(ctx context.Context, l ExportLedger, commons protocol.CommonsID, w io.Writer) error {
	names, err := lru.New[protocol.EntryID, string](knownNames)
	if err != nil {
		return err
	}
	x := &exporter{ctx: ctx, ledger: l, commons: commons, out: bufio.NewWriter(w), names: names}
	var context bytes.Buffer
	if err := json.Compact(&context, contextText); err != nil {
		return err
	}
	head := bytes.TrimSuffix(context.Bytes(), []byte("}"))
	x.write(head, []byte(",\"@graph\":["))
	x.agents()
	x.records()
	x.events()
	x.resources()
	x.write([]byte("\n]}\n"))
	return errors.Join(x.err, x.out.Flush())
}

// node is one object of the graph. Its keys come out sorted.
type object map[string]any

// exporter is one run of Export. The first error stops it.
type exporter struct {
	ctx     context.Context
	ledger  ExportLedger
	commons protocol.CommonsID
	out     *bufio.Writer
	names   *lru.Cache[protocol.EntryID, string]
	some    bool // a node was written
	err     error
}

func (x *exporter) write(parts ...[]byte) {
	for _, part := range parts {
		if x.err == nil {
			_, x.err = x.out.Write(part)
		}
	}
}

func (x *exporter) node(o object) {
	if x.err != nil {
		return
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if x.err = encoder.Encode(o); x.err != nil {
		return
	}
	separator := ",\n"
	if !x.some {
		separator, x.some = "\n", true
	}
	x.write([]byte(separator), bytes.TrimRight(line.Bytes(), "\n"))
}

// pages calls read for each page until there is none.
func (x *exporter) pages(read func(p ledger.Page) (string, error)) {
	page := ledger.Page{Limit: exportPage}
	for x.err == nil {
		next, err := read(page)
		x.err = errors.Join(x.err, err)
		if page.After = next; next == "" {
			return
		}
	}
}

func (x *exporter) agents() {
	x.pages(func(p ledger.Page) (string, error) {
		all, next, err := x.ledger.Agents(x.ctx, x.commons, p)
		for _, a := range all {
			o := object{"@id": x.name(a.ID.EntryID), "@type": string(a.Type), "name": a.Name}
			if a.Commons {
				o["@type"] = "Organization"
			}
			if o["@type"] = strings.ToUpper(o["@type"].(string)[:1]) + o["@type"].(string)[1:]; !a.HasLog && !a.Commons {
				status, err := x.ledger.Entry(x.ctx, a.ID.EntryID)
				if err != nil {
					return "", err
				}
				if body, is := status.Entry.Body.(*protocol.Agent); is {
					setText(o, "note", body.Note.Plain)
					x.additions(o, body.Ext)
				}
			}
			x.node(o)
		}
		return next, err
	})
}

func (x *exporter) records() {
	x.pages(func(p ledger.Page) (string, error) {
		all, next, err := x.ledger.Records(x.ctx, x.commons, ledger.RecordFilter{}, p)
		for _, r := range all {
			if r.State != ledger.Pending && r.State != ledger.Settled {
				continue
			}
			o := object{"@id": x.name(r.ID), "@type": r.Type}
			setText(o, "name", r.Name)
			setText(o, "note", r.Note)
			x.fields(o, r.Fields)
			x.node(o)
		}
		return next, err
	})
}

func (x *exporter) events() {
	x.pages(func(p ledger.Page) (string, error) {
		all, next, err := x.ledger.Events(x.ctx, x.commons, ledger.EventFilter{}, p)
		for _, e := range all {
			if e.State == ledger.Pending || e.State == ledger.Settled {
				x.node(x.event(e.ID, e.Body))
			}
		}
		return next, err
	})
}

func (x *exporter) resources() {
	x.pages(func(p ledger.Page) (string, error) {
		all, next, err := x.ledger.Resources(x.ctx, x.commons, ledger.ResourceFilter{}, p)
		for _, r := range all {
			x.node(x.resource(r))
		}
		return next, err
	})
}

// name is the identifier of an entry in the graph: the one of the file that it
// came from, if it is the first to have that, else a URN.
func (x *exporter) name(id protocol.EntryID) string {
	if id.IsZero() {
		return ""
	}
	if name, known := x.names.Get(id); known {
		return name
	}
	name := entryPrefix + id.String()
	status, err := x.ledger.Entry(x.ctx, id)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		x.err = errors.Join(x.err, err)
	}
	source, ext := "", map[string]protocol.Value(nil)
	switch body := status.Entry.Body.(type) {
	case *protocol.Agent:
		source, ext = body.Source, body.Ext
	case *protocol.Record:
		source, ext = body.Source, body.Ext
	case *protocol.Event:
		source, ext = body.Source, body.Ext
	}
	if source != "" && x.first(id, source) {
		name = external(source, ext["@id"])
	}
	x.names.Add(id, name)
	return name
}

// first reports whether an entry is the oldest that carries a source.
func (x *exporter) first(id protocol.EntryID, source string) bool {
	ids, err := x.ledger.BySource(x.ctx, x.commons, source)
	x.err = errors.Join(x.err, err)
	return len(ids) > 0 && ids[len(ids)-1] == id
}

var iriForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`)

// external is a source as an IRI.
func external(source string, long protocol.Value) string {
	if full, is := long.(string); is && sourceOf(full) == source {
		return full
	}
	if iriForm.MatchString(source) {
		return source
	}
	return sourcePrefix + url.PathEscape(source)
}

// resourceName is the identifier of a resource in the graph.
func (x *exporter) resourceName(id protocol.EntryID) string {
	status, err := x.ledger.Entry(x.ctx, id)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		x.err = errors.Join(x.err, err)
	}
	if body, is := status.Entry.Body.(*protocol.Event); is {
		if source, is := body.Ext["resourceSource"].(string); is {
			return external(source, body.Ext["resource@id"])
		}
	}
	return resourcePrefix + id.String()
}

func setText(o object, name, text string) {
	if text != "" {
		o[name] = text
	}
}

func (x *exporter) set(o object, name string, id protocol.EntryID) {
	setText(o, name, x.name(id))
}

func (x *exporter) setAll(o object, name string, ids []protocol.EntryID) {
	var all []string
	for _, id := range ids {
		all = append(all, x.name(id))
	}
	if len(all) > 0 {
		o[name] = all
	}
}

func quantityObject(q *protocol.Quantity) object {
	return object{"hasNumericalValue": q.Amount().String(), "hasUnit": unitIRI(q.Unit)}
}

// unitIRI is a unit as it is written: also one that OM2 does not have, which a
// node of class Unit describes.
func unitIRI(text string) string { return "om2:" + url.PathEscape(text) }

// iriOrText is a text that may be an IRI.
func iriOrText(text string) any {
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "urn:") {
		if iriForm.MatchString(text) {
			return object{"@id": text}
		}
	}
	return object{"@value": text}
}

// instantValue is a time, which a day is not.
func instantValue(text string) any {
	if len(text) == len("2026-01-02") {
		return object{"@value": text, "@type": "xsd:date"}
	}
	return text
}

// event is the node of an event.
func (x *exporter) event(id protocol.EntryID, e *protocol.Event) object {
	o := object{"@id": x.name(id), "@type": "EconomicEvent", "action": e.Action}
	x.set(o, "provider", e.Provider.EntryID)
	x.set(o, "receiver", e.Receiver.EntryID)
	x.set(o, "inputOf", e.InputOf)
	x.set(o, "outputOf", e.OutputOf)
	if !e.ResourceInventoriedAs.IsZero() {
		o["resourceInventoriedAs"] = x.resourceName(e.ResourceInventoriedAs)
	}
	if !e.ToResourceInventoriedAs.IsZero() {
		o["toResourceInventoriedAs"] = x.resourceName(e.ToResourceInventoriedAs)
	}
	if e.NewInventoriedResource != nil {
		x.brings(o, id, e)
	}
	if e.ResourceConformsTo != "" {
		o["resourceConformsTo"] = iriOrText(e.ResourceConformsTo)
	}
	o.iris("resourceClassifiedAs", e.ResourceClassifiedAs)
	if e.ResourceQuantity != nil {
		o["resourceQuantity"] = quantityObject(e.ResourceQuantity)
	}
	if e.EffortQuantity != nil {
		o["effortQuantity"] = quantityObject(e.EffortQuantity)
	}
	for name, text := range map[string]string{"hasPointInTime": e.HasPointInTime, "hasBeginning": e.HasBeginning, "hasEnd": e.HasEnd} {
		if text != "" {
			o[name] = instantValue(text)
		}
	}
	x.set(o, "atLocation", e.AtLocation)
	x.set(o, "toLocation", e.ToLocation)
	setText(o, "note", e.Note.Plain)
	setText(o, "state", e.State)
	x.stage(o, "stage", e.Stage)
	x.setAll(o, "inScopeOf", e.InScopeOf)
	setText(o, "agreedIn", e.AgreedIn)
	x.set(o, "realizationOf", e.RealizationOf)
	x.set(o, "reciprocalRealizationOf", e.ReciprocalRealizationOf)
	x.setAll(o, "fulfills", e.Fulfills)
	x.setAll(o, "satisfies", e.Satisfies)
	x.setAll(o, "settles", e.Settles)
	x.set(o, "corrects", e.Corrects)
	x.set(o, "triggeredBy", e.TriggeredBy)
	x.setAll(o, "previousEvent", e.PreviousEvent)
	setText(o, "currency", e.Currency)
	x.additions(o, e.Ext)
	return o
}

// brings says of an event which resource it brings into being, and what that is
// like then.
func (x *exporter) brings(o object, id protocol.EntryID, e *protocol.Event) {
	name := x.resourceName(id)
	o["bringsForth"] = name
	if actions[e.Action].makes == from {
		o["resourceInventoriedAs"] = name
	} else {
		o["toResourceInventoriedAs"] = name
	}
	n := e.NewInventoriedResource
	x.stage(o, "initialStage", n.Stage)
	setText(o, "initialState", n.State)
	x.set(o, "initialLocation", n.CurrentLocation)
	if !n.ContainedIn.IsZero() {
		o["initialContainer"] = x.resourceName(n.ContainedIn)
	}
	x.set(o, "initialAccountable", n.PrimaryAccountable.EntryID)
	for kept, name := range keptConditions {
		if value, is := e.Ext[kept]; is {
			x.addition(o, name, value)
		}
	}
}

// keptConditions are what an import could not place of a resource at its
// beginning.
var keptConditions = map[string]string{
	"resource.currentLocation": "initialLocation", "resource.containedIn": "initialContainer", "resource.primaryAccountable": "initialAccountable",
}

// stage is the identifier of a process specification, or a text.
func (x *exporter) stage(o object, name, text string) {
	if id, err := protocol.ParseID(text); err == nil {
		x.set(o, name, id)
	} else if text != "" {
		o[name] = iriOrText(text)
	}
}

func (o object) iris(name string, texts []string) {
	var all []any
	for _, text := range texts {
		all = append(all, iriOrText(text))
	}
	if len(all) > 0 {
		o[name] = all
	}
}

// resource is the node of a resource as it is now.
func (x *exporter) resource(r ledger.Resource) object {
	o := object{"@id": x.resourceName(r.ID), "@type": "EconomicResource"}
	setText(o, "name", r.Name)
	setText(o, "note", r.Note)
	setText(o, "image", r.Image)
	setText(o, "trackingIdentifier", r.TrackingIdentifier)
	if r.UnitOfEffort != "" {
		o["unitOfEffort"] = unitIRI(r.UnitOfEffort)
	}
	if r.ConformsTo != "" {
		o["conformsTo"] = iriOrText(r.ConformsTo)
	}
	o.iris("classifiedAs", r.ClassifiedAs)
	x.set(o, "lot", r.Lot)
	for name, m := range map[string]ledger.Measure{"accountingQuantity": r.AccountingQuantity, "onhandQuantity": r.OnhandQuantity} {
		if m.Unit != "" && !m.Rounded {
			o[name] = object{"hasNumericalValue": m.Value.String(), "hasUnit": unitIRI(m.Unit)}
		}
	}
	x.set(o, "primaryAccountable", r.PrimaryAccountable.EntryID)
	x.set(o, "currentLocation", r.CurrentLocation)
	if !r.ContainedIn.IsZero() {
		o["containedIn"] = x.resourceName(r.ContainedIn)
	}
	if !r.Stage.IsZero() {
		x.set(o, "stage", r.Stage)
	} else {
		x.stage(o, "stage", r.StageText)
	}
	setText(o, "state", r.StateText)
	if body, is := r.Entry.Body.(*protocol.Event); is {
		more := map[string]protocol.Value{}
		for key, value := range body.Ext {
			if name, cut := strings.CutPrefix(key, "resource."); cut && keptConditions[key] == "" {
				more[name] = value
			}
		}
		x.additions(o, more)
	}
	return o
}

// additions puts what an import could not place back where it came from.
func (x *exporter) additions(o object, ext map[string]protocol.Value) {
	for key, value := range ext {
		if key == "@id" || key == "resource@id" || key == "resourceSource" || strings.HasPrefix(key, "resource.") {
			continue
		}
		x.addition(o, key, value)
	}
}

func (x *exporter) addition(o object, key string, value protocol.Value) {
	name := strings.TrimSuffix(key, "@json")
	if _, there := o[name]; there || name == "" || strings.HasPrefix(name, "@") {
		return
	}
	switch v := value.(type) {
	case string:
		if name == key {
			o[name] = v
			return
		}
		var plain any
		if json.Unmarshal([]byte(v), &plain) == nil {
			o[name] = plain
		}
	case int64:
		o[name] = fmt.Sprint(v)
	case protocol.EntryID:
		o[name] = object{"@id": x.name(v)}
	}
}
