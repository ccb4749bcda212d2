package api

// Proposal is an entry that wants the signatures of a log with several keys, the
// charter log or a shared account: minga.proposal/1.
type Proposal struct {
	Schema     string         `json:"schema"`
	ID         string         `json:"id" doc:"CID of the entry that is proposed"`
	State      string         `json:"state" enum:"open,done,refused,superseded" doc:"open: it can still be approved; done: it is in its log; refused: too many refuse it; superseded: another entry stands at its place"`
	Log        AgentRef       `json:"log" doc:"In whose log it is to stand"`
	Seq        int64          `json:"seq" doc:"Its place there"`
	Kind       string         `json:"kind"`
	Summary    string         `json:"summary" doc:"What it would do, in a sentence"`
	Body       map[string]any `json:"body" doc:"The fields of the kind, as in an entry"`
	By         AgentRef       `json:"by" doc:"Who proposed it"`
	Time       string         `json:"time"`
	Needs      int            `json:"needs" doc:"Signatures in all"`
	Approvals  []AgentRef     `json:"approvals" doc:"Who signed"`
	Rejections []AgentRef     `json:"rejections" doc:"Who refuses it"`
	Mine       bool           `json:"mine" doc:"You may sign it and have said nothing yet"`
}

// ProposalList is a page of proposals, in the order of the log and the place for
// which they are: minga.proposals/1.
type ProposalList struct {
	Schema    string     `json:"schema"`
	Proposals []Proposal `json:"proposals"`
	Next      string     `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// VerdictDraft is the body of an approval or a rejection: an empty object, since the
// path says all.
type VerdictDraft struct{}

// WitnessSet is a set of witnesses.
type WitnessSet struct {
	ID      string     `json:"id" doc:"CID of the charter log's entry that names it"`
	Seq     int64      `json:"seq"`
	Members []AgentRef `json:"members"`
	F       int        `json:"f" doc:"How many of them may lie"`
	Quorum  int        `json:"quorum" doc:"How many settle an entry"`
}

// Witnesses says who settles entries, and how a change of them stands:
// minga.witnesses/1.
type Witnesses struct {
	Schema  string      `json:"schema"`
	Current WitnessSet  `json:"current"`
	Next    *WitnessSet `json:"next,omitempty" doc:"A set that is not settled yet"`
	Missing []AgentRef  `json:"missing" doc:"Members of next who have not confirmed it"`
	Closing bool        `json:"closing" doc:"The former witnesses' votes are not all in: payments continue, settlement pauses"`
	Closed  int         `json:"closed" doc:"Former witnesses who have closed"`
	Needed  int         `json:"needed" doc:"How many must"`
	Silent  []AgentRef  `json:"silent" doc:"Former witnesses who have not"`
	Notes   []string    `json:"notes" doc:"What this means, in sentences"`
}

// WitnessesDraft asks for another set of witnesses, whole.
type WitnessesDraft struct {
	Members []string `json:"members" doc:"Every member who is to be a witness: names or identifiers" maxItems:"64"`
	F       *int64   `json:"f,omitempty" doc:"How many of them may lie; default: as many as their number allows, (n-1)/3" minimum:"0" maximum:"64"`
}

// CharterVersion is a version of the charter: minga.charter/1.
type CharterVersion struct {
	Schema  string          `json:"schema"`
	Seq     int64           `json:"seq" doc:"Its place in the charter log"`
	ID      string          `json:"id"`
	Time    string          `json:"time"`
	State   string          `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason  string          `json:"reason,omitempty" doc:"Why it is void or waits"`
	Signers []AgentRef      `json:"signers" doc:"Stewards whose signatures this node holds"`
	Doc     CharterDocument `json:"doc"`
}

// CharterList is the versions of the charter, oldest first: minga.charters/1.
type CharterList struct {
	Schema   string           `json:"schema"`
	Charters []CharterVersion `json:"charters"`
}

// CharterDraft proposes a whole new version of the charter document.
type CharterDraft struct {
	Doc CharterDocument `json:"doc" doc:"The fields of the charter file"`
}

