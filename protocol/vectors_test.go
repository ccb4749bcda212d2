package protocol

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/vectors anew")

// hexBytes is a byte string that JSON shows in hexadecimal digits.
type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

// vectorFile is one file of testdata/vectors. Every vector of a file has a name
// that is unique in it.
type vectorFile[T any] struct {
	About   string `json:"about"`
	Vectors []T    `json:"vectors"`
}

// vectors compares the committed file with what this code makes, or writes it
// anew with -update, and hands over what the file holds.
func vectors[T any](t *testing.T, name, about string, made []T) []T {
	t.Helper()
	path := filepath.Join("testdata", "vectors", name)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(vectorFile[T]{About: about, Vectors: made}); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(held, b.Bytes()) {
		t.Errorf("%s is not what this code makes; formats are frozen, so mend the code, or add vectors with -update", path)
	}
	return readVectors[T](t, name)
}

// readVectors reads a file of vectors, and accepts no field that it does not
// know.
func readVectors[T any](tb testing.TB, name string) []T {
	tb.Helper()
	held, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		tb.Fatal(err)
	}
	var file vectorFile[T]
	dec := json.NewDecoder(bytes.NewReader(held))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	if len(file.Vectors) == 0 {
		tb.Fatalf("%s holds no vectors", name)
	}
	return file.Vectors
}

// dagJSON gives a value the readable form of DAG-JSON: a link is {"/": CID},
// bytes are {"/": {"bytes": base64}}.
func dagJSON(v Value) any {
	switch v := v.(type) {
	case []byte:
		return map[string]any{"/": map[string]any{"bytes": base64.RawStdEncoding.EncodeToString(v)}}
	case EntryID:
		return map[string]any{"/": v.String()}
	case []Value:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = dagJSON(item)
		}
		return items
	case map[string]Value:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = dagJSON(value)
		}
		return m
	}
	return v
}

// fromDAGJSON is the way back from dagJSON.
func fromDAGJSON(raw json.RawMessage) (Value, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return plain(v)
}

func plain(v any) (Value, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Int64()
	case []any:
		items := make([]Value, len(v))
		for i := range v {
			var err error
			if items[i], err = plain(v[i]); err != nil {
				return nil, err
			}
		}
		return items, nil
	case map[string]any:
		if special, is := v["/"]; is && len(v) == 1 {
			return plainSpecial(special)
		}
		m := make(map[string]Value, len(v))
		for key, value := range v {
			var err error
			if m[key], err = plain(value); err != nil {
				return nil, err
			}
		}
		return m, nil
	}
	return v, nil
}

func plainSpecial(v any) (Value, error) {
	switch v := v.(type) {
	case string:
		return ParseID(v)
	case map[string]any:
		if text, is := v["bytes"].(string); is {
			return base64.RawStdEncoding.DecodeString(text)
		}
	}
	return nil, fmt.Errorf("neither link nor bytes: %v", v)
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// mustBlock returns the DAG-JSON of a block.
func mustBlock(block []byte) json.RawMessage {
	v, err := ParseValue(block)
	if err != nil {
		panic(err)
	}
	return mustJSON(dagJSON(v))
}

// checkFault fails unless err has the wanted fault.
func checkFault(t *testing.T, err error, want Fault) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if got := FaultOf(err); got != want {
		t.Fatalf("got %v, want %s", err, want)
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}
