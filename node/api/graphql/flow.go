package graphql

// Previous returns what the event came out of: its process, or the resource on
// which it drew; nothing for one that only adds to its resource.
func (e *EconomicEvent) Previous() ([]ProductionFlowItem, error) {
	process, err := e.OutputOf()
	if process != nil || err != nil || gains(e.e.Body.Action) {
		return flowItems(process), err
	}
	resource, err := e.s.resource(e.e.Body.ResourceInventoriedAs)
	return resourceItems(resource), err
}

// Next returns what the event went into: its process, or the resource to which
// it added; nothing for one that only takes from its resource.
func (e *EconomicEvent) Next() ([]ProductionFlowItem, error) {
	process, err := e.InputOf()
	if process != nil || err != nil {
		return flowItems(process), err
	}
	resource, err := e.ToResourceInventoriedAs()
	if resource == nil && err == nil && gains(e.e.Body.Action) {
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
func (p *Process) Previous() ([]*EconomicEvent, error) { return p.ins() }

// Next returns what came out of the process.
func (p *Process) Next() ([]*EconomicEvent, error) { return p.outs() }

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
	return p.beside((*Process).outs, (*EconomicResource).Next, (*EconomicEvent).InputOf)
}

// PreviousProcesses returns the processes that made what went into this one.
func (p *Process) PreviousProcesses() ([]*Process, error) {
	return p.beside((*Process).ins, (*EconomicResource).Previous, (*EconomicEvent).OutputOf)
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
