package node

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// BenchmarkCatchUp imports 100,000 rows through the API of one node, and lets a
// second node join over loopback and fetch them.
func BenchmarkCatchUp(b *testing.B) {
	const rows = 100_000
	var file strings.Builder
	file.WriteString("source_key,time,agent,action,quantity,unit,resource,note\n")
	for i := range rows {
		fmt.Fprintf(&file, "%040x,2019-02-04T11:12:53Z,contributor-%03d,produce,1,one,code,\"%d files, %d lines added\"\n",
			i, i%13, i%7, i%193)
	}
	for range b.N {
		ana, endAna := started(b)
		if _, err := ana.CreateCommons(b.Context(), api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		for _, err := range ana.Import(b.Context(), strings.NewReader(file.String()), client.ImportQuery{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(rows/time.Since(begun).Seconds(), "imported-rows/s")
		invitation, err := ana.Invite(b.Context(), api.InviteDraft{}, client.Write{})
		if err != nil {
			b.Fatal(err)
		}
		beto, endBeto := started(b)
		begun = time.Now()
		if _, err := beto.Join(b.Context(), api.JoinDraft{Link: invitation.Link, As: "Beto"}); err != nil {
			b.Fatal(err)
		}
		for digest(b, beto) != digest(b, ana) {
		}
		b.ReportMetric(rows/time.Since(begun).Seconds(), "caught-up-entries/s")
		endBeto()
		endAna()
	}
}

func started(b *testing.B) (*client.Client, func()) {
	b.Helper()
	home := b.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, localConfig(home), slog.New(slog.DiscardHandler)) }()
	c := ready(b, home)
	return c, func() {
		c.Close()
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
}

func digest(b *testing.B, c *client.Client) string {
	b.Helper()
	status, err := c.Status(b.Context())
	if err != nil || len(status.Commons) != 1 {
		b.Fatalf("%+v, %v", status, err)
	}
	return status.Commons[0].Digest
}
