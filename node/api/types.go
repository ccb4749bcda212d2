package api

// Every object that the API answers carries the field "schema", the name and
// version of its shape. Numbers of the domain are decimal strings, never floats.
// Identifiers are CIDs in text. Times are RFC 3339 in UTC.

// AgentRef names an agent in another object.
type AgentRef struct {
	ID   string `json:"id" doc:"Identifier of the agent: a CID"`
	Name string `json:"name,omitempty" doc:"Name, if this node knows it"`
}

// CommonsRef names a commons in another object.
type CommonsRef struct {
	ID   string `json:"id" doc:"Identifier of the commons: a CID"`
	Name string `json:"name,omitempty" doc:"Name of the commons"`
}

// Status is what the node is and holds: minga.status/1.
type Status struct {
	Schema  string          `json:"schema"`
	Node    NodeStatus      `json:"node"`
	Commons []CommonsStatus `json:"commons" doc:"Every commons that this node holds and the asker may read"`
}

// NodeStatus describes the node itself.
type NodeStatus struct {
	Version  string `json:"version,omitempty" doc:"Version of the software"`
	Peer     string `json:"peer,omitempty" doc:"Identifier of the node on the network"`
	Journal  string `json:"journal,omitempty" doc:"Identifier of the arrival journal; another one means that positions start anew"`
	Position uint64 `json:"position" doc:"Newest durable position of the arrival journal"`
	Peers    int    `json:"peers" doc:"Peers connected now"`
	ReadOnly bool   `json:"readOnly,omitempty" doc:"The node writes nothing"`
}

// CommonsStatus is what the node holds of one commons.
type CommonsStatus struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Digest     string    `json:"digest" doc:"State digest in hexadecimal: equal on nodes that hold the same"`
	Entries    int64     `json:"entries" doc:"Entries held, of all logs"`
	Logs       int64     `json:"logs" doc:"Logs held"`
	Peers      int       `json:"peers" doc:"Connected peers that share this commons"`
	Waiting    int64     `json:"waiting" doc:"Entries held whose effect waits for something"`
	Void       int64     `json:"void" doc:"Entries without effect"`
	Frozen     int64     `json:"frozen" doc:"Logs with an unsettled fork"`
	Me         *AgentRef `json:"me,omitempty" doc:"This node's own member, absent for a mirror"`
	Membership string    `json:"membership,omitempty" doc:"State of this node's own first entry: until it is settled, the witnesses have not let the member in" enum:"waiting,pending,settled,void,frozen,cut"`
	PublicRead bool      `json:"publicRead" doc:"Anybody may read and mirror it"`
	Charter    int64     `json:"charter" doc:"Newest version of the charter in force here, as a sequence number"`
	Witnesses  int       `json:"witnesses" doc:"How many witnesses settle entries"`
	SettledBy  string    `json:"settledBy" doc:"Who settles entries, in a sentence"`
	Writing    string    `json:"writing,omitempty" enum:"open,asking,refused" doc:"Whether the node writes: after a start it first asks its peers how far its own log had come; it refuses if its files are a copy and nobody answered. Absent for a mirror"`
	Silent     bool      `json:"silent,omitempty" doc:"The node is a witness and does not vote now, since some of its votes may be missing"`
	Notice     string    `json:"notice,omitempty" doc:"Why the node does not write or vote, in a sentence"`
	Forks      []Fork    `json:"forks,omitempty" doc:"Logs with two histories: who, and what it means"`
}

// CommonsList is the answer to GET commons: minga.commons-list/1.
type CommonsList struct {
	Schema  string          `json:"schema"`
	Commons []CommonsStatus `json:"commons"`
}

// CommonsDraft asks for a new commons. The name stands in it, in its charter, or
// in both as the same.
type CommonsDraft struct {
	Name    string          `json:"name,omitempty" doc:"Name of the commons; default: that of the charter" maxLength:"256"`
	As      string          `json:"as" doc:"Your name in it" maxLength:"256"`
	Charter CharterDocument `json:"charter,omitempty" doc:"The charter document, with the fields of the charter file; default: everybody may read, stewards invite, one member's confirmation makes an event count"`
}

