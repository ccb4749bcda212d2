package ledger

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// maxCharter is the most bytes of a first charter document: with the names that
// it resolves and its steward it fits an entry, and a proposal of that entry.
const maxCharter = protocol.MaxProposal - 2048

// CreateCommons founds a commons under the usual charter: everybody may read it,
// stewards invite, one member's confirmation makes an event count. It is
// CreateCommonsFrom with that document.
func (l *Ledger) CreateCommons(ctx context.Context, name, as string) (Commons, error) {
	name, err := cleanName(name)
	if err != nil {
		return Commons{}, fmt.Errorf("the name of the commons: %w", err)
	}
	if as, err = cleanName(as); err != nil {
		return Commons{}, fmt.Errorf("the name of its founder: %w", err)
	}
	return l.CreateCommonsFrom(ctx, charter.Default(name, as), as)
}

// CreateCommonsFrom founds a commons whose only steward and witness is this
// node's member: the inception of the charter log, that of the founder's log,
// the charter with the given document and the witnesses, all in one commit. The
// document has the name of the commons and names nobody but the founder and the
// commons; what is wrong with it is a *CharterError.
func (l *Ledger) CreateCommonsFrom(ctx context.Context, doc map[string]protocol.Value, as string) (Commons, error) {
	as, err := cleanName(as)
	if err != nil {
		return Commons{}, fmt.Errorf("the name of its founder: %w", err)
	}
	if doc, err = CleanCharter(doc); err != nil {
		return Commons{}, err
	}
	if faults := charter.CheckFirst(doc, as); len(faults) > 0 {
		return Commons{}, &CharterError{Faults: faults}
	}
	if written, err := protocol.AppendValue(nil, doc); err != nil || len(written) > maxCharter {
		return Commons{}, fmt.Errorf("%w: the charter has %d bytes where %d are allowed", ErrInvalid, len(written), maxCharter)
	}
	var id protocol.CommonsID
	err = l.write(ctx, 8*draftGuess, func(b *batch) (err error) {
		id, err = b.found(doc, as)
		return err
	})
	if err != nil {
		return Commons{}, err
	}
	return l.CommonsByID(ctx, id)
}

// cleanName brings a name into the form that is written: NFC, trimmed, not
// empty, one line, within its bound.
func cleanName(name string) (string, error) {
	name = strings.TrimSpace(norm.NFC.String(name))
	switch {
	case name == "":
		return "", fmt.Errorf("%w: it is empty", ErrInvalid)
	case len(name) > protocol.MaxName:
		return "", fmt.Errorf("%w: it is longer than %d bytes", ErrInvalid, protocol.MaxName)
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", fmt.Errorf("%w: it has control characters", ErrInvalid)
	}
	return name, nil
}

