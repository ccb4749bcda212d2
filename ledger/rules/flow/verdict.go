package flow

import "github.com/minga-commons/minga/protocol"

// LastVerdict returns the last verdict in a row of table Voices that was written
// at a seq or before it and counts, empty if there is none.
func LastVerdict(row []byte, upTo int64) (last protocol.Verdict) {
	for ; len(row) >= voiceSize; row = row[voiceSize:] {
		v := voiceFrom(row)
		if v.seq > upTo {
			break
		}
		for verdict, code := range verdictCodes {
			if v.says&says == code && v.says&asStranger == 0 {
				last = verdict
			}
		}
	}
	return last
}
