package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minga-commons/minga/node/api"
)

// answers are what a node says, by method and path. What a command sends is
// kept.
type answers struct {
	say  map[string]any
	sent map[string]string
}

func (s *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.Method + " " + r.URL.Path
	body, _ := io.ReadAll(r.Body)
	s.sent[asked] = string(body)
	said, found := s.say[asked]
	if p, is := said.(*api.Problem); is || !found {
		if !found {
			p = &api.Problem{Code: api.CodeNoRoute, Status: 404, Detail: "nothing at " + asked}
		}
		w.WriteHeader(p.Status)
		said = p
	}
	_ = json.NewEncoder(w).Encode(said)
}

// ran is what a run of the program left.
type ran struct {
	code     int
	out, err string
}

// run runs the program against a node that gives the answers.
func (s *answers) run(t *testing.T, args ...string) ran {
	t.Helper()
	s.sent = map[string]string{}
	server := httptest.NewServer(s)
	defer server.Close()
	dir := t.TempDir()
	files := map[string]*os.File{}
	for _, name := range []string{"in", "out", "err"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[name] = f
	}
	a := newApp(append([]string{"--api", server.URL, "--token", "x"}, args...), files["in"], files["out"], files["err"])
	r := ran{code: a.execute(t.Context())}
	for name, to := range map[string]*string{"out": &r.out, "err": &r.err} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		*to = string(text)
	}
	return r
}

var (
	ana  = api.AgentRef{ID: "bafyreiana000000", Name: "Ana"}
	luis = api.AgentRef{ID: "bafyreiluis00000", Name: "Luis"}
	rosa = api.AgentRef{ID: "bafyreirosa00000", Name: "Rosa"}
)

func proposal(state, kind string) api.Proposal {
	return api.Proposal{
		Schema: "minga.proposal/1", ID: "bafyreip", State: state, Log: luis, Kind: kind, Summary: "pay 3.00 hora from Caja to Luis",
		By: ana, Needs: 2, Approvals: []api.AgentRef{ana},
	}
}

