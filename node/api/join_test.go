package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

func (n *node) join(as, text string) reply {
	body, _ := json.Marshal(api.JoinDraft{Link: text, As: as})
	return n.do(call{method: "POST", path: "/v1/commons/join", body: string(body), role: api.RoleMember})
}

func TestJoinWaitsForTheCharterAndForAPeer(t *testing.T) {
	n := start(t, nil)
	n.ledger.commons[0].Me = protocol.LogID{}
	n.ledger.gaps = 3
	r := n.join("Beto", link(n)).ok(t, 201)
	if !strings.Contains(r.body, `"name":"Beto"`) || len(n.network.dialled) != 1 || n.ledger.gaps != 0 {
		t.Error(r.body, n.network.dialled)
	}
	// The same again goes on from there; under another name it is refused.
	n.join("Beto", link(n)).ok(t, 201)
	n.join("Berta", link(n)).want(t, 409, api.CodeExists)
}

func TestJoinSaysWhyALinkLetsNobodyIn(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		code   api.Code
	}{
		{ledger.ErrUsedUp, 409, api.CodeUsedUp},
		{ledger.ErrWithdrawn, 410, api.CodeWithdrawn},
		{ledger.ErrExpired, 410, api.CodeExpired},
	} {
		n := start(t, nil)
		n.ledger.commons[0].Me = protocol.LogID{}
		n.ledger.joinErr = fmt.Errorf("%w: as a test", c.err)
		n.join("Beto", link(n)).want(t, c.status, c.code)
	}
}

func TestJoinWithoutPeers(t *testing.T) {
	n := start(t, func(o *api.Options) { o.JoinWait = 20 * time.Millisecond })
	n.ledger.commons[0].Me = protocol.LogID{}
	n.ledger.gaps = 1 << 30
	n.join("Beto", link(n)).want(t, 504, api.CodePeersUnreachable)
	n.ledger.gaps = 0
	n.network.heldBy = 0
	n.join("Beto", link(n)).want(t, 504, api.CodePeersUnreachable)
	n.network.heldBy = 1
	n.join("Beto", link(n)).ok(t, 201)
}

func TestJoinRefusesWhatIsNoInvitation(t *testing.T) {
	n := start(t, nil)
	n.ledger.commons[0].Me = protocol.LogID{}
	whole := link(n)
	for _, text := range []string{"x", "minga:join/", whole[:len(whole)-3], whole[:40], "https://evil.example", whole + "AAAA"} {
		n.join("Beto", text).want(t, 422, api.CodeBadLink)
	}
	old, err := protocol.ParseLink(whole)
	if err != nil {
		t.Fatal(err)
	}
	old.Expiry = testTime.Add(-time.Second).UnixMilli()
	n.join("Beto", old.String()).want(t, 410, api.CodeExpired)
	n.join("", whole).want(t, 422, api.CodeBadBody)
}

func TestInvitations(t *testing.T) {
	n := start(t, nil)
	send := func(body string) reply {
		return n.do(call{method: "POST", path: "/v1/invites", body: body, role: api.RoleMember})
	}
	var i api.Invitation
	if err := json.Unmarshal([]byte(send(`{"uses":2,"expires":"P1M"}`).ok(t, 201).body), &i); err != nil {
		t.Fatal(err)
	}
	l, err := protocol.ParseLink(i.Link)
	if err != nil || len(l.Peers) != 1 || l.Invite.String() != i.ID || i.State != "settled" {
		t.Errorf("%+v %v", i, err)
	}
	for expires, want := range map[string]string{
		"P7D": "2026-03-08T10:00:00.000Z", "P1W": "2026-03-08T10:00:00.000Z", "P1Y2M3DT4H5M6S": "2027-05-04T14:05:06.000Z",
		"PT90M": "2026-03-01T11:30:00.000Z", "2026-04-01": "2026-04-01T00:00:00.000Z", "2026-04-01T00:00:00-05:00": "2026-04-01T05:00:00.000Z",
		"": "2026-03-08T10:00:00.000Z",
	} {
		r := send(`{"expires":"`+expires+`"}`).ok(t, 201)
		if !strings.Contains(r.body, want) {
			t.Errorf("%q: want %s in %s", expires, want, r.body)
		}
	}
	for _, expires := range []string{
		"P", "PT", "7D", "P7", "P-1D", "P1.5D", "PT1D", "P1H", "P1D1D", "P1DT", "soon", "2026-02-01", "P0D", "P99999Y", "P999999D", "P1M1Y",
	} {
		p := send(`{"expires":"`+expires+`"}`).want(t, 422, api.CodeBadBody)
		if p.Errors[0].Pointer != "/expires" {
			t.Errorf("%q: %+v", expires, p.Errors)
		}
	}
	send(`{"uses":-1}`).want(t, 422, api.CodeBadBody)
	send(`{"uses":1000001}`).want(t, 422, api.CodeBadBody)
	send(`{"uses":1.5}`).want(t, 422, api.CodeBadBody)
	send(`{"commons":"Otra"}`).want(t, 404, api.CodeUnknownCommons)
}

func TestPeers(t *testing.T) {
	n := start(t, nil)
	send := func(body string) reply {
		return n.do(call{method: "POST", path: "/v1/peers", body: body, role: api.RoleOperator})
	}
	r := send(`{"addr":"/ip4/192.0.2.5/tcp/1/p2p/12D3"}`).ok(t, 201)
	if !strings.Contains(r.body, `"state":"dialing"`) || !strings.Contains(r.body, `"commons":[]`) {
		t.Error(r.body)
	}
	send(`{"addr":"192.0.2.5"}`).want(t, 422, api.CodeBadAddress)
}
