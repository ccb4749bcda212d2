package main

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func (a *app) workCommand() *cobra.Command {
	draft := api.EventDraft{Action: "work"}
	var dryRun bool
	c := &cobra.Command{
		Use:     "work \"QUANTITY UNIT RESOURCE\"",
		Short:   a.t("Record work that you have done"),
		Example: "  minga work \"3 h Garden\" --note \"watered the beds\"",
		Args:    a.between(1, 16, a.t("what you did, such as \"3 h Garden\"")),
		RunE: func(c *cobra.Command, args []string) error {
			effort, resource, ok := parseWork(strings.Join(args, " "))
			if !ok {
				return a.usage("%q is not understood: write a quantity, a unit and what it was for, such as \"1.5 h Garden\"", strings.Join(args, " "))
			}
			draft.EffortQuantity, draft.ResourceConformsTo = &effort, resource
			if draft.HasPointInTime == "" {
				draft.HasPointInTime = now()
			}
			return a.addEvent(c.Context(), draft, dryRun)
		},
	}
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().StringVar(&draft.Provider, "provider", "", a.t("who worked (default: you)"))
	c.Flags().StringVar(&draft.Receiver, "receiver", "", a.t("who benefits (default: the commons)"))
	c.Flags().StringVar(&draft.HasPointInTime, "has-point-in-time", "", a.t("when: a date, or a time with its offset (default: now)"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

// parseWork splits "3 h Garden", "3h Garden" or "2 kilowatt hours Pump".
func parseWork(text string) (effort api.Measure, resource string, ok bool) {
	amount, rest := cutNumber(strings.TrimSpace(text))
	name, resource := cutUnit(rest)
	if _, err := protocol.ParseAmount(amount); err != nil || resource == "" {
		return effort, "", false
	}
	return api.Measure{HasNumericalValue: amount, HasUnit: name}, resource, true
}

// cutUnit splits a text after the longest unit with which it begins and which
// leaves something over, or after the first word: the node says what is wrong with
// that.
func cutUnit(text string) (name, rest string) {
	const mostWords = 6
	words := strings.Fields(text)
	for n := min(mostWords, len(words)-1); n > 0; n-- {
		name = strings.Join(words[:n], " ")
		var several *unit.AmbiguousError
		if _, err := unit.Find(name); err == nil || errors.As(err, &several) || n == 1 {
			rest = text
			for _, word := range words[:n] {
				rest = strings.TrimSpace(strings.TrimPrefix(rest, word))
			}
			return name, rest
		}
	}
	return text, ""
}

// parseMeasure splits "3 kg", "3kg" or "3"; the node says what a bad one lacks.
func parseMeasure(text string) *api.Measure {
	amount, unit := cutNumber(strings.TrimSpace(text))
	return &api.Measure{HasNumericalValue: amount, HasUnit: unit}
}

// cutNumber splits a text where a number ends: at a space, or where a letter
// follows a digit.
func cutNumber(text string) (number, rest string) {
	digit := false
	for i, r := range text {
		if unicode.IsSpace(r) || digit && unicode.IsLetter(r) {
			return text[:i], strings.TrimSpace(text[i:])
		}
		digit = r >= '0' && r <= '9'
	}
	return text, ""
}

// now is the present as it stands in an event: with the offset of this place.
func now() string { return time.Now().Truncate(time.Second).Format(time.RFC3339) }

func (a *app) addEvent(ctx context.Context, draft api.EventDraft, dryRun bool) error {
	return a.ask(ctx, briefly, func(ctx context.Context, node *client.Client) error {
		w, err := node.AddEvent(ctx, draft, a.write(dryRun))
		if err != nil {
			return err
		}
		return a.wrote(w)
	})
}
