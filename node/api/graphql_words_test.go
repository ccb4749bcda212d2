package api

import (
	"testing"

	"github.com/minga-commons/minga/node/api/graphql"
)

func TestEveryWordOfGraphQLSpeaksBothLanguages(t *testing.T) {
	for _, word := range graphql.Words() {
		if err := graphWords[word].check(string(word), false); err != nil {
			t.Error(err)
		}
		if graphWords[word].en != string(word) {
			t.Errorf("%q is said as %q", word, graphWords[word].en)
		}
	}
	if len(graphWords) != len(graphql.Words()) {
		t.Errorf("%d words, and texts for %d", len(graphql.Words()), len(graphWords))
	}
}
