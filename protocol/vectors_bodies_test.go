package protocol

import (
	"encoding/hex"
	"slices"
)

// bodies adds the faults of the bodies of each kind.
func (v *invalid) bodies() {
	text := func(n int) string { return hex.EncodeToString(appendText(nil, string(make([]byte, n)))) }
	link := "d82a58250001711220" + ones(32)
	later := "d82a58250001711220" + repeat("22", 32)
	head := func(log string) string { return "a363636964" + link + "636c6f67" + log + "6373657101" }

	v.field("an invite whose role nobody knows", FaultChoice, KindInvite, "role", "65626f737379")
	v.field("an invite for nobody", FaultRange, KindInvite, "uses", "00")
	v.field("an invite for more than a million", FaultRange, KindInvite, "uses", "1a000f4241")
	v.field("an invite with a short key", FaultLength, KindInvite, "key", "581f"+ones(31))
	v.field("an invite whose key is text", FaultType, KindInvite, "key", "7820"+repeat("61", 32))
	v.field("an invite with a key of small order", FaultBadKey, KindInvite, "key", "5820"+"01"+zeros(31))
	v.field("an agent with an empty name", FaultEmpty, KindAgent, "name", "60")
	v.field("an agent with a name of 257 bytes", FaultTooLarge, KindAgent, "name", text(257))
	v.field("an agent with a name that is a number", FaultType, KindAgent, "name", "01")
	v.field("an agent with an empty map for a name", FaultMissing, KindAgent, "name", "a0")
	v.field("an agent with a hash of zeros for a name", FaultEmpty, KindAgent, "name", "a161685820"+zeros(32))
	v.field("an agent with a short hash for a name", FaultLength, KindAgent, "name", "a16168581f"+ones(31))
	v.field("an agent with a hash and more for a name", FaultUnknown, KindAgent, "name", "a261685820"+ones(32)+"617801")
	v.field("an agent of another type", FaultChoice, KindAgent, "type", "66706572736f6e")
	v.field("an agent with an empty note", FaultEmpty, KindAgent, "note", "60")
	v.field("an agent with a note of 8193 bytes", FaultTooLarge, KindAgent, "note", text(MaxNote+1))
	v.field("an event without action", FaultEmpty, KindEvent, "action", "60")
	v.field("an event with an empty list", FaultEmpty, KindEvent, "fulfills", "80")
	v.field("an event with a list that is a link", FaultType, KindEvent, "fulfills", link)
	v.field("an event with a list of texts for links", FaultType, KindEvent, "fulfills", "816161")
	v.field("an event with 65 links", FaultTooLarge, KindEvent, "satisfies", "9841"+repeat(link, 65))
	v.field("an event with three previous events", FaultTooLarge, KindEvent, "previousEvent", "83"+repeat(link, 3))
	v.field("an event with an empty class", FaultEmpty, KindEvent, "resourceClassifiedAs", "8160")
	v.field("an event whose list claims more than follows", FaultTruncated, KindEvent, "claims", "9b1000000000000000")
	v.field("an event with a watermark without cid", FaultMissing, KindEvent, "claims", "81a1636c6f67"+link)
	v.field("an event with an empty new resource that has a field of another", FaultUnknown, KindEvent, "newInventoriedResource", "a166616374696f6e6161")
	v.field("an event with null for a quantity", FaultType, KindEvent, "resourceQuantity", "f6")
	v.field("a record without type", FaultEmpty, KindRecord, "type", "60")
	v.field("a record whose fields are a list", FaultType, KindRecord, "fields", "80")
	v.field("a record whose fields are empty", FaultEmpty, KindRecord, "fields", "a0")
	v.field("a confirm with another verdict", FaultChoice, KindConfirm, "verdict", "636d6568")
	v.field("a declare with another use", FaultChoice, KindDeclare, "use", "63616e79")
	v.field("a declare with an income that has a unit", FaultUnknown, KindDeclare, "income", "a3616e0161730064756e69746161")
	v.field("an endorse of nothing", FaultEmpty, KindEndorse, "heads", "80")
	v.field("an endorse with heads out of order", FaultListOrder, KindEndorse, "heads", "82"+head(later)+head(link))
	v.field("an endorse with a log twice", FaultListOrder, KindEndorse, "heads", "82"+head(link)+head(link))
	v.field("an endorse with a negative seq", FaultRange, KindEndorse, "heads", "81a363636964"+link+"636c6f67"+link+"6373657120")
	v.field("a close of text", FaultType, KindClose, "witnesses", "6161")
	v.field("a propose of nothing", FaultEmpty, KindPropose, "block", "40")
	v.field("a propose above its bound", FaultTooLarge, KindPropose, "block", "59fe01"+zeros(MaxProposal+1))
	v.field("an approve with a short signature", FaultLength, KindApprove, "signature", "583f"+ones(63))
	v.field("keys with a threshold above their number", FaultThreshold, KindKeys, "threshold", "02")
	v.field("keys with a threshold of zero", FaultRange, KindKeys, "threshold", "00")
	v.field("keys without keys", FaultEmpty, KindKeys, "keys", "80")
	v.field("a charter of rules zero", FaultRange, KindCharter, "rules", "00")
	v.field("a charter with names that are texts", FaultType, KindCharter, "ids", "a161616161")
	v.field("a charter with empty ids", FaultEmpty, KindCharter, "ids", "a0")
	v.field("a charter without stewards", FaultEmpty, KindCharter, "stewards", "80")
	v.field("a charter with a steward's key of small order", FaultBadKey, KindCharter, "stewards", "81a2636b65795820"+zeros(32)+"636c6f67"+link)
	key := v.w.ana.Public()
	steward := func(log string) string { return "a2636b65795820" + hex.EncodeToString(key[:]) + "636c6f67" + log }
	v.field("a charter with stewards out of order", FaultListOrder, KindCharter, "stewards", "82"+steward(later)+steward(link))
	v.field("witnesses out of order", FaultListOrder, KindWitnesses, "members", "82"+later+link)
	v.field("witnesses with a member twice", FaultListOrder, KindWitnesses, "members", "82"+link+link)
	v.field("witnesses with f negative", FaultRange, KindWitnesses, "f", "20")
	v.body("a remove of nothing", FaultConflict, KindRemove, func(pairs) pairs { return pairs{} })
	v.field("a remove of a log and an invitation", FaultConflict, KindRemove, "grant", link)
	v.field("a remove with seq zero written out", FaultRange, KindRemove, "seq", "00")
	v.body("a remove of an invitation with seq", FaultConflict, KindRemove, func(p pairs) pairs {
		return p.without("log").set("grant", unhex(link))
	})
	v.field("a bind to text", FaultType, KindBind, "agent", "6161")
	v.body("a distribution without amount in its first part", FaultConflict, KindDistribution, func(p pairs) pairs { return p.without("amount") })
	v.field("a distribution whose first part names a first part", FaultConflict, KindDistribution, "first", link)
	v.field("a distribution of no parts", FaultRange, KindDistribution, "parts", "00")
	v.body("a distribution with a part beyond the last", FaultConflict, KindDistribution, func(p pairs) pairs {
		return p.without("amount").without("remainder").set("part", []byte{2}).set("first", unhex(link))
	})
	v.body("a distribution with a remainder in a later part", FaultConflict, KindDistribution, func(p pairs) pairs {
		return p.without("amount").set("part", []byte{1}).set("first", unhex(link))
	})
	watermark := "a463636964" + link + "636c6f67" + link + "6373657101" + "676163636f756e74" + link
	v.body("a distribution with claims in a later part", FaultConflict, KindDistribution, func(p pairs) pairs {
		return p.without("amount").without("remainder").set("part", []byte{1}).set("first", unhex(link)).set("claims", unhex("81"+watermark))
	})
	v.field("a distribution with a watermark without account", FaultMissing, KindDistribution, "claims", "81a363636964"+link+"636c6f67"+link+"6373657101")
	v.field("a distribution with empty claims", FaultEmpty, KindDistribution, "claims", "80")
	v.field("a distribution with a short digest", FaultLength, KindDistribution, "digest", "41"+"11")
}

