// Package places finds where something stands by ten bytes of its digest.
//
// One row for each entry would be the dearest part of taking an entry in: its
// key falls anywhere, and a key costs the database as much as a block. So the
// index keeps its own order. What one commit adds is one row, and stands in
// memory too until there are some thousands; those are written in order as a
// run, of which each row is a page of 256. Sixteen runs are merged to a larger one,
// a few pages with each commit. A page is found by the first posting of each,
// which are kept in memory with a filter of one byte a posting. So to find a
// digest takes one row, to miss one takes none mostly, and all that is known
// beside the pages can be made from them again.
//
// Every posting is in at least one row at each commit, and may be in two while
// runs are merged: nothing but the rows has to survive a crash.
package places
