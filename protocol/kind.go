package protocol

import "slices"

// Kind says what an entry is. The names are on the log and are never re-used
// for something else.
type Kind string

// The kinds of version 1. Those of the second group count only in the charter
// log.
const (
	KindInception Kind = "inception" // entry 0 of a log
	KindInvite    Kind = "invite"    // a grant of admission
	KindAgent     Kind = "agent"     // an agent without a log
	KindEvent     Kind = "event"     // a ValueFlows economic event
	KindRecord    Kind = "record"    // any other ValueFlows object
	KindConfirm   Kind = "confirm"   // a verdict on another entry
	KindDeclare   Kind = "declare"   // a declaration of use
	KindEndorse   Kind = "endorse"   // a witness's votes
	KindClose     Kind = "close"     // the end of a witness's epoch
	KindPropose   Kind = "propose"   // a block that wants signatures
	KindApprove   Kind = "approve"   // one signature for a proposal
	KindReject    Kind = "reject"    // a refusal of a proposal
	KindKeys      Kind = "keys"      // a change of the log's key set

	KindCharter      Kind = "charter"      // a version of the charter
	KindWitnesses    Kind = "witnesses"    // a witness set
	KindAdmit        Kind = "admit"        // admission of a log
	KindRemove       Kind = "remove"       // end of a log, or of a grant
	KindBind         Kind = "bind"         // an agent record is a log's
	KindDistribution Kind = "distribution" // a committed distribution
)

var kinds = [...]Kind{
	KindInception, KindInvite, KindAgent, KindEvent, KindRecord, KindConfirm,
	KindDeclare, KindEndorse, KindClose, KindPropose, KindApprove, KindReject,
	KindKeys, KindCharter, KindWitnesses, KindAdmit, KindRemove, KindBind,
	KindDistribution,
}

// Kinds returns every kind of version 1, in the order of SPEC.md.
func Kinds() []Kind { return slices.Clone(kinds[:]) }

// Body is the content of an entry: *Inception for entry 0, *Unknown for a kind
// or version that this software does not know, else the type of the kind's
// name. A body that came from Parse is read-only.
type Body interface {
	// Kind returns the kind of entry that carries this body.
	Kind() Kind
	record
}

func newBody(kind Kind) Body {
	switch kind {
	case KindInvite:
		return &Invite{}
	case KindAgent:
		return &Agent{}
	case KindEvent:
		return &Event{}
	case KindRecord:
		return &Record{}
	case KindConfirm:
		return &Confirm{}
	case KindDeclare:
		return &Declare{}
	case KindEndorse:
		return &Endorse{}
	case KindClose:
		return &Close{}
	case KindPropose:
		return &Propose{}
	case KindApprove:
		return &Approve{}
	case KindReject:
		return &Reject{}
	case KindKeys:
		return &Keys{}
	case KindCharter:
		return &Charter{}
	case KindWitnesses:
		return &Witnesses{}
	case KindAdmit:
		return &Admit{}
	case KindRemove:
		return &Remove{}
	case KindBind:
		return &Bind{}
	case KindDistribution:
		return &Distribution{}
	}
	return nil
}

// Unknown is the body of an entry whose version or kind this software does not
// know. It is kept and relayed, has no effect, and holds up its log.
type Unknown struct {
	KindName Kind  // the kind that the entry states, empty if it states none
	Value    Value // the body, or the whole entry for an unknown version
}

// Kind returns the kind that the entry states.
func (u *Unknown) Kind() Kind { return u.KindName }

func (u *Unknown) fields(*fields) {}
