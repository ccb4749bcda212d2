package ledger

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// Credits that one payment claims, and sources looked at in search of them.
const maxClaims = 256

// claiming fills in the watermarks of a payment that is about to be written: as
// many settled credits as it needs to stay above the payer's limit. Whatever is
// no payment, or brings its own watermarks, is returned as it is.
func (b *batch) claiming(c *openCommons, log *openLog, body protocol.Body) (protocol.Body, error) {
	event, is := body.(*protocol.Event)
	if !is || event.Currency == "" || len(event.Claims) > 0 || event.ResourceQuantity == nil {
		return body, nil
	}
	claims, err := b.claimsFor(c, log, event.Currency, rules.TotalOf(event.ResourceQuantity.Amount()))
	if err != nil || len(claims) == 0 {
		return body, err
	}
	paying := *event
	paying.Claims = claims
	return &paying, nil
}

// claimsFor returns the watermarks that a log needs to pay an amount, none if it
// has claimed enough.
func (b *batch) claimsFor(c *openCommons, log *openLog, currency string, amount rules.Total) ([]protocol.Watermark, error) {
	x := b.context(c)
	purse, err := account.ReadPurse(x, log.log(), currency)
	if err != nil {
		return nil, err
	}
	terms := c.currentTerms()
	admitted, err := x.Get(rules.Admitted, log.ID[:])
	if err != nil {
		return nil, err
	}
	payer := account.Payer{Terms: terms, Admitted: !terms.Open || admitted != nil}
	left := purse.Left().Add(account.Limit(c.id(), payer, log.log(), currency))
	if !amount.Above(left) {
		return nil, nil
	}
	var claims []protocol.Watermark
	accounts, err := b.accountsOf(c, log)
	for _, of := range accounts {
		if err != nil {
			break
		}
		claims, err = b.claimable(c, log, of, claims)
	}
	return claims, err
}

// accountsOf returns the accounts whose credits a log may claim: its own, and
// those of the records that a settled charter entry binds to it.
func (b *batch) accountsOf(c *openCommons, log *openLog) ([]protocol.AgentID, error) {
	all := []protocol.AgentID{log.log().Agent()}
	x := b.context(c)
	records, err := account.Records(x, log.log())
	for _, r := range records {
		if err != nil {
			break
		}
		var since int64
		if _, since, err = account.BoundTo(x, r); since <= c.inForce {
			all = append(all, r)
		}
	}
	return all, err
}

// claimable appends a watermark for every source log that has settled credits
// for an account which are not claimed yet.
func (b *batch) claimable(c *openCommons, log *openLog, of protocol.AgentID, claims []protocol.Watermark) ([]protocol.Watermark, error) {
	x := b.context(c)
	prefix := stateKey(c.no, rules.Unclaimed, account.UnclaimedPrefix(of))
	found := slices.Clone(claims)
	err := b.scan(prefix, nil, func(k, v []byte) (bool, error) {
		source, err := b.openLog(protocol.LogID{EntryID: idFrom(k[len(prefix):])})
		if err != nil || source == nil || source == log {
			return true, err
		}
		last, err := account.LastMark(x, log.log(), of, source.log())
		if err != nil {
			return false, err
		}
		seq := min(account.UnclaimedSeq(v), source.decided())
		if seq <= last.Head.Seq {
			return true, nil
		}
		e, err := b.entryAt(source, seq)
		if err != nil {
			return false, err
		}
		found = append(found, protocol.Watermark{Account: of, Log: source.log(), Seq: seq, CID: e.ID()})
		return len(found) < maxClaims, nil
	})
	return found, err
}
