package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// maxRecipes bounds the processes, flows and exchanges that are looked through
// for a plan.
const maxRecipes = 10_000

// PlanRecipe works out what has to be planned so that a recipe gives what is
// wanted: a plan, processes, commitments or intents, and agreements, with the
// quantities scaled exactly and due dates backwards from the day wanted. It writes
// nothing. A recipe that needs what it makes is ErrInvalid, with the cycle.
func (l *Ledger) PlanRecipe(ctx context.Context, commons protocol.CommonsID, r PlanRequest) (Planned, error) {
	book, err := l.recipes(ctx, commons)
	if err != nil {
		return Planned{}, err
	}
	w := plan.Wish{
		Spec: nameOf(r.Output), Quantity: r.Quantity, Name: r.Name, Due: r.Due, Intents: r.Intents, Provider: r.Provider.EntryID,
		Receiver: r.Receiver.EntryID,
	}
	w.Role = func(role protocol.Value) protocol.EntryID {
		switch role := role.(type) {
		case protocol.EntryID:
			return r.Agents[role.String()].EntryID
		case string:
			return r.Agents[role].EntryID
		}
		return protocol.EntryID{}
	}
	if !r.Recipe.IsZero() {
		recipe, err := l.Record(ctx, r.Recipe)
		if err != nil {
			return Planned{}, err
		}
		if recipe.Type != plan.Recipe {
			return Planned{}, fmt.Errorf("%w: %v is a %s, no Recipe", ErrInvalid, r.Recipe, recipe.Type)
		}
		book = only(book, plan.LinksIn(recipe.Fields["recipeIncludes"]))
		w.Name = cmp.Or(w.Name, recipe.Name)
		if w.Spec == "" {
			w.Spec = l.called(ctx, recipe.Fields["primaryOutput"])
		}
	}
	if w.Spec == "" {
		return Planned{}, fmt.Errorf("%w: neither the request nor the recipe says what is wanted", ErrInvalid)
	}
	w.Name = cmp.Or(w.Name, w.Spec)
	items, rests, err := book.Draft(w)
	if errors.Is(err, plan.ErrRecipe) {
		err = fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	planned := Planned{}
	for _, item := range items {
		planned.Items = append(planned.Items, PlannedItem{Placeholder: item.ID, Body: item.Body, From: item.From})
	}
	for _, rest := range rests {
		planned.Remainder = append(planned.Remainder, PlannedRemainder{Item: rest.Item, Quantity: rest.Property, Exact: rest.Exact.RatString()})
	}
	return planned, err
}

// Resolved returns the record of an item with the placeholders in it replaced by
// the identifiers that the items before it got when they were written.
func (p Planned) Resolved(item int, written map[protocol.EntryID]protocol.EntryID) *protocol.Record {
	b := *p.Items[item].Body
	b.Fields = maps.Clone(b.Fields)
	for property, value := range b.Fields {
		if id, is := value.(protocol.EntryID); is {
			if real, known := written[id]; known {
				b.Fields[property] = real
			}
		}
	}
	return &b
}

// only leaves the given processes of a book, all if none are given, and its
// exchanges.
func only(book plan.Book, processes []protocol.EntryID) plan.Book {
	if len(processes) == 0 {
		return book
	}
	out := func(id protocol.EntryID) bool { return !id.IsZero() && !slices.Contains(processes, id) }
	book.Steps = slices.DeleteFunc(book.Steps, func(s plan.Step) bool { return !s.Exchange && out(s.ID) })
	book.Flows = slices.DeleteFunc(book.Flows, func(f plan.Flow) bool { return out(f.In) || out(f.Out) })
	return book
}

// recipes reads all recipes of a commons.
func (l *Ledger) recipes(ctx context.Context, commons protocol.CommonsID) (plan.Book, error) {
	var book plan.Book
	found := map[string][]Record{}
	sides := map[protocol.EntryID]map[string]protocol.EntryID{} // what processes and exchanges say of their flows
	for _, class := range []string{plan.RecipeProcess, plan.RecipeExchange, plan.RecipeFlow} {
		for after := ""; ; {
			page, next, err := l.Records(ctx, commons, RecordFilter{Type: class}, Page{After: after, Limit: maxPage})
			if err != nil {
				return book, err
			}
			found[class] = append(found[class], slices.DeleteFunc(page, func(r Record) bool { return r.State != Pending && r.State != Settled })...)
			if len(found[class]) > maxRecipes {
				return book, fmt.Errorf("%w: the commons has more than %d records of type %s", ErrInvalid, maxRecipes, class)
			}
			if after = next; next == "" {
				break
			}
		}
		slices.SortFunc(found[class], func(a, b Record) int { return a.ID.Compare(b.ID) })
	}
	for _, r := range slices.Concat(found[plan.RecipeProcess], found[plan.RecipeExchange]) {
		s := plan.Step{ID: r.ID, Name: r.Name, Exchange: r.Type == plan.RecipeExchange, Based: r.Fields["processConformsTo"], Classes: r.Fields["processClassifiedAs"]}
		s.Stage = l.called(ctx, s.Based)
		if q, is := plan.QuantityFrom(r.Fields["hasDuration"]); is {
			s.Duration = &q
		}
		book.Steps = append(book.Steps, s)
		for _, property := range []string{"hasRecipeInput", "hasRecipeOutput", "recipeStipulates", "recipeStipulatesReciprocal"} {
			for _, flow := range plan.LinksIn(r.Fields[property]) {
				if sides[flow] == nil {
					sides[flow] = map[string]protocol.EntryID{}
				}
				sides[flow][plan.Inverse(property)[0]] = r.ID
			}
		}
	}
	for _, r := range found[plan.RecipeFlow] {
		end := func(property string) protocol.EntryID {
			if id, is := r.Fields[property].(protocol.EntryID); is {
				return id
			}
			return sides[r.ID][property]
		}
		note := r.Entry.Body.(*protocol.Record).Note
		if note.Plain != "" { // as amended; what is kept beside the log stays where it is
			note = protocol.PlainText(r.Note)
		}
		book.Flows = append(book.Flows, plan.Flow{
			ID: r.ID, In: end("recipeInputOf"), Out: end("recipeOutputOf"), Clause: end("recipeClauseOf"), Body: r.Fields,
			Reciprocal: end("recipeReciprocalClauseOf"), Spec: l.called(ctx, r.Fields["resourceConformsTo"]),
			Stage: l.called(ctx, r.Fields["stage"]), Note: note,
		})
	}
	return book, nil
}

// called returns what a specification is known by: the name of its record, or the
// text that stands for it.
func (l *Ledger) called(ctx context.Context, value protocol.Value) string {
	switch v := value.(type) {
	case string:
		return nameOf(v)
	case protocol.EntryID:
		if r, err := l.Record(ctx, v); err == nil && r.Name != "" {
			return nameOf(r.Name)
		}
		return v.String()
	}
	return ""
}

func nameOf(text string) string { return norm.NFC.String(strings.TrimSpace(text)) }
