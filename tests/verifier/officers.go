package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"regexp"
)

var (
	sheet     = regexp.MustCompile(`^[0-9a-f]{64}$`)
	signed    = map[string]bool{"correct": true, "withdraw": true, "restore": true}
	statement = []string{"v", "type", "number", "version", "commitments", "record", "basis", "reason"}
)

// weak keys let anybody sign anything: the points of small order, the sign bit put aside.
var weak = func() map[string]bool {
	found := map[string]bool{}
	for _, each := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	} {
		bytes, _ := hex.DecodeString(each)
		found[string(bytes)] = true
	}
	return found
}()

type officerKey struct {
	role, department, scheme string
	ended                    bool
}

// officers is what the log has said so far about who may sign.
type officers struct {
	known    map[string]officerKey
	required bool
}

// decode reads the one spelling of base64; two spellings of one key would count as two people.
func decode(text string) []byte {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(data) != text {
		return nil
	}
	return data
}

func isKey(text string) bool {
	data := decode(text)
	if len(data) != ed25519.PublicKeySize {
		return false
	}
	plain := append([]byte{}, data...)
	plain[31] &= 0x7f
	return !weak[string(plain)]
}

func (o *officers) read(l *log, at int64, m members) {
	switch {
	case m.text("type") == "key_rotate" && m.text("purpose") == "officer":
		o.announce(l, at, m)
		return
	case m.text("type") == "signatures_required":
		o.required = true
	}
	right := o.check(l, at, m)
	if o.required && signed[m.text("type")] && !twoPeople(right) {
		l.found.wrongf("Entry %d (%s of %s) is not signed by two different people with the head of the unit among them.", at, m.text("type"), m.text("number"))
	}
}

func (o *officers) announce(l *log, at int64, m members) {
	key, ends := m.text("key"), m.text("ends")
	before, known := o.known[key]
	ended, live := o.known[ends]
	role := m.text("role")
	switch {
	case key == "" && ends == "", ends != "" && (!live || ended.ended):
		l.found.wrongf("Entry %d ends or announces a key of an officer that it can not.", at)
	case key != "" && (!isKey(key) || role != "head" && role != "officer" || m.text("department") == ""):
		l.found.wrongf("Entry %d announces a key without role, department or a usable key.", at)
	case key != "" && m.text("scheme") != "" && m.text("scheme") != "ed25519":
		l.found.wrongf("Entry %d announces a key of a scheme that is not known: %s.", at, m.text("scheme"))
	case key != "" && known && (before.ended || key == ends || before.department != m.text("department")):
		l.found.wrongf("Entry %d announces a key that has ended or is another department's.", at)
	default:
		if ends != "" {
			ended.ended = true
			o.known[ends] = ended
		}
		if key != "" {
			o.known[key] = officerKey{role: role, department: m.text("department"), scheme: "ed25519"}
		}
	}
}

// check gives those signatures of an entry that are right.
func (o *officers) check(l *log, at int64, m members) []members {
	list, ok := m["signatures"].([]any)
	if !ok {
		l.found.wrongf("Entry %d has no list of signatures.", at)
	}
	stated := map[string]any{}
	for _, each := range statement {
		stated[each] = m[each]
	}
	text, _ := canonical(stated)
	var right []members
	departments := map[string]bool{}
	for _, each := range list {
		object, _ := each.(map[string]any)
		one := members(object)
		l.found.signatures++
		if why := o.why(one, text); why != "" {
			l.found.wrongf("A signature under entry %d (%s of %s) is not valid: %s.", at, m.text("type"), m.text("number"), why)
			continue
		}
		if known, ok := o.known[one.text("key")]; ok {
			departments[known.department] = true
		}
		right = append(right, one)
	}
	if len(departments) > 1 {
		l.found.wrongf("The signatures under entry %d are of several departments.", at)
	}
	return right
}

// why says what is wrong with one signature; nothing means that it is right.
func (o *officers) why(one members, text []byte) string {
	role := one.text("role")
	if role != "head" && role != "officer" {
		return "it names no role"
	}
	if one.text("scheme") == "paper" {
		if !sheet.MatchString(one.text("sheet")) {
			return "it stands for a sheet of paper but does not name its SHA-256"
		}
		return ""
	}
	known, ok := o.known[one.text("key")]
	switch {
	case one.text("scheme") != "ed25519":
		return "its scheme is not known"
	case !ok:
		return "its key was not announced before"
	case known.ended:
		return "its key had ended"
	case known.role != role || known.scheme != one.text("scheme"):
		return "its key was announced for another role"
	case !ed25519.Verify(decode(one.text("key")), text, decode(one.text("sig"))):
		return "it is not over what the entry says"
	}
	return ""
}

func twoPeople(right []members) bool {
	for _, head := range right {
		if head.text("role") != "head" {
			continue
		}
		for _, other := range right {
			if head.text("scheme") == "paper" || other.text("scheme") == "paper" {
				if other.text("role") != "head" {
					return true
				}
			} else if head.text("key") != other.text("key") {
				return true
			}
		}
	}
	return false
}
