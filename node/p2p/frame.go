package p2p

import (
	"errors"
	"fmt"
	"io"

	"github.com/multiformats/go-varint"

	"github.com/minga-commons/minga/node/replica"
)

// Protocol is the name of the streams that carry frames. Each frame stands
// after its length as an unsigned varint in its shortest form.
const Protocol = "/minga/sync/1"

// errFrame is wrapped by errors about a length that no frame has.
var errFrame = errors.New("bad frame")

// readLength reads the length of the next frame, 1 to replica.MaxFrame bytes.
// It returns io.EOF only where the stream ends between frames.
func readLength(r io.ByteReader) (int, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	length, err := varint.ReadUvarint(&prefixed{first: first, rest: r})
	switch {
	case errors.Is(err, varint.ErrOverflow), errors.Is(err, varint.ErrNotMinimal):
		return 0, fmt.Errorf("%w: its length is not a varint", errFrame)
	case errors.Is(err, io.EOF):
		return 0, io.ErrUnexpectedEOF
	case err != nil:
		return 0, err
	case length == 0 || length > replica.MaxFrame:
		return 0, fmt.Errorf("%w: %d bytes, 1 to %d are allowed", errFrame, length, replica.MaxFrame)
	}
	return int(length), nil
}

// prefixed gives back a byte that was read ahead.
type prefixed struct {
	first byte
	taken bool
	rest  io.ByteReader
}

func (p *prefixed) ReadByte() (byte, error) {
	if !p.taken {
		p.taken = true
		return p.first, nil
	}
	return p.rest.ReadByte()
}

// smallFrame is the length up to which a frame is copied behind its prefix, so
// that it leaves in one write.
const smallFrame = 16 << 10

// writeFrame writes the length of a frame, and the frame.
func writeFrame(w io.Writer, frame []byte) error {
	prefix := varint.ToUvarint(uint64(len(frame)))
	if len(frame) <= smallFrame {
		_, err := w.Write(append(prefix, frame...))
		return err
	}
	if _, err := w.Write(prefix); err != nil {
		return err
	}
	_, err := w.Write(frame)
	return err
}
