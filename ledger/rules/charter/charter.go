// Package charter holds the rules of governance: what a charter document says,
// who its stewards are, and which logs they and the members they empower let
// into the commons.
package charter

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Found returns the first charter of a commons whose founder is its only
// steward: everybody may read it, stewards invite, one member's confirmation
// makes an event count.
func Found(name string, founder string, steward protocol.Steward) *protocol.Charter {
	return &protocol.Charter{
		Rules: rules.Version,
		Doc: map[string]protocol.Value{
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
		},
		IDs:      map[string]protocol.Value{founder: steward.Log.EntryID},
		Stewards: []protocol.Steward{steward},
	}
}

// Read returns the terms of a charter, or the reason why it is void. Fields
// that are left out have the defaults of the charter file.
func Read(b *protocol.Charter) (rules.Terms, rules.Reason) {
	t := rules.Terms{Required: 1, PublicRead: true, Stewards: b.Stewards}
	fields := doc{m: b.Doc}
	t.Name = fields.text("name", "")
	t.PublicRead = fields.flag("public_read", true)
	t.Open = fields.choice("membership", "invite", "open") == "open"
	t.MembersInvite = fields.choice("inviters", "stewards", "members") == "members"
	confirmation := fields.table("confirmation")
	t.Required = confirmation.number("required", 1)
	fields.bad = fields.bad || confirmation.bad || t.Name == "" || t.Required < 0 || t.Required > 1000
	if fields.bad || b.Rules > rules.Version {
		return rules.Terms{}, rules.BadCharter
	}
	return t, rules.Valid
}

// doc reads fields of a plain document and remembers whether one had another
// type than it should have.
type doc struct {
	m   map[string]protocol.Value
	bad bool
}

func (d *doc) text(name, otherwise string) string {
	v, given := d.m[name]
	s, is := v.(string)
	if !given {
		return otherwise
	}
	d.bad = d.bad || !is
	return s
}

func (d *doc) choice(name string, choices ...string) string {
	s := d.text(name, choices[0])
	for _, c := range choices {
		if s == c {
			return s
		}
	}
	d.bad = true
	return choices[0]
}

func (d *doc) flag(name string, otherwise bool) bool {
	v, given := d.m[name]
	b, is := v.(bool)
	if !given {
		return otherwise
	}
	d.bad = d.bad || !is
	return b
}

func (d *doc) number(name string, otherwise int64) int64 {
	v, given := d.m[name]
	n, is := v.(int64)
	if !given {
		return otherwise
	}
	d.bad = d.bad || !is
	return n
}

func (d *doc) table(name string) *doc {
	v, given := d.m[name]
	m, is := v.(map[string]protocol.Value)
	d.bad = d.bad || given && !is
	return &doc{m: m}
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
