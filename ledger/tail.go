package ledger

import (
	"crypto/sha256"
	"strings"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// separators end what many identifiers of a file have in common, and what the
// file writes a prefix for.
const separators = "/#:"

// fileName returns the identifier that a file gave to the record or resource
// which an entry begins, empty if there is none.
func fileName(body protocol.Body) string {
	switch b := body.(type) {
	case *protocol.Record:
		if b.Of.IsZero() {
			return b.Source
		}
	case *protocol.Event:
		if flow.Creates(b) {
			return resourceSource(b)
		}
	}
	return ""
}

// tailDigest is what entries are found by whose identifier in a file ends so.
func tailDigest(no commonsNo, source string) []byte {
	tail := source[strings.LastIndexAny(source, separators)+1:]
	sum := sha256.Sum256(append(append([]byte("tail"), no.bytes()...), tail...))
	return sum[:]
}

// tailed returns the entries that a file gave an identifier which it writes as
// text: with a prefix for the first part, as mfg:desk, or without that.
func (l *Ledger) tailed(no commonsNo, text string) (found []protocol.EntryID, err error) {
	if strings.Contains(text, "//") || strings.HasPrefix(text, "urn:") { // whole
		return nil, nil
	}
	rest := text
	if _, after, cut := strings.Cut(text, ":"); cut {
		rest = after
	}
	if rest == "" || strings.ContainsRune(separators, rune(rest[len(rest)-1])) {
		return nil, nil
	}
	all, err := l.index.Find(tailDigest(no, rest))
	if err != nil {
		return nil, storeError(err)
	}
	for _, at := range all[:min(len(all), maxPage)] {
		e, err := l.entryAt(logNo(at.No), at.Seq)
		if err != nil {
			return nil, err
		}
		before, ends := strings.CutSuffix(fileName(e.Body), rest)
		if ends && before != "" && strings.ContainsRune(separators, rune(before[len(before)-1])) {
			found = append(found, e.ID())
		}
	}
	return found, nil
}

// indexTail notes where people will look for what a file calls by a prefix.
func (b *batch) indexTail(c *openCommons, log *openLog, e protocol.Entry) {
	source := fileName(e.Body)
	if strings.ContainsAny(source, separators) {
		b.index(log, e.Seq, tailDigest(c.no, source))
	}
}
