package api

// DeclarationDraft declares the use of a licensed resource during a period that
// has ended.
type DeclarationDraft struct {
	Resource  string `json:"resource" doc:"A resource of the charter's licence" maxLength:"2048"`
	Use       string `json:"use" enum:"commercial,non-commercial"`
	Beginning string `json:"beginning" doc:"First day, a date" example:"2026-01-01" maxLength:"40"`
	End       string `json:"end" doc:"Last day, a date that is not in the future" example:"2026-01-31" maxLength:"40"`
	Form      string `json:"form,omitempty" doc:"Form of organisation, such as worker-owned" maxLength:"256"`
	Income    string `json:"income,omitempty" doc:"Decimal number" maxLength:"64"`
	Profit    string `json:"profit,omitempty" doc:"Decimal number, not above the income; negative for a loss" maxLength:"64"`
	Currency  string `json:"currency,omitempty" doc:"Of income and profit; default: that of the licence" maxLength:"256"`
	Fraction  string `json:"fraction,omitempty" doc:"Part of the profit that is due to the resource, 0 to 1" maxLength:"64"`
	Agent     string `json:"agent,omitempty" doc:"Who used it; default: you. Stewards may declare for an agent that has no log" maxLength:"256"`
	Note      string `json:"note,omitempty" doc:"Permanent: it cannot be erased" maxLength:"8192"`
}

// Declaration is a declaration of use as recorded: minga.declaration/1.
type Declaration struct {
	Schema       string   `json:"schema"`
	ID           string   `json:"id"`
	State        string   `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason       string   `json:"reason,omitempty" doc:"Why it is void or waits"`
	Time         string   `json:"time" doc:"When its author claims to have written it"`
	Author       AgentRef `json:"author"`
	Agent        AgentRef `json:"agent" doc:"Who used the resource"`
	Resource     string   `json:"resource"`
	Use          string   `json:"use" enum:"commercial,non-commercial"`
	Beginning    string   `json:"beginning"`
	End          string   `json:"end"`
	Form         string   `json:"form,omitempty"`
	Income       string   `json:"income,omitempty"`
	Profit       string   `json:"profit,omitempty"`
	Currency     string   `json:"currency,omitempty"`
	Fraction     string   `json:"fraction,omitempty"`
	Note         string   `json:"note,omitempty"`
	Confirmation string   `json:"confirmation" enum:"confirmed,waiting,maturing,disputed" doc:"What others think of it, as far as their verdicts are settled: maturing if the window of the charter is not over"`
	ReplacedBy   string   `json:"replacedBy,omitempty" doc:"A later declaration for the same days that counts in its place"`
}

// DeclarationList is a page of declarations: minga.declarations/1.
type DeclarationList struct {
	Schema       string        `json:"schema"`
	Declarations []Declaration `json:"declarations"`
	Next         string        `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// Standing is how an agent stands to the licence of the commons on a day:
// minga.standing/1. Amounts are in the licence's currency, and null where they are
// not known.
type Standing struct {
	Schema      string           `json:"schema"`
	Commons     CommonsRef       `json:"commons"`
	Agent       AgentRef         `json:"agent"`
	AsOf        string           `json:"asOf" doc:"The day, in UTC"`
	Class       string           `json:"class" enum:"lapsed,undetermined,non-commercial,exempt,reciprocating,owing"`
	MayUse      string           `json:"mayUse" enum:"yes,no,unknown"`
	Summary     string           `json:"summary" doc:"The class in a sentence"`
	Currency    string           `json:"currency"`
	Contributed *string          `json:"contributed" doc:"Value of what counts within the window"`
	Charged     *string          `json:"charged" doc:"Share of the profit of all declared periods"`
	Offset      *string          `json:"offset" doc:"Of that, what contributions set off"`
	Paid        *string          `json:"paid"`
	Owed        *string          `json:"owed" doc:"What is left"`
	Due         *string          `json:"due" doc:"Of that, what is to be paid by this day or was"`
	Overdue     *string          `json:"overdue" doc:"Of that, what was to be paid before"`
	Credit      *string          `json:"credit" doc:"Paid beyond what was charged"`
	AtLeast     []string         `json:"atLeast" doc:"Names of the amounts to which a missing fact can add"`
	Missing     []StandingReason `json:"missing" doc:"The facts that are missing"`
	Reasons     []StandingReason `json:"reasons" doc:"What it follows from, missing facts first"`
	Periods     []StandingPeriod `json:"periods" doc:"Oldest first"`
	Charter     int64            `json:"charter" doc:"Version of the charter whose licence it is"`
	Evidence    string           `json:"evidence" doc:"That this is evidence and no judgement of law"`
}

// StandingReason is one thing that a standing follows from.
type StandingReason struct {
	Code    string      `json:"code"`
	Text    string      `json:"text"`
	Entries []EntryLink `json:"entries" doc:"The entries that show it"`
}

// EntryLink is an entry and where to read it.
type EntryLink struct {
	ID   string `json:"id"`
	Href string `json:"href"`
}

// StandingPeriod is one declared period, or a time for which no use was declared.
type StandingPeriod struct {
	Declaration  string      `json:"declaration,omitempty" doc:"Absent where none was declared"`
	Resource     string      `json:"resource"`
	Beginning    string      `json:"beginning"`
	End          string      `json:"end"`
	Use          string      `json:"use,omitempty"`
	Form         string      `json:"form,omitempty"`
	Confirmation string      `json:"confirmation,omitempty"`
	Outcome      string      `json:"outcome" enum:"charged,no-profit,non-commercial,exempt,reciprocating,running,missing,undeclared"`
	DueOn        string      `json:"dueOn" doc:"Last day on which it can be paid"`
	Overdue      bool        `json:"overdue"`
	Contributed  *string     `json:"contributed" doc:"Within the window that ends with the period"`
	Charged      *string     `json:"charged"`
	Offset       *string     `json:"offset"`
	Paid         *string     `json:"paid"`
	Open         *string     `json:"open"`
	By           []EntryLink `json:"by" doc:"Contributions and payments that served it"`
}

// StandingList is a page of standings: minga.standings/1.
type StandingList struct {
	Schema    string     `json:"schema"`
	Standings []Standing `json:"standings"`
	Next      string     `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}
