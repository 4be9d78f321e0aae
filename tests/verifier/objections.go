package main

import "time"

// feedback is how long after the re-check's last day the line of an answer may still be outstanding when the objector
// asked for no mark: it is entered at delivery, 15 working days after the signature, some weeks with holidays.
const feedback = 35 * 24 * time.Hour

type objection struct {
	number      string
	due         string
	provisional bool
	ended       bool
}

func (l *log) readObjection(at int64, m members) {
	if m.text("type") == "objection_received" {
		if _, err := time.Parse("2006-01-02", m.text("due")); err != nil {
			l.found.wrongf("Entry %d received an objection without a last day.", at)
		}
		provisional, _ := m["provisional"].(bool)
		l.objections[at] = &objection{number: m.text("number"), due: m.text("due"), provisional: provisional}
		l.found.received++
		return
	}
	received, _ := m.integer("received")
	one, known := l.objections[received]
	switch {
	case !known:
		l.found.wrongf("Entry %d speaks of an objection that entry %d did not receive.", at, received)
	case one.number != m.text("number"):
		l.found.wrongf("Entry %d speaks of the objection of entry %d under another number.", at, received)
	case m.text("type") == "objection_redated":
		if m.text("term") == "recheck" {
			one.due = m.text("due")
			one.provisional, _ = m["provisional"].(bool)
		}
	case one.ended:
		l.found.wrongf("Entry %d ends the objection of entry %d a second time.", at, received)
	default:
		one.ended = true
		l.checkLedTo(at, m)
	}
}

// checkLedTo looks whether the act that an answer led to is one of the same number.
func (l *log) checkLedTo(at int64, m members) {
	act, has := m.integer("act")
	if !has {
		return
	}
	of, known := l.records[m.text("number")]
	if !known || !of.acts[act] {
		l.found.wrongf("Entry %d names entry %d as what the answer led to; that is no act on %s.", at, act, m.text("number"))
	}
}

func (l *log) checkObjections(today string) {
	for at := int64(0); at < l.head.size; at++ {
		one, known := l.objections[at]
		if !known || one.ended {
			continue
		}
		l.found.running++
		day, due := one.number, one.due
		if one.number == "" {
			day = "a record that is not named"
			if last, err := time.Parse("2006-01-02", one.due); err == nil {
				due = last.Add(feedback).Format("2006-01-02")
			}
		}
		if due < today {
			l.found.latef("The objection of entry %d, on %s, was to be answered by %s and is not.", at, day, one.due)
		} else {
			l.found.notef("The objection of entry %d, on %s, is to be answered by %s.", at, day, one.due)
		}
	}
}