func TestMoneyAndDecisionsAreShown(t *testing.T) {
	open, done := proposal("open", "event"), proposal("done", "charter")
	set := api.WitnessSet{ID: "bafyreik", Members: []api.AgentRef{ana, luis, rosa}, Quorum: 2}
	changing := api.Witnesses{Current: set, Next: &set, Notes: []string{"Another set waits."}}
	written := api.Written{Schema: "minga.written/1", ID: "bafyreiw", State: "settled"}
	account := api.AccountLine{Currency: "hora", Settled: "-12.50", Pending: "3.00", Available: "37.50", Limit: "50.00"}
	line := api.StatementLine{ID: "bafyreiw", Currency: "hora", Amount: "-2.00", State: "pending", Settled: "0.00", Pending: "-2.00", Balance: "-2.00"}
	fork := api.Fork{Log: "bafyreil", Agent: luis, Seq: 4, Means: "Frozen: two histories."}
	charter := api.CharterVersion{Schema: "minga.charter/1", Seq: 1, State: "settled", Doc: api.CharterDocument{
		"name": "Huerta", "stewards": map[string]any{"members": []any{"Ana"}, "threshold": 1},
		"currency": []any{map[string]any{"name": "hora", "scale": 2, "limit": "50.00"}},
	}}
	for _, c := range []struct {
		args     string
		say      map[string]any
		code     int
		out, err string
		sent     string // body of the POST
	}{
		{args: "transfer 12.50 hora Luis", say: map[string]any{"POST /v1/transfers": written},
			out: "bafyreiw  settled\n", sent: `{"amount":"12.50","currency":"hora","to":"Luis"}`},
		{args: "transfer --back bafyreiw", say: map[string]any{"POST /v1/transfers": written},
			out: "bafyreiw  settled", sent: `{"back":"bafyreiw"}`},
		{args: "transfer 3 hora Luis --from Caja", say: map[string]any{"POST /v1/transfers": api.Written{ID: "bafyreip", State: "pending", Proposal: &open}},
			out: "bafyreip  pending", err: "It has 1 of 2 signatures; the others sign it with: minga account approve bafyreip"},
		{args: "transfer 40 hora Luis", say: map[string]any{"POST /v1/transfers": &api.Problem{Code: api.CodeOverdraft, Status: 422, Detail: "40.00 hora were to be paid and 37.50 are available."}},
			code: exitInvalid, err: "37.50 are available"},
		{args: "transfer 1 sol Luis", say: map[string]any{"POST /v1/transfers": &api.Problem{Code: api.CodeBadBody, Status: 422,
			Errors: []api.ProblemItem{{Pointer: "/currency", Code: api.CodeNoCurrency, Detail: "it has: hora."}}}}, code: exitInvalid, err: "currency: it has: hora."},
		{args: "transfer -5 hora Luis", code: exitInvalid, err: "an amount is more than zero; -5 is not"},
		{args: "--lang es transfer -5 hora Luis", code: exitInvalid, err: "un importe es mayor que cero"},
		{args: "transfer 5 hora", code: exitUsage, err: "AMOUNT CURRENCY AGENT"},
		{args: "transfer 5 hora Luis --back bafyreiw", code: exitUsage},
		{args: "transfer 5 hora Luis --frm Caja", code: exitUsage, err: "wrong flags"},
		{args: "income 100 USD", code: exitUsage, err: "--from is missing"},
		{args: "income 100 USD --from Rosa --for Papa", say: map[string]any{"POST /v1/incomes": written},
			out: "settled", sent: `{"amount":"100","currency":"USD","from":"Rosa","for":"Papa"}`},
		{args: "balance", say: map[string]any{"GET /v1/balances": api.Balance{Agent: ana, Accounts: []api.AccountLine{account}}},
			out: "hora       -12.50     3.00      37.50  50.00"},
		{args: "statement", say: map[string]any{
			"GET /v1/balances":   api.Balance{Agent: ana, Accounts: []api.AccountLine{account}},
			"GET /v1/statements": api.Statement{Agent: ana, Lines: []api.StatementLine{line}},
		}, out: "outside   -2.00  hora      pending     0.00    -2.00    -2.00"},
		{args: "statement Ana --currency hora --json", say: map[string]any{
			"GET /v1/statements": api.Statement{Agent: ana, Lines: []api.StatementLine{line}},
		}, out: `{"schema":"minga.statement/1","commons":{"id":""},"agent":{"id":"bafyreiana000000","name":"Ana"},"currency":"hora","lines":[{`},
		{args: "inbox", say: map[string]any{"GET /v1/inbox": api.Inbox{}}, err: "Nothing waits for you."},
		{args: "inbox", say: map[string]any{"GET /v1/inbox": api.Inbox{ToApprove: []api.Proposal{open}, ToServe: &set}},
			out: "You are asked to be a witness, with Ana, Luis, Rosa. Say yes with: minga witness confirm\nbafyreik"},
		{args: "inbox --lang es", say: map[string]any{"GET /v1/inbox": api.Inbox{ToApprove: []api.Proposal{open}}}, out: "abierta  1/2     Luis"},
		{args: "dispute bafyreiw", code: exitUsage, err: "--reason is missing"},
		{args: "dispute bafyreiw --reason no", say: map[string]any{"POST /v1/confirmations": written}, out: "settled",
			sent: `{"target":"bafyreiw","verdict":"dispute","reason":"no"}`},
		{args: "witness list", say: map[string]any{"GET /v1/witnesses": changing}, out: "Another set waits."},
		{args: "witness add Eva", say: map[string]any{"GET /v1/witnesses": changing}, code: exitConflict, err: "changing already"},
		{args: "witness add Eva Juan", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: api.WitnessSet{Members: []api.AgentRef{ana}, Quorum: 1}}, "POST /v1/witnesses": written},
			out: "settled", err: "Until the founder's close is settled you trust the founder alone.", sent: `{"members":["bafyreiana000000","Eva","Juan"]}`},
		{args: "witness add Eva --liars 1", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: set}, "POST /v1/witnesses": written},
			err: "3 of 4 will settle an entry.", out: "settled", sent: `{"members":["bafyreiana000000","bafyreiluis00000","bafyreirosa00000","Eva"],"f":1}`},
		{args: "witness add luis", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: set}}, code: exitConflict, err: "luis is a witness already"},
		{args: "witness remove Rosa", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: set}, "POST /v1/witnesses": written},
			err: "After this only the new witnesses can settle.", out: "settled", sent: `{"members":["bafyreiana000000","bafyreiluis00000"]}`},
		{args: "witness remove Eva", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: set}}, code: exitNotFound},
		{args: "witness remove Ana Luis Rosa", say: map[string]any{"GET /v1/witnesses": api.Witnesses{Current: set}}, code: exitInvalid},
		{args: "witness confirm", say: map[string]any{"GET /v1/inbox": api.Inbox{ToServe: &set}, "POST /v1/confirmations": written},
			out: "settled", err: "only the new witnesses can settle", sent: `{"target":"bafyreik","verdict":"confirm"}`},
		{args: "witness confirm", say: map[string]any{"GET /v1/inbox": api.Inbox{}}, code: exitNotFound},
		{args: "account create Caja --with Luis,Rosa --threshold 2", say: map[string]any{"POST /v1/accounts": written},
			out: "settled", sent: `{"name":"Caja","members":["Luis","Rosa"],"threshold":2}`},
		{args: "account create Caja --with Luis Rosa", say: map[string]any{"POST /v1/accounts": written},
			out: "settled", sent: `{"name":"Caja","members":["Luis","Rosa"]}`},
		{args: "account create Caja", code: exitUsage},
		{args: "account create Caja --with Luis --threshold 0", code: exitInvalid},
		{args: "account list", say: map[string]any{"GET /v1/accounts": api.SharedAccountList{Accounts: []api.SharedAccount{{Name: "Caja", Members: []api.AgentRef{ana, luis}, Threshold: 2}}}},
			out: "Caja     Ana, Luis  2 of 2"},
		{args: "account propose Caja 3 hora Luis", say: map[string]any{"POST /v1/transfers": written},
			out: "settled", sent: `{"amount":"3","currency":"hora","to":"Luis","from":"Caja"}`},
		{args: "account approve bafyreip", say: map[string]any{"POST /v1/proposals/bafyreip/approvals": api.Written{ID: "bafyreiw", State: "settled", Proposal: &done}},
			out: "bafyreiw  settled", err: "Done: pay 3.00 hora", sent: "{}"},
		{args: "commons charter reject bafyreip", say: map[string]any{"POST /v1/proposals/bafyreip/rejections": written}, out: "settled", sent: "{}"},
		{args: "commons charter show", say: map[string]any{"GET /v1/charters": api.CharterList{Charters: []api.CharterVersion{charter}}}, out: "hora"},
		{args: "commons charter show --toml", say: map[string]any{"GET /v1/charters": api.CharterList{Charters: []api.CharterVersion{charter, {Seq: 2, State: "pending"}}}},
			out: `limit = "50.00"`, err: "Version 2 is not settled yet"},
		{args: "commons charter history", say: map[string]any{
			"GET /v1/charters": api.CharterList{Charters: []api.CharterVersion{charter}}, "GET /v1/proposals": api.ProposalList{Proposals: []api.Proposal{open, done}},
		}, out: "Proposed:"},
		{args: "commons charter propose nowhere.toml", code: exitNotFound},
		{args: "agent admit Eva", say: map[string]any{"POST /v1/admissions": written}, out: "settled", sent: `{"log":"Eva"}`},
		{args: "agent remove Eva --seq 7", say: map[string]any{"POST /v1/removals": written}, out: "settled", sent: `{"agent":"Eva","seq":7}`},
		{args: "agent remove Eva --seq 0", code: exitInvalid},
		{args: "agent bind Eva Eva", say: map[string]any{"POST /v1/bindings": written}, out: "settled", sent: `{"record":"Eva","member":"Eva"}`},
		{args: "invite revoke bafyreii", say: map[string]any{
			"GET /v1/entries/bafyreii": api.Entry{ID: "bafyreii", Kind: "invite", Log: ana.ID, Commons: "bafyreic"},
			"GET /v1/commons":          api.CommonsList{Commons: []api.CommonsStatus{{ID: "bafyreic", Me: &ana}}}, "POST /v1/confirmations": written,
		}, out: "settled", sent: `{"target":"bafyreii","verdict":"withdraw"}`},
		{args: "invite revoke bafyreii", say: map[string]any{
			"GET /v1/entries/bafyreii": api.Entry{ID: "bafyreii", Kind: "invite", Log: luis.ID, Commons: "bafyreic"},
			"GET /v1/commons":          api.CommonsList{Commons: []api.CommonsStatus{{ID: "bafyreic", Me: &ana}}}, "POST /v1/removals": written,
		}, out: "settled", sent: `{"invite":"bafyreii"}`},
		{args: "invite revoke bafyreii", say: map[string]any{"GET /v1/entries/bafyreii": api.Entry{ID: "bafyreii", Kind: "event"}}, code: exitInvalid},
		{args: "distribution approve bafyreid", say: map[string]any{
			"POST /v1/distributions/bafyreid/approvals": &api.Problem{Code: api.CodeDiffers, Status: 409, Detail: "Ana gets 2.00, and 1.00 comes out."},
		}, code: exitVerify, err: "Ana gets 2.00, and 1.00 comes out."},
		{args: "distribution reject bafyreid", say: map[string]any{
			"POST /v1/distributions/bafyreid/rejections": api.Distribution{ID: "bafyreid", State: "proposed", Proposal: &api.Proposal{Summary: "distribute 3.00 USD", Rejections: []api.AgentRef{luis}, Needs: 2}},
		}, out: "bafyreid  proposed", err: "You refused: distribute 3.00 USD."},
		{args: "doctor", say: map[string]any{
			"GET /v1/commons": api.CommonsList{Commons: []api.CommonsStatus{{ID: "bafyreic"}}},
			"GET /v1/audit":   api.Audit{OK: true, Sums: []api.AuditSum{{Currency: "hora", Sum: "0.00", Settled: "0.00"}}, Forks: []api.Fork{fork}},
		}, out: "hora: all accounts together are 0.00, settled 0.00\nLuis (bafyreil): Frozen: two histories."},
		{args: "doctor --commons Huerta --json", say: map[string]any{"GET /v1/audit": api.Audit{Faults: []string{"the sum is 1"}}},
			code: exitVerify, out: `{"schema":"minga.doctor/1","ok":false,"audits":[`, err: "there are faults"},
		{args: "status", say: map[string]any{"GET /v1/status": api.Status{Commons: []api.CommonsStatus{{Name: "Huerta", SettledBy: "one", Forks: []api.Fork{fork}}}}},
			out: "Luis (bafyreil): Frozen: two histories."},
		{args: "entries Luis", say: map[string]any{"GET /v1/entries": api.EntryList{}, "GET /v1/logs/Luis": api.Log{Agent: luis, Means: "Frozen: two histories."}},
			err: "Luis: Frozen: two histories."},
	} {
		s := &answers{say: c.say}
		r := s.run(t, strings.Fields(c.args)...)
		if r.code != c.code || !strings.Contains(r.out, c.out) || !strings.Contains(r.err, c.err) || c.code == 0 && c.out == "" && c.err == "" {
			t.Errorf("%s: exits %d\n%s\n%s", c.args, r.code, r.out, r.err)
		}
		for asked, body := range s.sent {
			if strings.HasPrefix(asked, "POST") && c.sent != "" && body != c.sent {
				t.Errorf("%s sends %s", c.args, body)
			}
		}
	}
}

