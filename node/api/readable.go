package api

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// readableBody returns the body of an entry as it stands on the log, field by
// field under the names of the format, in plain JSON.
func readableBody(e protocol.Entry) (map[string]any, error) {
	value, err := protocol.ParseValue(e.Block())
	if err != nil {
		return nil, fmt.Errorf("read entry %v: %w", e.ID(), err)
	}
	whole, ok := value.(map[string]protocol.Value)
	if !ok {
		return nil, fmt.Errorf("read entry %v: not a map", e.ID())
	}
	if body, ok := whole["body"].(map[string]protocol.Value); ok {
		return readableMap(body), nil
	}
	// An inception has no body of its own: its fields are the entry's.
	for _, name := range []string{"v", "kind", "time", "log", "seq", "prev", "charter"} {
		delete(whole, name)
	}
	return readableMap(whole), nil
}

func readableMap(m map[string]protocol.Value) map[string]any {
	out := make(map[string]any, len(m))
	for name, v := range m {
		if millis, ok := v.(int64); ok && name == "expiry" {
			out[name] = rfc3339(protocol.Time(millis))
			continue
		}
		out[name] = readable(v)
	}
	return out
}

// readable turns links into CIDs, bytes into hexadecimal, and numbers with a
// scale into decimals.
func readable(v protocol.Value) any {
	switch v := v.(type) {
	case protocol.EntryID:
		return v.String()
	case []byte:
		return hex.EncodeToString(v)
	case []protocol.Value:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = readable(item)
		}
		return out
	case map[string]protocol.Value:
		if number, ok := decimalOf(v); ok {
			return number
		}
		return readableMap(v)
	}
	return v
}

// decimalOf reads {n, s} as a decimal number in text, and {n, s, unit} as a
// measure.
func decimalOf(m map[string]protocol.Value) (any, bool) {
	n, hasN := m["n"].(int64)
	scale, hasScale := m["s"].(int64)
	if !hasN || !hasScale || scale < 0 || scale > protocol.MaxScale {
		return nil, false
	}
	number := protocol.Amount{N: n, Scale: scale}.String()
	unit, hasUnit := m["unit"].(string)
	switch {
	case len(m) == 2:
		return number, true
	case len(m) == 3 && hasUnit:
		return Measure{HasNumericalValue: number, HasUnit: unit}, true
	}
	return nil, false
}

// dagJSON returns a block in the DAG-JSON form of IPLD.
func dagJSON(block []byte) ([]byte, error) {
	value, err := protocol.ParseValue(block)
	if err != nil {
		return nil, err
	}
	text, err := encodeJSON(dagValue(value))
	return []byte(strings.TrimSuffix(string(text), "\n")), err
}

func dagValue(v protocol.Value) any {
	switch v := v.(type) {
	case protocol.EntryID:
		return map[string]any{"/": v.String()}
	case []byte:
		text := base64.RawStdEncoding.EncodeToString(v)
		return map[string]any{"/": map[string]any{"bytes": text}}
	case []protocol.Value:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = dagValue(item)
		}
		return out
	case map[string]protocol.Value:
		out := make(map[string]any, len(v))
		for name, item := range v {
			out[name] = dagValue(item)
		}
		return out
	}
	return v
}
