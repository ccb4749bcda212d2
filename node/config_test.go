package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func environment(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}
}

func writeConfig(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFlagWinsOverVariableOverFileOverDefault(t *testing.T) {
	dir := writeConfig(t, "api = \"127.0.0.1:1\"\nlanguage = \"es\"\nlog-level = \"warn\"\nread-only = true\n")
	env := environment(map[string]string{
		"MINGA_API": "127.0.0.1:2", "MINGA_LANGUAGE": "en", "MINGA_DISCOVERY": "false",
		"MINGA_PEERS": "/ip4/1.2.3.4/tcp/1/p2p/a,/ip4/1.2.3.4/tcp/2/p2p/b", "MINGA_MAX_PEERS": "", "MINGA_HOSTS": "",
	})
	got, settings, err := Load(dir, env, map[string]any{"api": "127.0.0.1:3"})
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	want.Home, want.API, want.Language, want.LogLevel, want.ReadOnly, want.Discovery = dir, "127.0.0.1:3", "en", "warn", true, false
	want.Peers = []string{"/ip4/1.2.3.4/tcp/1/p2p/a", "/ip4/1.2.3.4/tcp/2/p2p/b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	origins := map[string]string{}
	for _, s := range settings {
		origins[s.Key] = s.Origin
	}
	for key, origin := range map[string]string{
		"api": "flag", "language": "MINGA_LANGUAGE", "log-level": filepath.Join(dir, ConfigFile), "max-peers": "default",
	} {
		if origins[key] != origin {
			t.Errorf("%s comes from %s, not %s", key, origins[key], origin)
		}
	}
}

func TestConfigFilesThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"colour = 1":            `there is no setting "colour"`,
		"api = ":                "line 1",
		"max-peers = \"many\"":  "max-peers",
		"listen = { a = \"b\"}": "listen",
	} {
		_, _, err := Load(writeConfig(t, text), environment(nil), nil)
		if !errors.Is(err, ErrBadConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	c := Config{
		Home: "here", API: "localhost", Listen: []string{"8746"}, Peers: []string{"/ip4/1.2.3.4/tcp/1", "/ip4/1.2.3.4/tcp/1/p2p/x"},
		Language: "fr", LogLevel: "loud",
	}
	err := c.Validate()
	if !errors.Is(err, ErrBadConfig) {
		t.Fatalf("got %v", err)
	}
	for _, fault := range []string{"home: ", "api: ", "listen: ", "tcp/1\" is no", "p2p/x\" is no", "max-peers: ", "language: ", "log-level: ", "memory-limit: "} {
		if !strings.Contains(err.Error(), fault) {
			t.Errorf("%q is not in:\n%v", fault, err)
		}
	}
	good := Defaults()
	good.Home = "/srv/minga"
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, api := range []string{"127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.1:http", "8747", ""} {
		c := good
		if c.API = api; c.Validate() == nil {
			t.Errorf("%q is accepted", api)
		}
	}
}
