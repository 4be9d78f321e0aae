package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strings"
)

var plurals = map[string]string{"QD": "lists", "JH": "plans", "RW": "tasks", "JG": "results"}

// answers is what the address of a record answers by its newest act.
var answers = map[string]int{"live": 200, "held": 451, "withdrawn": 410, "expired": 410, "erased": 410}

type version struct {
	at   int64 // the entry that made it public
	hash string
}

type record struct {
	number   string
	face     string
	versions []version // the first is version 1
	acts     map[int64]bool
}

func (l *log) readAct(at int64, m members) {
	number, kind := m.text("number"), m.text("type")
	one := l.records[number]
	if one == nil {
		one = &record{number: number, acts: map[int64]bool{}}
		l.records[number] = one
	}
	if number == "" || (kind == "publish") != (len(one.versions) == 0) {
		l.found.wrongf("Entry %d: %q should begin with its publication, and be published once.", at, number)
	}
	one.acts[at] = true
	said, _ := m.integer("version")
	switch kind {
	case "publish", "adjust", "correct":
		if said != int64(len(one.versions))+1 || m.text("record") == "" {
			l.found.wrongf("Entry %d makes version %d of %s public where version %d was to come.", at, said, number, len(one.versions)+1)
		}
		one.versions = append(one.versions, version{at, m.text("record")})
		one.face = "live"
		return
	case "restore":
		if count := len(one.versions); count == 0 || one.versions[count-1].hash != m.text("record") {
			l.found.wrongf("Entry %d restores %s in another version than the one taken down.", at, number)
		}
		one.face = "live"
	case "erase":
		if m.text("scope") != "part" {
			one.face = "erased"
		}
	default:
		one.face = map[string]string{"hold": "held", "withdraw": "withdrawn", "expire": "expired"}[kind]
	}
	if said != int64(len(one.versions)) {
		l.found.wrongf("Entry %d speaks of version %d of %s, which has %d.", at, said, number, len(one.versions))
	}
}

// checkRecords holds what the site answers for each number against the newest entry of the number.
func (l *log) checkRecords() {
	var all []*record
	for _, each := range l.records {
		if len(each.versions) > 0 {
			all = append(all, each)
		}
	}
	sort.Slice(all, func(i, j int) bool { return newest(all[i]).at < newest(all[j]).at })
	var bodies [][]byte
	read := int64(-1)
	for _, each := range all {
		if n := newest(each).at / 256; n != read {
			bodies, _ = l.bundle(n)
			read = n
		}
		l.checkRecord(each, bodies[newest(each).at%256])
	}
}

func newest(of *record) version { return of.versions[len(of.versions)-1] }

func (l *log) checkRecord(of *record, entry []byte) {
	plural, known := plurals[strings.SplitN(of.number, "-", 2)[0]]
	if !known {
		l.found.notef("%s is of a kind that this program does not know.", of.number)
		return
	}
	at := plural + "/" + of.number
	status, body, err := l.from.get(at + "/record.json")
	expected := answers[of.face]
	if err != nil || status != expected {
		l.found.wrongf("%s is %s by the log, so /%s/record.json should answer %d; it answers %d %v.", of.number, of.face, at, expected, status, noError(err))
		return
	}
	if status != http.StatusOK {
		l.found.gone++
		return
	}
	l.found.records++
	if digest(body) != newest(of).hash {
		l.found.wrongf("/%s/record.json is not what entry %d says: its SHA-256 is %s, the log has %s.", at, newest(of).at, digest(body), newest(of).hash)
		return
	}
	m, _ := readMembers(entry)
	if err := covered(body, m.texts("commitments")); err != nil {
		l.found.wrongf("/%s/record.json is not what the commitments of entry %d cover: %v.", at, newest(of).at, err)
	}
	l.checkVersions(of, at)
}

// checkVersions looks at what is still shown of earlier versions; those taken off for good answer 410.
func (l *log) checkVersions(of *record, at string) {
	for i, each := range of.versions[:len(of.versions)-1] {
		path := fmt.Sprintf("%s/versions/%d/record.json", at, i+1)
		status, body, err := l.from.get(path)
		switch {
		case err == nil && status == http.StatusGone:
			l.found.gone++
		case err != nil || status != http.StatusOK:
			l.found.wrongf("/%s should be there, or say that it is gone; it answers %d %v.", path, status, noError(err))
		case digest(body) != each.hash:
			l.found.wrongf("/%s is not what entry %d says: its SHA-256 is %s, the log has %s.", path, each.at, digest(body), each.hash)
		default:
			l.found.versions++
		}
	}
}

func noError(err error) any {
	if err == nil {
		return ""
	}
	return err
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// ── commitments (RFC 9901): record.json is written canonically, so its parts are what was hashed ──

type table struct {
	Salt string `json:"salt"`
	Rows []struct {
		Salt   string          `json:"salt"`
		SD     json.RawMessage `json:"sd"`
		Digest string          `json:"..."`
	} `json:"rows"`
}

func covered(body []byte, commitments []string) error {
	var read struct {
		Fields   map[string]json.RawMessage `json:"fields"`
		Salts    map[string]string          `json:"salts"`
		Rows     map[string]table           `json:"rows"`
		Withheld []string                   `json:"withheld"`
	}
	if err := json.Unmarshal(body, &read); err != nil {
		return err
	}
	left := map[string]bool{}
	for _, each := range commitments {
		left[each] = true
	}
	for field, value := range read.Fields {
		salt := read.Salts[field]
		if rows, is := read.Rows[field]; is {
			var err error
			if value, err = rowDigests(value, rows); err != nil {
				return err
			}
			salt = rows.Salt
		}
		found := disclosed(fmt.Sprintf(`["%s","%s",%s]`, salt, field, value))
		if len(salt) < 22 || !left[found] {
			return fmt.Errorf("%s", field)
		}
		delete(left, found)
	}
	for _, each := range read.Withheld {
		if !left[each] {
			return fmt.Errorf("a digest that is listed as withheld")
		}
		delete(left, each)
	}
	if len(left) > 0 {
		return fmt.Errorf("%d commitments are neither shown nor listed as withheld", len(left))
	}
	return nil
}

func rowDigests(value json.RawMessage, of table) (json.RawMessage, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(value, &rows); err != nil || len(rows) != len(of.Rows) {
		return nil, fmt.Errorf("the salts of a table do not fit its rows")
	}
	var parts []string
	for i, row := range rows {
		found := of.Rows[i].Digest
		if !bytes.Equal(row, []byte("null")) {
			inner := strings.TrimPrefix(string(row), "{")
			if inner != "}" {
				inner = "," + inner
			}
			found = disclosed(fmt.Sprintf(`["%s",{"_sd":%s%s]`, of.Rows[i].Salt, of.Rows[i].SD, inner))
		}
		parts = append(parts, fmt.Sprintf(`{"...":"%s"}`, found))
	}
	return json.RawMessage("[" + strings.Join(parts, ",") + "]"), nil
}

func disclosed(text string) string {
	sum := sha256.Sum256([]byte(base64.RawURLEncoding.EncodeToString([]byte(text))))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
