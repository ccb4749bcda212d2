package ledger

import (
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// Sentences reads the buckets and rules of a charter document back as sentences,
// in Spanish ("es") or English (any other language).
type Sentences struct{ doc charter.Document }

// SentencesOf returns the sentences of a document, as far as it can be read.
func SentencesOf(doc map[string]protocol.Value) Sentences {
	d, _ := charter.Parse(doc)
	return Sentences{d}
}

// Buckets returns how many buckets there are.
func (s Sentences) Buckets() int { return len(s.doc.Buckets) }

// Name returns the name of a bucket.
func (s Sentences) Name(bucket int) string { return s.doc.Buckets[bucket].Name }

// Bucket returns what the charter says of a bucket.
func (s Sentences) Bucket(bucket int, lang string) string {
	return share.Sentence(s.doc, bucket, lang)
}

// Rules returns the rules of a bucket, each in a sentence.
func (s Sentences) Rules(bucket int, lang string) []string {
	all := make([]string, 0, len(s.doc.Buckets[bucket].Rules))
	for rule := range s.doc.Buckets[bucket].Rules {
		all = append(all, share.RuleSentence(s.doc, bucket, rule, lang))
	}
	return all
}
