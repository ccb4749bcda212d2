package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// thing is what the ledger keeps as one entry: something that the file states,
// an agent that it only names, or the opening of a resource.
type thing struct {
	node   *Node // that states it, or names it first
	kind   becomes
	opens  bool      // it is the opening of a resource
	brings *resource // that the event brings into being
	id     string    // in the file
	source string    // in the ledger
	refs   []ref     // what it names
	needs  []*thing  // what has to be written before it besides
	body   func(at func(ref) protocol.EntryID) protocol.Body

	section, order int
	time           string

	held    protocol.EntryID // the entry that stands for it already
	index   int              // in the bundle, -1 if not there
	refused bool
	differs bool // from the entry that stands for it, and it is no agent
	done    bool // for ordering
}

// ref is what an identifier of the file leads to: a thing of the file, an entry
// that is held, or nothing but the text.
type ref struct {
	thing    *thing
	resource *resource // what brings it into being is found out later
	id       protocol.EntryID
	text     string
}

func (r ref) found() bool { return r.thing != nil || r.resource != nil || !r.id.IsZero() }

// sourceOf is the identifier of the file as the ledger keeps it: one that is too
// long there becomes a digest.
func sourceOf(id string) string {
	if escaped, is := strings.CutPrefix(id, sourcePrefix); is { // exported
		if source, err := url.PathUnescape(escaped); err == nil && source != "" {
			id = source
		}
	}
	if len(id) <= protocol.MaxName {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "urn:minga:long:" + hex.EncodeToString(sum[:])
}

// gather makes things of the nodes. A node that says again what another one
// says adds to it; one that says something else under the same identifier is
// another thing, but for resources, of which it is another statement.
func (w *work) gather() {
	for order, n := range w.graph.Nodes {
		switch n.becomes {
		case resourceNode:
			r := w.resource(n.ID, n)
			r.statements = append(r.statements, statement{n, order, w.section})
			if n.quantity("accountingQuantity") != nil || n.quantity("onhandQuantity") != nil {
				w.section++
				w.latest = ""
			}
		case agentNode:
			w.agentStated(n, order)
		default:
			w.state(n, order)
		}
	}
}

// state adds a record or an event.
func (w *work) state(n *Node, order int) {
	before := w.stated[n.ID]
	for _, t := range before {
		if t.node.Class == n.Class && w.merges(t.node, n) {
			w.slip(n, nil, stateIgnored, t.node.Line)
			t.refused = t.refused || n.faulty
			return
		}
	}
	t := &thing{node: n, kind: n.becomes, id: n.ID, order: order, index: -1, refused: n.faulty}
	t.source = sourceOf(n.ID)
	if len(before) > 0 {
		t.source = sourceOf(fmt.Sprintf("%s#%d", n.ID, len(before)+1))
		w.slip(n, nil, idTwice, before[0].node.Line, shown(t.source))
	}
	if n.becomes == eventNode {
		t.section = w.section
		for _, name := range []string{"hasPointInTime", "hasBeginning", "hasEnd"} {
			if t.time == "" {
				t.time = utc(n.text(name))
			}
		}
		if t.time == "" {
			t.time = w.latest // it stands there for a reason
		}
		w.latest = t.time
	}
	w.stated[n.ID] = append(w.stated[n.ID], t)
	w.things = append(w.things, t)
}

// merges adds to a node what another statement of it says besides. It returns
// false, and adds nothing, if the two contradict each other.
func (w *work) merges(into, n *Node) bool {
	var more []Property
	for _, p := range n.Properties {
		there := into.Get(p.Name)
		if there == nil {
			more = append(more, p)
		} else if sayProperty(*there) != sayProperty(p) {
			return false
		}
	}
	into.Properties = append(into.Properties, more...)
	return true
}

// agentKey is the identifier of an agent in one form: an address of a host alone
// ends with a slash.
func agentKey(iri string) string {
	if _, rest, found := strings.Cut(iri, "://"); found && rest != "" && !strings.ContainsAny(rest, "/?#") {
		return iri + "/"
	}
	return iri
}

// agent returns the agent that an identifier names, which need not be stated.
func (w *work) agent(n *Node, p *Property, iri string) ref {
	key := agentKey(iri)
	if key != iri && !w.slashed[iri] {
		w.slashed[iri] = true
		w.slip(n, p, slashAdded)
	}
	if id, held := w.heldAgent(key); held {
		return ref{id: id, text: key}
	}
	t := w.agents[key]
	if t == nil {
		t = &thing{node: &Node{ID: key, Line: n.Line, Column: n.Column}, kind: agentNode, id: key, source: sourceOf(key), index: -1, order: len(w.things)}
		name := w.nameFor(key)
		t.body = func(func(ref) protocol.EntryID) protocol.Body {
			return &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person}, Source: t.source, Ext: longID(key)}
		}
		w.agents[key] = t
		w.things = append(w.things, t)
	}
	return ref{thing: t, text: key}
}

