package main

import (
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
)

// recordCommands are the commands of the records of ValueFlows, a group for each
// class: the frequent ones at the top, the others below what they belong to.
func (a *app) recordCommands() []*cobra.Command {
	process, plan := a.recordGroup("process", "Process"), a.recordGroup("plan", "Plan")
	recipe, agreement := a.recordGroup("recipe", "Recipe"), a.recordGroup("agreement", "Agreement")
	proposal := a.recordGroup("proposal", "Proposal")
	process.AddCommand(a.processFinish(), a.recordGroup("specification", "ProcessSpecification"),
		a.stepsCommand("processes", "trace"), a.stepsCommand("processes", "track"))
	plan.AddCommand(a.planFromRecipe())
	recipe.AddCommand(a.recordGroup("process", "RecipeProcess"), a.recordGroup("flow", "RecipeFlow"), a.recordGroup("exchange", "RecipeExchange"))
	agreement.AddCommand(a.recordGroup("bundle", "AgreementBundle"))
	proposal.AddCommand(a.recordGroup("listing", "ProposalList"))
	return []*cobra.Command{
		a.recordGroup("specification", "ResourceSpecification"), process, plan, a.recordGroup("intent", "Intent"), proposal,
		a.recordGroup("commitment", "Commitment"), agreement, a.recordGroup("claim", "Claim"), recipe,
		a.recordGroup("place", "SpatialThing"),
	}
}

// recordGroup is the commands of one class.
func (a *app) recordGroup(use, typ string) *cobra.Command {
	class, _ := api.ClassOf(typ)
	return a.group(use, a.about(class), a.recordList(class), a.recordShow(class), a.recordAdd(class), a.recordChange(class))
}

// about says what a class is.
func (a *app) about(class api.Class) string {
	switch class.Type {
	case "ResourceSpecification":
		return a.t("Kinds of resources")
	case "ProcessSpecification":
		return a.t("Kinds of processes")
	case "Process":
		return a.t("What turns inputs into outputs")
	case "Plan":
		return a.t("Processes and promises that belong together")
	case "Intent":
		return a.t("What is wanted or offered and nobody has promised yet")
	case "Proposal":
		return a.t("Intents published for others to take up")
	case "ProposalList":
		return a.t("Proposals shown together")
	case "Commitment":
		return a.t("What somebody has promised somebody")
	case "Agreement":
		return a.t("What was agreed on")
	case "AgreementBundle":
		return a.t("Agreements that belong together")
	case "Claim":
		return a.t("What is owed after something happened")
	case "Recipe":
		return a.t("How something is made, to plan from")
	case "RecipeProcess":
		return a.t("Processes of recipes")
	case "RecipeFlow":
		return a.t("What goes into and comes out of the processes of recipes")
	case "RecipeExchange":
		return a.t("Exchanges of recipes")
	case "BatchLotRecord":
		return a.t("What resources of one batch have in common")
	case "SpatialThing":
		return a.t("Places")
	case "AgentRelationship":
		return a.t("What agents are to one another")
	case "AgentRelationshipRole":
		return a.t("Kinds of relationships between agents")
	}
	return class.About
}

// kebab writes the name of a property as a flag.
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
