package p2p

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// MaxGossip is the largest gossip message in bytes that Publish takes.
const MaxGossip = maxRPC - 4<<10

// maxRPC bounds what gossipsub reads at a time: a message and its envelope.
const maxRPC = 512 << 10

// Errors of Publish and Send.
var (
	ErrTooLarge  = errors.New("too large for the network")
	ErrNotJoined = errors.New("the topic of this commons is not joined")
)

// Scores below which gossipsub does less and less with a peer. Invalid messages
// cost 10 times the square of their number, and what conduct adds for each.
const (
	invalidWeight     = -10
	gossipThreshold   = -100
	publishThreshold  = -500
	graylistThreshold = -1000
)

// validators is how many gossip messages are validated at a time.
const validators = 2

// publication is a message on its way out.
type publication struct {
	topic *pubsub.Topic
	data  []byte
}

func newGossip(h *Host) (*pubsub.PubSub, error) {
	slow := pubsub.ScoreParameterDecay(10 * time.Minute)
	score := &pubsub.PeerScoreParams{
		Topics:                    make(map[string]*pubsub.TopicScoreParams), // Join adds to it
		AppSpecificScore:          h.conduct.score,
		AppSpecificWeight:         1,
		BehaviourPenaltyWeight:    -10,
		BehaviourPenaltyDecay:     slow,
		BehaviourPenaltyThreshold: 6,
		DecayInterval:             pubsub.DefaultDecayInterval,
		DecayToZero:               pubsub.DefaultDecayToZero,
		RetainScore:               time.Hour,
	}
	thresholds := &pubsub.PeerScoreThresholds{
		GossipThreshold:   gossipThreshold,
		PublishThreshold:  publishThreshold,
		GraylistThreshold: graylistThreshold,
	}
	return pubsub.NewGossipSub(h.lifetime, h.network,
		pubsub.WithNoAuthor(),
		pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign),
		pubsub.WithMessageIdFn(func(m *pb.Message) string {
			id := sha256.Sum256(m.GetData())
			return string(id[:])
		}),
		pubsub.WithMaxMessageSize(maxRPC),
		pubsub.WithSubscriptionFilter(h.topics),
		pubsub.WithPeerScore(score, thresholds),
		pubsub.WithFloodPublish(true),
		pubsub.WithPeerExchange(false),
		pubsub.WithValidateQueueSize(h.o.bounds.validateQueue),
		pubsub.WithValidateWorkers(validators),
		pubsub.WithLogger(h.log.With("part", "gossip")),
		pubsub.WithRPCLogger(slog.New(slog.DiscardHandler)), // it logs whole messages
	)
}

// topicScore has a spammer of invalid messages graylisted after eleven of them
// or fewer. Quiet topics are usual, so silence costs nothing.
func topicScore() *pubsub.TopicScoreParams {
	return &pubsub.TopicScoreParams{
		TopicWeight:                    1,
		TimeInMeshWeight:               0.01,
		TimeInMeshQuantum:              time.Second,
		TimeInMeshCap:                  100,
		FirstMessageDeliveriesWeight:   0.1,
		FirstMessageDeliveriesDecay:    pubsub.ScoreParameterDecay(10 * time.Minute),
		FirstMessageDeliveriesCap:      50,
		InvalidMessageDeliveriesWeight: invalidWeight,
		InvalidMessageDeliveriesDecay:  pubsub.ScoreParameterDecay(10 * time.Minute),
	}
}

// Join implements replica.Transport.
func (h *Host) Join(id protocol.CommonsID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return ErrClosed
	}
	if h.joined[id] != nil {
		return nil
	}
	name := topicOf(id)
	h.topics.join(name)
	topic, sub, err := h.subscribe(id, name)
	if err != nil {
		return fmt.Errorf("join the topic of %s: %w", id, err)
	}
	h.joined[id] = topic
	h.running.Go(func() { h.listen(id, sub) })
	return nil
}

func (h *Host) subscribe(id protocol.CommonsID, name string) (*pubsub.Topic, *pubsub.Subscription, error) {
	// Inline validators share the workers and wait in the queue; the others
	// are dropped as soon as all of them are busy.
	err := h.gossip.RegisterTopicValidator(name, h.validator(id), pubsub.WithValidatorInline(true))
	if err != nil {
		return nil, nil, err
	}
	topic, err := h.gossip.Join(name)
	if err != nil {
		return nil, nil, errors.Join(err, h.gossip.UnregisterTopicValidator(name))
	}
	err = topic.SetScoreParams(topicScore())
	sub, subErr := topic.Subscribe()
	if err = errors.Join(err, subErr); err != nil {
		if sub != nil {
			sub.Cancel()
		}
		return nil, nil, errors.Join(err, topic.Close(), h.gossip.UnregisterTopicValidator(name))
	}
	return topic, sub, nil
}

// validator asks the Validator, and keeps the segment that it has parsed. A
// peer that was shut out is not heard any more: its messages may still wait in
// the queue.
func (h *Host) validator(id protocol.CommonsID) pubsub.ValidatorEx {
	return func(_ context.Context, from peer.ID, m *pubsub.Message) pubsub.ValidationResult {
		if from == h.network.ID() {
			return pubsub.ValidationAccept
		}
		if !h.conduct.welcome(from) {
			return pubsub.ValidationReject
		}
		segment, verdict := h.validate(id, replica.PeerID(from), m.GetData())
		switch verdict {
		case replica.Accept:
			m.ValidatorData = segment
			return pubsub.ValidationAccept
		case replica.Reject:
			h.offend(from, offenceGossip)
			return pubsub.ValidationReject
		}
		return pubsub.ValidationIgnore
	}
}

// listen hands on what arrives on a topic. What does not fit is dropped.
func (h *Host) listen(id protocol.CommonsID, sub *pubsub.Subscription) {
	defer sub.Cancel()
	for {
		m, err := sub.Next(h.lifetime)
		if err != nil {
			return
		}
		segment, is := m.ValidatorData.(protocol.Segment)
		cost := int64(len(m.GetData()) + eventOverhead)
		if !is || !h.heard.TryAcquire(cost) {
			continue
		}
		e := replica.GossipIn{Commons: id, From: replica.PeerID(m.ReceivedFrom), Segment: segment}
		h.events.put(queued{event: e, done: func() { h.heard.Release(cost) }})
	}
}

// Publish implements replica.Transport. The caller must not change data
// afterwards. It returns ErrTooLarge above MaxGossip, ErrNotJoined, and ErrBusy
// when too much waits to leave.
func (h *Host) Publish(id protocol.CommonsID, data []byte) error {
	if len(data) > MaxGossip {
		return fmt.Errorf("publish %d bytes: %w", len(data), ErrTooLarge)
	}
	h.mu.Lock()
	topic, closed := h.joined[id], h.closed
	h.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if topic == nil {
		return fmt.Errorf("publish: %w", ErrNotJoined)
	}
	if !h.spoken.TryAcquire(int64(len(data))) {
		return fmt.Errorf("publish: %w", ErrBusy)
	}
	select {
	case h.outbox <- publication{topic: topic, data: data}:
		return nil
	default:
		h.spoken.Release(int64(len(data)))
		return fmt.Errorf("publish: %w", ErrBusy)
	}
}

// publish hands messages to gossipsub, which may block for a moment.
func (h *Host) publish() {
	for {
		select {
		case p := <-h.outbox:
			if err := p.topic.Publish(h.lifetime, p.data); err != nil {
				h.log.Debug("publish", "error", err)
			}
			h.spoken.Release(int64(len(p.data)))
		case <-h.lifetime.Done():
			return
		}
	}
}
