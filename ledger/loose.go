package ledger

import (
	"errors"

	"github.com/minga-commons/minga/protocol"
)

// openFolios bounds the folios that are ahead of what is stored. The agents that
// change most are soon among them; the folios of others are written with each
// commit.
const openFolios = 1024

func looseKey(o folioOwner) []byte {
	return key(keyLoose, o.commons.bytes(), o.agent.EntryID[:])
}

// folioValue returns the folio of an agent in its stored form, nil if there is
// none.
func (l *Ledger) folioValue(o folioOwner) ([]byte, error) {
	l.looseMu.RLock()
	value, loose := l.loose[o]
	l.looseMu.RUnlock()
	if loose {
		return value, nil
	}
	return l.read(folioKey(o.commons, o.agent))
}

// putFolio renews a folio with the commit: in memory, with a mark on disk the
// first time, as long as there is room, else on disk.
func (b *batch) putFolio(o folioOwner, value []byte) {
	_, known := b.l.loose[o] // nobody but the writer changes it
	switch {
	case known:
	case len(b.l.loose)+b.loosened < openFolios:
		b.put(looseKey(o), []byte{})
		b.loosened++
	default:
		b.put(folioKey(o.commons, o.agent), value)
		return
	}
	if b.loose == nil {
		b.loose = map[folioOwner][]byte{}
	}
	b.loose[o] = value
}

// publishFolios lets readers see the folios that a commit renewed in memory.
func (b *batch) publishFolios() {
	b.l.looseMu.Lock()
	defer b.l.looseMu.Unlock()
	for o, value := range b.loose {
		b.l.loose[o] = value
	}
}

// loadFolios makes the folios again that were ahead of what is stored when the
// process ended without Close.
func (l *Ledger) loadFolios() error {
	var behind []folioOwner
	err := l.scan([]byte{keyLoose}, nil, func(k, _ []byte) bool {
		if len(k) == 1+2+32 {
			behind = append(behind, folioOwner{
				commons: commonsNo(k[1])<<8 | commonsNo(k[2]), agent: protocol.AgentID{EntryID: idFrom(k[3:])},
			})
		}
		return true
	})
	for _, o := range behind {
		if err != nil {
			break
		}
		l.loose[o], err = l.makeFolio(o)
	}
	return err
}

// makeFolio gathers a folio from the rows of state.
func (l *Ledger) makeFolio(o folioOwner) ([]byte, error) {
	var rows []folioRow
	for _, t := range folioTables {
		prefix := stateKey(o.commons, t, o.agent.EntryID[:])
		err := l.scan(prefix, nil, func(k, v []byte) bool {
			rows = append(rows, folioRow{t, append([]byte{}, k[len(prefix):]...), append([]byte{}, v...)})
			return len(rows)*minFolioRow <= longestFolio
		})
		if err != nil {
			return nil, err
		}
	}
	var flags byte
	row, err := l.logByID(protocol.LogID(o.agent))
	if err == nil && row.Commons == o.commons {
		flags = row.folioFlags()
	}
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return folioBytes(flags, merged(nil, rows)), err
}

// minFolioRow is less than any row takes on a folio.
const minFolioRow = 8

// storeFolios writes the folios that are ahead of what is stored.
func (l *Ledger) storeFolios() error {
	var writes []Write
	size := 0
	flush := func() error {
		err := l.storage.Commit(writes, false)
		writes, size = nil, 0
		return storeError(err)
	}
	for o, value := range l.loose {
		writes = append(writes, Write{Key: folioKey(o.commons, o.agent), Value: value}, Write{Key: looseKey(o)})
		if size += len(value) + 128; size > l.maxBytes || len(writes) > l.maxWrites {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(writes) == 0 {
		return nil
	}
	return flush()
}
