package flow

import "github.com/minga-commons/minga/protocol"

// LastVerdict returns the last verdict in a row of table Voices that was written
// at a seq or before it, empty if there is none.
func LastVerdict(row []byte, upTo int64) protocol.Verdict {
	seqs := VoiceSeqs(row)
	for i := len(seqs) - 1; i >= 0; i-- {
		if seqs[i] > upTo {
			continue
		}
		switch row[i*voiceSize+voiceSize-1] {
		case saysConfirm:
			return protocol.VerdictConfirm
		case saysDispute:
			return protocol.VerdictDispute
		case saysWithdraw:
			return protocol.VerdictWithdraw
		}
	}
	return ""
}
