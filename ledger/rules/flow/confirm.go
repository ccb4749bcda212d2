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
	seq     int64
	verdict byte
}

const (
	voiceSize = 9

	saysNothing  = 0
	saysConfirm  = 1
	saysDispute  = 2
	saysWithdraw = 3
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
		all = append(all, voice{seq: int64(binary.BigEndian.Uint64(row)), verdict: row[8]})
	}
	return all, nil
}

func putVoices(c rules.Rows, target protocol.EntryID, log protocol.LogID, all []voice) {
	var row []byte
	for _, v := range all {
		row = append(binary.BigEndian.AppendUint64(row, uint64(v.seq)), v.verdict)
	}
	c.Put(rules.Voices, VoiceKey(target, log), row)
}

func latest(all []voice) byte {
	if len(all) == 0 {
		return saysNothing
	}
	return all[len(all)-1].verdict
}

// Withdrawn reports whether the last verdict of a log on a target is a
// withdrawal. Of an author's own invite, that takes the invite back.
func Withdrawn(c rules.Rows, target protocol.EntryID, log protocol.LogID) (bool, error) {
	all, err := voices(c, target, log)
	return latest(all) == saysWithdraw, err
}

// Confirms reports whether the last verdict of a log on a target confirms it.
func Confirms(c rules.Rows, target protocol.EntryID, log protocol.LogID) (bool, error) {
	all, err := voices(c, target, log)
	return latest(all) == saysConfirm, err
}

// tally counts the members whose last verdict confirms or disputes.
type tally struct{ confirms, disputes int64 }

func tallyOf(c rules.Rows, target protocol.EntryID) (tally, error) {
	row, err := c.Get(rules.Tallies, target[:])
	if err != nil || len(row) == 0 {
		return tally{}, err
	}
	if len(row) != 16 {
		return tally{}, errDamagedRow
	}
	return tally{int64(binary.BigEndian.Uint64(row)), int64(binary.BigEndian.Uint64(row[8:]))}, nil
}

func (t *tally) count(verdict byte, by int64) {
	switch verdict {
	case saysConfirm:
		t.confirms += by
	case saysDispute:
		t.disputes += by
	}
}

func (t tally) bytes() []byte {
	if t == (tally{}) {
		return nil
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(t.confirms))
	return binary.BigEndian.AppendUint64(b, uint64(t.disputes))
}

// Confirmed reports whether an event meets the confirmation rule of the charter
// under which it was written: enough distinct members confirm it, the provider
// excluded, and nobody disputes it. Recording an event for somebody else is the
// author's voice, unless it was imported.
func Confirmed(c rules.Context, e protocol.Entry, b *protocol.Event) (bool, error) {
	terms, err := c.Terms(e.Charter)
	if err != nil {
		return false, err
	}
	t, err := tallyOf(c, e.ID())
	if err != nil {
		return false, err
	}
	if t != (tally{}) {
		own, err := voices(c, e.ID(), protocol.LogID(b.Provider))
		if err != nil {
			return false, err
		}
		t.count(latest(own), -1)
	}
	if authorSpeaks(e, b) {
		said, err := voices(c, e.ID(), e.Log)
		if err != nil {
			return false, err
		}
		if len(said) == 0 {
			t.confirms++
		}
	}
	return t.meets(terms), nil
}

// authorSpeaks reports whether recording the event is its author's voice: it was
// recorded for somebody else, and not imported.
func authorSpeaks(e protocol.Entry, b *protocol.Event) bool {
	return b.Source == "" && e.Log.Agent() != b.Provider
}

func (t tally) meets(terms rules.Terms) bool {
	return t.confirms >= terms.Confirmation.Base.Required && t.disputes == 0
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
// that stands. If the target is an event that has its effect, the totals follow.
func ApplyConfirm(c rules.Context, e protocol.Entry, b *protocol.Confirm, sign rules.Sign) error {
	target, effective, err := c.Lookup(b.Target)
	if err != nil {
		return err
	}
	event, is := target.Body.(*protocol.Event)
	follow := is && effective && event.Currency == "" // money is no contribution
	var before, after bool
	if follow {
		if before, err = Confirmed(c, target, event); err != nil {
			return err
		}
	}
	if err := speak(c, e, b, sign); err != nil {
		return err
	}
	if !follow {
		return markEarly(c, b.Target)
	}
	if after, err = Confirmed(c, target, event); err != nil || before == after {
		return err
	}
	return change(c, event, func(s *Sums, q rules.Total) {
		if after {
			s.Confirmed = s.Confirmed.Add(q)
		} else {
			s.Confirmed = s.Confirmed.Sub(q)
		}
	})
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
		all = append(all, voice{seq: e.Seq, verdict: verdictCodes[b.Verdict]})
	}
	t.count(latest(all), 1)
	putVoices(c, b.Target, e.Log, all)
	c.Put(rules.Tallies, b.Target[:], t.bytes())
	return nil
}

// VoiceSeqs returns the sequence numbers of the verdicts in a row of table
// Voices.
func VoiceSeqs(row []byte) []int64 {
	var all []int64
	for ; len(row) >= voiceSize; row = row[voiceSize:] {
		all = append(all, int64(binary.BigEndian.Uint64(row)))
	}
	return all
}
