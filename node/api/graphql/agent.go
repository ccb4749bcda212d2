package graphql

import (
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Agent is somebody who takes part: a Person or an Organization.
type Agent interface {
	// IsAgent marks an agent.
	IsAgent()
	// ID returns the agent's identifier.
	ID() string
	about() ledger.Agent
}

// AccountingScope is what a record may be in scope of.
type AccountingScope interface {
	// IsAccountingScope marks what may be a scope.
	IsAccountingScope()
}

// Person is a human being.
type Person struct{ agent }

// Organization is a group, formal or not; the commons is one.
type Organization struct{ agent }

// IsAgent marks an agent.
func (agent) IsAgent() {}

// IsAccountingScope marks what may be a scope.
func (agent) IsAccountingScope() {}

// agent is what persons and organizations have in common.
type agent struct {
	s *session
	a ledger.Agent
}

func (s *session) agentOf(a ledger.Agent) Agent {
	if a.Type == protocol.Person {
		return &Person{agent{s, a}}
	}
	return &Organization{agent{s, a}}
}

func (a agent) about() ledger.Agent { return a.a }

// ID returns the agent's identifier.
func (a agent) ID() string { return a.a.ID.String() }

// RevisionID returns the agent's identifier: agents are not amended.
func (a agent) RevisionID() string { return a.ID() }

// Name returns the name.
func (a agent) Name() string { return a.a.Name }

// body returns what the record of the agent says, nil for one with a log.
func (a agent) body() (*protocol.Agent, protocol.Entry, error) {
	if err := a.s.read(1); err != nil {
		return nil, protocol.Entry{}, err
	}
	status, err := a.s.ledger.Entry(a.s.ctx, a.a.ID.EntryID)
	body, _ := status.Entry.Body.(*protocol.Agent)
	return body, status.Entry, err
}

// Note returns the note of the record.
func (a agent) Note() (*string, error) {
	body, _, err := a.body()
	if body == nil || err != nil {
		return nil, err
	}
	return some(body.Note.String()), nil
}

// Image returns the IRI of an image.
func (a agent) Image() (*string, error) {
	body, _, err := a.body()
	if body == nil || err != nil {
		return nil, err
	}
	image, _ := body.Ext["image"].(string)
	return some(image), nil
}

// ClassifiedAs returns the classifications.
func (a agent) ClassifiedAs() ([]string, error) {
	body, _, err := a.body()
	if body == nil || err != nil {
		return nil, err
	}
	return words(body.Ext["classifiedAs"]), nil
}

// PrimaryLocation returns where the agent is.
func (a agent) PrimaryLocation() (*SpatialThing, error) {
	body, _, err := a.body()
	if body == nil || err != nil {
		return nil, err
	}
	id, _ := body.Ext["primaryLocation"].(protocol.EntryID)
	return asPlace.load(a.s, id)
}

// Meta returns when the agent was written down.
func (a agent) Meta() (*RecordMeta, error) {
	_, entry, err := a.body()
	if err != nil {
		return nil, err
	}
	return metaOf([]*Revision{{a.s, a.a.ID.EntryID, entry.Time, entry.Log.Agent()}}), nil
}

// agents returns the lister of the agents of the commons.
func (s *session) agentList(p ledger.Page) ([]Agent, string, error) {
	c, err := s.in()
	if err != nil {
		return nil, "", err
	}
	rows, next, err := s.ledger.Agents(s.ctx, c.ID, p)
	if err != nil {
		return nil, "", err
	}
	out := make([]Agent, len(rows))
	for i, a := range rows {
		out[i] = s.agentOf(a)
	}
	return out, next, s.read(len(rows) + 1)
}

// only narrows a list of agents to one of their types.
func only[T Agent](list lister[Agent]) lister[T] {
	return func(p ledger.Page) ([]T, string, error) {
		agents, next, err := list(p)
		out := []T{}
		for _, a := range agents {
			if t, is := a.(T); is {
				out = append(out, t)
			}
		}
		return out, next, err
	}
}

// find returns the agent of an identifier that a client sent, nil if there is
// none.
func (s *session) findAgent(text string) (Agent, error) {
	id, ok := idOf(text)
	if !ok {
		return nil, nil
	}
	return s.agent(protocol.AgentID{EntryID: id})
}

// Relationships returns the relationships of the agent.
func (a agent) Relationships(first *int, after *string, last *int, before *string) (*AgentRelationshipConnection, error) {
	return agentPage(a, asRelationship, window{first, after, last, before}, "subject", "object")
}

// RelationshipsAsSubject returns the relationships that the agent has to others.
func (a agent) RelationshipsAsSubject(first *int, after *string, last *int, before *string) (*AgentRelationshipConnection, error) {
	return agentPage(a, asRelationship, window{first, after, last, before}, "subject")
}

// RelationshipsAsObject returns the relationships that others have to the agent.
func (a agent) RelationshipsAsObject(first *int, after *string, last *int, before *string) (*AgentRelationshipConnection, error) {
	return agentPage(a, asRelationship, window{first, after, last, before}, "object")
}

// Roles returns the kinds of relationships that the agent has to others.
func (a agent) Roles() ([]*AgentRelationshipRole, error) {
	found, err := all(asRelationship.naming(a.s, "subject", a.a.ID.EntryID))
	if err != nil {
		return nil, err
	}
	out, seen := []*AgentRelationshipRole{}, map[string]bool{}
	for _, r := range found {
		role, err := r.Relationship()
		if err != nil {
			return nil, err
		}
		if role != nil && !seen[role.ID()] {
			seen[role.ID()] = true
			out = append(out, role)
		}
	}
	return out, nil
}

// agentPage returns a part of the records of a kind that name the agent by one
// of the properties.
func agentPage[T any, P interface {
	*T
	recorded
}](a agent, as kind[T], w window, properties ...string) (*Connection[P], error) {
	return connect(a.s, w, namingAgent[T, P](a, as, properties), anything)
}

// namingAgent returns the lister of the records of a kind that name the agent by
// one of the properties.
func namingAgent[T any, P interface {
	*T
	recorded
}](a agent, as kind[T], properties []string) lister[P] {
	if len(properties) == 1 {
		return pointers[T, P](as.naming(a.s, properties[0], a.a.ID.EntryID))
	}
	one := namingAgent[T, P](a, as, properties[:1])
	other := namingAgent[T, P](a, as, properties[1:])
	return chain(one, func(p ledger.Page) ([]P, string, error) {
		items, next, err := other(p)
		fitting, err := kept(items, err, func(item P) (bool, error) {
			return !slices.Contains(linksIn(item.about().Fields[properties[0]]), a.a.ID.EntryID), nil
		})
		return fitting, next, err
	})
}
