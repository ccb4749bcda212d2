package protocol

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decimalVector is a text that is or is not a decimal number.
type decimalVector struct {
	Text  string `json:"text"`
	Valid bool   `json:"valid"`
	N     int64  `json:"n"`
	Scale int64  `json:"s"`
	Shown string `json:"shown,omitempty"` // as the number is written again
}

func decimals() []decimalVector {
	var all []decimalVector
	for _, text := range []string{
		"0", "1", "-1", "12.50", "12.5", "-0.5", "0.000000001", "-0.000000001", "1000000000000000", "-1000000000000000",
		"999999.999999999", "007", "0.00", "-0", "-0.0", "10.0", "1000000.000000000", "1", "0001.5",
	} {
		a, err := ParseAmount(text)
		if err != nil {
			panic(err)
		}
		all = append(all, decimalVector{Text: text, Valid: true, N: a.N, Scale: a.Scale, Shown: a.String()})
	}
	for _, text := range []string{
		"", "-", "+1", "--1", ".5", "5.", "1e3", "1,5", "1 000", " 1", "1 ", "0x10", "NaN", "Inf", "1.2.3", "1-", "٣",
		"1000000000000001", "-1000000000000001", "0.0000000001", "1000000.0000000001", "10000000000000000000000000000000",
		"9223372036854775808", "999999999999999.9", strings.Repeat("0", 32) + "1",
	} {
		all = append(all, decimalVector{Text: text})
	}
	return all
}

func TestDecimalVectors(t *testing.T) {
	const about = "Decimal numbers as text, with the mantissa n and the scale s that they are on the log."
	for _, v := range vectors(t, "decimals.json", about, decimals()) {
		a, err := ParseAmount(v.Text)
		if v.Valid != (err == nil) || err != nil && !errors.Is(err, ErrBadDecimal) {
			t.Errorf("%q: %v", v.Text, err)
			continue
		}
		if a != (Amount{v.N, v.Scale}) || v.Valid && a.String() != v.Shown {
			t.Errorf("%q: got %+v, %v", v.Text, a, a)
		}
	}
}

// linkVector is the text of an invitation, or what is none.
type linkVector struct {
	Name  string    `json:"name"`
	Valid bool      `json:"valid"`
	Text  string    `json:"text"`
	Link  *linkJSON `json:"link,omitempty"`
}

type linkJSON struct {
	Commons   EntryID  `json:"commons"`
	Invite    EntryID  `json:"invite"`
	Giver     EntryID  `json:"giver"`
	Witnesses EntryID  `json:"witnesses"`
	Secret    hexBytes `json:"secret"`
	Expiry    int64    `json:"expiry"`
	Peers     []string `json:"peers"`
}

func linkOf(l Link) *linkJSON {
	secret := l.Key.Secret()
	return &linkJSON{l.Commons.EntryID, l.Invite, l.Giver.EntryID, l.Witnesses, secret[:], l.Expiry, l.Peers}
}

// sealLink gives the bytes of a link their checksum and their text.
func sealLink(body []byte) string {
	b := binary.BigEndian.AppendUint32(slices.Clone(body), crc32.ChecksumIEEE(body))
	return LinkScheme + base64.RawURLEncoding.EncodeToString(b)
}

