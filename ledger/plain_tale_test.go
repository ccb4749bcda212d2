package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// tale is a random history of a workshop of three members.
type tale struct {
	*shop
	rng       *rand.Rand
	stocks    map[string][]protocol.EntryID // by specification
	events    []protocol.EntryID
	open      []protocol.EntryID // processes without an output
	bodies    map[protocol.EntryID]*protocol.Event
	spec      map[protocol.EntryID]string
	incomes   []protocol.EntryID
	bound     bool
	committed int
	refused   map[string]int
	did       map[string]int
}

var stuff = map[string]string{"trigo": "kilogram", "harina": "kilogram", "pan": "one", "Sierra": "one", "Planos": "one"}

func newTale(t *testing.T, seed uint64) *tale {
	x := &tale{
		rng: rand.New(rand.NewPCG(seed, 11)), stocks: map[string][]protocol.EntryID{},
		bodies: map[protocol.EntryID]*protocol.Event{}, spec: map[protocol.EntryID]string{},
		refused: map[string]int{}, did: map[string]int{},
	}
	x.shop = newShop(t, x.charter(), "Cliente", "Tienda", "Luis", "Rosa")
	x.join("Mara")
	x.join("Beto")
	return x
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// charter returns rules of every kind.
func (x *tale) charter() table {
	r := x.rng
	doc := sharing()
	var buckets []protocol.Value
	left := 100
	for i := range 1 + r.IntN(3) {
		b := table{"name": []string{"uno", "dos", "tres"}[i], "rest": pick(r, "next", "next", "pool", "Taller")}
		if r.IntN(3) == 0 {
			n := r.IntN(left / 2)
			left -= n
			b["percent"] = fmt.Sprintf("%d.%d", n, r.IntN(10))
		} else {
			b["percent"], b["of"] = pick(r, "100", "75", "33.3"), "remaining"
		}
		if i == 0 && r.IntN(3) == 0 {
			b["to"] = pick(r, "Taller", "Ana")
			buckets = append(buckets, b)
			continue
		}
		b["policy"] = pick(r, "proportional", "proportional", "equal", "balanced")
		if r.IntN(4) == 0 {
			b["max"] = pick(r, "5.00", "20.00", "0.01")
		}
		if r.IntN(4) == 0 {
			b["min"] = pick(r, "0.01", "3.00", "1.50")
			if b["max"] == "0.01" {
				b["min"] = "0.01"
			} else if b["max"] == "5.00" && r.IntN(2) == 0 {
				b["min"] = "5.00"
			}
		}
		var list []protocol.Value
		if r.IntN(3) == 0 { // rules that have to do with what happens first
			list = append(list,
				table{"action": "cite", "percent": "12.5", "credit": pick(r, "source", "provider"), "claim": pick(r, "once", "debt")},
				table{"action": "use", "rate": "5", "per": "hour", "credit": "source", "claim": pick(r, "once", "debt"), "scope": pick(r, "period", "trace")},
				table{"action": "raise", "rate": "3"})
		}
		for range 2 + r.IntN(5) {
			list = append(list, x.rule())
		}
		b["rule"] = list
		buckets = append(buckets, b)
	}
	doc["bucket"] = buckets
	doc["streams"] = table{"care": pick(r, "1.5", "1", "0.7"), "love": pick(r, "1", "0")}
	if r.IntN(2) == 0 {
		doc["weight"] = []protocol.Value{
			table{"resource": "pan", "value": pick(r, "45", "3")}, table{"resource": "harina", "per": "kilogram", "value": "20"},
			table{"resource": "trigo", "per": "gram", "value": "0.07"},
		}
	}
	confirmation := table{"required": int64(r.IntN(3)), "by": pick(r, "members", "members", "stewards")}
	if confirmation["by"] == "stewards" {
		confirmation["required"] = int64(r.IntN(2))
	}
	if r.IntN(4) == 0 {
		confirmation["window"] = pick(r, "P1D", "P3D")
	}
	if r.IntN(2) == 0 {
		confirmation["rule"] = []protocol.Value{
			table{"above": "4", "per": "hour", "required": int64(2)},
			table{"action": pick(r, "work", "produce", "use"), "resource": pick(r, "huerta", "pan", "Sierra"), "required": int64(r.IntN(2)), "by": "stewards"},
			table{"process": "Hornear", "required": int64(0)},
		}
	}
	doc["confirmation"] = confirmation
	return doc
}

func (x *tale) rule() table {
	r := x.rng
	t := table{"scope": pick(r, "period", "trace"), "claim": pick(r, "once", "debt", "equity"), "stream": pick(r, "livelihood", "love", "care")}
	if r.IntN(4) == 0 {
		t["who"] = "members"
	}
	switch r.IntN(12) {
	case 0, 1, 2:
		t["action"], t["rate"], t["per"] = "work", pick(r, "10.00", "0.333", "25"), pick(r, "hour", "minute-Time")
		if r.IntN(3) == 0 {
			t["resource"] = pick(r, "huerta", "cuidado")
		}
		if r.IntN(5) == 0 {
			t["process"] = pick(r, "Hornear", "Moler")
		}
		if r.IntN(6) == 0 {
			t["plan"] = "Feria"
		}
	case 3:
		t["action"], t["rate"], t["per"] = "use", "5", "hour"
		t["credit"] = pick(r, "source", "provider")
	case 4, 5:
		t["action"], t["resource"], t["rate"], t["per"] = "transfer", "USD", pick(r, "1", "0.5"), "one"
	case 6, 10, 11:
		t["action"] = "cite"
		if r.IntN(3) > 0 {
			t["percent"] = pick(r, "10", "33.3")
			delete(t, "stream")
		} else {
			t["rate"] = "7"
		}
		t["credit"] = pick(r, "source", "provider")
	case 7:
		t["action"], t["rate"], t["per"] = pick(r, "raise", "produce"), "3", pick(r, "one", "kilogram")
	case 8:
		t["action"], t["rate"], t["per"], t["credit"] = "consume", "4", "kilogram", pick(r, "source", "provider")
	case 9:
		t["rate"], t["per"] = "2", pick(r, "one", "hour", "kilogram")
	}
	return t
}
