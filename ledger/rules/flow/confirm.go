package flow

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// MaxVerdicts bounds how often one member may change its verdict on one entry.
const MaxVerdicts = 16

var errDamagedRow = errors.New("a row of the state has the wrong length")

// voice is one verdict in the row of a member and a target.
type voice struct {
	seq  int64
	time protocol.Time
	says byte
}

const (
	voiceSize = 17

	saysNothing  = 0
	saysConfirm  = 1
	saysDispute  = 2
	saysWithdraw = 3
	asSteward    = 0x80 // with one of the others: a steward by the charter that the verdict pins
	asStranger   = 0x40 // with one of the others: it does not count, see Speaks

	says = 0x0f // the verdict alone
)

var verdictCodes = map[protocol.Verdict]byte{
	protocol.VerdictConfirm:  saysConfirm,
	protocol.VerdictDispute:  saysDispute,
	protocol.VerdictWithdraw: saysWithdraw,
}

// VoiceKey returns the key in table Voices of what a log says of a target.
func VoiceKey(target protocol.EntryID, log protocol.LogID) []byte {
	return append(append(make([]byte, 0, 64), target[:]...), log.EntryID[:]...)
}

func voices(c rules.Rows, target protocol.EntryID, log protocol.LogID) ([]voice, error) {
	row, err := c.Get(rules.Voices, VoiceKey(target, log))
	if err != nil {
		return nil, err
	}
	if len(row)%voiceSize != 0 {
		return nil, errDamagedRow
	}
	var all []voice
	for ; len(row) > 0; row = row[voiceSize:] {
		all = append(all, voiceFrom(row))
	}
	return all, nil
}

func voiceFrom(row []byte) voice {
	return voice{seq: int64(binary.BigEndian.Uint64(row)), time: protocol.Time(binary.BigEndian.Uint64(row[8:])), says: row[16]}
}

func putVoices(c rules.Rows, target protocol.EntryID, log protocol.LogID, all []voice) {
	var row []byte
	for _, v := range all {
		row = binary.BigEndian.AppendUint64(row, uint64(v.seq))
		row = append(binary.BigEndian.AppendUint64(row, uint64(v.time)), v.says)
	}
	c.Put(rules.Voices, VoiceKey(target, log), row)
}

func latest(all []voice) byte {
	if len(all) == 0 {
		return saysNothing
	}
	return all[len(all)-1].says
}

// Withdrawn reports whether the last verdict of a log on a target is a
// withdrawal. Of an author's own invite, that takes the invite back.
func Withdrawn(c rules.Rows, target protocol.EntryID, log protocol.LogID) (bool, error) {
	all, err := voices(c, target, log)
	return latest(all)&says == saysWithdraw, err
}

// Confirms reports whether the last verdict of a log on a target confirms it.
func Confirms(c rules.Rows, target protocol.EntryID, log protocol.LogID) (bool, error) {
	all, err := voices(c, target, log)
	return latest(all)&says == saysConfirm, err
}

// tally counts the members whose last verdict confirms or disputes, and the
// stewards among those who confirm.
type tally struct{ confirms, disputes, stewards int64 }

const tallySize = 24

func tallyOf(c rules.Rows, target protocol.EntryID) (t tally, err error) {
	row, err := c.Get(rules.Tallies, target[:])
	if err != nil || len(row) == 0 {
		return t, err
	}
	if len(row) != tallySize {
		return t, errDamagedRow
	}
	for i, n := range []*int64{&t.confirms, &t.disputes, &t.stewards} {
		*n = int64(binary.BigEndian.Uint64(row[8*i:]))
	}
	return t, nil
}

func (t *tally) count(said byte, by int64) {
	if said&asStranger != 0 {
		return
	}
	switch said & says {
	case saysConfirm:
		t.confirms += by
		if said&asSteward != 0 {
			t.stewards += by
		}
	case saysDispute:
		t.disputes += by
	}
}