// agentStated adds an agent that the file states, whether or not others have
// named it before.
func (w *work) agentStated(n *Node, order int) {
	key := agentKey(n.ID)
	if t := w.agents[key]; t != nil && t.node.Class != "" {
		if !w.merges(t.node, n) {
			w.slip(n, nil, stateIgnored, t.node.Line)
		}
		return
	}
	t := &thing{node: n, kind: agentNode, id: key, source: sourceOf(key), index: -1, order: order, refused: n.faulty}
	w.agents[key] = t
	w.things = append(w.things, t)
}

// nameFor is what an agent is called of which the file says no name: the prefix
// that stands for its address, else what can be read in that.
func (w *work) nameFor(iri string) string {
	if w.prefixOf == nil {
		w.prefixOf = map[string]string{}
		for prefix, target := range w.graph.Prefixes {
			if best := w.prefixOf[target]; best == "" || prefix < best {
				w.prefixOf[target] = prefix
			}
		}
	}
	if prefix := w.prefixOf[iri]; prefix != "" {
		return cut(prefix)
	}
	if u, err := url.Parse(iri); err == nil && u.Host != "" {
		if rest := strings.Trim(u.Path, "/"); rest != "" {
			return cut(u.Host + "/" + rest)
		}
		return cut(u.Host)
	}
	return cut(iri)
}

func cut(name string) string {
	if len(name) <= protocol.MaxName {
		return name
	}
	return name[:protocol.MaxName/2] // of an IRI: ASCII for the most part
}

// longID keeps an identifier that is too long to be a source.
func longID(id string) map[string]protocol.Value {
	if len(id) <= protocol.MaxName {
		return nil
	}
	return map[string]protocol.Value{"@id": id}
}

// classesOf has which classes a property leads to, for identifiers that stand
// for several things.
var classesOf = map[string][]string{
	"inputOf": {"Process"}, "outputOf": {"Process"}, "plannedWithin": {"Plan"}, "independentDemandOf": {"Plan"},
	"clauseOf": {"Agreement"}, "reciprocalClauseOf": {"Agreement"}, "realizationOf": {"Agreement"}, "reciprocalRealizationOf": {"Agreement"},
	"fulfills": {"Commitment"}, "satisfies": {"Intent"}, "settles": {"Claim"}, "corrects": {"EconomicEvent"}, "triggeredBy": {"EconomicEvent"},
	"recipeInputOf": {"RecipeProcess"}, "recipeOutputOf": {"RecipeProcess"}, "basedOn": {"ProcessSpecification"}, "stage": {"ProcessSpecification"},
	"processConformsTo": {"ProcessSpecification"}, "lot": {"BatchLotRecord"}, "publishes": {"Intent"}, "reciprocal": {"Intent"},
}

// refer returns what a value of a property leads to.
func (w *work) refer(n *Node, p *Property, v Value) ref {
	if p.def.kind == agent || p.def.kind == agents {
		return w.agent(n, p, v.Text)
	}
	if r := w.resources[v.Text]; r != nil || p.Name == "resourceInventoriedAs" || p.Name == "toResourceInventoriedAs" || p.Name == "containedIn" || p.Name == "initialContainer" || p.Name == "bringsForth" {
		if r == nil {
			r = w.resource(v.Text, n)
		}
		return ref{resource: r, text: v.Text}
	}
	var candidate *thing
	for _, t := range w.stated[v.Text] {
		if candidate == nil || slices.Contains(classesOf[p.Name], t.node.Class) && !slices.Contains(classesOf[p.Name], candidate.node.Class) {
			candidate = t
		}
	}
	if candidate != nil {
		return ref{thing: candidate, text: v.Text}
	}
	if id := w.heldAny(v.Text); !id.IsZero() {
		return ref{id: id, text: v.Text}
	}
	w.slip(n, p, dangling)
	return ref{text: v.Text}
}
