package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

func amount(n, scale int64, unit string) protocol.Value {
	return fields{"n": n, "s": scale, "unit": unit}
}

// flowOf records a flow of a recipe.
func (l linked) flowOf(relation string, to protocol.EntryID, action, spec string, more fields) protocol.EntryID {
	l.w.t.Helper()
	more[relation], more["action"], more["resourceConformsTo"] = to, action, spec
	return l.record("RecipeFlow", more)
}

func (l linked) named(class, name string, more fields) protocol.EntryID {
	l.w.t.Helper()
	return l.submit(l.id, &protocol.Record{Type: class, Name: protocol.PlainText(name), Fields: more}).Entry.ID()
}

// shown is a plan as lines: what was made, of which fields.
func shown(p ledger.Planned) (lines []string) {
	at := map[protocol.EntryID]string{}
	text := func(v protocol.Value) string {
		switch v := v.(type) {
		case protocol.EntryID:
			return at[v]
		case fields:
			return protocol.Amount{N: v["n"].(int64), Scale: v["s"].(int64)}.String() + " " + v["unit"].(string)
		}
		return fmt.Sprint(v)
	}
	for i, item := range p.Items {
		at[item.Placeholder] = fmt.Sprint("#", i)
		line := item.Body.Type + " " + item.Body.Name.Plain
		for _, property := range []string{"action", "resourceConformsTo", "resourceQuantity", "effortQuantity", "plannedWithin", "inputOf", "outputOf",
			"clauseOf", "reciprocalClauseOf", "independentDemandOf", "hasBeginning", "hasEnd", "due"} {
			if v, is := item.Body.Fields[property]; is {
				line += " " + property + "=" + text(v)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// TestAPlanFollowsTheRecipe makes buckets and tests them: two processes for one
// specification, told apart by the stage.
func TestAPlanFollowsTheRecipe(t *testing.T) {
	l := newLinked(t)
	ctx := context.Background()
	bucket := l.named("ResourceSpecification", "Bucket", nil)
	making, testing := l.named("ProcessSpecification", "Making", nil), l.named("ProcessSpecification", "Testing", nil)
	test := l.named("RecipeProcess", "Test", fields{"processConformsTo": testing, "hasDuration": amount(1, 0, "hour")})
	mold := l.named("RecipeProcess", "Mold", fields{"processConformsTo": making, "hasDuration": amount(7, 0, "hour")})
	recipe := l.named("Recipe", "Buckets", fields{"primaryOutput": bucket, "recipeIncludes": []protocol.Value{test, mold}})
	l.record("RecipeFlow", fields{"action": "modify", "recipeOutputOf": test, "resourceConformsTo": bucket, "resourceQuantity": amount(500, 0, "one")})
	l.flowOf("recipeOutputOf", test, "produce", "Polymer", fields{"resourceQuantity": amount(0, 0, "kilogram")})
	l.record("RecipeFlow", fields{"action": "accept", "recipeInputOf": test, "resourceConformsTo": "Bucket", "stage": making, "resourceQuantity": amount(500, 0, "one")})
	l.record("RecipeFlow", fields{"action": "produce", "recipeOutputOf": mold, "resourceConformsTo": bucket, "resourceQuantity": amount(500, 0, "one")})
	l.flowOf("recipeInputOf", mold, "consume", "Polymer", fields{"resourceQuantity": amount(450, 0, "kilogram")})
	l.flowOf("recipeInputOf", mold, "use", "Machine", fields{"effortQuantity": amount(55, 1, "hour")})
	got, err := l.PlanRecipe(ctx, l.id, ledger.PlanRequest{
		Recipe: recipe, Quantity: protocol.Quantity{N: 1000, Unit: "one"}, Due: "2026-04-08T17:00:00-05:00", Provider: l.me, Receiver: l.me,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Plan Buckets due=2026-04-08T17:00:00-05:00",
		"Process Test plannedWithin=#0 hasBeginning=2026-04-08T15:00:00-05:00 hasEnd=2026-04-08T17:00:00-05:00",
		"Process Mold plannedWithin=#0 hasBeginning=2026-04-08T01:00:00-05:00 hasEnd=2026-04-08T15:00:00-05:00",
		"Commitment  action=modify resourceConformsTo= resourceQuantity=1000 one outputOf=#1 independentDemandOf=#0 due=2026-04-08T17:00:00-05:00",
		"Commitment  action=produce resourceConformsTo=Polymer resourceQuantity=0 kilogram outputOf=#1 due=2026-04-08T17:00:00-05:00",
		"Commitment  action=accept resourceConformsTo=Bucket resourceQuantity=1000 one inputOf=#1 due=2026-04-08T15:00:00-05:00",
		"Commitment  action=produce resourceConformsTo= resourceQuantity=1000 one outputOf=#2 due=2026-04-08T15:00:00-05:00",
		"Commitment  action=consume resourceConformsTo=Polymer resourceQuantity=900 kilogram inputOf=#2 due=2026-04-08T01:00:00-05:00",
		"Commitment  action=use resourceConformsTo=Machine effortQuantity=11 hour inputOf=#2 due=2026-04-08T01:00:00-05:00",
	}
	if diff := cmp.Diff(sorted(want), sorted(shown(got))); diff != "" || len(got.Remainder) != 0 {
		t.Errorf("%v, (-want +got):\n%s", got.Remainder, diff)
	}
	// It can be written as it is, and counts as a plan.
	written := map[protocol.EntryID]protocol.EntryID{}
	for i, item := range got.Items {
		written[item.Placeholder] = l.submit(l.id, got.Resolved(i, written)).Entry.ID()
	}
	p, err := l.Progress(ctx, written[got.Items[0].Placeholder], "")
	if err != nil || p.Processes != 2 || p.Commitments != 6 || p.Fulfilled != 1 { // a zero promise is kept
		t.Errorf("%+v, %v", p, err)
	}
	dozen, err := l.PlanRecipe(ctx, l.id, ledger.PlanRequest{Recipe: recipe, Quantity: protocol.Quantity{N: 1, Unit: "dozen"}})
	if err != nil || !strings.Contains(fmt.Sprint(shown(dozen)), "resourceQuantity=10.8 kilogram") {
		t.Errorf("a dozen: %v, %v", shown(dozen), err)
	}
	thousandths, err := l.PlanRecipe(ctx, l.id, ledger.PlanRequest{Output: " Bucket ", Quantity: protocol.Quantity{N: 1, Scale: 9, Unit: "one"}})
	if err != nil || len(thousandths.Remainder) != 2 || thousandths.Items[3].Body.Type != "Intent" {
		t.Errorf("what does not end within nine places: %+v, %v", thousandths.Remainder, err)
	}
}

func sorted(lines []string) map[string]int {
	set := map[string]int{}
	for _, line := range lines {
		set[line]++
	}
	return set
}

func TestAPlanHasTheExchangesOfTheRecipe(t *testing.T) {
	l := newLinked(t)
	writing := l.named("RecipeProcess", "Write", fields{"hasDuration": amount(1, 0, "day")})
	exchange := l.named("RecipeExchange", "Work for coins", nil)
	l.flowOf("recipeOutputOf", writing, "produce", "Handout", fields{"resourceQuantity": amount(1, 0, "one")})
	l.flowOf("recipeInputOf", writing, "work", "Writing", fields{"effortQuantity": amount(15, 0, "hour"), "recipeClauseOf": exchange, "providerRole": "writer", "receiverRole": "house"})
	l.flowOf("recipeReciprocalClauseOf", exchange, "transfer", "Coin", fields{"resourceQuantity": amount(300, 0, "one"), "providerRole": "house", "receiverRole": "writer"})
	got, err := l.PlanRecipe(context.Background(), l.id, ledger.PlanRequest{
		Output: "Handout", Quantity: protocol.Quantity{N: 5, Scale: 1, Unit: "one"}, Due: "2026-03-10",
		Agents: map[string]protocol.AgentID{"writer": l.me, "house": protocol.AgentID(l.id)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Plan Handout due=2026-03-10",
		"Process Write plannedWithin=#0 hasBeginning=2026-03-09T12:00:00Z hasEnd=2026-03-10",
		"Agreement Work for coins",
		"Intent  action=produce resourceConformsTo=Handout resourceQuantity=0.5 one plannedWithin=#0 outputOf=#1 due=2026-03-10",
		"Commitment  action=work resourceConformsTo=Writing effortQuantity=7.5 hour inputOf=#1 clauseOf=#2 due=2026-03-09T12:00:00Z",
		"Commitment  action=transfer resourceConformsTo=Coin resourceQuantity=150 one plannedWithin=#0 reciprocalClauseOf=#2 due=2026-03-10",
	}
	if diff := cmp.Diff(sorted(want), sorted(shown(got))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARecipeThatNeedsWhatItMakesIsRefused(t *testing.T) {
	l := newLinked(t)
	ctx := context.Background()
	one := func() fields { return fields{"resourceQuantity": amount(1, 0, "one")} }
	flour, bread := l.named("RecipeProcess", "Mill", nil), l.named("RecipeProcess", "Bake", nil)
	l.flowOf("recipeOutputOf", flour, "produce", "Flour", one())
	l.flowOf("recipeInputOf", flour, "consume", "Bread", one())
	l.flowOf("recipeOutputOf", bread, "produce", "Bread", one())
	l.flowOf("recipeInputOf", bread, "consume", "Flour", one())
	self := l.named("RecipeProcess", "Leaven", nil)
	l.flowOf("recipeOutputOf", self, "produce", "Dough", one())
	l.flowOf("recipeInputOf", self, "consume", "Dough", one())
	for range 2 {
		l.flowOf("recipeOutputOf", l.named("RecipeProcess", "Sew", nil), "produce", "Bag", one())
	}
	mend := l.named("RecipeProcess", "Mend", nil)
	l.flowOf("recipeOutputOf", mend, "modify", "Chair", one())
	l.flowOf("recipeInputOf", mend, "accept", "Chair", one())
	for output, want := range map[string]string{
		"Bread": "Bake <- Mill <- Bake", "Dough": "Leaven <- Leaven", "Bag": "several steps give Bag: Sew, Sew", "Gold": "no step of it gives Gold",
	} {
		_, err := l.PlanRecipe(ctx, l.id, ledger.PlanRequest{Output: output, Quantity: protocol.Quantity{N: 1, Unit: "one"}})
		if !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", output, err, want)
		}
	}
	if got, err := l.PlanRecipe(ctx, l.id, ledger.PlanRequest{Output: "Chair", Quantity: protocol.Quantity{N: 3, Unit: "one"}}); err != nil || len(got.Items) != 4 {
		t.Errorf("what goes in and comes out again: %v, %v", shown(got), err)
	}
	for name, r := range map[string]ledger.PlanRequest{
		"nothing wanted": {Output: "Chair"}, "no output": {Quantity: protocol.Quantity{N: 1, Unit: "one"}}, "no recipe": {Recipe: mend},
		"another unit": {Output: "Chair", Quantity: protocol.Quantity{N: 1, Unit: "hour"}},
		"no day":       {Output: "Chair", Quantity: protocol.Quantity{N: 1, Unit: "one"}, Due: "soon"},
	} {
		if _, err := l.PlanRecipe(ctx, l.id, r); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