// SharedAccount is a log with several keys: minga.account/1.
type SharedAccount struct {
	Schema    string     `json:"schema"`
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Members   []AgentRef `json:"members" doc:"Whose keys it has"`
	Threshold int        `json:"threshold" doc:"How many of them sign"`
}

// SharedAccountList is a page of shared accounts: minga.accounts/1.
type SharedAccountList struct {
	Schema   string          `json:"schema"`
	Accounts []SharedAccount `json:"accounts"`
	Next     string          `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// AccountDraft founds a shared account.
type AccountDraft struct {
	Name      string   `json:"name" maxLength:"256"`
	Members   []string `json:"members" doc:"Who signs with you: names or identifiers" maxItems:"64"`
	Threshold int64    `json:"threshold,omitempty" doc:"How many signatures a payment needs; default: more than half" minimum:"1" maximum:"64"`
}

// AdmissionDraft admits a log to the commons.
type AdmissionDraft struct {
	Log string `json:"log" doc:"Identifier of the log, or the name of its agent" maxLength:"256"`
}

// RemovalDraft ends a member's log, or takes an invitation back. Exactly one of
// Agent and Invite is given.
type RemovalDraft struct {
	Agent  string `json:"agent,omitempty" doc:"Whose log ends: name or identifier" maxLength:"256"`
	Seq    int64  `json:"seq,omitempty" doc:"The last entry of the log that counts; default: the newest held" minimum:"1" maximum:"9223372036854775807"`
	Invite string `json:"invite,omitempty" doc:"CID of the invitation, or a unique prefix of at least 8 characters" maxLength:"256"`
}

// BindingDraft says that the record of an agent is a member.
type BindingDraft struct {
	Record string `json:"record" doc:"The record that somebody keeps: name or identifier" maxLength:"256"`
	Member string `json:"member" doc:"The member who it is: name or identifier" maxLength:"256"`
}

// Inbox is what waits for you: minga.inbox/1.
type Inbox struct {
	Schema    string        `json:"schema"`
	Commons   CommonsRef    `json:"commons"`
	ToConfirm []Event       `json:"toConfirm" doc:"Contributions of others, newest first, on which you have said nothing and your word is missing"`
	Unseen    bool          `json:"moreToConfirm,omitempty" doc:"There may be more to confirm, older than these"`
	ToApprove []Proposal    `json:"toApprove" doc:"Proposals that want your signature"`
	ToServe   *WitnessSet   `json:"toServe,omitempty" doc:"A set of witnesses that names you and wants your confirmation of its id"`
	ToAccept  []Declaration `json:"toAccept" doc:"Uses that others declared, on which you have said nothing"`
}

// Audit is what a check of the whole state found: minga.audit/1.
type Audit struct {
	Schema   string     `json:"schema"`
	Commons  CommonsRef `json:"commons"`
	OK       bool       `json:"ok" doc:"There are no faults"`
	Entries  int64      `json:"entries" doc:"Entries whose bytes were read and hashed"`
	Accounts int64      `json:"accounts" doc:"Accounts of all currencies"`
	Sums     []AuditSum `json:"sums" doc:"Over all accounts of each currency: zero"`
	Faults   []string   `json:"faults" doc:"What is not as it should be"`
	Forks    []Fork     `json:"forks" doc:"Logs with two histories"`
}

// AuditSum is the sum over all accounts of a currency, which is to be zero.
type AuditSum struct {
	Currency string `json:"currency"`
	Sum      string `json:"sum" doc:"Of what is settled and pending"`
	Settled  string `json:"settled" doc:"Of what is settled"`
}

// Fork is a log with two histories.
type Fork struct {
	Log     string   `json:"log"`
	Agent   AgentRef `json:"agent" doc:"Whose log it is"`
	Seq     int64    `json:"seq" doc:"Where the histories part"`
	Frozen  bool     `json:"frozen" doc:"Neither is settled"`
	Entries []string `json:"entries" doc:"The two entries at that place whose signatures are the proof: CIDs"`
	Means   string   `json:"means" doc:"What that means, in a sentence"`
}
