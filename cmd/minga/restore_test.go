package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// backUp copies the home of a member whose node is stopped.
func (m *member) backUp() (backup string) {
	m.t.Helper()
	backup = m.t.TempDir() + "/backup"
	if err := os.CopyFS(backup, os.DirFS(m.home)); err != nil {
		m.t.Fatal(err)
	}
	return backup
}

// putBack replaces the home of a member whose node is stopped.
func (m *member) putBack(backup string) {
	m.t.Helper()
	if err := os.RemoveAll(m.home); err != nil {
		m.t.Fatal(err)
	}
	if err := os.CopyFS(m.home, os.DirFS(backup)); err != nil {
		m.t.Fatal(err)
	}
	// A copy is readable as the umask says; the secrets are their owner's.
	for _, name := range []string{"identity", "token", "peer.key"} {
		if err := os.Chmod(m.home+"/"+name, 0o600); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *member) stop() {
	m.t.Helper()
	if code := m.signal(syscall.SIGTERM); code != 0 {
		m.t.Errorf("%s ends with %d", m.name, code)
	}
}

// says runs a command against the member's node and returns what it said, and
// its exit status.
func (m *member) says(args ...string) (string, int) {
	m.t.Helper()
	cmd := exec.Command("minga", append([]string{"--home", m.home}, args...)...)
	said, _ := cmd.CombinedOutput()
	return string(said), cmd.ProcessState.ExitCode()
}

func TestABackupPutBackCatchesUpBeforeItWrites(t *testing.T) {
	ana, beto := found(t)
	join(ana, beto)
	for _, m := range []*member{ana, beto} {
		m.works(3)
		agree(t, ana, beto)
		m.stop()
		backup := m.backUp()
		m.start()
		m.works(4)
		agree(t, ana, beto)
		m.stop()
		m.putBack(backup)
		m.start()
		m.works(2) // at once: it waits until its own log is here
		agree(t, ana, beto)
		for _, reader := range []*member{ana, beto} {
			if got := reader.hours(m.name); got != "9" {
				t.Errorf("%s knows of %s hours of %s's 9", reader.name, got, m.name)
			}
		}
	}
	// Ana is the only witness: she votes again, for what came after the backup too.
	var events []api.Event
	settled := until(patience, func() bool {
		events = ask(beto, func(ctx context.Context, c *client.Client) ([]api.Event, error) {
			page, err := c.Events(ctx, client.EventQuery{Page: client.Page{Limit: 100}})
			return page.Events, err
		})
		for _, e := range events {
			if e.Entry.State != "settled" {
				return false
			}
		}
		return len(events) == 18
	})
	if !settled {
		t.Errorf("not all 18 events are settled: %+v", events)
	}
}

func TestABackupThatNobodyAnswersDoesNotWrite(t *testing.T) {
	ana, beto := found(t)
	join(ana, beto)
	agree(t, ana, beto)
	beto.stop()
	backup := beto.backUp()
	beto.start()
	beto.works(1)
	agree(t, ana, beto)
	beto.stop()
	ana.stop()

	beto.putBack(backup)
	beto.start()
	if said, code := beto.says("status"); code != exitOK || !strings.Contains(said, "its own log") {
		t.Errorf("status exits %d: %s", code, said)
	}
	// It waits for an answer first, then says why it does not write.
	if said, code := beto.says("work", "1 h Garden"); code != exitConflict ||
		!strings.Contains(said, "files of this node are a copy") || !strings.Contains(said, "minga daemon --write-without-peers") {
		t.Errorf("writing exits %d: %s", code, said)
	}
	if said, code := beto.says("--lang", "es", "status"); code != exitOK || !strings.Contains(said, "sus archivos son una copia") {
		t.Errorf("status exits %d: %s", code, said)
	}
	if c := beto.commons(); c.Writing != "refused" || c.Notice == "" {
		t.Errorf("the status is %+v", c)
	}
	// As soon as a peer is there it catches up, and goes on.
	ana.start()
	if !until(patience, func() bool { return beto.commons().Writing == "open" }) {
		t.Error("it does not go on")
	}
	beto.works(1)
	agree(t, ana, beto)
	if got := ana.hours("Beto"); got != "2" {
		t.Errorf("Ana knows of %s hours of Beto's 2", got)
	}

	// Its operator may decide otherwise.
	beto.stop()
	ana.stop()
	beto.putBack(backup)
	beto.start("--write-without-peers")
	if said, code := beto.says("work", "1 h Garden"); code != exitOK {
		t.Errorf("writing without peers exits %d: %s", code, said)
	}
	if c := beto.commons(); c.Writing != "open" || c.Notice != "" {
		t.Errorf("the status is %+v", c)
	}
}
