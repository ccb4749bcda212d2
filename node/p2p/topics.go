package p2p

import (
	"strings"
	"sync"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/minga-commons/minga/protocol"
)

const (
	topicPrefix = "/minga/"
	topicSuffix = "/segments"
)

func topicOf(id protocol.CommonsID) string { return topicPrefix + id.String() + topicSuffix }

// isTopic reports whether a text has the form of a topic. Only the one text
// form of an identifier that nodes write themselves counts.
func isTopic(text string) bool {
	inner, found := strings.CutPrefix(text, topicPrefix)
	if !found {
		return false
	}
	inner, found = strings.CutSuffix(inner, topicSuffix)
	if !found {
		return false
	}
	id, err := protocol.ParseID(inner)
	return err == nil && id.String() == inner
}

// topics says of which topics gossipsub keeps track. It follows only the topics
// joined here. Of others it remembers a bounded number, since a peer announces
// its topics once, when it connects: if they were thrown away, a commons that
// this node joins later would have no peers until they connect anew.
//
// It implements pubsub.SubscriptionFilter and is safe for concurrent use.
type topics struct {
	bounds    *bounds
	connected func(peer.ID) bool // what arrives late from one that has left does not stay

	mu      sync.Mutex
	joined  map[string]bool
	foreign map[peer.ID]map[string]bool // topics that a peer announced, not joined at the time
	total   int                         // in all maps of foreign
}

func newTopics(b *bounds, connected func(peer.ID) bool) *topics {
	return &topics{
		bounds:    b,
		connected: connected,
		joined:    make(map[string]bool),
		foreign:   make(map[peer.ID]map[string]bool),
	}
}

func (t *topics) join(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.joined[topic] = true
}

// CanSubscribe implements pubsub.SubscriptionFilter.
func (t *topics) CanSubscribe(topic string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.joined[topic]
}

// FilterIncomingSubscriptions implements pubsub.SubscriptionFilter.
func (t *topics) FilterIncomingSubscriptions(id peer.ID, subs []*pb.RPC_SubOpts) ([]*pb.RPC_SubOpts, error) {
	if len(subs) > t.bounds.subscriptions {
		return nil, pubsub.ErrTooManySubscriptions
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var kept []*pb.RPC_SubOpts
	for _, sub := range subs {
		if t.keep(id, sub.GetTopicid(), sub.GetSubscribe()) {
			kept = append(kept, sub)
		}
	}
	return kept, nil
}

// keep decides on one subscription. t.mu is held.
func (t *topics) keep(id peer.ID, topic string, subscribe bool) bool {
	own := t.foreign[id]
	switch {
	case own[topic]:
		if !subscribe {
			t.drop(id, topic)
		}
		return true
	case t.joined[topic]:
		return true
	case !subscribe, len(own) >= t.bounds.foreignByPeer, t.total >= t.bounds.foreignTopics,
		!isTopic(topic), !t.connected(id):
		return false
	}
	if own == nil {
		own = make(map[string]bool)
		t.foreign[id] = own
	}
	own[topic] = true
	t.total++
	return true
}

func (t *topics) drop(id peer.ID, topic string) {
	own := t.foreign[id]
	delete(own, topic)
	t.total--
	if len(own) == 0 {
		delete(t.foreign, id)
	}
}

// left forgets what a peer announced that is not connected any more.
func (t *topics) left(id peer.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total -= len(t.foreign[id])
	delete(t.foreign, id)
}
