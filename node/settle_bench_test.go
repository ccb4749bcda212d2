package node

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/minga-commons/minga/protocol"
)

const (
	settlingNodes = 4
	settlingFor   = 5 * time.Second // payments at one rate
	callersEach   = 32              // callers that each node has at most
)

// BenchmarkSettle has four nodes on loopback, each the node of a member and of a
// witness (n=4, f=1), whose members pay each other in a ring. It reports how long
// it takes from the call of Submit until the payee's node holds the payment as
// settled, at 100 payments a second, beside the time that a message of raw
// gossipsub takes between four hosts, before and after. Then it raises the rate
// until settlement does not keep up: a second after the last payment, or with
// more than a second's payments in between, some are not settled.
func BenchmarkSettle(b *testing.B) {
	for range b.N {
		raw := gossipRaw(b)
		nodes, id := witnesses(b, settlingNodes, 1, "1000000.00")
		took, _ := payAt(b, nodes, id, 100)
		raw = append(raw, gossipRaw(b)...)
		slices.Sort(raw)
		half, rest := median(took), median(raw)
		bound := voteEvery + 20*rest
		b.ReportMetric(milliseconds(half), "p50-ms")
		b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
		b.ReportMetric(milliseconds(rest), "gossip-p50-ms")
		b.ReportMetric(half.Seconds()/bound.Seconds(), "of-bound")
		kept := 0
		for rate := 200; rate <= 51_200; rate *= 2 {
			took, keeps := payAt(b, nodes, id, rate)
			b.Logf("%d/s: p50 %v, p99 %v, keeps up: %v", rate, median(took), took[len(took)*99/100], keeps)
			if !keeps {
				break
			}
			kept = rate
		}
		b.ReportMetric(float64(kept), "kept-up/s")
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

// settled is when a node came to hold a log as settled up to a seq.
type settled struct {
	upTo int64
	at   time.Time
}

// payAt has the members pay at a rate, all together, and returns how long each
// payment took, ascending, and whether settlement kept up.
func payAt(b *testing.B, nodes []*settler, id protocol.CommonsID, rate int) ([]time.Duration, bool) {
	b.Helper()
	each := int(settlingFor.Seconds() * float64(rate) / float64(len(nodes)))
	begun := make([]map[int64]time.Time, len(nodes))
	seen := make([][]settled, len(nodes))
	last := make([]int64, len(nodes))
	late := make([]time.Duration, len(nodes))
	watching, stop := context.WithCancel(b.Context())
	defer stop()
	var paying, watchers sync.WaitGroup
	done := make(chan struct{})
	for i := range nodes {
		begun[i] = map[int64]time.Time{}
		paying.Go(func() { late[i], last[i] = payEach(b, nodes, id, i, each, rate, begun[i]) })
		// The payee's node looks at the payer's log.
		watchers.Go(func() { seen[i] = watchSettled(watching, b, nodes[(i+1)%len(nodes)], nodes[i].log) })
	}
	go func() { paying.Wait(); close(done) }()
	<-done
	keeps := true
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for i, from := 0, time.Now(); i < len(nodes); {
		if settledUpTo(b, nodes[(i+1)%len(nodes)], nodes[i].log) >= last[i] {
			i++
			continue
		}
		<-again.C
		waited := time.Since(from)
		keeps = keeps && waited < time.Second
		if waited > patience {
			b.Fatalf("payments are not settled %v after the last", patience)
		}
	}
	stop()
	watchers.Wait()
	var took []time.Duration
	for i := range nodes {
		keeps = keeps && late[i] < time.Second
		for seq, at := range begun[i] {
			j, found := slices.BinarySearchFunc(seen[i], seq, func(s settled, seq int64) int { return int(s.upTo - seq) })
			if !found && j == len(seen[i]) {
				continue // it was the last, and the watcher had ended
			}
			took = append(took, seen[i][j].at.Sub(at))
		}
	}
	slices.Sort(took)
	return took, keeps && took[len(took)/2] < time.Second
}

// payEach pays at a rate by many callers. Each payment begins when it is due, or
// as soon as a caller is free; it returns by how much the last was late, and the
// newest seq.
func payEach(b *testing.B, nodes []*settler, id protocol.CommonsID, from, n, rate int, begun map[int64]time.Time) (late time.Duration, last int64) {
	start := time.Now()
	step := time.Second * time.Duration(len(nodes)) / time.Duration(rate)
	due := make(chan time.Time)
	var mu sync.Mutex
	var callers sync.WaitGroup
	for range callersEach {
		callers.Go(func() {
			for at := range due {
				w, err := nodes[from].ledger.Submit(b.Context(), payment(nodes, id, from, 1))
				if err != nil {
					b.Error(err)
					continue
				}
				mu.Lock()
				begun[w.Entry.Seq], last = at, max(last, w.Entry.Seq)
				mu.Unlock()
			}
		})
	}
	for i := range n {
		at := start.Add(step * time.Duration(i))
		if wait := time.Until(at); wait > 0 {
			<-time.After(wait)
		}
		due <- at
		late = time.Since(at)
	}
	close(due)
	callers.Wait()
	return late, last
}

// watchSettled notes when a node comes to hold more of a log as settled.
func watchSettled(ctx context.Context, b *testing.B, n *settler, log protocol.LogID) []settled {
	var all []settled
	upTo := settledUpTo(b, n, log)
	for _, err := range n.ledger.Watch(ctx, n.ledger.Position()) {
		if err != nil {
			break // the watch is over
		}
		if now := settledUpTo(b, n, log); now > upTo {
			upTo = now
			all = append(all, settled{now, time.Now()})
		}
	}
	if now := settledUpTo(b, n, log); now > upTo {
		all = append(all, settled{now, time.Now()})
	}
	return all
}

// gossipRaw is the yardstick: four libp2p hosts on loopback, all connected, that
// publish 25 messages a second each of the size of a payment by gossipsub as it
// comes. It returns how long each message took to the next host.
func gossipRaw(b *testing.B) []time.Duration {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	var hosts []host.Host
	var topics []*pubsub.Topic
	var subs []*pubsub.Subscription
	for range settlingNodes {
		h, err := libp2p.New(libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"), libp2p.DisableRelay())
		if err != nil {
			b.Fatal(err)
		}
		defer h.Close()
		gossip, err := pubsub.NewGossipSub(ctx, h, pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign), pubsub.WithNoAuthor(),
			pubsub.WithMessageIdFn(pubsubID))
		if err != nil {
			b.Fatal(err)
		}
		topic, err := gossip.Join("yardstick")
		if err != nil {
			b.Fatal(err)
		}
		sub, err := topic.Subscribe(pubsub.WithBufferSize(1024))
		if err != nil {
			b.Fatal(err)
		}
		for _, other := range hosts {
			if err := h.Connect(ctx, peer.AddrInfo{ID: other.ID(), Addrs: other.Addrs()}); err != nil {
				b.Fatal(err)
			}
		}
		hosts, topics, subs = append(hosts, h), append(topics, topic), append(subs, sub)
	}
	again := time.NewTicker(time.Second / 100)
	defer again.Stop()
	for _, t := range topics {
		for len(t.ListPeers()) < settlingNodes-1 {
			<-again.C
		}
	}
	const messages = 300
	const warmUp = 200 // until every host has the others in its mesh
	begun := make([]time.Time, messages)
	took := make([]time.Duration, messages)
	var readers sync.WaitGroup
	var mu sync.Mutex
	for i := range subs {
		readers.Go(func() {
			for n := 0; n < messages; {
				m, err := subs[i].Next(ctx)
				if err != nil {
					b.Error(err)
					return
				}
				now := time.Now()
				no := int(binary.BigEndian.Uint32(m.Data)) - warmUp
				if no < 0 {
					continue
				}
				if n++; (no+1)%settlingNodes == i {
					mu.Lock()
					took[no] = now.Sub(begun[no])
					mu.Unlock()
				}
			}
		})
	}
	for i := range warmUp + messages {
		<-again.C
		if no := i - warmUp; no >= 0 {
			mu.Lock()
			begun[no] = time.Now()
			mu.Unlock()
		}
		data := binary.BigEndian.AppendUint32(nil, uint32(i))
		if err := topics[i%settlingNodes].Publish(ctx, append(data, make([]byte, 500)...)); err != nil {
			b.Fatal(err)
		}
	}
	readers.Wait()
	slices.Sort(took)
	return took
}

func pubsubID(m *pb.Message) string { return string(m.GetData()[:4]) }
