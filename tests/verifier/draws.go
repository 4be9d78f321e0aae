package main

// draw is one commitment to a draw, or one locked list of a draw that somebody else made.
type draw struct {
	commitment       bool
	number           string
	step             int64
	replaced, locked bool
}

// readCommitment: a second commitment of one hash chain says which it replaces, and is one step further.
func (l *log) readCommitment(at int64, m members) {
	replaces, has := m.integer("replaces")
	standing, known := l.chains[m.text("commitment")]
	step, given := m.integer("step")
	if !given {
		step = 1
	}
	expected := int64(1)
	if has != known || has && replaces != standing {
		l.found.wrongf("Entry %d commits to a draw without naming the commitment it replaces.", at)
	} else if known {
		l.draws[standing].replaced = true
		expected = l.draws[standing].step + 1
	}
	if step != expected {
		l.found.wrongf("Entry %d commits to draw %d of a task where draw %d was to come.", at, step, expected)
	}
	l.draws[at] = &draw{commitment: true, step: step}
	if chain := m.text("commitment"); chain != "" {
		l.chains[chain] = at
	}
}

// readDraw: a commitment in force locks its list once and then tells its code; a list that is replaced is named.
func (l *log) readDraw(at int64, m members) {
	_, locks := m["list"].(string)
	if index, has := m.integer("commit"); has {
		of, known := l.draws[index]
		if !known || !of.commitment || of.replaced || of.locked == locks {
			l.found.wrongf("Entry %d speaks of the draw of entry %d, which is none, was replaced, or is locked already or not yet.", at, index)
		} else if locks {
			of.locked = true
		}
	}
	if index, has := m.integer("replaces"); has {
		before, known := l.draws[index]
		if !known || before.commitment || before.replaced || before.number != m.text("number") {
			l.found.wrongf("Entry %d replaces a list that entry %d did not lock.", at, index)
		} else {
			before.replaced = true
		}
	}
	l.draws[at] = &draw{number: m.text("number")}
}
