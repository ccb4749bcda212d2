package protocol

import (
	"bytes"
	"slices"
	"testing"
)

// invalidVector is a block or value that is refused.
type invalidVector struct {
	Name   string   `json:"name"`
	Fault  Fault    `json:"fault"`
	Offset int      `json:"offset"`
	Block  hexBytes `json:"block"`
}

// pair is a key and the bytes of its value, in a map that is put together by
// hand and need not be canonical.
type pair struct {
	key string
	raw []byte
}

type pairs []pair

func (p pairs) encode() []byte {
	b := appendHead(nil, majorMap, uint64(len(p)))
	for _, item := range p {
		b = append(appendText(b, item.key), item.raw...)
	}
	return b
}

// set returns the pairs with one value replaced, or put in its place in order.
func (p pairs) set(key string, raw []byte) pairs {
	p = slices.Clone(p)
	for i := range p {
		if p[i].key == key {
			p[i].raw = raw
			return p
		}
	}
	p = append(p, pair{key, raw})
	slices.SortStableFunc(p, func(a, b pair) int { return compareKeys(a.key, b.key) })
	return p
}

func (p pairs) without(key string) pairs {
	return slices.DeleteFunc(slices.Clone(p), func(item pair) bool { return item.key == key })
}

// rawPairs takes the canonical map of a block apart.
func rawPairs(block []byte) pairs {
	r := reader{b: block}
	n, err := r.containerHead(majorMap, MaxBlock, 2)
	if err != nil {
		panic(err)
	}
	var p pairs
	for range n {
		key, err := r.key("", true)
		if err != nil {
			panic(err)
		}
		start, err := r.skip()
		if err != nil {
			panic(err)
		}
		p = append(p, pair{key, block[start:r.pos]})
	}
	return p
}

func (p pairs) get(key string) []byte {
	for _, item := range p {
		if item.key == key {
			return item.raw
		}
	}
	panic("no " + key)
}

// invalid collects vectors around blocks of a world.
type invalid struct {
	w   *world
	all []invalidVector
}

func (v *invalid) add(name string, fault Fault, block []byte) {
	offset := 0
	_, err := Parse(block)
	if format, is := err.(*FormatError); is {
		offset = format.Offset
	}
	v.all = append(v.all, invalidVector{Name: name, Fault: fault, Offset: offset, Block: block})
}

// entry returns the pairs of the first entry of a kind, and those of its body.
func (v *invalid) entry(kind Kind) (head, body pairs) {
	for _, e := range slices.Concat(v.w.members, v.w.rulings) {
		if e.Kind == kind {
			head = rawPairs(e.Block())
			return head, rawPairs(head.get("body"))
		}
	}
	panic(kind)
}

// body adds an entry of a kind with a changed body.
func (v *invalid) body(name string, fault Fault, kind Kind, change func(pairs) pairs) {
	head, body := v.entry(kind)
	v.add(name, fault, head.set("body", change(body).encode()).encode())
}

// field adds an entry of a kind with one field of its body replaced.
func (v *invalid) field(name string, fault Fault, kind Kind, key, raw string) {
	v.body(name, fault, kind, func(p pairs) pairs { return p.set(key, unhex(raw)) })
}

// head adds an entry with one field of its head replaced.
func (v *invalid) head(name string, fault Fault, key, raw string) {
	head, _ := v.entry(KindConfirm)
	v.add(name, fault, head.set(key, unhex(raw)).encode())
}

// inception adds an inception with one field replaced.
func (v *invalid) inception(name string, fault Fault, key string, raw []byte) {
	v.add(name, fault, rawPairs(v.w.anaLog.Block()).set(key, raw).encode())
}

func invalidBlocks() []invalidVector {
	v := &invalid{w: newWorld()}
	v.structure()
	v.items()
	v.heads()
	v.bodies()
	v.numbers()
	v.inceptions()
	v.versions()
	return v.all
}

