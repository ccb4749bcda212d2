// Package charter holds the rules of governance: what a charter document says,
// who its stewards are, and which logs they and the members they empower let
// into the commons.
package charter

import (
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Default returns the document of a commons that nobody wrote a charter for:
// everybody may read it, stewards invite, one member's confirmation makes an
// event count.
func Default(name, founder string) map[string]protocol.Value {
	return map[string]protocol.Value{
		"name":        name,
		"language":    "es",
		"membership":  "invite",
		"inviters":    "stewards",
		"public_read": true,
		"stewards": map[string]protocol.Value{
			"members":   []protocol.Value{founder},
			"threshold": int64(1),
			"liars":     int64(0),
		},
		"confirmation": map[string]protocol.Value{
			"required": int64(1),
			"by":       "members",
			"window":   "P0D",
		},
	}
}

// CheckFirst returns what is wrong with a document as the first charter of a
// commons, of which the founder is the only member: it may name nobody but the
// founder, and the commons itself, which is an agent of its own name.
func CheckFirst(doc map[string]protocol.Value, founder string) []Fault {
	d, faults := Parse(doc)
	r := &reading{faults: faults}
	first := func(path Path, name string, orCommons bool) {
		switch {
		case name == "" || name == founder && (!orCommons || name != d.Name):
		case orCommons && name == founder:
			r.fault(path, SameName, name)
		case !orCommons || name != d.Name:
			r.fault(path, CreateFirst, name)
		}
	}
	for i, name := range d.Stewards.Members {
		first(Path{"stewards", "members", i}, name, false)
	}
	for i, c := range d.Currencies {
		for _, name := range slices.Sorted(maps.Keys(c.Exceptions)) {
			first(Path{"currency", i, "exceptions", name}, name, true)
		}
	}
	for i, b := range d.Buckets {
		first(Path{"bucket", i, "to"}, b.To, true)
		first(Path{"bucket", i, "rest"}, b.Agent(), true)
	}
	return r.faults
}

// Found returns the first charter of a commons, whose founder is its only
// steward. The document is one in which CheckFirst finds no fault; its names are
// resolved to the founder and the commons.
func Found(doc map[string]protocol.Value, commons protocol.CommonsID, founder string, steward protocol.Steward) *protocol.Charter {
	b := &protocol.Charter{Rules: rules.Version, Doc: doc, Stewards: []protocol.Steward{steward}}
	for _, name := range Names(doc) {
		if b.IDs == nil {
			b.IDs = map[string]protocol.Value{}
		}
		b.IDs[name] = commons.EntryID
		if name == founder {
			b.IDs[name] = steward.Log.EntryID
		}
	}
	return b
}

// Judge returns why an entry may not stand in its log, or rules.Valid: what
// governs the commons belongs into the charter log, and everything else does
// not.
func Judge(commons protocol.CommonsID, e protocol.Entry) rules.Reason {
	governs := false
	switch e.Kind {
	case protocol.KindCharter, protocol.KindWitnesses, protocol.KindAdmit,
		protocol.KindRemove, protocol.KindBind, protocol.KindDistribution:
		governs = true
	}
	if governs && e.Log != commons.Charter() {
		return rules.CharterLogOnly
	}
	if e.Log == commons.Charter() && e.Seq > 0 && e.Charter >= e.Seq {
		return rules.CharterNotBefore
	}
	return rules.Valid
}

// MayInvite returns why the author of an invite may not give it under the given
// terms, or rules.Valid.
func MayInvite(t rules.Terms, giver protocol.LogID) rules.Reason {
	if t.MembersInvite || t.Steward(giver) {
		return rules.Valid
	}
	return rules.NotInviter
}

// Admits reports whether an inception with a grant is let in: the invite is the
// one that it names, was given by somebody who may invite, had not expired at
// the time that the inception claims, and its key signed this inception.
func Admits(t rules.Terms, invite protocol.Entry, inception protocol.Entry) bool {
	grant, ok := invite.Body.(*protocol.Invite)
	body, is := inception.Body.(*protocol.Inception)
	if !ok || !is || body.Grant == nil || body.Grant.Invite != invite.ID() {
		return false
	}
	if MayInvite(t, invite.Log) != rules.Valid || int64(inception.Time) > grant.Expiry {
		return false
	}
	return body.VerifyGrant(grant.Key) == nil
}