func (t tally) bytes() []byte {
	if t == (tally{}) {
		return nil
	}
	b := make([]byte, 0, tallySize)
	for _, n := range []int64{t.confirms, t.disputes, t.stewards} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

// counting returns how many of the confirmations count.
func (t tally) counting(n Need) int64 {
	if n.ByStewards {
		return t.stewards
	}
	return t.confirms
}

// JudgeConfirm returns why a verdict has no effect, or rules.Valid. It looks at
// the author's own earlier verdicts only, never at the target, which may not be
// held yet.
func JudgeConfirm(c rules.Context, e protocol.Entry, b *protocol.Confirm) (rules.Reason, error) {
	all, err := voices(c, b.Target, e.Log)
	if err == nil && len(all) >= MaxVerdicts {
		return rules.TooManyVerdicts, nil
	}
	return rules.Valid, err
}

// RefuseConfirm returns why a verdict that is about to be written would be in
// vain: its target is neither an event nor a declaration of use nor a set of
// witnesses that the author is to belong to, or is the author's own contribution
// or use.
func RefuseConfirm(log protocol.LogID, target protocol.Entry, verdict protocol.Verdict) rules.Reason {
	if target.Log == log && verdict == protocol.VerdictWithdraw && target.Kind == protocol.KindInvite {
		return rules.Valid
	}
	if set, is := target.Body.(*protocol.Witnesses); is && slices.Contains(set.Members, log) {
		return rules.Valid
	}
	if use, is := target.Body.(*protocol.Declare); is {
		if use.Agent == log.Agent() {
			return rules.SelfConfirmation
		}
		return rules.Valid
	}
	event, is := target.Body.(*protocol.Event)
	if !is {
		return rules.NotConfirmable
	}
	if event.Provider == log.Agent() {
		return rules.SelfConfirmation
	}
	return rules.Valid
}

// ApplyConfirm counts a verdict, or takes it back: the last one of its author
// that stands. If the target is an event that has its effect, the totals follow;
// it returns whether they do.
func ApplyConfirm(c rules.Context, e protocol.Entry, b *protocol.Confirm, sign rules.Sign) (bool, error) {
	if err := speak(c, e, b, sign); err != nil {
		return false, err
	}
	target, effective, err := c.Lookup(b.Target)
	if err != nil {
		return false, err
	}
	event, is := target.Body.(*protocol.Event)
	if !is || !effective || event.Currency != "" { // money is no contribution
		return false, markEarly(c, b.Target)
	}
	return Recount(c, target, event)
}

func speak(c rules.Context, e protocol.Entry, b *protocol.Confirm, sign rules.Sign) error {
	all, err := voices(c, b.Target, e.Log)
	if err != nil {
		return err
	}
	t, err := tallyOf(c, b.Target)
	if err != nil {
		return err
	}
	t.count(latest(all), -1)
	if sign == rules.Undo {
		if len(all) == 0 || all[len(all)-1].seq != e.Seq {
			return errDamagedRow
		}
		all = all[:len(all)-1]
	} else {
		terms, err := c.Terms(e.Charter)
		if err != nil {
			return err
		}
		v := voice{seq: e.Seq, time: e.Time, says: verdictCodes[b.Verdict]}
		if terms.Steward(e.Log) {
			v.says |= asSteward
		}
		speaks, err := Speaks(c, e)
		if err != nil {
			return err
		}
		if !speaks {
			v.says |= asStranger
		}
		all = append(all, v)
	}
	t.count(latest(all), 1)
	putVoices(c, b.Target, e.Log, all)
	c.Put(rules.Tallies, b.Target[:], t.bytes())
	return nil
}

// VoicesFrom returns the verdicts in a row of table Voices, which is that of a
// log.
func VoicesFrom(log protocol.LogID, row []byte) []Voice {
	var all []Voice
	for ; len(row) >= voiceSize; row = row[voiceSize:] {
		v := voiceFrom(row)
		said := Voice{Log: log, Seq: v.seq, Time: v.time, Steward: v.says&asSteward != 0, Stranger: v.says&asStranger != 0}
		for verdict, code := range verdictCodes {
			if code == v.says&says {
				said.Verdict = verdict
			}
		}
		all = append(all, said)
	}
	return all
}
