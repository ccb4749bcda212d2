package graphql

// maxSteps bounds what trace and track show.
const maxSteps = 1_000

// Previous returns what the event came out of: its process, or its resource.
func (e *EconomicEvent) Previous() ([]ProductionFlowItem, error) {
	process, err := e.OutputOf()
	if process != nil || err != nil {
		return flowItems(process), err
	}
	resource, err := e.s.resource(e.e.Body.ResourceInventoriedAs)
	return resourceItems(resource), err
}

// Next returns what the event went into: its process, or its resource.
func (e *EconomicEvent) Next() ([]ProductionFlowItem, error) {
	process, err := e.InputOf()
	if process != nil || err != nil {
		return flowItems(process), err
	}
	resource, err := e.ToResourceInventoriedAs()
	if resource == nil && err == nil {
		resource, err = e.ResourceInventoriedAs()
	}
	return resourceItems(resource), err
}

func flowItems(p *Process) []ProductionFlowItem {
	if p == nil {
		return nil
	}
	return []ProductionFlowItem{p}
}

func resourceItems(r *EconomicResource) []ProductionFlowItem {
	if r == nil {
		return nil
	}
	return []ProductionFlowItem{r}
}

// Previous returns what went into the process.
func (p *Process) Previous() ([]*EconomicEvent, error) { return p.Inputs() }

// Next returns what came out of the process.
func (p *Process) Next() ([]*EconomicEvent, error) { return p.Outputs() }

// Previous returns the events that brought something to the resource.
func (r *EconomicResource) Previous() ([]*EconomicEvent, error) {
	found, err := all(r.touching())
	return kept(found, err, func(e *EconomicEvent) (bool, error) {
		b := e.e.Body
		return b.ToResourceInventoriedAs == r.r.ID || b.InputOf.IsZero() && b.ResourceInventoriedAs == r.r.ID && gains(b.Action) || e.e.ID == r.r.ID, nil
	})
}

// Next returns the events that took something from the resource.
func (r *EconomicResource) Next() ([]*EconomicEvent, error) {
	found, err := all(r.touching())
	return kept(found, err, func(e *EconomicEvent) (bool, error) {
		b := e.e.Body
		return e.e.ID != r.r.ID && b.ResourceInventoriedAs == r.r.ID && !gains(b.Action), nil
	})
}

// gains reports whether the action adds to the resource that it is about.
func gains(action string) bool {
	a := actionOf(action)
	return a.ResourceEffect == "increment" || a.OnhandEffect == "increment"
}

// NextProcesses returns the processes that use what came out of this one.
func (p *Process) NextProcesses() ([]*Process, error) {
	return p.beside((*Process).Outputs, (*EconomicResource).Next, (*EconomicEvent).InputOf)
}

// PreviousProcesses returns the processes that made what went into this one.
func (p *Process) PreviousProcesses() ([]*Process, error) {
	return p.beside((*Process).Inputs, (*EconomicResource).Previous, (*EconomicEvent).OutputOf)
}

// beside goes from the process over resources to other processes.
func (p *Process) beside(mine func(*Process) ([]*EconomicEvent, error), theirs func(*EconomicResource) ([]*EconomicEvent, error),
	of func(*EconomicEvent) (*Process, error)) ([]*Process, error) {
	events, err := mine(p)
	if err != nil {
		return nil, err
	}
	out, seen := []*Process{}, map[string]bool{p.ID(): true}
	for _, e := range events {
		resource, err := e.ResourceInventoriedAs()
		if err != nil {
			return nil, err
		}
		if resource == nil {
			continue
		}
		others, err := theirs(resource)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			process, err := of(o)
			if err != nil {
				return nil, err
			}
			if process != nil && !seen[process.ID()] {
				seen[process.ID()] = true
				out = append(out, process)
			}
		}
	}
	return out, nil
}

// Trace returns where the event came from, step by step.
func (e *EconomicEvent) Trace() ([]TrackTraceItem, error) { return walk(e, backward) }

// Track returns where the event led, step by step.
func (e *EconomicEvent) Track() ([]TrackTraceItem, error) { return walk(e, onward) }

// Trace returns where the resource came from, step by step.
func (r *EconomicResource) Trace() ([]TrackTraceItem, error) { return walk(r, backward) }

// Track returns where the resource went, step by step.
func (r *EconomicResource) Track() ([]TrackTraceItem, error) { return walk(r, onward) }

// Trace returns where what the process used came from, step by step.
func (p *Process) Trace() ([]TrackTraceItem, error) { return walk(p, backward) }

// Track returns where what the process made went, step by step.
func (p *Process) Track() ([]TrackTraceItem, error) { return walk(p, onward) }

// step returns what comes directly before or after something.
type step func(TrackTraceItem) ([]TrackTraceItem, error)

func backward(item TrackTraceItem) ([]TrackTraceItem, error) {
	switch item := item.(type) {
	case *EconomicEvent:
		before, err := item.Previous()
		return steps(before), err
	case *EconomicResource:
		before, err := item.Previous()
		return steps(before), err
	case *Process:
		before, err := item.Previous()
		return steps(before), err
	}
	return nil, nil
}

func onward(item TrackTraceItem) ([]TrackTraceItem, error) {
	switch item := item.(type) {
	case *EconomicEvent:
		after, err := item.Next()
		return steps(after), err
	case *EconomicResource:
		after, err := item.Next()
		return steps(after), err
	case *Process:
		after, err := item.Next()
		return steps(after), err
	}
	return nil, nil
}

func steps[T any](items []T) []TrackTraceItem {
	out := make([]TrackTraceItem, len(items))
	for i, item := range items {
		out[i] = any(item).(TrackTraceItem)
	}
	return out
}

// walk goes from a thing, nearest first, and shows each thing once, the first
// left out, at most maxSteps of them.
func walk(from TrackTraceItem, next step) ([]TrackTraceItem, error) {
	out, seen := []TrackTraceItem{}, map[string]bool{}
	seen[keyOf(from)] = true
	for queue := []TrackTraceItem{from}; len(queue) > 0; queue = queue[1:] {
		found, err := next(queue[0])
		if err != nil {
			return nil, err
		}
		for _, item := range found {
			if key := keyOf(item); !seen[key] {
				seen[key] = true
				out, queue = append(out, item), append(queue, item)
			}
			if len(out) == maxSteps {
				return out, nil
			}
		}
	}
	return out, nil
}

// keyOf tells a resource from the event that brought it into being.
func keyOf(item TrackTraceItem) string {
	switch item := item.(type) {
	case *EconomicEvent:
		return "e" + item.ID()
	case *EconomicResource:
		return "r" + item.ID()
	case *Process:
		return "p" + item.ID()
	}
	return ""
}
