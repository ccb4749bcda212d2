package api

// AccountLine is what an agent has in one currency. All numbers have the
// currency's decimal places.
type AccountLine struct {
	Currency  string `json:"currency"`
	Settled   string `json:"settled" doc:"Sum of what is settled"`
	Pending   string `json:"pending" doc:"Sum of what has its effect and is not settled yet"`
	Available string `json:"available" doc:"What can be paid now, limit included"`
	Limit     string `json:"limit" doc:"How far below zero the agent may go"`
}

// Statement is the movements of an agent's account in one currency:
// minga.statement/1.
type Statement struct {
	Schema   string          `json:"schema"`
	Commons  CommonsRef      `json:"commons"`
	Agent    AgentRef        `json:"agent"`
	Currency string          `json:"currency"`
	Lines    []StatementLine `json:"lines" doc:"In the order of the times that their authors claim"`
	Next     string          `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// StatementLine is one movement as the account sees it. Settled and Pending are
// the running sums up to and including this line, and Balance is both together.
type StatementLine struct {
	ID       string    `json:"id" doc:"CID of the payment, or of the distribution: its first part"`
	Time     string    `json:"time"`
	Currency string    `json:"currency"`
	Other    *AgentRef `json:"other,omitempty" doc:"Who paid, or was paid; absent for the outside, and for a distribution by the commons"`
	Amount   string    `json:"amount" doc:"Negative for what was paid"`
	State    string    `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Settled  string    `json:"settled" doc:"Running sum of what is settled"`
	Pending  string    `json:"pending" doc:"Running sum of what is not settled yet"`
	Balance  string    `json:"balance" doc:"Running sum of both"`
	Note     string    `json:"note,omitempty" doc:"Of a distribution a sentence with its buckets"`

	Distribution bool          `json:"distribution,omitempty" doc:"The money was given out by a distribution"`
	Buckets      []BucketShare `json:"buckets,omitempty" doc:"Of a distribution: what of the amount is of which bucket"`
}

// BucketShare is what one bucket of a distribution gives.
type BucketShare struct {
	Bucket string `json:"bucket"`
	Amount string `json:"amount"`
}

// TransferDraft asks for a payment. With Back, amount, currency and payee are
// those of the payment that is sent back; otherwise they are needed.
type TransferDraft struct {
	Amount   string `json:"amount,omitempty" doc:"Decimal number above zero, a multiple of the currency's smallest part" example:"12.50" maxLength:"64"`
	Currency string `json:"currency,omitempty" doc:"A currency of the charter in force" example:"hora" maxLength:"256"`
	To       string `json:"to,omitempty" doc:"Who is paid: name or identifier" maxLength:"256"`
	From     string `json:"from,omitempty" doc:"Whose account pays: a shared account or the commons; default: you. Where one signature is not enough, the payment is proposed" maxLength:"256"`
	Settles  string `json:"settles,omitempty" doc:"A declaration of use, or a claim, that it is paid for" maxLength:"256"`
	Back     string `json:"back,omitempty" doc:"A payment that is refused: the whole of it is sent back" maxLength:"256"`

	RealizationOf string   `json:"realizationOf,omitempty" doc:"Agreement that it is part of, such as that of a purchase: name or identifier" maxLength:"2048"`
	Fulfills      []string `json:"fulfills,omitempty" doc:"Commitments that it fulfills" maxItems:"64"`

	Note string `json:"note,omitempty" doc:"Permanent: it cannot be erased" maxLength:"8192"`
}

// IncomeDraft records money that came in from outside, into the commons' pool.
type IncomeDraft struct {
	Amount   string `json:"amount" doc:"Decimal number above zero, a multiple of the currency's smallest part" example:"100.00" maxLength:"64"`
	Currency string `json:"currency" doc:"A currency of the charter in force" maxLength:"256"`
	From     string `json:"from" doc:"Who paid: name or identifier of an agent" maxLength:"256"`
	Settles  string `json:"settles,omitempty" doc:"A declaration of use, or a claim, that it is paid for" maxLength:"256"`
	For      string `json:"for,omitempty" doc:"What was paid for: a resource by name or identifier, the event that delivered it, or a resource specification" maxLength:"2048"`
	Note     string `json:"note,omitempty" doc:"Permanent: it cannot be erased" maxLength:"8192"`
}

// Transfer is a payment as recorded: minga.transfer/1.
type Transfer struct {
	Schema   string    `json:"schema"`
	ID       string    `json:"id"`
	State    string    `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason   string    `json:"reason,omitempty" doc:"Why it is void or waits"`
	Time     string    `json:"time" doc:"When its author claims to have written it"`
	Author   AgentRef  `json:"author" doc:"Whose log it is in"`
	From     *AgentRef `json:"from,omitempty"`
	To       *AgentRef `json:"to,omitempty"`
	Amount   string    `json:"amount"`
	Currency string    `json:"currency"`
	Back     string    `json:"back,omitempty" doc:"The payment that this one sends back"`
	Settles  []string  `json:"settles,omitempty" doc:"Declarations of use, or claims, that it is paid for"`
	For      string    `json:"for,omitempty" doc:"What an income was paid for"`
	Note     string    `json:"note,omitempty"`
}

// TransferList is a page of payments: minga.transfers/1.
type TransferList struct {
	Schema    string     `json:"schema"`
	Transfers []Transfer `json:"transfers"`
	Next      string     `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}
