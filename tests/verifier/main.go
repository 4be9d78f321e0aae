// Command verifier checks a public log of inspection disclosures, and the records that it covers, from outside.
//
// It shares no code with the portal. What it knows are the public formats (c2sp.org/signed-note, tlog-checkpoint,
// tlog-tiles; RFC 6962, RFC 8785, RFC 9901) and what docs/verify.md says of an entry. Trees and notes are those of
// golang.org/x/mod, as Debian packages it.
//
//	verifier -key VKEY [-earlier FILE] [-log-only] [-notes] DIRECTORY-OR-ADDRESS
//
// It ends with 0 when everything is right, 1 when something is wrong, 3 when the log is whole but an objection is
// overdue, 2 when it could not begin.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

const mostShown = 50 // sentences of one sort; the rest are counted

// report collects what was found. Wrong is what should not be; late is an office behind its time; noted is neither.
type report struct {
	wrong, late, noted []string
	unshown            int
	entries, numbers   int
	records, versions  int
	gone, signatures   int
	received, running  int
}

func (r *report) wrongf(format string, values ...any) { r.add(&r.wrong, format, values) }
func (r *report) latef(format string, values ...any)  { r.add(&r.late, format, values) }
func (r *report) notef(format string, values ...any)  { r.add(&r.noted, format, values) }

func (r *report) add(to *[]string, format string, values []any) {
	if len(*to) == mostShown {
		r.unshown++
		return
	}
	*to = append(*to, fmt.Sprintf(format, values...))
}

func main() {
	key := flag.String("key", "", "the log's verifier key (name+id+base64), or a file that holds it")
	earlier := flag.String("earlier", "", "a file with a checkpoint that was kept")
	logOnly := flag.Bool("log-only", false, "leave the records out")
	notes := flag.Bool("notes", false, "say also what is not wrong but worth knowing")
	today := flag.String("today", "", "the day to count by, as 2026-11-26; else today in China")
	flag.Parse()
	if flag.NArg() != 1 || *key == "" {
		fmt.Fprintln(os.Stderr, "usage: verifier -key VKEY [-earlier FILE] [-log-only] [-notes] DIRECTORY-OR-ADDRESS")
		os.Exit(2)
	}
	log, err := open(flag.Arg(0), textOrFile(*key), *earlier)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if *today == "" {
		*today = time.Now().In(time.FixedZone("China", 8*60*60)).Format("2006-01-02")
	}
	log.walk()
	if !*logOnly && len(log.found.wrong) == 0 {
		log.checkRecords()
	}
	log.checkObjections(*today)
	os.Exit(tell(&log.found, *notes))
}

func textOrFile(given string) string {
	if text, err := os.ReadFile(given); err == nil {
		given = string(text)
	}
	return strings.TrimSpace(given)
}

func tell(found *report, notes bool) int {
	for _, each := range found.wrong {
		fmt.Println("WRONG:", each)
	}
	for _, each := range found.late {
		fmt.Println("LATE:", each)
	}
	for _, each := range found.noted {
		if notes {
			fmt.Println("note:", each)
		}
	}
	if found.unshown > 0 {
		fmt.Printf("… and %d more.\n", found.unshown)
	}
	fmt.Printf("Checked %d entries of %d numbers, %d signatures of officers, %d records, %d earlier versions, %d taken down; %d objections received, %d of them running.\n",
		found.entries, found.numbers, found.signatures, found.records, found.versions, found.gone, found.received, found.running)
	switch {
	case len(found.wrong) > 0:
		fmt.Println("Something is wrong.")
		return 1
	case len(found.late) > 0:
		fmt.Println("The log is whole; the office is late.")
		return 3
	}
	fmt.Println("Everything checked is right.")
	return 0
}