// numbers adds the faults of quantities.
func (v *invalid) numbers() {
	quantity := func(name string, fault Fault, raw string) {
		v.field("a quantity "+name, fault, KindEvent, "resourceQuantity", raw)
	}
	const unit = "64756e6974636f6e65"
	quantity("above 10^15", FaultRange, "a3616e1b00038d7ea4c68001617300"+unit)
	quantity("below -10^15", FaultRange, "a3616e3b00038d7ea4c68000617300"+unit)
	quantity("of scale 10", FaultRange, "a3616e0161730a"+unit)
	quantity("of scale -1", FaultRange, "a3616e01617320"+unit)
	quantity("without scale", FaultMissing, "a2616e01"+unit)
	quantity("without unit", FaultMissing, "a2616e01617300")
	quantity("without number", FaultMissing, "a2617300"+unit)
	quantity("with an empty unit", FaultEmpty, "a3616e0161730064756e697460")
	quantity("that is a float", FaultFloat, "a3616ef93c00617300"+unit)
	quantity("that is text", FaultType, "a3616e6131617300"+unit)
	quantity("with scale before number", FaultMissing, "a3617300616e01"+unit)
	quantity("that is a list", FaultType, "820100")
}

// inceptions adds the faults of inceptions.
func (v *invalid) inceptions() {
	key := func(k PrivateKey) []byte { public := k.Public(); return appendBytes(nil, public[:]) }
	ana, beto := key(v.w.ana), key(v.w.beto)
	raw := func(s string) []byte { return slices.Concat(unhex("815820"), unhex(s)) }
	base := rawPairs(v.w.anaLog.Block())
	charter := rawPairs(v.w.charter.Block())

	v.inception("an inception of another kind", FaultKindMismatch, "kind", unhex("656576656e74"))
	v.inception("an inception without keys", FaultEmpty, "keys", unhex("80"))
	v.inception("an inception with a key twice", FaultConflict, "keys", slices.Concat(unhex("82"), ana, ana))
	v.inception("an inception with 65 keys", FaultTooLarge, "keys", slices.Concat(unhex("9841"), slices.Repeat(ana, 65)))
	v.inception("an inception with a key of 31 bytes", FaultLength, "keys", unhex("81581f"+ones(31)))
	v.inception("an inception with the neutral element for a key", FaultBadKey, "keys", raw("01"+zeros(31)))
	v.inception("an inception with a key of order 2", FaultBadKey, "keys", raw("ec"+repeat("ff", 30)+"7f"))
	v.inception("an inception with a key of order 4", FaultBadKey, "keys", raw(zeros(32)))
	v.inception("an inception with a key of order 8", FaultBadKey, "keys", raw("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))
	v.inception("an inception with a key that is not canonical", FaultBadKey, "keys", raw("f0"+repeat("ff", 30)+"7f"))
	v.inception("an inception with a negative zero for a key", FaultBadKey, "keys", raw("01"+zeros(30)+"80"))
	v.inception("an inception with a key that is on no curve", FaultBadKey, "keys", raw("02"+zeros(31)))
	v.inception("an inception with a good key and a bad one", FaultBadKey, "keys", slices.Concat(unhex("82"), beto, unhex("5820"+zeros(32))))
	v.inception("an inception with threshold zero", FaultRange, "threshold", []byte{0})
	v.inception("an inception with threshold 65", FaultRange, "threshold", unhex("1841"))
	v.inception("an inception with a threshold above the number of keys", FaultThreshold, "threshold", []byte{2})
	v.inception("an inception with a short next", FaultLength, "next", unhex("581f"+ones(31)))
	v.inception("an inception with a long nonce", FaultLength, "nonce", unhex("51"+ones(17)))
	v.inception("an inception with rules and commons", FaultConflict, "rules", []byte{1})
	v.add("an inception without rules and commons", FaultConflict, base.without("commons").encode())
	grant := rawPairs(v.w.betoLog.Block()).get("grant")
	v.add("a charter inception with a grant", FaultConflict, charter.set("grant", grant).encode())
	v.add("an inception with a grant without signature", FaultMissing, base.set("grant", rawPairs(grant).without("signature").encode()).encode())
	v.add("an inception with a grant of a negative charter seq", FaultRange, base.set("grant", rawPairs(grant).set("charter", []byte{0x20}).encode()).encode())
	v.inception("an inception with an empty agent", FaultMissing, "agent", unhex("a0"))
	v.inception("an inception with a body", FaultUnknown, "body", unhex("a0"))
	v.inception("an inception with a prev", FaultUnknown, "prev", unhex("d82a58250001711220"+ones(32)))
	for _, field := range []string{"keys", "kind", "next", "time", "agent", "nonce", "threshold"} {
		v.add("an inception without "+field, FaultMissing, base.without(field).encode())
	}
}