// CommonsWritten is the answer to a new commons or to joining one:
// minga.commons-written/1. ID and State are those of the entry written: the
// charter's inception for a new commons, the own inception for a joined one.
type CommonsWritten struct {
	Schema  string     `json:"schema"`
	ID      string     `json:"id,omitempty" doc:"CID of the entry written"`
	State   string     `json:"state,omitempty" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason  string     `json:"reason,omitempty" doc:"Why the entry is void or waits"`
	HeldBy  int        `json:"heldBy" doc:"Peers known to hold the entry"`
	Commons CommonsRef `json:"commons"`
	Me      AgentRef   `json:"me" doc:"Your agent in it"`
	DryRun  bool       `json:"dryRun,omitempty" doc:"Nothing was written"`
}

// JoinDraft asks to join a commons by an invitation.
type JoinDraft struct {
	Link string `json:"link" doc:"The invitation link" maxLength:"16384"`
	As   string `json:"as" doc:"Your name in the commons" maxLength:"256"`
}

// InviteDraft asks for an invitation.
type InviteDraft struct {
	Commons string `json:"commons,omitempty" doc:"Name or id; default: the only one"`
	Uses    int64  `json:"uses,omitempty" doc:"How many may join with it; default 1" minimum:"0" maximum:"1000000"`
	Expires string `json:"expires,omitempty" doc:"An ISO 8601 duration such as P7D, or a time; default P7D"`
}

// Invitation is a link that admits newcomers: minga.invitation/1. Whoever holds
// the link can join, so it is a secret.
type Invitation struct {
	Schema  string     `json:"schema"`
	ID      string     `json:"id,omitempty" doc:"CID of the invite entry"`
	State   string     `json:"state,omitempty" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason  string     `json:"reason,omitempty"`
	HeldBy  int        `json:"heldBy" doc:"Peers known to hold the entry"`
	Link    string     `json:"link,omitempty" doc:"The link to hand over"`
	Commons CommonsRef `json:"commons"`
	Uses    int64      `json:"uses"`
	Expires string     `json:"expires" doc:"When it ends, RFC 3339"`
	DryRun  bool       `json:"dryRun,omitempty" doc:"Nothing was written"`
}

// Agent is somebody who takes part: minga.agent/1.
type Agent struct {
	Schema  string `json:"schema"`
	ID      string `json:"id"`
	Name    string `json:"name"`
	Type    string `json:"type" enum:"Person,Organization,EcologicalAgent"`
	HasLog  bool   `json:"hasLog" doc:"It writes for itself; otherwise a steward keeps a record of it"`
	Steward bool   `json:"steward"`
	Commons bool   `json:"commons" doc:"It is the commons itself"`
}

