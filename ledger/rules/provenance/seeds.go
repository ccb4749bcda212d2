package provenance

import "math/big"

// Seeds are flows and parts of stocks whose origin is asked for.
type Seeds struct {
	flows map[int32]bool
	slots map[int32]*big.Rat
}

// Empty reports whether nothing is asked for.
func (s *Seeds) Empty() bool { return len(s.flows)+len(s.slots) == 0 }

func (s *Seeds) add(flow int32) {
	if s.flows == nil {
		s.flows = map[int32]bool{}
	}
	s.flows[flow] = true
}

// AddFlow asks for a whole flow, and what lies behind it.
func (s *Seeds) AddFlow(flow int) { s.add(int32(flow)) }

// AddStep asks for all that went into a step.
func (t *Tracer) AddStep(s *Seeds, step int) {
	for _, f := range t.inputs[step] {
		s.add(f)
	}
}

// AddStock asks for the whole of all that was ever fed into a stock.
func (t *Tracer) AddStock(s *Seeds, stock int) {
	for _, f := range t.on(stock) {
		s.add(f)
	}
}

// on returns the flows that feed a stock.
func (t *Tracer) on(stock int) (all []int32) {
	if stock >= len(t.stocks) {
		return nil
	}
	for k := t.stocks[stock][0]; k < t.stocks[stock][1]; k++ {
		if t.slots[k].feeds {
			all = append(all, t.slots[k].flow)
		}
	}
	return all
}

// AddBehind asks for what a flow draws on: of what it takes, the part of each
// stock that it took; of what it uses or cites, the whole of all that was fed
// before.
func (t *Tracer) AddBehind(s *Seeds, flow int) {
	for _, k := range t.drawn[flow] {
		if ratio := t.slots[k].ratio; ratio != nil {
			if s.slots == nil {
				s.slots = map[int32]*big.Rat{}
			}
			s.slots[k] = ratio
			continue
		}
		if d := t.flows[flow].Draws; !takes(d) {
			for at := k; !t.slots[at].first; {
				at--
				if t.slots[at].feeds {
					s.add(t.slots[at].flow)
				}
			}
		}
	}
}

// takes reports whether something is taken of what is drawn on.
func takes(draws []Portion) bool {
	for _, d := range draws {
		if d.Amount != nil {
			return true
		}
	}
	return false
}
