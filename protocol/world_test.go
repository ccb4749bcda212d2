package protocol

import "math"

// world is a small commons with the keys and logs that tests and vectors use.
// It is the same at every run.
type world struct {
	steward, ana, beto, invite PrivateKey

	charter Entry // inception of the charter log
	anaLog  Entry
	betoLog Entry
	joint   Entry // a shared account, 2 of 3

	members []Entry // entries of Ana's log, from 1 on
	rulings []Entry // entries of the charter log, from 1 on
	names   map[EntryID]string
}

const worldTime = Time(1_767_225_600_000) // 2026-01-01

var worldSeed = [SeedSize]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

func mustDerive(seed [SeedSize]byte, role Role, commons, generation uint32) PrivateKey {
	key, err := DeriveKey(seed, role, commons, generation)
	if err != nil {
		panic(err)
	}
	return key
}

// keySet is the set of one derived key whose successor is the next generation.
func keySet(seed [SeedSize]byte, role Role, generation uint32) KeySet {
	return KeySet{
		Keys:      []PublicKey{mustDerive(seed, role, 0, generation).Public()},
		Threshold: 1,
		Next:      NextDigest([]PublicKey{mustDerive(seed, role, 0, generation+1).Public()}, 1),
	}
}

func mustEntry(e Entry, err error) Entry {
	if err != nil {
		panic(err)
	}
	return e
}

func newWorld() *world {
	betoSeed := [SeedSize]byte{0xb0, 0xb1}
	w := &world{
		steward: mustDerive(worldSeed, RoleSteward, 0, 0),
		ana:     mustDerive(worldSeed, RoleAuthor, 0, 0),
		beto:    mustDerive(betoSeed, RoleAuthor, 0, 0),
		invite:  mustDerive(worldSeed, RoleInvite, 0, 0),
		names:   map[EntryID]string{},
	}
	w.charter = mustEntry(NewInception(worldTime, &Inception{
		KeySet: keySet(worldSeed, RoleSteward, 0), Nonce: [NonceLen]byte{1}, Rules: 1,
		Agent: AgentCard{Name: PlainText("Huerta Norte"), Type: Organization},
	}))
	w.anaLog = mustEntry(NewInception(worldTime+1, &Inception{
		Commons: w.commons(), KeySet: keySet(worldSeed, RoleAuthor, 0), Nonce: [NonceLen]byte{2},
		Agent: AgentCard{Name: PlainText("Ana"), Type: Person},
	}))
	w.write(&w.members, w.anaLog, "invite", &Invite{
		Key: w.invite.Public(), Role: "member", Uses: 5, Expiry: int64(worldTime) + 604_800_000,
	})
	beto := &Inception{
		Commons: w.commons(), KeySet: keySet(betoSeed, RoleAuthor, 0), Nonce: [NonceLen]byte{3},
		Agent: AgentCard{Name: PlainText("Beto"), Type: Person},
	}
	beto.Grant = SignGrant(w.invite, w.members[0].ID(), 1, beto)
	w.betoLog = mustEntry(NewInception(worldTime+5, beto))
	joint := KeySet{
		Keys:      []PublicKey{w.ana.Public(), w.beto.Public(), w.steward.Public()},
		Threshold: 2,
	}
	joint.Next = NextDigest(joint.Keys, 2)
	w.joint = mustEntry(NewInception(worldTime+6, &Inception{
		Commons: w.commons(), KeySet: joint, Nonce: [NonceLen]byte{4},
		Agent: AgentCard{Name: PlainText("Caja común"), Type: Organization},
	}))
	w.writeMembers()
	w.writeRulings()
	return w
}

func (w *world) commons() CommonsID { return CommonsID{w.charter.ID()} }

// write appends an entry to a log of the world.
func (w *world) write(log *[]Entry, inception Entry, name string, body Body) Entry {
	prev := inception
	if n := len(*log); n > 0 {
		prev = (*log)[n-1]
	}
	e := mustEntry(New(Placement{
		Log: inception.Log, Seq: prev.Seq + 1, Prev: prev.ID(), Time: worldTime + Time(1000*(prev.Seq+1)), Charter: 1,
	}, body))
	*log = append(*log, e)
	w.names[e.ID()] = name
	return e
}