func (v *invalid) structure() {
	head, body := v.entry(KindConfirm)
	block := head.encode()
	v.add("no bytes", FaultTruncated, nil)
	v.add("one byte is missing", FaultTruncated, block[:len(block)-1])
	v.add("only the head of the map", FaultTruncated, block[:1])
	v.add("one byte too many", FaultTrailing, append(slices.Clone(block), 0))
	v.add("the block twice", FaultTrailing, append(slices.Clone(block), block...))
	v.add("no map", FaultType, unhex("80"))
	v.add("text instead of a map", FaultType, unhex("6161"))
	v.add("an empty map", FaultMissing, unhex("a0"))
	v.add("a map of 2^60 pairs", FaultTruncated, unhex("bb1000000000000000"))
	v.add("a byte above the bound of a block", FaultTooLarge, make([]byte, MaxBlock+1))
	v.add("a map of indefinite length", FaultIndefinite, slices.Concat(unhex("bf"), block[1:], unhex("ff")))
	v.add("the count of pairs in two bytes", FaultNotMinimal, slices.Concat(unhex("b808"), block[1:]))
	v.add("the count of pairs too small", FaultMissing, slices.Concat(unhex("a7"), block[1:]))
	v.add("the count of pairs too large", FaultTruncated, slices.Concat(unhex("a9"), block[1:]))

	swapped := slices.Clone(head)
	swapped[4], swapped[5] = swapped[5], swapped[4]
	v.add("kind after prev", FaultMissing, swapped.encode())
	last := slices.Clone(head)
	last[6], last[7] = last[7], last[6]
	v.add("time after charter", FaultMissing, last.encode())
	v.add("seq twice", FaultDuplicate, slices.Insert(slices.Clone(head), 3, head[2]).encode())
	v.add("charter twice", FaultDuplicate, append(slices.Clone(head), head[7]).encode())
	v.add("a field before v that is none", FaultMissing, slices.Insert(slices.Clone(head), 0, pair{"a", []byte{1}}).encode())
	v.add("a field after the last that is none", FaultUnknown, append(slices.Clone(head), pair{"zzzzzzzz", []byte{1}}).encode())
	v.add("a shorter key after the last", FaultOrder, append(slices.Clone(head), pair{"a", []byte{1}}).encode())
	v.add("a field between that is none", FaultUnknown, head.set("mood", []byte{1}).encode())
	v.add("a field in the body that is none", FaultUnknown, head.set("body", body.set("mood", []byte{1}).encode()).encode())
	v.add("a key that is bytes", FaultKey, slices.Concat(block[:1], unhex("4176"), block[3:]))
	v.add("a key that is an integer, in the body", FaultKey, head.set("body", unhex("a10102")).encode())
	v.add("a key of which the length is not minimal", FaultNotMinimal, slices.Concat(block[:1], unhex("780176"), block[3:]))
	v.add("a key that is not UTF-8", FaultUTF8, slices.Concat(block[:1], unhex("61ff"), block[3:]))
	for _, key := range []string{"v", "seq", "body", "kind", "prev", "time", "charter"} {
		v.add("without "+key, FaultMissing, head.without(key).encode())
	}
	v.add("without target in the body", FaultMissing, head.set("body", body.without("target").encode()).encode())
	v.add("a body that is a list", FaultType, head.set("body", unhex("80")).encode())
	v.add("a body that is null", FaultType, head.set("body", unhex("f6")).encode())
	v.add("a body that ends early", FaultTruncated, slices.Concat(block[:bytes.Index(block, []byte("body"))+4], unhex("a2")))
}

// items adds faults inside a plain value, here the extension of an agent.
func (v *invalid) items() {
	ext := func(name string, fault Fault, raw string) {
		v.body(name+", in ext", fault, KindAgent, func(p pairs) pairs {
			return p.set("ext", slices.Concat(unhex("a16161"), unhex(raw)))
		})
	}
	ext("an integer of one byte in two", FaultNotMinimal, "1817")
	ext("an integer of two bytes in three", FaultNotMinimal, "1900ff")
	ext("an integer of three bytes in five", FaultNotMinimal, "1a0000ffff")
	ext("an integer of five bytes in nine", FaultNotMinimal, "1b00000000ffffffff")
	ext("a negative integer of one byte in two", FaultNotMinimal, "3800")
	ext("a length of bytes in two", FaultNotMinimal, "580161")
	ext("a length of text in three", FaultNotMinimal, "79000161")
	ext("the reserved additional information 28", FaultNotMinimal, "1c")
	ext("an integer above 2^63-1", FaultInteger, "1b8000000000000000")
	ext("an integer below -2^63", FaultInteger, "3b8000000000000000")
	ext("bytes of indefinite length", FaultIndefinite, "5f416161ff")
	ext("text of indefinite length", FaultIndefinite, "7f6161ff")
	ext("a break outside of anything", FaultIndefinite, "ff")
	ext("a half float", FaultFloat, "f93c00")
	ext("a single float", FaultFloat, "fa3f800000")
	ext("a double float", FaultFloat, "fb3ff0000000000000")
	ext("not a number", FaultFloat, "fb7ff8000000000000")
	ext("undefined", FaultSimple, "f7")
	ext("a simple value of one byte", FaultSimple, "e0")
	ext("a simple value of two bytes", FaultSimple, "f8ff")
	ext("a date tag", FaultTag, "c11a514b67b0")
	ext("a big number tag", FaultTag, "c249010000000000000000")
	ext("tag 42 in three bytes", FaultNotMinimal, "d9002a582500")
	ext("a link that is text", FaultLink, "d82a6161")
	ext("a link of CIDv0", FaultLink, "d82a5823001220"+zeros(32))
	ext("a link without the multibase byte", FaultLink, "d82a582401711220"+ones(32))
	ext("a link with another multibase byte", FaultLink, "d82a58250101711220"+ones(32))
	ext("a link to raw bytes", FaultLink, "d82a58250001551220"+ones(32))
	ext("a link to dag-pb", FaultLink, "d82a58250001701220"+ones(32))
	ext("a link by sha2-512", FaultLink, "d82a58450001711340"+ones(64))
	ext("a link by blake3", FaultLink, "d82a58250001711e20"+ones(32))
	ext("a link of version 2", FaultLink, "d82a58250002711220"+ones(32))
	ext("a link to the zero digest", FaultLink, "d82a58250001711220"+zeros(32))
	ext("a link cut short", FaultLink, "d82a58240001711220"+ones(31))
	ext("text that is not UTF-8", FaultUTF8, "61ff")
	ext("text with a surrogate", FaultUTF8, "63eda080")
	ext("text with an overlong zero", FaultUTF8, "62c080")
	ext("true", FaultType, "f5")
	ext("null", FaultType, "f6")
	ext("a list", FaultType, "80")
	ext("a map", FaultType, "a0")
	v.field("an empty ext", FaultEmpty, KindAgent, "ext", "a0")
	v.field("an ext of 2^32 pairs", FaultTruncated, KindAgent, "ext", "bb0000000100000000")
	v.field("an ext with keys out of order", FaultOrder, KindAgent, "ext", "a26162016161"+"01")
	v.field("an ext with a longer key first", FaultOrder, KindAgent, "ext", "a2626161016162"+"01")
	v.field("an ext with a key twice", FaultDuplicate, KindAgent, "ext", "a2616101616101")
	v.field("fields nested too deep", FaultTooDeep, KindRecord, "fields", "a16161"+repeat("81", 14)+"80")
	v.field("a list of 2^60 items in fields", FaultTruncated, KindRecord, "fields", "a161619b1000000000000000")
	v.field("bytes of 2^60 in fields", FaultTruncated, KindRecord, "fields", "a161615b1000000000000000")
}

