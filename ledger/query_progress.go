package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// maxOverdue bounds the promises that Progress names.
const maxOverdue = 100

// Progress says how far a plan has come: over its processes, and the commitments
// and intents that it names as its own or that are inputs or outputs of those.
// Overdue is what is open and due before a day, given as RFC 3339 or a date; an
// empty day makes nothing overdue. Its cost follows what names the plan and its
// processes.
func (l *Ledger) Progress(ctx context.Context, id protocol.EntryID, day string) (Progress, error) {
	r, err := l.Record(ctx, id)
	if err != nil {
		return Progress{}, err
	}
	if r.Type != plan.Plan {
		return Progress{}, fmt.Errorf("%w: %v is a %s, no plan", ErrInvalid, id, r.Type)
	}
	p := Progress{Plan: r}
	p.Due, _ = r.Fields["due"].(string)
	var before time.Time
	if day != "" {
		if before, err = flow.ParseTime(day); err != nil {
			return p, fmt.Errorf("%w: %q is no time", ErrInvalid, day)
		}
	}
	promises := map[protocol.EntryID]Record{}
	processes, err := l.within(ctx, r, plan.Process, "plannedWithin")
	if err != nil {
		return p, err
	}
	for _, process := range processes {
		p.Processes++
		if finished, _ := process.Fields["finished"].(bool); finished {
			p.Finished++
		}
	}
	for _, part := range append(processes, r) {
		relations := []string{"inputOf", "outputOf"}
		if part.ID == r.ID {
			relations = []string{"plannedWithin", "independentDemandOf"}
		}
		for _, class := range []string{plan.Commitment, plan.Intent} {
			found, err := l.within(ctx, part, class, relations...)
			if err != nil {
				return p, err
			}
			for _, promise := range found {
				promises[promise.ID] = promise
			}
		}
	}
	return p, l.weigh(&p, promises, before)
}

// within returns the records of a class that have their effect and name another
// one by one of some relations, or are named by it from the other side.
func (l *Ledger) within(ctx context.Context, r Record, class string, relations ...string) (all []Record, err error) {
	seen := map[protocol.EntryID]bool{}
	add := func(found Record) {
		if found.Type == class && !seen[found.ID] && (found.State == Pending || found.State == Settled) {
			seen[found.ID] = true
			all = append(all, found)
		}
	}
	for _, relation := range relations {
		for _, other := range plan.Inverse(relation) {
			for _, id := range plan.LinksIn(r.Fields[other]) {
				if found, err := l.Record(ctx, id); err == nil {
					add(found)
				}
			}
		}
		for after := ""; ; {
			page, next, err := l.Records(ctx, r.Commons, RecordFilter{Type: class, Target: r.ID, Relation: relation}, Page{After: after, Limit: maxPage})
			if err != nil {
				return nil, err
			}
			for _, found := range page {
				add(found)
			}
			if after = next; next == "" {
				break
			}
		}
	}
	return all, nil
}

// weigh counts the promises of a plan.
func (l *Ledger) weigh(p *Progress, promises map[protocol.EntryID]Record, before time.Time) error {
	for _, r := range promises {
		done, err := l.fulfilled(r)
		if err != nil {
			return err
		}
		all, kept := &p.Commitments, &p.Fulfilled
		if r.Type == plan.Intent {
			all, kept = &p.Intents, &p.Satisfied
		}
		*all++
		if done {
			*kept++
		} else if due, is := plan.TimeIn(r.Fields["due"]); is && due.Before(before) {
			p.Overdue = append(p.Overdue, r.ID)
		}
	}
	slices.SortFunc(p.Overdue, protocol.EntryID.Compare)
	p.Overdue = p.Overdue[:min(len(p.Overdue), maxOverdue)]
	return nil
}
