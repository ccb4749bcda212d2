package naive

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// Resource is what is shown of a resource.
type Resource struct {
	Accounting string // with its unit
	Onhand     string
	Fields     map[string]string
	Contested  []string
	Leaves     []protocol.EntryID
	Events     int64
}

// String returns all of it on one line.
func (r Resource) String() string {
	text := fmt.Sprintf("%s accounted, %s on hand, %d events, after", r.Accounting, r.Onhand, r.Events)
	slices.SortFunc(r.Leaves, protocol.EntryID.Compare)
	for _, id := range r.Leaves {
		text += " " + id.String()
	}
	for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
		if r.Fields[f] != "" {
			text += fmt.Sprintf(", %s %s", f, r.Fields[f])
		}
	}
	slices.Sort(r.Contested)
	return text + ", contested " + strings.Join(r.Contested, "; ")
}

// deed is what one event does to one resource.
type deed struct {
	act
	acc, hand   int64
	accGone     bool // passed to whoever receives it, who counts it elsewhere
	handGone    bool
	sets, whole map[string]string
	after       []*deed
	placed      bool
}

// Resource returns a resource, false if its creating event has no effect.
func (s *State) Resource(id protocol.EntryID) (Resource, bool) {
	x, counts := s.counts(id)
	if !counts {
		return Resource{}, false
	}
	made, is := s.actOf(x)
	if !is || made.NewInventoriedResource == nil {
		return Resource{}, false
	}
	deeds := map[protocol.EntryID]*deed{}
	for y, e := range s.entries {
		if a, is := s.actOf(y); is && (a.from == id || a.to == id) {
			if _, counts := s.counts(e.ID()); counts {
				deeds[e.ID()] = a.deed(id)
			}
		}
	}
	s.order(deeds, id)
	r := Resource{Fields: map[string]string{}, Events: int64(len(deeds))}
	named := map[*deed]bool{}
	for _, d := range deeds {
		for _, p := range d.after {
			named[p] = named[p] || d.placed
		}
	}
	for _, d := range deeds {
		if d.placed && !named[d] {
			r.Leaves = append(r.Leaves, d.id)
		}
	}
	s.condition(&r, deeds, made)
	s.quantities(&r, deeds, made)
	return r, true
}

// deed works out what an event does to a resource.
func (a act) deed(id protocol.EntryID) *deed {
	d := &deed{act: a, sets: map[string]string{}, whole: map[string]string{}}
	from, to := a.from == id, a.to == id
	both := !a.from.IsZero() && !a.to.IsZero()
	passes := a.other() && !a.to.IsZero()
	acts := from // does the action itself act on this resource?
	if passes && a.is("in") && !a.is("out") {
		acts = to
	}
	add := func(acc, hand int64) { d.acc, d.hand = d.acc+acc, d.hand+hand }
	for word, n := range map[string]int64{"+": 1, "-": -1} {
		if acts && a.is("acc"+word) {
			add(n, 0)
		}
		if acts && a.is("hand"+word) {
			add(0, n)
		}
	}
	if to && a.is("acc+to") {
		add(1, 0)
	}
	if to && a.is("hand+to") {
		add(0, 1)
	}
	if a.is("acc>") {
		if to {
			add(1, 0)
		}
		if from && both {
			add(-1, 0)
		}
		d.accGone = from && !both
	}
	if a.is("hand>") {
		if to {
			add(0, 1)
		}
		if from && both {
			add(0, -1)
		}
		d.handGone = from && !both
	}
	if passes {
		n := int64(0)
		if a.is("everything") {
			n = 1
		}
		if to {
			add(n, 1)
		}
		if from {
			add(-n, -1)
		}
	}
	d.set(acts, from, to, passes)
	return d
}

