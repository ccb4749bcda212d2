package node

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/minga-commons/minga/node/replica"
)

// peersFile remembers other nodes from one start to the next: minga.peers-file/1.
type peersFile struct {
	Schema string       `json:"schema"`
	Peers  []storedPeer `json:"peers"`
}

type storedPeer struct {
	ID    string    `json:"id"`
	Addrs []string  `json:"addrs"`
	Seen  time.Time `json:"seen,omitzero"`
	Fixed bool      `json:"fixed,omitempty"`
}

// readPeers returns the nodes remembered. A file that cannot be read costs
// addresses and nothing else, so the error is for the log.
func (h *home) readPeers() ([]replica.KnownPeer, error) {
	text, err := os.ReadFile(h.path("peers.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file peersFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	var known []replica.KnownPeer
	for _, p := range file.Peers {
		known = append(known, replica.KnownPeer(p))
	}
	return known, nil
}

func (h *home) writePeers(known []replica.KnownPeer) error {
	file := peersFile{Schema: "minga.peers-file/1", Peers: []storedPeer{}}
	for _, p := range known {
		file.Peers = append(file.Peers, storedPeer(p))
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(h.path("peers.json"), append(text, '\n'))
}
