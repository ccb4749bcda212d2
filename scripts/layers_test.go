package scripts

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layer says what one package, or every package below it, may import of this
// module. Longer paths are more specific and win.
type layer struct {
	dir   string   // "x/..." is x and everything below it
	may   []string // the same notation
	tests []string // what its tests may import besides
	why   string
}

// layers is the order of the house. ARCHITECTURE.md draws it.
var layers = []layer{
	{dir: "proto/...", why: "the schemas of the wire stand on nothing"},
	{dir: "protocol", may: []string{"proto/..."},
		why: "protocol says what an entry is, for every implementation alike: it stands on nothing that one of them decided"},
	{dir: "ledger/rules/...", may: []string{"protocol", "ledger/rules/..."},
		why: "the rules are pure functions from entries to state"},
	{dir: "ledger/rules/unit",
		why: "units of measure are the same in every place that reads them, so that room stands on nothing"},
	{dir: "ledger/store", may: []string{"protocol"}, tests: []string{"ledger"}, // benchmarks beside their yardstick
		why: "the store keeps bytes and does not know what they mean"},
	{dir: "ledger/places", may: []string{"ledger/store"},
		why: "the index keeps places by digest and does not know of what"},
	{dir: "ledger/internal/naive", may: []string{"protocol", "ledger/rules"},
		why: "the second version of the rules shares nothing with the first but the types, or both would be wrong together"},
	{dir: "ledger/cut", may: []string{"protocol", "ledger/rules/..."},
		why: "what stands up to a cut follows from entries alone, wherever these are kept"},
	{dir: "ledger", may: []string{"protocol", "ledger/rules/...", "ledger/places", "ledger/store", "ledger/cut"}, tests: []string{"ledger/internal/naive"}, // tests alone: it is slow
		why: "the ledger decides what entries mean and knows nothing of the network"},
	{dir: "ledger/archive/...", may: []string{"protocol", "ledger", "ledger/rules/unit"},
		why: "import and export stand on the ledger's public face, and on the units of measure, which are the same everywhere"},
	{dir: "node/replica", may: []string{"protocol", "proto/..."}, tests: []string{"ledger"},
		why: "the replica names the few methods that it needs of a ledger and of a transport, so that the simulator can hand it both"},
	{dir: "node/p2p", may: []string{"protocol", "proto/...", "node/replica"},
		why: "the network carries bytes for the replica and decides nothing"},
	{dir: "node/api/...", may: []string{"protocol", "ledger", "ledger/rules/unit", "node/api/..."}, tests: []string{"ledger/rules"}, // sums by hand
		why: "the API names the methods that it needs and answers in the ledger's types; it knows nothing of gossip"},
	{dir: "node/web", why: "the page uses the public API and nothing else"},
	{dir: "node/sim", may: []string{"protocol", "proto/...", "ledger", "node/replica"}, tests: []string{"ledger/store"},
		why: "the simulator runs the real ledger and the real replica, without files and without a network"},
	{dir: "node", may: []string{"protocol", "proto/...", "ledger", "ledger/archive/...", "ledger/store", "node/replica", "node/p2p", "node/api/...", "node/web"},
		why: "node wires one node together; the simulator is no part of it"},
	{dir: "cmd/minga/...", may: []string{"protocol", "ledger/rules/unit", "node", "node/api/...", "ledger/archive/...", "cmd/minga/..."}, tests: []string{"ledger"},
		why: "a command asks a node, or works on files"},
	{dir: "scripts/...", may: []string{"protocol", "proto/...", "ledger/...", "node/...", "scripts/..."},
		why: "scripts measure and check everything, and nothing imports them"},
}