func (d *deed) set(acts, from, to, passes bool) {
	takesBack := !d.Corrects.IsZero() && (d.ResourceQuantity != nil && d.ResourceQuantity.N < 0 || d.EffortQuantity != nil && d.EffortQuantity.N < 0)
	put := func(in map[string]string, field, value string) {
		if value != "" {
			in[field] = value
		}
	}
	if acts {
		if d.is("location") {
			put(d.sets, "currentLocation", d.ToLocation.String())
			if d.ToLocation.IsZero() {
				put(d.sets, "currentLocation", d.AtLocation.String())
			}
		}
		if d.is("state") {
			put(d.sets, "state", d.State)
		}
		if d.is("stage") {
			put(d.sets, "stage", d.Stage)
			if d.Stage == "" && !d.OutputOf.IsZero() && !takesBack {
				d.sets["stage"] = "by " + d.OutputOf.String()
			}
		}
		if d.is("into") && !d.InputOf.IsZero() && !takesBack {
			d.sets["containedIn"] = "by " + d.InputOf.String()
		}
		if d.is("outOf") && !takesBack {
			d.sets["containedIn"] = ""
		}
	}
	moves := d.is("acc>") || d.is("hand>")
	dest := map[string]string{}
	switch {
	case to:
		dest = d.sets
	case from && d.to.IsZero() && moves && d.Provider == d.Receiver:
		dest = d.sets
	case from && d.to.IsZero() && (moves || d.other()):
		dest = d.whole
	}
	if d.is("locationTo") || to && passes {
		put(dest, "currentLocation", d.ToLocation.String())
	}
	if d.is("stateTo") {
		put(dest, "state", d.State)
	}
	if !takesBack {
		if to && (d.is("ownerTo") || passes && d.is("everything")) {
			d.sets["primaryAccountable"] = d.Receiver.String()
		}
		loan := d.is("hand>") && !d.is("acc>")
		if d.to.IsZero() && (loan || d.other() && d.is("custody")) || to && (d.is("hand>") || passes) {
			put(dest, "custodian", d.Receiver.String())
		}
	}
	if d.NewInventoriedResource != nil && (d.is("born") && from || !d.is("born") && to) {
		d.begin(put)
	}
}

// begin sets what a resource begins with.
func (d *deed) begin(put func(in map[string]string, field, value string)) {
	n := d.NewInventoriedResource
	owner, custodian := d.Receiver, d.Receiver
	if !d.is("owner") && !d.is("ownerTo") && !(d.other() && d.is("everything")) {
		owner = d.Provider
	} else if d.Action == "transferAllRights" {
		custodian = d.Provider
	}
	put(d.sets, "primaryAccountable", owner.String())
	put(d.sets, "primaryAccountable", n.PrimaryAccountable.String())
	put(d.sets, "custodian", custodian.String())
	for _, place := range []protocol.EntryID{d.AtLocation, d.ToLocation, n.CurrentLocation} {
		put(d.sets, "currentLocation", place.String())
	}
	put(d.sets, "containedIn", n.ContainedIn.String())
	put(d.sets, "stage", n.Stage)
	put(d.sets, "state", d.State)
	put(d.sets, "state", n.State)
}

