package sim

import (
	"flag"
	"strings"
	"testing"
)

var (
	seeds = flag.Int("seeds", 200, "how many seeds to run")
	seed  = flag.Uint64("seed", 0, "run this seed alone, and print its trace")
)

func TestSeeds(t *testing.T) {
	if *seed != 0 {
		r := Run(*seed, Options{})
		t.Logf("seed %d: %d nodes, %d steps, %d entries, %d crashes, healed after %v, trace %s",
			r.Seed, r.Nodes, r.Steps, r.Entries, r.Crashes, r.Healed, r.Trace)
		t.Log("the end of the trace:\n" + strings.Join(r.Tail, "\n"))
		if r.Err != nil {
			t.Error(r.Err)
		}
		return
	}
	steps, entries, crashes, repairs, restores := 0, 0, 0, 0, 0
	var sum Result
	var slowest Result
	for s := range uint64(*seeds) {
		r := Run(s+1, Options{})
		steps, entries, crashes, repairs = steps+r.Steps, entries+r.Entries, crashes+r.Crashes, repairs+r.Repairs
		restores += r.Restores
		sum.add(r)
		if r.Healed >= slowest.Healed {
			slowest = r
		}
		if r.Err != nil {
			t.Fatalf("seed %d: %v\nthe end of the trace:\n%s\nrun it again: go test ./node/sim -run TestSeeds -v -seed %d",
				r.Seed, r.Err, strings.Join(r.Tail, "\n"), r.Seed)
		}
	}
	// Cursors do nearly all of the work. Where comparisons are needed more often,
	// they hide that something is skipped.
	if allowed := 3 + *seeds/20; repairs > allowed {
		t.Errorf("%d repairs in %d seeds, more than %d", repairs, *seeds, allowed)
	}
	if *seeds >= 100 && restores == 0 {
		t.Error("no backup was ever put back")
	}
	if *seeds >= 100 && (sum.Paid == 0 || sum.Shared < *seeds/10 || sum.Refused == 0 || sum.Forks < *seeds/2 || sum.Frozen == 0 || sum.Forks == sum.Frozen || sum.Sets < *seeds || sum.Charter < *seeds || sum.Things < *seeds || sum.Contested < *seeds/10) {
		t.Errorf("too little has happened: %+v", sum)
	}
	t.Logf("%d payments and %d distributions settled, %d beyond the limit refused; %d logs forked, %d of them frozen at the end; %d sets of witnesses, %d versions of charters",
		sum.Paid, sum.Shared, sum.Refused, sum.Forks, sum.Frozen, sum.Sets, sum.Charter)
	t.Logf("%d resources, %d of them contested at the end", sum.Things, sum.Contested)
	t.Logf("%d seeds: %d steps, %d entries, %d crashes, %d backups put back, %d repairs; the slowest, %d, was whole %v after everything was healed",
		*seeds, steps, entries, crashes, restores, repairs, slowest.Seed, slowest.Healed)
}

func TestCalmNetworkNeedsNoRepair(t *testing.T) {
	r := Run(7, Options{Nodes: 8, Calm: true})
	if r.Err != nil || r.Crashes > 0 || r.Repairs > 0 {
		t.Errorf("%d crashes, %d repairs: %v", r.Crashes, r.Repairs, r.Err)
	}
}

func TestReplayIsIdentical(t *testing.T) {
	for s := uint64(1000); s < 1010; s++ {
		a, b := Run(s, Options{}), Run(s, Options{})
		if a.Err != nil {
			t.Fatalf("seed %d: %v", s, a.Err)
		}
		if a.Trace != b.Trace || a.Steps != b.Steps {
			t.Errorf("seed %d: traces %s and %s, %d and %d steps", s, a.Trace, b.Trace, a.Steps, b.Steps)
		}
	}
}

func (r *Result) add(o Result) {
	r.Shared += o.Shared
	r.Paid, r.Refused, r.Forks, r.Frozen = r.Paid+o.Paid, r.Refused+o.Refused, r.Forks+o.Forks, r.Frozen+o.Frozen
	r.Things, r.Contested = r.Things+o.Things, r.Contested+o.Contested
	r.Sets, r.Charter = r.Sets+o.Sets, r.Charter+o.Charter
}