// AgentList is a page of agents: minga.agents/1.
type AgentList struct {
	Schema string  `json:"schema"`
	Agents []Agent `json:"agents"`
	Next   string  `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// AgentDraft asks for a record of somebody without a log.
type AgentDraft struct {
	Name   string `json:"name" maxLength:"256"`
	Type   string `json:"type,omitempty" doc:"Default Person" enum:"Person,Organization,EcologicalAgent"`
	Note   string `json:"note,omitempty" maxLength:"8192"`
	Source string `json:"source,omitempty" doc:"The importer's key of this agent" maxLength:"256"`
}

// Log is what the node holds of one log: minga.log/1.
type Log struct {
	Schema     string   `json:"schema"`
	ID         string   `json:"id"`
	Commons    string   `json:"commons"`
	Agent      AgentRef `json:"agent"`
	Entries    int64    `json:"entries" doc:"Entries held"`
	Head       string   `json:"head" doc:"CID of the newest entry held"`
	Applied    int64    `json:"applied" doc:"Newest sequence number in effect, -1 if none"`
	Settled    int64    `json:"settled" doc:"Newest sequence number settled, -1 if none"`
	Forked     bool     `json:"forked" doc:"Two histories are known"`
	Frozen     bool     `json:"frozen" doc:"Two histories are known and neither is settled"`
	ForkSeq    *int64   `json:"forkSeq,omitempty" doc:"Where the histories part"`
	Means      string   `json:"means,omitempty" doc:"What the two histories mean, in a sentence"`
	WaitingFor string   `json:"waitingFor,omitempty" doc:"Why entries of it wait"`
}

// LogList is a page of logs: minga.logs/1.
type LogList struct {
	Schema string `json:"schema"`
	Logs   []Log  `json:"logs"`
	Next   string `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// Entry is one entry of a log, decoded: minga.entry/1.
type Entry struct {
	Schema  string         `json:"schema"`
	ID      string         `json:"id" doc:"CID of the exact block"`
	Commons string         `json:"commons"`
	State   string         `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason  string         `json:"reason,omitempty" doc:"Why it is void or waits"`
	HeldBy  int            `json:"heldBy" doc:"Peers known to hold it"`
	Version int64          `json:"version"`
	Kind    string         `json:"kind"`
	Log     string         `json:"log"`
	Seq     int64          `json:"seq"`
	Prev    string         `json:"prev,omitempty"`
	Time    string         `json:"time" doc:"When the author claims to have written it"`
	Charter int64          `json:"charter" doc:"Version of the charter under which it was written"`
	Body    map[string]any `json:"body" doc:"The fields of the kind under their own names. Links are CIDs, bytes hexadecimal, quantities {hasNumericalValue, hasUnit}"`
}

// EntryList is a page of entries of one log: minga.entries/1.
type EntryList struct {
	Schema  string  `json:"schema"`
	Entries []Entry `json:"entries"`
	Next    string  `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// ConfirmationDraft is a verdict on somebody else's entry.
type ConfirmationDraft struct {
	Target  string `json:"target" doc:"CID of the entry, or a unique prefix of at least 8 characters"`
	Verdict string `json:"verdict" enum:"confirm,dispute,withdraw"`
	Reason  string `json:"reason,omitempty" maxLength:"8192"`
}

// Confirmation is a verdict that was given: minga.confirmation/1.
type Confirmation struct {
	Schema  string   `json:"schema"`
	ID      string   `json:"id"`
	Target  string   `json:"target"`
	Author  AgentRef `json:"author"`
	Verdict string   `json:"verdict" enum:"confirm,dispute,withdraw"`
	Reason  string   `json:"reason,omitempty" doc:"What the author says"`
	Time    string   `json:"time"`
	State   string   `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Why     string   `json:"why,omitempty" doc:"Why the verdict is void or waits"`
}

// ConfirmationList is a page of confirmations: minga.confirmations/1.
type ConfirmationList struct {
	Schema        string         `json:"schema"`
	Confirmations []Confirmation `json:"confirmations"`
	Next          string         `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// Balance is what an agent has contributed, and has in each currency:
// minga.balance/1.
type Balance struct {
	Schema        string         `json:"schema"`
	Commons       CommonsRef     `json:"commons"`
	Agent         AgentRef       `json:"agent"`
	Contributions []Contribution `json:"contributions" doc:"One line for each action, resource and unit"`
	Accounts      []AccountLine  `json:"accounts" doc:"One line for each currency"`
	Why           *Why           `json:"why,omitempty" doc:"What is behind each figure, where it was asked for"`
}

// Contribution is one line of a balance. Quantity is everything valid,
// Confirmed what meets the charter's rule, Pending the rest.
type Contribution struct {
	Action    string `json:"action"`
	Resource  string `json:"resource" doc:"Resource specification, empty if the events name none"`
	Unit      string `json:"unit" doc:"OM2 identifier"`
	Quantity  string `json:"quantity" doc:"Decimal number"`
	Confirmed string `json:"confirmed" doc:"Decimal number"`
	Pending   string `json:"pending" doc:"Decimal number"`
	Events    int64  `json:"events" doc:"Events that the line sums"`
}

// Written is the answer to an entry written: minga.written/1. The entry is
// durable on this node, whatever HeldBy says.
type Written struct {
	Schema   string `json:"schema"`
	ID       string `json:"id,omitempty" doc:"CID of the entry; absent on a dry run"`
	State    string `json:"state,omitempty" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason   string `json:"reason,omitempty" doc:"Why the entry is void or waits"`
	HeldBy   int    `json:"heldBy" doc:"Peers known to hold the entry"`
	Repeated bool   `json:"repeated,omitempty" doc:"The entry was written before: under the same idempotency key, or it is the same verdict again"`
	DryRun   bool   `json:"dryRun,omitempty" doc:"Nothing was written"`
	// Preview is set on a dry run only.
	Preview *Preview `json:"preview,omitempty" doc:"What would be written"`
	// Proposal is set where more signatures are needed: ID is the proposed
	// entry's and State is pending. Approvals and rejections show what they made
	// of it.
	Proposal *Proposal `json:"proposal,omitempty" doc:"The proposal, where more signatures are needed"`
}

// Preview is the entry that a dry run would have written.
type Preview struct {
	Kind string         `json:"kind"`
	Body map[string]any `json:"body" doc:"The fields of the kind, as in an entry"`
}

// PeerDraft asks to keep a connection to another node.
type PeerDraft struct {
	Addr string `json:"addr" doc:"Multiaddr that ends in /p2p/ID" maxLength:"512"`
}

// The states of a peer.
const (
	PeerConnected = "connected"
	PeerDialing   = "dialing" // a connection is being tried
	PeerKnown     = "known"   // it will be tried again
)

// Peer is another node: minga.peer/1.
type Peer struct {
	Schema    string   `json:"schema"`
	ID        string   `json:"id" doc:"Identifier of the node on the network"`
	Addrs     []string `json:"addrs" doc:"Known addresses"`
	State     string   `json:"state" enum:"connected,dialing,known" doc:"dialing: a connection is being tried"`
	Commons   []string `json:"commons" doc:"Identifiers of the commons shared with it"`
	LastError string   `json:"lastError,omitempty" doc:"Why the last attempt failed"`
}

// PeerList is the answer to GET peers: minga.peers/1.
type PeerList struct {
	Schema string `json:"schema"`
	Peers  []Peer `json:"peers"`
}
