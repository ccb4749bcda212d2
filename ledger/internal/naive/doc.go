// Package naive is the second version of the rules of settlement and accounts:
// slow, without any state of its own, and written to be read beside the design.
// Tests compare the ledger, which does the same work bit by bit as entries
// arrive, with it. No product imports it.
//
// Eval takes the set of all vouched entries that a node holds, every branch of
// every log, and says what each of them is. It goes through five rooms, one
// file each:
//
//   - history.go: which entries are held, how they hang together (protocol §2);
//   - tally.go: whose votes count in which epoch, and what they settle
//     (§5 and "Changing witnesses", sentences 1, 2 and 4);
//   - judge.go, govern.go and pay.go: what an entry waits for, and its verdict
//     (§4; §§6 and 7);
//   - confirm.go: what members say of contributions, and what of these counts;
//   - declare.go: which declarations of use have their effect;
//   - fold.go: the state that is shown, heads, accounts (§§4 to 6).
//
// endorse.go is what an honest witness signs (§5, "Changing witnesses" 1 to 3).
// check.go holds the properties that must never break. A History is a random
// past with forks, liars and losses, and Compare holds a ledger against it.
//
// # Where the design leaves a choice
//
// An entry is first asked what it waits for, and only when it waits for nothing
// is there a verdict. So a payment to oneself whose watermark is not held yet
// waits. In this order:
//
//  1. What follows a waiting entry waits. Endorsements and closes count as votes
//     from the moment they are held; an endorsement is not judged, and neither
//     takes nor checks a pin.
//  2. An unknown version, kind or charter of later rules waits for ever.
//  3. In the charter log, what follows a change of witnesses waits until that is
//     settled. The first witnesses are in office from the start.
//  4. In another log, an entry waits until the charter log is settled up to the
//     seq that it names. Waiting for one that is applied would let a fork of the
//     charter log undo what was settled.
//  5. A payment waits for the inception of its log to be settled, for each
//     watermark to be held, settled and decided.
//
// An endorsement belongs to the epoch of the last settled witnesses at or below
// its charter seq, and counts there once the charter log is settled up to that
// seq; before anything is settled, up to the first witnesses. Without this a
// node that lacks the end of the charter log would count a vote under an epoch
// that is over, and take it back later: Rules.LooseEpochs shows it. Honest
// witnesses therefore name the settled head of the charter log as their charter.
//
// A removal is void if it names a witness in office or one of the set before:
// a set is followed by another only once the closes of the one before it are
// settled, so that those two are exactly the sets whose closes may still be
// needed, and the charter log alone shows them.
//
// Nothing forbids a set of witnesses to name a log that was removed before. Its
// close can then stand beyond the cut behind entries that may not be settled, and
// the change never ends; histories do not do it.
//
// A watermark claims the credits of all currencies at once: it is kept for each
// account and source log. The pool's limit is zero unless an exception names it,
// and so is every limit of an issued currency.
//
// Entries that cannot be settled any more, because another branch is, are shown
// as frozen, like those of an unsettled fork. Frozen goes before cut, cut before
// waiting. What a cut stops is shown as cut, endorsements included, but votes in
// it count.
package naive
