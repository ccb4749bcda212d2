package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

func (a *app) agentCommand() *cobra.Command {
	return a.group("agent", a.t("Who takes part"), a.agentList(), a.agentShow(), a.agentAdd(),
		a.agentAdmit(), a.agentRemove(), a.agentBind(),
		a.recordGroup("relationship", "AgentRelationship"), a.recordGroup("role", "AgentRelationshipRole"))
}

func (a *app) agentList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: a.t("List the agents of the commons"),
		Args:  a.exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.ask(c.Context(), 0, func(ctx context.Context, node *client.Client) error {
				list := api.AgentList{Schema: "minga.agents/1", Agents: []api.Agent{}}
				for agent, err := range client.Every(func(cursor string) ([]api.Agent, string, error) {
					page, err := node.Agents(ctx, client.Page{Commons: a.commons, Limit: pageSize, Cursor: cursor})
					return page.Agents, page.Next, err
				}) {
					if err != nil {
						return err
					}
					list.Agents = append(list.Agents, agent)
				}
				return a.answer(list, func() { a.showAgents(list.Agents) })
			})
		},
	}
}

// pageSize is how many items of a list are asked for at a time.
const pageSize = 1000

func (a *app) showAgents(agents []api.Agent) {
	var rows [][]string
	for _, agent := range agents {
		rows = append(rows, []string{agent.Name, agent.Type, a.standing(agent), agent.ID})
	}
	a.table([]string{a.t("agent"), a.t("type"), a.t("is"), a.t("id")}, rows)
}

// standing says in a word what an agent is in the commons.
func (a *app) standing(agent api.Agent) string {
	switch {
	case agent.Commons:
		return a.t("the commons")
	case agent.Steward:
		return a.t("steward")
	case agent.HasLog:
		return a.t("member")
	}
	return a.t("record")
}

func (a *app) agentShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME|ID",
		Short: a.t("Show one agent"),
		Args:  a.exactly(1, a.t("a name or an id")),
		RunE: func(c *cobra.Command, args []string) error {
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				agent, err := node.Agent(ctx, a.commons, args[0])
				if err != nil {
					return err
				}
				return a.answer(agent, func() {
					a.pairs(
						[2]string{a.t("agent"), agent.Name},
						[2]string{a.t("id"), agent.ID},
						[2]string{a.t("type"), agent.Type},
						[2]string{a.t("is"), a.standing(agent)},
					)
				})
			})
		},
	}
}

func (a *app) agentAdd() *cobra.Command {
	var draft api.AgentDraft
	var dryRun bool
	c := &cobra.Command{
		Use:   "add NAME",
		Short: a.t("Record somebody who has no node (stewards only)"),
		Args:  a.exactly(1, a.t("a name")),
		RunE: func(c *cobra.Command, args []string) error {
			draft.Name = args[0]
			return a.ask(c.Context(), briefly, func(ctx context.Context, node *client.Client) error {
				w, err := node.AddAgent(ctx, draft, a.write(dryRun))
				if err != nil {
					return err
				}
				return a.wrote(w)
			})
		},
	}
	c.Flags().StringVar(&draft.Type, "type", "", a.t("Person, Organization or EcologicalAgent (default Person)"))
	c.Flags().StringVar(&draft.Note, "note", "", a.t("a note; it is permanent"))
	c.Flags().StringVar(&draft.Source, "source", "", a.t("your own key of this agent"))
	c.Flags().BoolVar(&dryRun, "dry-run", false, a.t("write nothing, show what would be written"))
	return c
}

// write says how a command writes: once, even if the request is repeated.
func (a *app) write(dryRun bool) client.Write {
	return client.Write{Commons: a.commons, Key: freshKey(), DryRun: dryRun}
}

// wrote prints the answer to a write.
func (a *app) wrote(w api.Written) error {
	if w.DryRun && w.Preview != nil && !a.json {
		return a.line(w.Preview)
	}
	if w.Proposal != nil {
		a.proposed(w.Proposal)
	}
	return a.written(w, w.ID, w.State, w.Reason)
}
