package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile: 256 hashes wide

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
	note   []byte
}

type log struct {
	from    source
	key     string
	head    checkpoint
	earlier *checkpoint

	hashes []tlog.Hash // by tlog.StoredHashIndex
	leaves []tlog.Hash // as the tiles of level 0 give them
	found  report

	last       string // time of the newest entry
	newest     map[string]int64
	records    map[string]*record
	objections map[int64]*objection
	calendars  map[int64]int64 // year by index
	officers   officers
	rotations  []rotation
	draws      map[int64]*draw
	chains     map[string]int64 // the newest commitment of each hash chain
}

type rotation struct {
	at        int64
	key, ends string
}

func open(place, key, earlier string) (*log, error) {
	l := &log{
		from: sourceAt(place), key: key,
		newest: map[string]int64{}, records: map[string]*record{}, objections: map[int64]*objection{},
		calendars: map[int64]int64{}, officers: officers{known: map[string]officerKey{}}, draws: map[int64]*draw{}, chains: map[string]int64{},
	}
	if _, err := note.NewVerifier(key); err != nil {
		return nil, fmt.Errorf("this is no verifier key: %w", err)
	}
	body, err := must(l.from, "log/checkpoint")
	if err != nil {
		return nil, fmt.Errorf("there is no checkpoint: %w", err)
	}
	if l.head, err = parseCheckpoint(body); err != nil {
		return nil, err
	}
	if earlier != "" {
		kept, err := os.ReadFile(earlier)
		if err != nil {
			return nil, err
		}
		old, err := parseCheckpoint(kept)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", earlier, err)
		}
		l.earlier = &old
	}
	return l, nil
}

func parseCheckpoint(body []byte) (checkpoint, error) {
	text, _, cut := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(text), "\n")
	if !cut || len(lines) < 3 || lines[0] == "" {
		return checkpoint{}, fmt.Errorf("this is no checkpoint: origin, size, root and signatures are missing")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("the checkpoint has no size but %q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return checkpoint{}, fmt.Errorf("the checkpoint has no root but %q", lines[2])
	}
	c := checkpoint{origin: lines[0], size: size, note: body}
	copy(c.root[:], root)
	return c, nil
}

// signedBy says whether a key signed a checkpoint; an error when a signature under its name is another's.
func (c checkpoint) signedBy(vkey string) (bool, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return false, err
	}
	_, err = note.Open(c.note, note.VerifierList(verifier))
	if _, unsigned := err.(*note.UnverifiedNoteError); unsigned {
		return false, nil
	}
	return err == nil, err
}

// walk reads the whole log in order and then holds it against the checkpoints.
func (l *log) walk() {
	defer func() { l.found.entries, l.found.numbers = len(l.leavesRead()), len(l.newest) }()
	if !l.readLeaves() {
		return
	}
	for n := int64(0); n*256 < l.head.size; n++ {
		bodies, err := l.bundle(n)
		if err != nil {
			l.found.wrongf("%v.", err)
			return
		}
		for i, body := range bodies {
			at := n*256 + int64(i)
			if tlog.RecordHash(body) != l.leaves[at] {
				l.found.wrongf("Entry %d does not hash to what the tile says: it was changed, left out or moved.", at)
			}
			stored, err := tlog.StoredHashes(at, body, tlog.HashReaderFunc(l.readHashes))
			if err != nil {
				l.found.wrongf("The tree can not be worked out at entry %d: %v.", at, err)
				return
			}
			l.hashes = append(l.hashes, stored...)
			l.readEntry(at, body)
		}
	}
	l.checkTree()
	l.checkKeys()
}

func (l *log) leavesRead() []tlog.Hash { return l.leaves }

func (l *log) readHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d is not known yet", index)
		}
		found[i] = l.hashes[index]
	}
	return found, nil
}

// tilePath is where a tile of the Go checksum database would stand, in the words of c2sp.org/tlog-tiles.
func tilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	return "log/tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// fetchTile takes the full tile where the partial one has been swept away.
func (l *log) fetchTile(t tlog.Tile) ([]byte, error) {
	body, err := must(l.from, tilePath(t))
	if err != nil && t.W < 256 {
		full := t
		full.W = 256
		if body, again := must(l.from, tilePath(full)); again == nil {
			return body, nil
		}
	}
	return body, err
}

func (l *log) readLeaves() bool {
	for n := int64(0); n*256 < l.head.size; n++ {
		width := min(256, l.head.size-n*256)
		body, err := l.fetchTile(tlog.Tile{H: height, L: 0, N: n, W: int(width)})
		if err != nil || int64(len(body)) < width*tlog.HashSize {
			l.found.wrongf("The log should have %d entries; tile 0/%03d is missing or too short (%v).", l.head.size, n, err)
			return false
		}
		for i := int64(0); i < width; i++ {
			var hash tlog.Hash
			copy(hash[:], body[i*tlog.HashSize:])
			l.leaves = append(l.leaves, hash)
		}
	}
	return true
}

