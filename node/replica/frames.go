package replica

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

func encode(f *mingav1.Frame) ([]byte, error) {
	frame, err := proto.MarshalOptions{Deterministic: true}.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode a frame: %w", err)
	}
	if len(frame) > MaxFrame {
		return nil, fmt.Errorf("a frame of %d bytes is too long", len(frame))
	}
	return frame, nil
}

func decode(data []byte) (*mingav1.Frame, error) {
	var f mingav1.Frame
	if err := proto.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	return &f, nil
}

func helloFrame(m *mingav1.Hello) *mingav1.Frame {
	return &mingav1.Frame{Body: &mingav1.Frame_Hello{Hello: m}}
}

func deltaFrame(m *mingav1.Delta) *mingav1.Frame {
	return &mingav1.Frame{Body: &mingav1.Frame_Delta{Delta: m}}
}

func ackFrame(credit int64) *mingav1.Frame {
	return &mingav1.Frame{Body: &mingav1.Frame_Ack{Ack: &mingav1.Ack{Credit: uint64(credit)}}}
}

func caughtFrame(m *mingav1.Caught) *mingav1.Frame {
	return &mingav1.Frame{Body: &mingav1.Frame_Caught{Caught: m}}
}

func frontierFrame(heads []protocol.Head, last bool) *mingav1.Frame {
	m := &mingav1.Frontier{Last: last, Heads: make([]*mingav1.LogHead, len(heads))}
	for i, h := range heads {
		m.Heads[i] = &mingav1.LogHead{Log: h.Log.Bytes(), Seq: uint64(h.Seq), Cid: h.CID.Bytes()}
	}
	return &mingav1.Frame{Body: &mingav1.Frame_Frontier{Frontier: m}}
}

func refused(reason mingav1.Refused_Reason, detail string) *mingav1.Frame {
	return &mingav1.Frame{Body: &mingav1.Frame_Refused{Refused: &mingav1.Refused{
		Reason: reason, Detail: clip(detail, 256),
	}}}
}

// reasonText says a reason in words.
func reasonText(reason mingav1.Refused_Reason) string {
	text := strings.TrimPrefix(reason.String(), "REASON_")
	return strings.ReplaceAll(strings.ToLower(text), "_", " ")
}

func cursorMessage(c protocol.Cursor) *mingav1.Cursor {
	return &mingav1.Cursor{Journal: c.Journal[:], Position: c.Position}
}

// cursorOf reads a cursor; ok is false for one that is malformed.
func cursorOf(m *mingav1.Cursor) (c protocol.Cursor, ok bool) {
	if len(m.GetJournal()) != len(c.Journal) {
		return c, false
	}
	return protocol.Cursor{Journal: protocol.JournalID(m.Journal), Position: m.Position}, true
}

func headOf(m *mingav1.LogHead) (protocol.Head, bool) {
	log, err := protocol.IDFromBytes(m.GetLog())
	if err != nil {
		return protocol.Head{}, false
	}
	id, err := protocol.IDFromBytes(m.GetCid())
	if err != nil || m.GetSeq() > 1<<62 {
		return protocol.Head{}, false
	}
	return protocol.Head{Log: protocol.LogID{EntryID: log}, Seq: int64(m.GetSeq()), CID: id}, true
}

// clip cuts a text for people to at most n bytes of valid UTF-8.
func clip(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ToValidUTF8(text, "")
}