// order finds after which others each deed has its place.
func (s *State) order(deeds map[protocol.EntryID]*deed, root protocol.EntryID) {
	for id, d := range deeds {
		d.placed = true
		if id == root {
			continue
		}
		names := slices.Clone(d.PreviousEvent)
		if !d.Corrects.IsZero() {
			names = append(names, d.Corrects)
		}
		for _, p := range names {
			if _, counts := s.counts(p); !counts {
				d.placed = false
			}
			if before := deeds[p]; before != nil && !slices.Contains(d.after, before) {
				d.after = append(d.after, before)
			}
		}
		if len(d.after) == 0 {
			d.after = []*deed{deeds[root]}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, d := range deeds {
			for _, p := range d.after {
				if d.placed && !p.placed {
					d.placed, changed = false, true
				}
			}
		}
	}
}

// comesAfter reports whether one deed descends from another.
func (d *deed) comesAfter(other *deed) bool {
	return slices.ContainsFunc(d.after, func(p *deed) bool { return p == other || p.comesAfter(other) })
}

// settings returns what a deed sets on a resource that began in a way.
func (d *deed) settings(made act) map[string]string {
	sets := maps.Clone(d.sets)
	q, all := d.ResourceQuantity, made.ResourceQuantity
	if q == nil || q.N == 0 || q.Unit == all.Unit && rat(q).Cmp(rat(all)) == 0 {
		maps.Copy(sets, d.whole)
	}
	return sets
}

func rat(q *protocol.Quantity) *big.Rat {
	r, _ := new(big.Rat).SetString(q.Amount().String())
	return r
}

func (s *State) condition(r *Resource, deeds map[protocol.EntryID]*deed, made act) {
	for _, field := range []string{"primaryAccountable", "custodian", "currentLocation", "containedIn", "stage", "state"} {
		var last []*deed
		for _, d := range deeds {
			if _, sets := d.settings(made)[field]; !sets || !d.placed {
				continue
			}
			covered := false
			for _, other := range deeds {
				_, sets := other.settings(made)[field]
				covered = covered || sets && other.placed && other.comesAfter(d)
			}
			if !covered {
				last = append(last, d)
			}
		}
		slices.SortFunc(last, func(a, b *deed) int { return a.id.Compare(b.id) })
		var claims []string
		first, differs := "", false
		for _, d := range last {
			value, says := s.shows(field, d.settings(made)[field])
			if !says {
				continue
			}
			if len(claims) == 0 {
				first = value
			}
			differs = differs || value != first
			claims = append(claims, d.id.String()+" "+value)
		}
		r.Fields[field] = first
		if differs {
			r.Contested = append(r.Contested, field+": "+strings.Join(claims, ", "))
		}
	}
}

// shows returns what a value leads to, and false for nothing.
func (s *State) shows(field, value string) (string, bool) {
	process, by := strings.CutPrefix(value, "by ")
	if !by {
		if field == "primaryAccountable" || field == "custodian" {
			return s.person(value), true
		}
		return value, true
	}
	id, err := protocol.ParseID(process)
	if err != nil {
		return "", false
	}
	if field == "stage" {
		x, held := s.at[id]
		if !held {
			return "", false
		}
		record, is := s.entries[x].Body.(*protocol.Record)
		if !is {
			return "", false
		}
		_, fields := s.amended(x, record)
		on, is := fields["basedOn"].(protocol.EntryID)
		return on.String(), is
	}
	var least protocol.EntryID
	for y, e := range s.entries {
		a, is := s.actOf(y)
		_, counts := s.counts(e.ID())
		if is && counts && a.OutputOf == id && (a.Action == "produce" || a.Action == "modify") && !a.from.IsZero() &&
			(least.IsZero() || a.from.Compare(least) < 0) {
			least = a.from
		}
	}
	return least.String(), !least.IsZero()
}

// person returns who speaks for an agent: the log to which a record is bound.
func (s *State) person(text string) string {
	id, err := protocol.ParseID(text)
	if err != nil {
		return text
	}
	head := s.Logs[s.commons.Charter()].Pending.CID
	if x, held := s.at[head]; held {
		if log := s.boundTo(id, x); !log.IsZero() {
			return log.String()
		}
	}
	return text
}

func (s *State) quantities(r *Resource, deeds map[protocol.EntryID]*deed, made act) {
	unit := made.ResourceQuantity.Unit
	acc, hand := new(big.Rat), new(big.Rat)
	gone := [2]map[string]*big.Rat{{}, {}}
	for _, d := range deeds {
		if d.ResourceQuantity == nil {
			continue
		}
		q := rat(d.ResourceQuantity)
		size := big.NewRat(sizes[d.ResourceQuantity.Unit], sizes[unit])
		if kinds[d.ResourceQuantity.Unit] != kinds[unit] {
			size.SetInt64(0) // only where it changes nothing
		}
		q.Mul(q, size)
		acc.Add(acc, new(big.Rat).Mul(q, big.NewRat(d.acc, 1)))
		hand.Add(hand, new(big.Rat).Mul(q, big.NewRat(d.hand, 1)))
		for i, passed := range []bool{d.accGone, d.handGone} {
			for who, n := range map[string]*big.Rat{"to " + s.person(d.Receiver.String()): q, "from " + s.person(d.Provider.String()): new(big.Rat).Neg(q)} {
				_, who, _ = strings.Cut(who, " ")
				if gone[i][who] == nil {
					gone[i][who] = new(big.Rat)
				}
				if passed {
					gone[i][who].Add(gone[i][who], n)
				}
			}
		}
	}
	homes := []string{r.Fields["primaryAccountable"], s.person(deeds[made.id].sets["primaryAccountable"])}
	for i, sum := range []*big.Rat{acc, hand} {
		back := new(big.Rat)
		for who, n := range gone[i] {
			if slices.Contains(homes, who) {
				back.Add(back, n)
			} else if n.Sign() > 0 {
				sum.Sub(sum, n)
			}
		}
		if back.Sign() > 0 {
			sum.Add(sum, back)
		}
	}
	r.Accounting, r.Onhand = decimal(acc)+" "+unit, decimal(hand)+" "+unit
}

// decimal writes a number with nine places at most.
func decimal(r *big.Rat) string {
	text := strings.TrimRight(r.FloatString(9), "0")
	if text = strings.TrimSuffix(text, "."); text == "-0" || text == "" {
		return "0"
	}
	return text
}