// bundle reads the entries from n*256 on, as many as the checkpoint covers.
func (l *log) bundle(n int64) ([][]byte, error) {
	width := int(min(256, l.head.size-n*256))
	body, err := l.fetchTile(tlog.Tile{H: height, L: -1, N: n, W: width})
	if err != nil {
		return nil, fmt.Errorf("The bundle of entries %d is missing: %w", n, err)
	}
	var bodies [][]byte
	for len(body) > 0 && len(bodies) < width {
		if len(body) < 2 || len(body) < 2+int(binary.BigEndian.Uint16(body)) {
			return nil, fmt.Errorf("The bundle of entries %d ends in the middle of an entry", n)
		}
		length := int(binary.BigEndian.Uint16(body))
		bodies, body = append(bodies, body[2:2+length]), body[2+length:]
	}
	if len(bodies) < width {
		return nil, fmt.Errorf("The bundle of entries %d has %d entries where the checkpoint covers %d", n, len(bodies), width)
	}
	return bodies, nil
}

func (l *log) checkTree() {
	if root, err := l.rootOf(l.head.size); err != nil || root != l.head.root {
		l.found.wrongf("The root over all %d entries is not the one that was signed.", l.head.size)
		return
	}
	for _, tile := range tilesOf(l.head.size) {
		expected, err := tlog.ReadTileData(tile, tlog.HashReaderFunc(l.readHashes))
		if err != nil {
			l.found.wrongf("Tile %s can not be worked out: %v.", tilePath(tile), err)
			continue
		}
		body, err := l.fetchTile(tile)
		if err != nil || !bytes.HasPrefix(body, expected) {
			l.found.wrongf("Tile %s is not what its entries hash to.", tilePath(tile))
		}
	}
	l.checkEarlier()
}

// tilesOf lists the tiles of hashes of a tree, the partial ones of this size alone.
func tilesOf(size int64) []tlog.Tile {
	var found []tlog.Tile
	for level := 0; size>>(height*level) > 0; level++ {
		count := size >> (height * level)
		for n := int64(0); n*256 < count; n++ {
			found = append(found, tlog.Tile{H: height, L: level, N: n, W: int(min(256, count-n*256))})
		}
	}
	return found
}

func (l *log) checkEarlier() {
	if l.earlier == nil {
		return
	}
	if l.earlier.origin != l.head.origin {
		l.found.wrongf("The kept checkpoint is of another log: %s, not %s.", l.earlier.origin, l.head.origin)
	}
	if l.earlier.size > l.head.size {
		l.found.wrongf("The log has shrunk: the kept checkpoint covers %d entries, the log has %d now.", l.earlier.size, l.head.size)
		return
	}
	if root, err := l.rootOf(l.earlier.size); err != nil || root != l.earlier.root {
		l.found.wrongf("The first %d entries are not those of the kept checkpoint: the log was rewritten, or shown to somebody else in another form.", l.earlier.size)
	}
}

func (l *log) rootOf(size int64) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, tlog.HashReaderFunc(l.readHashes))
}

// checkKeys holds the checkpoints against the key that is believed and the changes of key that the log announces.
func (l *log) checkKeys() {
	believed := map[string]bool{l.key: true}
	names := map[string]bool{l.key: true}
	for i, each := range l.rotations {
		if i > 0 && l.rotations[i-1].key != each.ends {
			l.found.wrongf("Entry %d ends a key of the log that was not the one in use.", each.at)
		}
		names[each.key], names[each.ends] = true, true
		if l.earlier != nil && believed[each.ends] && l.earlier.size > each.at && l.signedByBoth(each) {
			believed[each.key] = true
		}
	}
	signed := false
	for key := range believed {
		ok, err := l.head.signedBy(key)
		if err != nil {
			l.found.wrongf("The signature under the checkpoint is not over it: %v.", err)
		}
		signed = signed || ok
	}
	if !signed {
		l.found.wrongf("The checkpoint is not signed with the key given. %s", l.whereTheKeyWent())
	}
	if count := len(l.rotations); count > 0 {
		if ok, _ := l.head.signedBy(l.rotations[count-1].key); !ok {
			l.found.wrongf("The checkpoint is not signed with the key that entry %d announced.", l.rotations[count-1].at)
		}
	}
	l.checkEarlierSignature(names)
}

func (l *log) signedByBoth(each rotation) bool {
	before, err := l.earlier.signedBy(each.ends)
	after, again := l.earlier.signedBy(each.key)
	return before && after && err == nil && again == nil
}

func (l *log) whereTheKeyWent() string {
	for _, each := range l.rotations {
		if each.ends == l.key {
			return fmt.Sprintf("Entry %d says that it was replaced. Believe that only with a kept checkpoint that both keys signed, or ask the office for the new key.", each.at)
		}
	}
	return "Somebody else signed it, or the key given is another log's."
}

func (l *log) checkEarlierSignature(names map[string]bool) {
	if l.earlier == nil {
		return
	}
	for key := range names {
		if ok, err := l.earlier.signedBy(key); ok && err == nil {
			return
		}
	}
	l.found.wrongf("The kept checkpoint is not signed by any key of this log.")
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
