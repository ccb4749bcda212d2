package ledger

import "github.com/minga-commons/minga/protocol"

// doing is what is to be done in a log, or in all of them.
type doing byte

const (
	doAdvance    doing = iota // give effect to what waits no longer
	doRecount                 // count the votes for it
	doRecountAll              // count the votes for every log of a commons
	doRejudge                 // look again at the events that name an entry
	doRebuild                 // work out a resource from all events on it
	doMended                  // look again whether the corrections of an event count
)

// task is something that an entry makes necessary in other logs. Tasks are done
// one after another before the batch goes on, so that nothing recurses; none
// depends on the order in which they are done.
type task struct {
	do      doing
	log     logNo
	commons commonsNo        // for what is not about one log
	entry   protocol.EntryID // for doRejudge, doRebuild and doMended: the entry, or the resource
}

// later puts off a task, once.
func (b *batch) later(t task) {
	if _, waits := b.waiting[t]; waits {
		return
	}
	b.waiting[t] = struct{}{}
	b.tasks = append(b.tasks, t)
}

// work does what was put off, until nothing is left.
func (b *batch) work() error {
	for len(b.tasks) > 0 {
		t := b.tasks[0]
		b.tasks = b.tasks[1:]
		delete(b.waiting, t)
		if err := b.do(t); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) do(t task) error {
	switch t.do {
	case doRecountAll, doRejudge, doRebuild, doMended:
		c, err := b.openCommonsNo(t.commons)
		if err != nil {
			return err
		}
		switch t.do {
		case doRejudge:
			return b.rejudgeNaming(c, t.entry)
		case doRebuild:
			return b.rebuild(c, t.entry)
		case doMended:
			return b.recountCorrections(c, t.entry)
		}
		return b.eachLog(c.no, func(log *openLog) error {
			b.putUnvoted(c, log)
			b.later(task{do: doRecount, log: log.no})
			return nil
		})
	}
	log, err := b.openLogNo(t.log)
	if err != nil {
		return err
	}
	if t.do == doAdvance {
		return b.advance(log)
	}
	return b.recount(b.commons[log.Commons], log)
}
