package api

// ValueReport says who created the value of a period, and who keeps it:
// minga.report-value/1. Values are in what the rates of the charter are in; money
// is never converted.
type ValueReport struct {
	Schema  string     `json:"schema"`
	Commons CommonsRef `json:"commons"`
	From    string     `json:"from" doc:"The first moment of the period"`
	To      string     `json:"to" doc:"The first moment after the period"`
	Version int64      `json:"version" doc:"Seq of the charter whose rules value contributions: the one in force"`

	Streams   StreamValues  `json:"streams" doc:"Value contributed, by stream"`
	Agents    []AgentReport `json:"agents" doc:"Everybody who contributed, declared or was paid; of the largest value first"`
	Events    int64         `json:"events" doc:"Confirmed contributions that a rule valued, not counting what corrects them"`
	Unvalued  int64         `json:"unvalued" doc:"Confirmed contributions that a rule matched and could not measure"`
	Unmatched int64         `json:"unmatched" doc:"Confirmed contributions that no rule is for"`

	Money         []MoneyReport `json:"money" doc:"Of each currency in which anything happened"`
	Contributions Concentration `json:"contributions" doc:"How value is spread over members and whoever else contributed"`
	Witnesses     Concentration `json:"witnesses" doc:"How the seats of witnesses are spread over members"`
	Stewards      Concentration `json:"stewards" doc:"How the seats of stewards are spread over members"`
	Notes         []string      `json:"notes" doc:"How the figures are to be read, in sentences"`
}

// StreamValues is a value of each stream, rounded to nine decimal places where it
// has more.
type StreamValues struct {
	Livelihood string `json:"livelihood"`
	Love       string `json:"love"`
	Care       string `json:"care"`
	Sum        string `json:"sum"`
}

// AgentReport is the part of one agent in a report.
type AgentReport struct {
	Agent    AgentRef     `json:"agent"`
	Streams  StreamValues `json:"streams"`
	Events   int64        `json:"events" doc:"Valued contributions"`
	Unvalued int64        `json:"unvalued"`
	Steward  bool         `json:"steward,omitempty"`
	Witness  bool         `json:"witness,omitempty"`
	Money    []AgentMoney `json:"money"`
}

// AgentMoney is the money of one agent in a report, in one currency.
type AgentMoney struct {
	Currency string `json:"currency"`
	Returned string `json:"returned" doc:"What distributions gave the agent"`
	Declared string `json:"declared,omitempty" doc:"Income that it declared; absent if it declared none"`
	Profit   string `json:"profit,omitempty" doc:"Profit that it declared; absent if it declared none"`
	Paid     string `json:"paid" doc:"What it paid into the pool"`
	Outside  string `json:"outside,omitempty" doc:"What it kept of its profit; absent where that is not known"`
}

// MoneyReport is the money of a report in one currency.
type MoneyReport struct {
	Currency string            `json:"currency"`
	Income   string            `json:"income" doc:"Recorded into the pool"`
	Declared string            `json:"declared,omitempty" doc:"Income that users declared; absent if none did"`
	Profit   string            `json:"profit,omitempty" doc:"Profit that users declared; absent if none did"`
	Outside  string            `json:"outside,omitempty" doc:"What users kept of their profit: at least this much where unknown is above zero; absent if nobody declared a profit, since it is not known then"`
	Unknown  int64             `json:"unknown" doc:"Declarations of commercial use that state no profit"`
	Returned string            `json:"returned" doc:"To contributors, by distributions"`
	Streams  map[string]string `json:"streams" doc:"Of what was returned: by the stream of the bucket; several where its rules have more than one, none where it has no rules"`
	Kept     string            `json:"kept" doc:"Stays in the pool: income less what was returned; below zero where earlier income was shared"`
	Payouts  Concentration     `json:"payouts" doc:"How what was returned is spread over members and whoever else was paid"`
}

// Concentration says how evenly something is spread over people. The shares have
// four decimal places, rounded half away from zero; they are absent if nobody has
// anything.
type Concentration struct {
	People int    `json:"people"`
	Gini   string `json:"gini,omitempty" doc:"0: all have the same; near 1: one has everything" example:"0.2500"`
	Top    string `json:"top,omitempty" doc:"Share of the one who has most" example:"0.4000"`
	Tenth  string `json:"tenth,omitempty" doc:"Share of the tenth of the people who have most, rounded up to whole people"`
}