func (v *invalid) heads() {
	v.head("seq that is text", FaultType, "seq", "6131")
	v.head("seq zero", FaultRange, "seq", "00")
	v.head("seq negative", FaultRange, "seq", "20")
	v.head("seq above 2^63-1", FaultInteger, "seq", "1b8000000000000000")
	v.head("seq that is a float", FaultFloat, "seq", "f93c00")
	v.head("seq null", FaultType, "seq", "f6")
	v.head("time negative", FaultRange, "time", "20")
	v.head("time after the year 9999", FaultRange, "time", "1b0000e677d21fdc00")
	v.head("charter negative", FaultRange, "charter", "20")
	v.head("log that is text", FaultType, "log", "6161")
	v.head("log that is bytes", FaultType, "log", "5824"+"01711220"+ones(32))
	v.head("prev that is null", FaultType, "prev", "f6")
	v.head("kind that is bytes", FaultType, "kind", "4161")
	v.head("kind empty", FaultEmpty, "kind", "60")
	v.head("kind too long", FaultTooLarge, "kind", "790101"+repeat("61", 257))
	v.head("kind inception in a log", FaultKindMismatch, "kind", "69696e63657074696f6e")
	v.head("v zero", FaultRange, "v", "00")
	v.head("v negative", FaultRange, "v", "20")
	v.head("v that is text", FaultType, "v", "6131")
}

func (v *invalid) versions() {
	log := v.w.anaLog
	head := rawPairs(log.Block()).set("v", []byte{2})
	v.add("an inception of an unknown version", FaultVersion, head.encode())
	odd := rawPairs(v.w.unknownBlocks()[4].block)
	v.add("an unknown version without log", FaultUnlinkable, odd.without("log").encode())
	v.add("an unknown version without seq", FaultUnlinkable, odd.without("seq").encode())
	v.add("an unknown version without prev", FaultUnlinkable, odd.without("prev").encode())
	v.add("an unknown version at seq zero", FaultUnlinkable, odd.set("seq", []byte{0}).encode())
	v.add("an unknown version with a log that is text", FaultUnlinkable, odd.set("log", unhex("6161")).encode())
	v.add("an unknown version, an inception in a log", FaultUnlinkable, odd.set("kind", unhex("69696e63657074696f6e")).encode())
	v.add("an unknown version with a float", FaultFloat, odd.set("zzzzz", unhex("f93c00")).encode())
	v.add("an unknown version with keys out of order", FaultOrder, append(odd, pair{"a", []byte{1}}).encode())
}

func zeros(n int) string { return repeat("00", n) }
func ones(n int) string  { return repeat("11", n) }

func repeat(s string, n int) string {
	var b bytes.Buffer
	for range n {
		b.WriteString(s)
	}
	return b.String()
}

func TestInvalidVectors(t *testing.T) {
	const about = "Blocks that are refused, each with the fault and the byte at which it shows."
	for _, v := range vectors(t, "invalid-entries.json", about, invalidBlocks()) {
		t.Run(v.Name, func(t *testing.T) {
			_, err := Parse(v.Block)
			checkFault(t, err, v.Fault)
			if format := err.(*FormatError); format.Offset != v.Offset {
				t.Errorf("at byte %d, want %d", format.Offset, v.Offset)
			}
		})
	}
}