// guarded are libraries that one package keeps behind its own face.
var guarded = []struct {
	prefix string
	only   []string // packages that may import it, tests included
	tests  []string // packages whose tests may
	why    string
}{
	{"github.com/dgraph-io/badger", []string{"ledger/store", "scripts/bench"}, []string{"ledger"},
		"ledger/store keeps Badger's pitfalls in one place; benchmarks compare with it"},
	{"github.com/libp2p/", []string{"node/p2p"}, []string{"node"},
		"node/p2p is the only one to speak libp2p, so that everything else runs in the simulator; a benchmark compares with it"},
	{"google.golang.org/protobuf", []string{"proto/minga/v1", "protocol", "node/replica", "node/p2p", "node/sim", "ledger/store"}, nil,
		"generated types never leave the packages that speak on the wire; ledger/store reads Badger's own"},
	{"github.com/stretchr/testify", nil, nil,
		"tests compare with go-cmp and say in a sentence what is wrong"},
}

// pure lists packages of the standard library that a layer does without.
var pure = []struct {
	dir    string
	not    []string
	except bool // tests may
	why    string
}{
	{"protocol", []string{"context", "os", "net", "net/http", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}, true,
		"protocol reads no clock, file, network or randomness"},
	{"ledger/rules/...", []string{"context", "os", "net", "net/http", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}, true,
		"the rules give one answer for one set of entries"},
	{"ledger", []string{"net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"}, true,
		"the ledger knows no network, and randomness is handed in"},
	{"node/replica", []string{"os", "net", "net/http", "math/rand", "crypto/rand"}, true,
		"the replica does no I/O of its own; clock and randomness are handed in"},
	{"node/sim", []string{"net", "net/http", "crypto/rand"}, true,
		"a seed decides everything that a simulation does"},
}

func TestLayers(t *testing.T) {
	for _, s := range sources(t) {
		l, ok := layerOf(s.dir)
		if !ok {
			t.Errorf("%s: package %s has no place in the layers; give it one in scripts/layers_test.go and draw it in ARCHITECTURE.md", s.path, s.dir)
			continue
		}
		for _, imported := range imports(t, s) {
			dir, ours := strings.CutPrefix(imported, module+"/")
			if !ours || dir == s.dir || matchAny(l.may, dir) || s.test && matchAny(l.tests, dir) {
				continue
			}
			t.Errorf("%s imports %s and may not: %s", s.path, dir, l.why)
		}
	}
}

func TestGuardedLibraries(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range imports(t, s) {
			for _, g := range guarded {
				if !strings.HasPrefix(imported, g.prefix) || matchAny(g.only, s.dir) || s.test && matchAny(g.tests, s.dir) {
					continue
				}
				t.Errorf("%s imports %s and may not: %s", s.path, imported, g.why)
			}
		}
	}
}

func TestPurePackages(t *testing.T) {
	for _, s := range sources(t) {
		for _, p := range pure {
			if !match(p.dir, s.dir) || s.test && p.except {
				continue
			}
			for _, imported := range imports(t, s) {
				if slices.Contains(p.not, imported) {
					t.Errorf("%s imports %q and may not: %s", s.path, imported, p.why)
				}
			}
		}
	}
}

// layerOf finds the most specific layer of a directory.
func layerOf(dir string) (layer, bool) {
	var best layer
	for _, l := range layers {
		if match(l.dir, dir) && len(l.dir) > len(best.dir) {
			best = l
		}
	}
	return best, best.dir != ""
}

// match says whether dir is what pattern names: itself, or "x/..." for x and
// everything below it.
func match(pattern, dir string) bool {
	base, below := strings.CutSuffix(pattern, "/...")
	return dir == base || below && strings.HasPrefix(dir, base+"/")
}

// matchAny says whether one of the patterns names dir.
func matchAny(patterns []string, dir string) bool {
	for _, p := range patterns {
		if match(p, dir) {
			return true
		}
	}
	return false
}

// imports lists what a file imports.
func imports(t *testing.T, s source) []string {
	t.Helper()
	var list []string
	for _, spec := range s.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, path)
	}
	return list
}