func (w *world) writeMembers() {
	add := func(name string, body Body) EntryID { return w.write(&w.members, w.anaLog, name, body).ID() }
	commons := AgentID(w.commons())
	ana, beto := w.anaLog.Log.Agent(), w.betoLog.Log.Agent()
	hashed := Text{Hash: Side{Salt: [SaltSize]byte{9}, Text: "Rosa"}.Hash()}
	neighbour := add("agent with the least", &Agent{Card: AgentCard{Name: PlainText("Rosa"), Type: Person}})
	add("agent with everything", &Agent{
		Card: AgentCard{Name: hashed, Type: EcologicalAgent}, Note: PlainText("vecina de la huerta"), Source: "row-7",
		Ext: map[string]Value{"b": []byte{1, 2}, "n": int64(-1), "text": "ñandú 🌱", "link": commons.EntryID},
	})
	work := add("event of work", &Event{
		Action: "work", Provider: ana, Receiver: commons, ResourceConformsTo: "Huerta",
		EffortQuantity: &Quantity{N: 35, Scale: 1, Unit: "hour"}, HasPointInTime: "2026-01-01", Note: PlainText("riego"),
	})
	add("event with the least", &Event{Action: "work"})
	add("event with everything", w.fullEvent(work, neighbour))
	add("event that corrects, with a negative quantity", &Event{
		Action: "work", Provider: ana, Receiver: commons, Corrects: work,
		EffortQuantity: &Quantity{N: -15, Scale: 1, Unit: "hour"},
	})
	add("event with the largest quantities", &Event{
		Action: "raise", ResourceQuantity: &Quantity{N: MaxMantissa, Scale: MaxScale, Unit: "one"},
		EffortQuantity: &Quantity{N: -MaxMantissa, Scale: 0, Unit: "one"},
	})
	process := add("record with the least", &Record{Type: "Process"})
	add("record with everything", &Record{
		Type: "Commitment", Of: process, Name: PlainText("Riego de enero"), Note: hashed, Source: "plan/3",
		Fields: map[string]Value{
			"action": "work", "finished": false, "due": "2026-02-01", "nothing": nil, "inputOf": process,
			"effortQuantity": map[string]Value{"n": int64(8), "s": int64(0), "unit": "hour"},
			"classifiedAs":   []Value{"agua", "https://www.wikidata.org/entity/Q11453", []Value{}, map[string]Value{}},
			"range":          []Value{int64(math.MinInt64), int64(-1), int64(0), int64(23), int64(24), int64(math.MaxInt64)},
		},
		Ext: map[string]Value{"": ""},
	})
	add("confirm", &Confirm{Target: work, Verdict: VerdictConfirm})
	add("dispute with a reason", &Confirm{Target: work, Verdict: VerdictDispute, Reason: PlainText("eran 2 h")})
	add("withdrawal of an invitation", &Confirm{Target: w.members[0].ID(), Verdict: VerdictWithdraw})
	add("declare with the least", &Declare{
		Agent: beto, Resource: "semillas", Beginning: "2026-01-01", End: "2026-12-31", Use: "non-commercial",
	})
	add("declare with everything", &Declare{
		Agent: beto, Resource: "https://example.org/semillas", Beginning: "2026-01-01", End: "2026-12-31", Use: "commercial",
		Form: "cooperative", Currency: "USD", Income: &Amount{N: 1_200_000, Scale: 2}, Profit: &Amount{N: -35_000, Scale: 2},
		Fraction: &Amount{N: 25, Scale: 2}, Note: PlainText("feria"), Ext: map[string]Value{"ref": "F-1"},
	})
	heads := []Head{{Log: w.betoLog.Log, Seq: 0, CID: w.betoLog.ID()}, {Log: w.anaLog.Log, Seq: 2, CID: neighbour}}
	if heads[0].Log.Compare(heads[1].Log.EntryID) > 0 {
		heads[0], heads[1] = heads[1], heads[0]
	}
	add("endorse", &Endorse{Heads: heads})
	add("close", &Close{Witnesses: process})
	draft := mustEntry(New(Placement{
		Log: w.joint.Log, Seq: 1, Prev: w.joint.ID(), Time: worldTime + 9000, Charter: 1,
	}, &Confirm{Target: work, Verdict: VerdictConfirm}))
	add("propose", &Propose{Block: draft.Block()})
	add("approve", &Approve{CID: draft.ID(), Signature: SignEntry(w.ana, 0, draft.ID()).Bytes})
	add("reject", &Reject{CID: draft.ID()})
	add("keys", &Keys{KeySet: keySet(worldSeed, RoleAuthor, 1)})
}