// A charter that is shown as a file can be proposed as it is.
func TestCharterFilesComeBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "charter.toml")
	text := "name = 'Huerta'\npublic_read = true\n\n[[currency]]\nkind = 'mutual'\nlimit = '50.00'\nname = 'hora'\nscale = 2\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := api.Proposal{ID: "bafyreik", State: "open", Kind: "keys", Summary: "new keys: 2 of 3 sign", Needs: 2}
	s := &answers{say: map[string]any{
		"POST /v1/charters": api.Written{ID: "bafyreiw", State: "settled"},
		"GET /v1/proposals": api.ProposalList{Proposals: []api.Proposal{keys}},
	}}
	if r := s.run(t, "commons", "charter", "propose", file); r.code != 0 || !strings.Contains(r.err, "new keys: 2 of 3 sign. It has 0 of 2 signatures") {
		t.Fatalf("exits %d: %s", r.code, r.err)
	}
	want := `{"doc":{"currency":[{"kind":"mutual","limit":"50.00","name":"hora","scale":2}],"name":"Huerta","public_read":true}}`
	if got := s.sent["POST /v1/charters"]; got != want {
		t.Errorf("sent %s", got)
	}
	var sent api.CharterDraft
	if err := json.Unmarshal([]byte(want), &sent); err != nil {
		t.Fatal(err)
	}
	s.say["GET /v1/charters"] = api.CharterList{Charters: []api.CharterVersion{{State: "settled", Doc: sent.Doc}}}
	again := filepath.Join(t.TempDir(), "again.toml")
	if err := os.WriteFile(again, []byte(s.run(t, "commons", "charter", "show", "--toml").out), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := s.run(t, "commons", "charter", "propose", again); r.code != 0 || s.sent["POST /v1/charters"] != want {
		t.Errorf("sent %s", s.sent["POST /v1/charters"])
	}
	if err := os.WriteFile(file, []byte("name = 'Huerta'\nlimit = 1.5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := s.run(t, "commons", "charter", "propose", file); r.code != exitInvalid || !strings.Contains(r.err, "charter.toml:2: limit") {
		t.Errorf("exits %d: %s", r.code, r.err)
	}
}
