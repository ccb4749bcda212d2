package ledger

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// What one part holds at most, and what its items take of it at most.
const (
	linesInPart = 256
	headsInPart = 512 // and incomes

	partSize      = protocol.MaxProposal - 2048 // without what every part has
	headSize      = 112
	incomeSize    = 41
	lineSize      = 96 // and the name of the bucket
	watermarkSize = 168
)

// size is about what the parts of a distribution take, and their approvals.
func (d DistributionBody) size() int {
	size := 8*draftGuess + headSize*len(d.Cut) + incomeSize*len(d.Incomes)
	for _, line := range d.Lines {
		size += lineSize + len(line.Bucket)
	}
	return size
}

// cutUp deals the items of a distribution out to parts, each in its order. The
// first has the claims besides.
func (d DistributionBody) cutUp(claims []protocol.Watermark) []*protocol.Distribution {
	cut, incomes, lines := d.Cut, d.Incomes, d.Lines
	parts := []*protocol.Distribution{{Claims: claims}}
	room := partSize - watermarkSize*len(claims)
	part := parts[0]
	for len(cut)+len(incomes)+len(lines) > 0 {
		switch {
		case len(cut) > 0 && len(part.Cut) < headsInPart && room >= headSize:
			part.Cut, cut, room = append(part.Cut, cut[0]), cut[1:], room-headSize
		case len(cut) == 0 && len(incomes) > 0 && len(part.Incomes) < headsInPart && room >= incomeSize:
			part.Incomes, incomes, room = append(part.Incomes, incomes[0]), incomes[1:], room-incomeSize
		case len(cut)+len(incomes) == 0 && len(part.Lines) < linesInPart && room >= lineSize+len(lines[0].Bucket):
			room -= lineSize + len(lines[0].Bucket)
			part.Lines, lines = append(part.Lines, lines[0]), lines[1:]
		default:
			part = &protocol.Distribution{Part: int64(len(parts))}
			parts, room = append(parts, part), partSize
		}
	}
	return parts
}

// parts makes the entries of a distribution that follow an entry of the charter
// log.
func (d DistributionBody) parts(before protocol.Entry, claims []protocol.Watermark) ([]protocol.Entry, error) {
	for _, line := range d.Lines {
		if len(line.Bucket) == 0 || len(line.Bucket) > protocol.MaxName {
			return nil, fmt.Errorf("%w: the name of a bucket has %d bytes, and 1 to %d are allowed", ErrInvalid, len(line.Bucket), protocol.MaxName)
		}
	}
	digest, err := protocol.LinesDigest(d.Lines)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	bodies := d.cutUp(claims)
	if len(bodies) > account.MaxParts {
		return nil, fmt.Errorf("%w: a distribution of %d parts, where %d are allowed", ErrInvalid, len(bodies), account.MaxParts)
	}
	entries := make([]protocol.Entry, 0, len(bodies))
	for i, body := range bodies {
		body.Parts, body.Version, body.Currency, body.Digest = int64(len(bodies)), d.Version, d.Currency, digest
		if i == 0 {
			body.Amount = &d.Amount
			if d.Remainder.N != 0 {
				body.Remainder = &d.Remainder
			}
		} else {
			body.First = entries[0].ID()
		}
		e, err := protocol.New(protocol.Placement{
			Log: before.Log, Seq: before.Seq + 1, Prev: before.ID(), Time: d.AsOf, Charter: before.Seq,
		}, body)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		entries, before = append(entries, e), e
	}
	return entries, nil
}