func linkVectors() []linkVector {
	w := newWorld()
	full := Link{
		Commons: w.commons(), Invite: w.members[0].ID(), Giver: w.anaLog.Log, Witnesses: w.rulings[2].ID(), Key: w.invite,
		Expiry: int64(worldTime) + 604_800_000,
		Peers: []string{
			"/ip4/192.0.2.1/tcp/8746/p2p/12D3KooWGQVpKRz9wQqS3K8tM6gq2Zq8Zb1d3r6F1qXH3v4w5Y6Z",
			"/dns4/huerta.example/udp/8746/quic-v1/p2p/12D3KooWGQVpKRz9wQqS3K8tM6gq2Zq8Zb1d3r6F1qXH3v4w5Y6Z",
		},
	}
	bare := Link{Commons: full.Commons, Invite: full.Invite, Giver: full.Giver, Key: full.Key}
	text := bare.String()
	body, err := base64.RawURLEncoding.DecodeString(text[len(LinkScheme):])
	if err != nil {
		panic(err)
	}
	body = body[:len(body)-linkSum]
	change := func(at int, b ...byte) []byte { return slices.Replace(slices.Clone(body), at, at+len(b), b...) }
	all := []linkVector{
		{"with everything", true, full.String(), linkOf(full)},
		{"with the least", true, text, linkOf(bare)},
	}
	for name, bad := range map[string]string{
		"empty":                            "",
		"only the scheme":                  LinkScheme,
		"another scheme":                   "https://example.org/" + text,
		"the scheme in capitals":           "MINGA:JOIN/" + text[len(LinkScheme):],
		"the last character is missing":    text[:len(text)-1],
		"half of it is missing":            text[:len(text)/2],
		"one character is another":         strings.Replace(text, text[40:44], "AAAA", 1),
		"a line break inside":              text[:60] + "\n" + text[60:],
		"padding":                          text + "=",
		"the other alphabet of base64":     text[:60] + "+/" + text[62:],
		"bits left over are not zero":      nonStrict(full),
		"version 2":                        sealLink(change(0, 2)),
		"too short, with a good checksum":  sealLink(body[:len(body)-1]),
		"no commons":                       sealLink(change(1, make([]byte, 32)...)),
		"no invitation":                    sealLink(change(33, make([]byte, 32)...)),
		"no giver":                         sealLink(change(65, make([]byte, 32)...)),
		"an expiry after the year 9999":    sealLink(change(161, 0x7f)),
		"an address cut off in its length": sealLink(append(slices.Clone(body), 0)),
		"an address cut off":               sealLink(append(slices.Clone(body), 0, 9, 'x')),
		"an empty address":                 sealLink(append(slices.Clone(body), 0, 0)),
		"an address that is not UTF-8":     sealLink(append(slices.Clone(body), 0, 1, 0xff)),
		"an address of 513 bytes":          sealLink(append(append(slices.Clone(body), 2, 1), make([]byte, 513)...)),
		"17 addresses":                     sealLink(append(slices.Clone(body), slices.Repeat([]byte{0, 1, 'x'}, 17)...)),
	} {
		all = append(all, linkVector{Name: name, Text: bad})
	}
	slices.SortStableFunc(all[2:], func(a, b linkVector) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// nonStrict is the text of a link whose last character has bits that no byte
// uses.
func nonStrict(l Link) string {
	for len(l.String()[len(LinkScheme):])%4 == 0 {
		l.Peers = append(slices.Clone(l.Peers), "xx")
	}
	text := l.String()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at := strings.IndexByte(alphabet, text[len(text)-1])
	return text[:len(text)-1] + alphabet[at|1:at|1+1]
}

func TestLinkVectors(t *testing.T) {
	const about = "Invitation links. A witnesses of \"\" is the 32 zero bytes of none."
	for _, v := range vectors(t, "links.json", about, linkVectors()) {
		t.Run(v.Name, func(t *testing.T) {
			l, err := ParseLink(v.Text)
			if v.Valid != (err == nil) || err != nil && !errors.Is(err, ErrBadLink) {
				t.Fatal(err)
			}
			if !v.Valid {
				return
			}
			if diff := cmp.Diff(v.Link, linkOf(l)); diff != "" {
				t.Error(diff)
			}
			if l.String() != v.Text {
				t.Errorf("written again: %s", l)
			}
		})
	}
}

// valueVector is a plain value.
type valueVector struct {
	Name    string          `json:"name"`
	Bytes   hexBytes        `json:"bytes"`
	Decoded json.RawMessage `json:"decoded"`
}

func values() []valueVector {
	var deep Value = int64(1)
	for range MaxDepth {
		deep = []Value{deep}
	}
	named := []struct {
		name  string
		value Value
	}{
		{"null", nil}, {"false", false}, {"true", true}, {"0", int64(0)}, {"23", int64(23)}, {"24", int64(24)},
		{"255", int64(255)}, {"256", int64(256)}, {"65535", int64(65535)}, {"65536", int64(65536)},
		{"2^32-1", int64(math.MaxUint32)}, {"2^32", int64(1 << 32)}, {"2^63-1", int64(math.MaxInt64)},
		{"-1", int64(-1)}, {"-24", int64(-24)}, {"-25", int64(-25)}, {"-256", int64(-256)}, {"-257", int64(-257)},
		{"-2^63", int64(math.MinInt64)}, {"no text", ""}, {"text", "ñandú 🌱"}, {"text of 24 bytes", strings.Repeat("a", 24)},
		{"no bytes", []byte{}}, {"bytes", []byte{0, 255}}, {"link", Identify(nil)}, {"empty list", []Value{}},
		{"list", []Value{int64(1), "a", nil}}, {"empty map", map[string]Value{}},
		{"map, shorter keys first", map[string]Value{"": int64(0), "b": int64(1), "z": int64(2), "aa": int64(3), "ñ": int64(4)}},
		{"the deepest nesting", deep},
	}
	var all []valueVector
	for _, n := range named {
		all = append(all, valueVector{n.name, mustValue(n.value), mustJSON(dagJSON(n.value))})
	}
	return all
}

func TestValueVectors(t *testing.T) {
	const about = "Plain values and their canonical bytes."
	for _, v := range vectors(t, "values.json", about, values()) {
		want, err := fromDAGJSON(v.Decoded)
		if err != nil {
			t.Fatal(err)
		}
		if got := mustValue(want); string(got) != string(v.Bytes) {
			t.Errorf("%s: got %x", v.Name, got)
		}
		got, err := ParseValue(v.Bytes)
		if err != nil || string(mustValue(got)) != string(v.Bytes) {
			t.Errorf("%s: %v, %v", v.Name, got, err)
		}
	}
}