func (b *batch) found(doc map[string]protocol.Value, as string) (protocol.CommonsID, error) {
	index := b.meta.KeyIndex
	name, _ := doc["name"].(string)
	governing, err := b.inception(protocol.RoleSteward, index, name, protocol.Organization)
	if err != nil {
		return protocol.CommonsID{}, err
	}
	governing.Rules = rules.Version
	at := protocol.TimeOf(b.l.now())
	first, err := protocol.NewInception(at, governing)
	if err != nil {
		return protocol.CommonsID{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	id := protocol.CommonsID{EntryID: first.ID()}
	founder, err := b.inception(protocol.RoleAuthor, index, as, protocol.Person)
	if err != nil {
		return id, err
	}
	founder.Commons = id
	second, err := protocol.NewInception(at, founder)
	if err != nil {
		return id, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	c, err := b.newCommons(id)
	if err != nil {
		return id, err
	}
	c.row.Me, c.row.MyName, c.row.KeyIndex, c.row.Steward = second.Log.EntryID, as, index, true
	b.meta.KeyIndex++
	if err := b.foundLogs(c, doc, first, second); err != nil {
		b.broken = err
		return id, err
	}
	return id, nil
}

func (b *batch) foundLogs(c *openCommons, doc map[string]protocol.Value, first, second protocol.Entry) error {
	governing, err := b.create(c.no, first)
	if err == nil {
		err = b.holdOwn(governing, first)
	}
	if err != nil {
		return err
	}
	body := first.Body.(*protocol.Inception)
	steward := protocol.Steward{Log: second.Log, Key: body.KeySet.Keys[0]}
	if _, err := b.write(c, governing, charter.Found(doc, c.id(), c.row.MyName, steward)); err != nil {
		return err
	}
	own, err := b.create(c.no, second)
	if err == nil {
		err = b.holdOwn(own, second)
	}
	if err != nil {
		return err
	}
	_, err = b.write(c, governing, &protocol.Witnesses{Members: []protocol.LogID{second.Log}})
	return err
}

// inception returns the inception of an own log, complete but for what ties it
// to a commons.
func (b *batch) inception(role protocol.Role, index uint32, name string, kind protocol.AgentType) (*protocol.Inception, error) {
	now, err := protocol.DeriveKey(b.l.seed, role, index, 0)
	if err != nil {
		return nil, err
	}
	next, err := protocol.DeriveKey(b.l.seed, role, index, 1)
	if err != nil {
		return nil, err
	}
	body := &protocol.Inception{
		KeySet: protocol.KeySet{
			Keys: []protocol.PublicKey{now.Public()}, Threshold: 1,
			Next: protocol.NextDigest([]protocol.PublicKey{next.Public()}, 1),
		},
		Agent: protocol.AgentCard{Name: protocol.PlainText(name), Type: kind},
	}
	_, err = io.ReadFull(b.l.rand, body.Nonce[:])
	return body, err
}

// newCommons begins to hold a commons.
func (b *batch) newCommons(id protocol.CommonsID) (*openCommons, error) {
	if b.meta.Commons == 1<<16-1 {
		return nil, fmt.Errorf("%w: a node holds at most 65,535 commons", ErrInvalid)
	}
	no := commonsNo(b.meta.Commons)
	b.meta.Commons++
	c := &openCommons{
		commonsState: &commonsState{row: commonsRow{ID: id.EntryID, Charter: -1}, sum: &rules.Accumulator{}, votesUpTo: -1, inForce: -1},
		no:           no, touched: map[string]rules.Table{},
	}
	b.commons[no] = c
	return c, nil
}

// Follow begins to hold a commons: from now on its charter log is admitted, and
// whatever that admits. Following again changes nothing.
func (l *Ledger) Follow(ctx context.Context, id protocol.CommonsID) error {
	return l.write(ctx, draftGuess, func(b *batch) error {
		if _, held := b.l.byID[id]; held || b.begins(id) {
			return nil
		}
		b.own = true
		_, err := b.newCommons(id)
		return err
	})
}

// begins reports whether this batch begins to hold a commons: several callers
// that follow one at the same time share a commit.
func (b *batch) begins(id protocol.CommonsID) bool {
	for _, c := range b.commons {
		if c.id() == id {
			return true
		}
	}
	return false
}

// Join writes the inception of this node's member into a commons, admitted by
// an invitation. It returns a *protocol.GapError as long as the charter or the
// log that gave the invitation is not held, and ErrExpired, ErrWithdrawn or
// ErrUsedUp, with nothing written, if the invitation lets nobody else in.
func (l *Ledger) Join(ctx context.Context, link protocol.Link, as string) (Written, error) {
	as, err := cleanName(as)
	if err != nil {
		return Written{}, fmt.Errorf("your name: %w", err)
	}
	if err := l.usable(ctx, link); err != nil {
		return Written{}, err
	}
	var entry protocol.Entry
	err = l.write(ctx, 2*draftGuess, func(b *batch) error {
		no, held := b.l.byID[link.Commons]
		if !held {
			return fmt.Errorf("%w: %v", protocol.ErrUnknownCommons, link.Commons)
		}
		c, err := b.openCommonsNo(no)
		if err == nil {
			entry, err = b.join(c, link, as)
		}
		return err
	})
	if err != nil {
		return Written{}, err
	}
	return l.written(ctx, entry)
}

func (b *batch) join(c *openCommons, link protocol.Link, as string) (protocol.Entry, error) {
	if !c.row.Me.IsZero() {
		return protocol.Entry{}, fmt.Errorf("%w: this node is a member of %s as %s", ErrExists, c.name(), c.row.MyName)
	}
	if c.inForce < 1 {
		return protocol.Entry{}, &protocol.GapError{Log: c.id().Charter(), Next: c.inForce + 1}
	}
	if _, _, err := b.l.invitation(link); err != nil {
		return protocol.Entry{}, err
	}
	index := b.meta.KeyIndex
	body, err := b.inception(protocol.RoleAuthor, index, as, protocol.Person)
	if err != nil {
		return protocol.Entry{}, err
	}
	body.Commons = c.id()
	body.Grant = protocol.SignGrant(link.Key, link.Invite, c.inForce, body)
	first, err := protocol.NewInception(protocol.TimeOf(b.l.now()), body)
	if err != nil {
		return first, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := b.l.admits(c.commonsState, first, body); err != nil {
		return first, err
	}
	c.row.Me, c.row.MyName, c.row.KeyIndex = first.Log.EntryID, as, index
	b.meta.KeyIndex++
	log, err := b.create(c.no, first)
	if err == nil {
		err = b.holdOwn(log, first)
	}
	return first, err
}

// Invite writes an invitation and returns the link that admits whoever holds
// it. The caller adds addresses of peers.
func (l *Ledger) Invite(ctx context.Context, id protocol.CommonsID, uses int64, expiry time.Time) (protocol.Link, error) {
	var secret [32]byte
	if _, err := io.ReadFull(l.rand, secret[:]); err != nil {
		return protocol.Link{}, err
	}
	if !expiry.After(l.now()) {
		return protocol.Link{}, fmt.Errorf("%w: it would expire before it is given", ErrInvalid)
	}
	k := protocol.NewPrivateKey(secret)
	w, err := l.Submit(ctx, Draft{Commons: id, Body: &protocol.Invite{
		Key: k.Public(), Role: "member", Uses: uses, Expiry: expiry.UnixMilli(),
	}})
	if err != nil {
		return protocol.Link{}, err
	}
	witnesses, err := l.settledWitnesses(ctx, id)
	return protocol.Link{
		Commons: id, Invite: w.Entry.ID(), Giver: w.Entry.Log, Key: k, Expiry: expiry.UnixMilli(),
		Witnesses: witnesses,
	}, err
}

// settledWitnesses returns the newest witness set that is settled, zero if none
// is.
func (l *Ledger) settledWitnesses(ctx context.Context, id protocol.CommonsID) (protocol.EntryID, error) {
	row, err := l.logByID(id.Charter())
	if err != nil || row.Settled.Seq < 0 {
		return protocol.EntryID{}, err
	}
	var found protocol.EntryID
	for e, err := range l.Entries(ctx, protocol.Range{Log: id.Charter(), Last: row.Settled.Seq}) {
		if err != nil {
			return found, err
		}
		if e.Kind == protocol.KindWitnesses {
			found = e.ID()
		}
	}
	return found, nil
}

func (l *Ledger) written(ctx context.Context, e protocol.Entry) (Written, error) {
	status, err := l.Entry(ctx, e.ID())
	return Written{Entry: e, State: status.State, Reason: status.Reason}, err
}
