package client

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/minga-commons/minga/node/api"
)

// maxLine bounds one line of a stream, in bytes.
const maxLine = 1 << 20

// ImportQuery says how to import.
type ImportQuery struct {
	Commons string // name or id; empty: the only one
	DryRun  bool   // write nothing, report what would become of each line
	Correct bool   // record a correction for a line that changed; of CSV
	Partial bool   // write what is good of a graph, also where something else is not
	Media   string // media type of the file; empty: CSV
}

// ImportMessage is one message of an import: exactly one field is set. Summary
// is the last.
type ImportMessage struct {
	Row      *api.ImportRow
	Slip     *api.ImportSlip
	Progress *api.ImportProgress
	Summary  *api.ImportSummary
}

// Import streams a file from r to the node and yields its messages as they come. A
// stream without a Summary broke off and ends in an error; importing the same
// file again is safe.
func (c *Client) Import(ctx context.Context, r io.Reader, o ImportQuery) iter.Seq2[ImportMessage, error] {
	return func(yield func(ImportMessage, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		q := of(o.Commons)
		flag(q, "dryRun", o.DryRun)
		flag(q, "correct", o.Correct)
		flag(q, "partial", o.Partial)
		media := o.Media
		if media == "" {
			media = api.MediaCSV
		}
		answer, err := c.send(ctx, request{
			method: http.MethodPost, path: "/v1/imports", query: q,
			accept: api.MediaNDJSON, media: media, body: io.NopCloser(r),
		})
		if err != nil {
			yield(ImportMessage{}, err)
			return
		}
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			m, err := importMessage(lines.Bytes())
			if !yield(m, err) || err != nil || m.Summary != nil {
				return
			}
		}
		yield(ImportMessage{}, broken(ctx, lines.Err()))
	}
}

// exportEnd is how a whole graph ends.
const exportEnd = "\n]}\n"

// Export writes everything of a commons that ValueFlows has words for to w, as one
// graph of JSON-LD. When the graph breaks off, what is there of it is written, and
// the error wraps ErrUnreachable.
func (c *Client) Export(ctx context.Context, commons string, w io.Writer) error {
	answer, err := c.send(ctx, request{
		method: http.MethodGet, path: "/v1/export", query: of(commons), accept: api.MediaJSONLD,
	})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	tail := tailWriter{w: w}
	_, err = io.Copy(&tail, answer.Body)
	switch {
	case tail.err != nil:
		return tail.err
	case err != nil || string(tail.last) != exportEnd:
		return broken(ctx, err)
	}
	return nil
}

// tailWriter remembers the last bytes that it wrote, and apart from others what
// went wrong with that.
type tailWriter struct {
	w    io.Writer
	last []byte
	err  error
}

// Write writes the next piece.
func (t *tailWriter) Write(b []byte) (int, error) {
	n, err := t.w.Write(b)
	t.err = err
	t.last = append(t.last, b[max(0, n-len(exportEnd)):n]...)
	t.last = t.last[max(0, len(t.last)-len(exportEnd)):]
	return n, err
}

func flag(q url.Values, name string, on bool) {
	if on {
		q.Set(name, "true")
	}
}

func broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: the answer broke off: %w", ErrUnreachable, err)
}

func importMessage(line []byte) (ImportMessage, error) {
	var head struct{ Schema string }
	var m ImportMessage
	var out any
	if err := json.Unmarshal(line, &head); err != nil {
		return m, fmt.Errorf("the node's answer is not understood: %w", err)
	}
	switch head.Schema {
	case "minga.import-row/1":
		m.Row = &api.ImportRow{}
		out = m.Row
	case "minga.import-slip/1":
		m.Slip = &api.ImportSlip{}
		out = m.Slip
	case "minga.import-progress/1":
		m.Progress = &api.ImportProgress{}
		out = m.Progress
	case "minga.import/1":
		m.Summary = &api.ImportSummary{}
		out = m.Summary
	default:
		return m, fmt.Errorf("the node's answer is not understood: %q", head.Schema)
	}
	return m, json.Unmarshal(line, out)
}

// ChangesQuery says from where on to follow changes.
type ChangesQuery struct {
	Commons string  // name or id; empty: every commons
	After   *uint64 // journal position; nil: from now on
	Journal string  // the journal that After is a position of, if known
}

// ChangeMessage is one message of the stream of changes: exactly one field is
// set.
type ChangeMessage struct {
	Change    *api.Change
	Resync    *api.Resync
	Heartbeat *api.Heartbeat
}

// Changes yields what the node comes to hold until ctx ends, beginning with a
// heartbeat or a resync. When the stream breaks off it yields an error and ends;
// go on with the Position seen last as After.
func (c *Client) Changes(ctx context.Context, o ChangesQuery) iter.Seq2[ChangeMessage, error] {
	return func(yield func(ChangeMessage, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		q := of(o.Commons)
		set(q, "journal", o.Journal)
		if o.After != nil {
			q.Set("after", strconv.FormatUint(*o.After, 10))
		}
		answer, err := c.send(ctx, request{
			method: http.MethodGet, path: "/v1/changes", query: q, accept: "text/event-stream",
		})
		if err != nil {
			yield(ChangeMessage{}, err)
			return
		}
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, maxLine)
		event := ""
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch name {
			case "event":
				event = value
			case "data":
				m, err := changeMessage(event, []byte(value))
				if !yield(m, err) || err != nil {
					return
				}
			}
		}
		yield(ChangeMessage{}, broken(ctx, lines.Err()))
	}
}

func changeMessage(event string, data []byte) (ChangeMessage, error) {
	var m ChangeMessage
	var out any
	switch event {
	case "change":
		m.Change = &api.Change{}
		out = m.Change
	case "resync":
		m.Resync = &api.Resync{}
		out = m.Resync
	case "heartbeat":
		m.Heartbeat = &api.Heartbeat{}
		out = m.Heartbeat
	default:
		return m, fmt.Errorf("the node's answer is not understood: event %q", event)
	}
	return m, json.Unmarshal(data, out)
}
