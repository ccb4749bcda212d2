package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

const hour = `{"action":"work","effortQuantity":{"hasNumericalValue":"3","hasUnit":"h"}}`

// Every error that callers of the ledger decide on has a status, a code and
// texts in both languages.
// What kind of error it is, is said once.
func TestAnErrorIsSaidOnce(t *testing.T) {
	n := start(t, nil)
	n.ledger.err = fmt.Errorf("%w: the proposal is superseded", ledger.ErrExists)
	r := n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleMember})
	r.want(t, 409, api.CodeExists)
	if !strings.Contains(r.body, `"It exists already: the proposal is superseded."`) {
		t.Error(r.body)
	}
}

func TestErrorsOfTheLedger(t *testing.T) {
	n := start(t, nil)
	table := []struct {
		err    error
		status int
		code   api.Code
	}{
		{ledger.ErrNotFound, 404, api.CodeNotFound},
		{fmt.Errorf("%w: no such action %q", ledger.ErrInvalid, "x"), 422, api.CodeInvalid},
		{&ledger.VoidError{Reason: "self-payment"}, 422, api.CodeInvalid},
		{&ledger.AmbiguousError{Name: "Rosa", Candidates: []ledger.Agent{{Name: "Rosa"}}}, 409, api.CodeAmbiguous},
		{&ledger.OverdraftError{Currency: "hora"}, 422, api.CodeOverdraft},
		{ledger.ErrNotMember, 403, api.CodeNotMember},
		{ledger.ErrNotSteward, 403, api.CodeNotSteward},
		{ledger.ErrReused, 422, api.CodeReused},
		{ledger.ErrExists, 409, api.CodeExists},
		{ledger.ErrFrozen, 409, api.CodeFrozen},
		{ledger.ErrCopied, 409, api.CodeCopied},
		{ledger.ErrUnsettled, 409, api.CodeUnsettled},
		{&ledger.LockedError{}, 409, api.CodeLocked},
		{&ledger.DiffersError{Differences: make([]ledger.DistributionDifference, 5)}, 409, api.CodeDiffers},
		{&ledger.MissingError{Missing: make([]ledger.MissingLog, 2)}, 409, api.CodeUnsettled},
		{&ledger.IncomeError{Currency: "EUR"}, 422, api.CodeInvalid},
		{&ledger.IncomeError{}, 422, api.CodeInvalid},
		{ledger.ErrNobody, 422, api.CodeInvalid},
		{ledger.ErrEnded, 403, api.CodeEnded},
		{ledger.ErrRemoved, 422, api.CodeRemoved},
		{ledger.ErrExpired, 410, api.CodeExpired},
		{ledger.ErrDiskFull, 507, api.CodeDiskFull},
		{ledger.ErrDamaged, 500, api.CodeDamaged},
		{ledger.ErrReadOnly, 503, api.CodeReadOnly},
		{&ledger.ForkError{Seq: 3}, 409, api.CodeFork},
		{protocol.ErrUnknownCommons, 404, api.CodeUnknownCommons},
		{protocol.ErrNotAdmitted, 403, api.CodeNotAdmitted},
		{fmt.Errorf("%w: truncated", protocol.ErrBadLink), 422, api.CodeBadLink},
		{&protocol.FormatError{Fault: protocol.FaultRange}, 422, api.CodeInvalid},
		{protocol.ErrBadID, 422, api.CodeInvalid},
		{protocol.ErrBadDecimal, 422, api.CodeInvalid},
		{errors.New("the secret path /home/ana"), 500, api.CodeInternal},
	}
	for _, row := range table {
		n.ledger.err = fmt.Errorf("submit: %w", row.err)
		seen := map[string]bool{}
		for _, lang := range []string{"en", "es"} {
			r := n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleMember,
				header: map[string]string{"Accept-Language": lang}})
			p := r.want(t, row.status, row.code)
			if r.header.Get("Content-Language") != lang || seen[p.Hint] {
				t.Errorf("%s in %s: %q %q", p.Code, lang, r.header.Get("Content-Language"), p.Hint)
			}
			if strings.Contains(r.body, "secret") {
				t.Errorf("the client is told too much: %s", r.body)
			}
			seen[p.Hint] = true
		}
	}
}

func TestWritesAnswerWhatBecameOfThem(t *testing.T) {
	n := start(t, nil)
	n.network.heldBy = 3
	r := n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleMember}).ok(t, 201)
	for _, want := range []string{`"id":"bafyrei`, `"state":"settled"`, `"heldBy":3`, `"schema":"minga.written/1"`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("%s lacks %s", r.body, want)
		}
	}
	n.do(call{path: r.header.Get("Location"), role: api.RoleMember}).ok(t, 200)
	body := n.ledger.drafts[0].Body.(*protocol.Event)
	if body.Provider != n.ledger.agents[1].ID || body.Receiver != n.ledger.agents[0].ID {
		t.Errorf("provider %v, receiver %v", body.Provider, body.Receiver)
	}
	if q := body.EffortQuantity; q == nil || *q != (protocol.Quantity{N: 3, Unit: "hour"}) {
		t.Errorf("quantity %+v", q)
	}
	n.ledger.commons[0].Me = protocol.LogID{}
	n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleMember}).want(t, 403, api.CodeNotMember)
}