func (w *world) fullEvent(work, neighbour EntryID) *Event {
	ana := w.anaLog.Log.Agent()
	return &Event{
		Action: "transfer", Provider: ana, Receiver: w.betoLog.Log.Agent(), InputOf: work, OutputOf: neighbour,
		ResourceInventoriedAs: work, ToResourceInventoriedAs: neighbour,
		NewInventoriedResource: &NewResource{
			Name: PlainText("Cajón 3"), ConformsTo: "tomate", ClassifiedAs: []string{"fresco"}, TrackingIdentifier: "L-3",
			Lot: work, Image: "https://example.org/3.jpg", Note: PlainText("maduro"), Stage: "cosecha", State: "pass",
			UnitOfEffort: "hour", CurrentLocation: work, ContainedIn: neighbour, PrimaryAccountable: ana,
		},
		ResourceConformsTo: "tomate", ResourceClassifiedAs: []string{"fresco", "local"},
		ResourceQuantity: &Quantity{N: 1250, Scale: 2, Unit: "kilogram"}, EffortQuantity: &Quantity{N: 0, Scale: 0, Unit: "hour"},
		HasPointInTime: "2026-01-02T10:00:00-05:00", HasBeginning: "2026-01-02T09:00:00-05:00", HasEnd: "2026-01-02T10:00:00-05:00",
		AtLocation: work, ToLocation: neighbour, Note: PlainText("al mercado"), Stage: "cosecha", State: "pass",
		InScopeOf: []EntryID{w.charter.ID()}, AgreedIn: "https://example.org/acuerdo", RealizationOf: work,
		ReciprocalRealizationOf: neighbour, Fulfills: []EntryID{work}, Satisfies: []EntryID{work, neighbour},
		Settles: []EntryID{neighbour}, Corrects: work, TriggeredBy: work, PreviousEvent: []EntryID{work, neighbour},
		Currency: "hora", Claims: []Watermark{{Account: ana, Log: w.betoLog.Log, Seq: 0, CID: w.betoLog.ID()}},
		Source: "row-1", Ext: map[string]Value{"created": "2026-01-02"},
	}
}

func (w *world) writeRulings() {
	add := func(name string, body Body) EntryID { return w.write(&w.rulings, w.charter, name, body).ID() }
	add("charter with the least", &Charter{Rules: 1, Doc: map[string]Value{}, Stewards: []Steward{{w.anaLog.Log, w.steward.Public()}}})
	stewards := []Steward{{w.anaLog.Log, w.steward.Public()}, {w.betoLog.Log, w.beto.Public()}}
	members := []LogID{w.anaLog.Log, w.betoLog.Log}
	if members[0].Compare(members[1].EntryID) > 0 {
		members[0], members[1] = members[1], members[0]
		stewards[0], stewards[1] = stewards[1], stewards[0]
	}
	add("charter with names resolved", &Charter{
		Rules: 1, Stewards: stewards, IDs: map[string]Value{"Ana": w.anaLog.ID()},
		Doc: map[string]Value{
			"name": "Huerta Norte", "public_read": true, "currency": []Value{
				map[string]Value{"name": "hora", "kind": "mutual", "scale": int64(2), "limit": "50.00"},
			},
		},
	})
	add("witnesses of one", &Witnesses{Members: members[:1]})
	add("witnesses of two", &Witnesses{Members: members, F: 0})
	add("admit", &Admit{Log: w.joint.Log})
	add("remove of a log", &Remove{Log: w.betoLog.Log, Seq: 12})
	add("remove of a log from its inception on", &Remove{Log: w.betoLog.Log})
	add("remove of an invitation", &Remove{Grant: w.members[0].ID()})
	add("bind", &Bind{Agent: w.members[1].ID(), Log: w.betoLog.Log})
	lines := []Line{
		{Agent: w.anaLog.Log.Agent(), Amount: Amount{N: 6000, Scale: 2}, Bucket: "trabajo"},
		{Agent: w.betoLog.Log.Agent(), Amount: Amount{N: 3999, Scale: 2}, Bucket: "trabajo"},
	}
	digest, err := LinesDigest(lines)
	if err != nil {
		panic(err)
	}
	first := add("distribution, first part", &Distribution{
		Parts: 2, Version: 1, Currency: "USD", Amount: &Amount{N: 10_000, Scale: 2}, Remainder: &Amount{N: 1, Scale: 2},
		Incomes: []EntryID{w.members[3].ID()}, Cut: []Head{{Log: w.anaLog.Log, Seq: 4, CID: w.members[3].ID()}},
		Lines: lines[:1], Digest: digest,
	})
	add("distribution, second part", &Distribution{
		Part: 1, Parts: 2, First: first, Version: 1, Currency: "USD", Lines: lines[1:], Digest: digest,
	})
	add("keys of the charter log", &Keys{KeySet: keySet(worldSeed, RoleSteward, 1)})
	if digest, err = LinesDigest(lines[:1]); err != nil {
		panic(err)
	}
	add("distribution for which the pool claims what it was paid", &Distribution{
		Parts: 1, Version: 1, Currency: "USD", Amount: &Amount{N: 6000, Scale: 2},
		Claims: []Watermark{{Account: w.charter.Log.Agent(), Log: w.anaLog.Log, Seq: 4, CID: w.members[3].ID()}},
		Lines:  lines[:1], Digest: digest,
	})
}
