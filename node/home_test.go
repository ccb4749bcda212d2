package node

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/replica"
)

func open(t *testing.T, dir string) *home {
	t.Helper()
	h, err := openHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close() })
	return h
}

func TestAHomeIsHeldByOne(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "home")
	h := open(t, dir)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	var held *InUseError
	if _, err := openHome(dir); !errors.As(err, &held) || held.PID != strconv.Itoa(os.Getpid()) {
		t.Errorf("got %v", err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestTheIdentityStays(t *testing.T) {
	h := open(t, t.TempDir())
	first, err := h.identity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.identity(rand.Reader)
	if err != nil || again != first {
		t.Errorf("%x became %x, %v", first, again, err)
	}
	text, err := os.ReadFile(h.path("identity"))
	if words := strings.Fields(string(text)); err != nil || len(words) != 12 {
		t.Errorf("%d words, %v", len(words), err)
	}
	if seed, err := SeedOf("  " + strings.ToUpper(string(text)) + "\n"); err == nil && seed != first {
		t.Errorf("other letters, another identity: %x", seed)
	}
}

func TestWordsThatAreNoIdentity(t *testing.T) {
	valid, err := Words([16]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(valid)
	for name, text := range map[string]string{
		"none": "", "eleven": strings.Join(words[1:], " "),
		"a slip":     strings.Replace(valid, words[3], "mingga", 1),
		"other sum":  strings.TrimSpace(strings.Repeat("abandon ", 12)),
		"not twelve": valid + " " + valid,
	} {
		if _, err := SeedOf(text); !errors.Is(err, ErrBadIdentity) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsThatOthersCanRead(t *testing.T) {
	h := open(t, t.TempDir())
	if _, err := h.token(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(h.path("token"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := h.token(rand.Reader); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestPeersAreRemembered(t *testing.T) {
	h := open(t, t.TempDir())
	if known, err := h.readPeers(); err != nil || known != nil {
		t.Errorf("a new home: %v, %v", known, err)
	}
	want := []replica.KnownPeer{
		{ID: "a", Addrs: []string{"/ip4/1.2.3.4/tcp/1/p2p/a"}, Seen: time.UnixMilli(1000).UTC()},
		{ID: "b", Addrs: []string{"/ip4/1.2.3.4/tcp/2/p2p/b"}, Fixed: true},
	}
	if err := h.writePeers(want); err != nil {
		t.Fatal(err)
	}
	got, err := h.readPeers()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(h.path("peers.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.readPeers(); err == nil {
		t.Error("a broken file is no error")
	}
}

func TestTheSocketHasAShortPath(t *testing.T) {
	runtime, err := os.MkdirTemp("", "m")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(runtime) })
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	long := open(t, filepath.Join(t.TempDir(), strings.Repeat("x", 90)))
	path, err := long.socketPath()
	if err != nil || !strings.HasPrefix(path, runtime) || len(path) > maxSocketPath {
		t.Errorf("%s, %v", path, err)
	}
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if path, err := long.socketPath(); err == nil {
		t.Errorf("%s is in a directory that others can enter", path)
	}
}