func TestIdempotencyKeys(t *testing.T) {
	n := start(t, nil)
	send := func(role api.Role, key, path, body string) reply {
		return n.do(call{method: "POST", path: path, body: body, role: role, header: map[string]string{"Idempotency-Key": key}})
	}
	first := send(api.RoleMember, "a", "/v1/events", hour).ok(t, 201)
	again := send(api.RoleMember, "a", "/v1/events", " "+hour+"\n").ok(t, 200)
	if !strings.Contains(again.body, `"repeated":true`) || first.header.Get("Location") != again.header.Get("Location") {
		t.Errorf("first %s, again %s", first.body, again.body)
	}
	send(api.RoleMember, "a", "/v1/events", `{"action":"use"}`).want(t, 422, api.CodeReused)
	send(api.RoleMember, "a", "/v1/agents", `{"name":"Eva"}`).want(t, 422, api.CodeReused)
	send(api.RoleOwner, "a", "/v1/events", hour).ok(t, 201) // another token's keys are its own
	send(api.RoleMember, strings.Repeat("k", 256), "/v1/events", hour).want(t, 422, api.CodeBadParameter)
	for path, body := range map[string]string{
		"/v1/commons": `{"name":"a","as":"b"}`, "/v1/invites": `{}`, "/v1/peers": `{"addr":"/p2p/x"}`, "/v1/commons/join": `{}`,
		"/v1/accounts": `{"name":"a","members":["Ana"]}`, "/v1/charters": `{"doc":{}}`, "/v1/witnesses": `{"members":["Ana"]}`,
	} {
		send(api.RoleOwner, "b", path, body).want(t, 422, api.CodeNoIdempotency)
	}
}

func TestTheSameKeyRunsOnce(t *testing.T) {
	n := start(t, nil)
	gate := make(chan struct{})
	n.ledger.gate = gate
	send := func() reply {
		return n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleMember, header: map[string]string{"Idempotency-Key": "a"}})
	}
	const calls = 8
	var wait sync.WaitGroup
	answers := make(chan reply, calls)
	for range calls {
		wait.Go(func() {
			r := send()
			answers <- r
		})
	}
	// All but the one that waits at the gate come back at once.
	for range calls - 1 {
		if r := <-answers; r.status != 409 {
			t.Errorf("%d %s", r.status, r.body)
		} else {
			r.want(t, 409, api.CodeRunning)
		}
	}
	close(gate)
	wait.Wait()
	(<-answers).ok(t, 201)
	send().ok(t, 200)
}

// checking is a ledger that can say whether a draft would be refused.
type checking struct{ *fakeLedger }

func (checking) Check(context.Context, ledger.Draft) error {
	return &ledger.VoidError{Reason: "unknown-action"}
}

func TestDryRunsAskTheLedger(t *testing.T) {
	n := start(t, nil)
	n.again(checking{n.ledger})
	for query, lang := range map[string]string{"": "(the action is none of ValueFlows)", "&lang=es": "no tendría efecto (la acción no es de ValueFlows)"} {
		r := n.do(call{method: "POST", path: "/v1/events?dryRun=true" + query, body: hour, role: api.RoleOwner})
		p := r.want(t, 422, api.CodeInvalid)
		if p.Reason != "unknown-action" || !strings.Contains(p.Detail, lang) {
			t.Error(r.body)
		}
	}
	n.do(call{method: "POST", path: "/v1/events", body: hour, role: api.RoleOwner}).ok(t, 201)
}

func TestDryRunsWriteNothing(t *testing.T) {
	n := start(t, nil)
	dry := func(path, body string) reply {
		return n.do(call{method: "POST", path: path + "?dryRun=true", body: body, role: api.RoleMember})
	}
	r := dry("/v1/events", hour).ok(t, 200)
	for _, want := range []string{`"dryRun":true`, `"kind":"event"`, `"action":"work"`, `{"hasNumericalValue":"3","hasUnit":"hour"}`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("%s lacks %s", r.body, want)
		}
	}
	dry("/v1/agents", `{"name":"Eva"}`).ok(t, 200)
	dry("/v1/confirmations", `{"target":"`+n.ledger.id().String()+`","verdict":"confirm"}`).ok(t, 200)
	dry("/v1/commons", `{"name":"Otra","as":"Eva"}`).ok(t, 200)
	dry("/v1/invites", `{}`).ok(t, 200)
	dry("/v1/events", `{"action":"work","provider":"Nadie"}`).want(t, 404, api.CodeNotFound)
	dry("/v1/events", `{"action":"work","ext":{"":"x"}}`).ok(t, 200)
	dry("/v1/peers", `{"addr":"/p2p/x"}`).want(t, 403, api.CodeForbidden)
	if len(n.ledger.drafts) != 0 || len(n.network.dialled) != 0 {
		t.Errorf("written: %v", n.ledger.drafts)
	}
}

func TestConfirmations(t *testing.T) {
	n := start(t, nil)
	target := n.ledger.id().String()
	send := func(body string) reply {
		return n.do(call{method: "POST", path: "/v1/confirmations", body: body, role: api.RoleMember})
	}
	send(`{"target":"`+target+`","verdict":"dispute","reason":"it was 2 h"}`).ok(t, 201)
	send(`{"target":"`+target[:len(target)-4]+`","verdict":"confirm"}`).ok(t, 201)
	send(`{"target":"`+target+`","verdict":"accept"}`).want(t, 422, api.CodeBadBody)
	send(`{"target":"bafyreinothing","verdict":"confirm"}`).want(t, 404, api.CodeNotFound)
	if b := n.ledger.drafts[1].Body.(*protocol.Confirm); b.Target != n.ledger.id().EntryID || b.Verdict != protocol.VerdictConfirm {
		t.Errorf("%+v", b)
	}
	n.ledger.confirms = []ledger.Confirmation{{Author: n.ledger.agents[1].ID, Verdict: protocol.VerdictConfirm, State: ledger.Settled}}
	r := n.do(call{path: "/v1/confirmations?target=" + target, role: api.RoleMember}).ok(t, 200)
	if !strings.Contains(r.body, `"name":"Ana"`) {
		t.Error(r.body)
	}
}
