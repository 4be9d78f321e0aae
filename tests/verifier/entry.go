package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"time"
)

const longestEntry = 4096 // bytes

// isWord says whether a text is a code, a date or a hash: never a sentence.
func isWord(text string) bool {
	for _, each := range []byte(text) {
		if !isLetter(each) && (each < 'A' || each > 'Z') && !bytes.ContainsRune([]byte("._:@/+=-"), rune(each)) {
			return false
		}
	}
	return len(text) > 0 && len(text) <= 128
}

func isLetter(each byte) bool {
	return each >= 'a' && each <= 'z' || each >= '0' && each <= '9'
}

func isName(text string) bool {
	for i, each := range []byte(text) {
		if each != '_' && !isLetter(each) || i == 0 && (each < 'a' || each > 'z') {
			return false
		}
	}
	return len(text) > 0 && len(text) <= 32
}

var integer = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,15})$`)

type members map[string]any

// readMembers reads an entry that must be written as RFC 8785 says, with nothing in it but codes, numbers and hashes.
func readMembers(body []byte) (members, error) {
	if len(body) > longestEntry {
		return nil, fmt.Errorf("has %d bytes, at most %d are allowed", len(body), longestEntry)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var read members
	if err := decoder.Decode(&read); err != nil {
		return nil, fmt.Errorf("is not JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("has something behind its end")
	}
	written, err := canonical(map[string]any(read))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(written, body) {
		return nil, fmt.Errorf("is not written canonically")
	}
	if v, ok := read.integer("v"); !ok || v != 1 {
		return nil, fmt.Errorf("is of an unknown format")
	}
	return read, nil
}

// canonical writes as RFC 8785 says; enough for what an entry may hold.
func canonical(value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return []byte("null"), nil
	case bool:
		return strconv.AppendBool(nil, v), nil
	case json.Number:
		if !integer.MatchString(v.String()) {
			return nil, fmt.Errorf("holds a number that is no plain integer")
		}
		return []byte(v.String()), nil
	case string:
		if !isWord(v) {
			return nil, fmt.Errorf("holds words where only codes, dates and hashes may stand")
		}
		return []byte(`"` + v + `"`), nil
	case []any:
		parts := make([][]byte, len(v))
		for i, each := range v {
			part, err := canonical(each)
			if err != nil {
				return nil, err
			}
			parts[i] = part
		}
		return append(append([]byte("["), bytes.Join(parts, []byte(","))...), ']'), nil
	case map[string]any:
		return canonicalObject(v)
	}
	return nil, fmt.Errorf("holds something unknown")
}

func canonicalObject(object map[string]any) ([]byte, error) {
	var names []string
	for each := range object {
		if !isName(each) {
			return nil, fmt.Errorf("has a member with an odd name")
		}
		names = append(names, each)
	}
	sort.Strings(names)
	out := []byte("{")
	for i, each := range names {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := canonical(object[each])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, `"`+each+`":`...), value...), []byte{}...)
	}
	return append(out, '}'), nil
}

func (m members) text(name string) string {
	text, _ := m[name].(string)
	return text
}

func (m members) integer(name string) (int64, bool) {
	number, ok := m[name].(json.Number)
	if !ok {
		return 0, false
	}
	value, err := number.Int64()
	return value, err == nil
}

func (m members) texts(name string) []string {
	list, _ := m[name].([]any)
	found := []string{}
	for _, each := range list {
		if text, ok := each.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

// readEntry holds one entry against everything before it.
func (l *log) readEntry(at int64, body []byte) {
	m, err := readMembers(body)
	if err != nil {
		l.found.wrongf("Entry %d %v.", at, err)
		return
	}
	l.checkTime(at, m)
	l.checkPrevious(at, m)
	l.officers.read(l, at, m)
	switch kind := m.text("type"); kind {
	case "publish", "adjust", "correct", "withdraw", "hold", "restore", "expire", "erase":
		l.readAct(at, m)
	case "objection_received", "objection_redated", "objection_ended":
		l.readObjection(at, m)
	case "calendar_update":
		l.readCalendar(at, m)
	case "key_rotate":
		if m.text("purpose") == "log" {
			l.rotations = append(l.rotations, rotation{at, m.text("key"), m.text("ends")})
		}
	case "draw_commit":
		l.readCommitment(at, m)
	case "draw_result":
		l.readDraw(at, m)
	case "signatures_required":
	default:
		l.found.notef("Entry %d is of a type that this program does not know: %s.", at, kind)
	}
	if number := m.text("number"); number != "" {
		l.newest[number] = at
	}
}

func (l *log) checkTime(at int64, m members) {
	said := m.text("time")
	if _, err := time.Parse("2006-01-02T15:04:05Z", said); err != nil {
		l.found.wrongf("Entry %d has no time.", at)
	}
	if said < l.last {
		l.found.wrongf("Entry %d is older than the one before it: %s after %s.", at, said, l.last)
	}
	l.last = said
}

func (l *log) checkPrevious(at int64, m members) {
	previous, has := m.integer("previous")
	before, known := l.newest[m.text("number")]
	if has != known || has && previous != before {
		l.found.wrongf("Entry %d does not name the entry before it of %q: one was left out, added or moved.", at, m.text("number"))
	}
}

func (l *log) readCalendar(at int64, m members) {
	year, ok := m.integer("year")
	if before, replaces := m.integer("replaces"); replaces && l.calendars[before] != year {
		l.found.wrongf("Entry %d replaces a calendar that entry %d is not.", at, before)
	}
	if ok {
		l.calendars[at] = year
	}
}
