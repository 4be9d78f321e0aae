"""Why a budget is not met where it is not, and what was tried: said beside the numbers, by the figure's name.

The numbers change with each run and stand in the table; what is said here is about the work behind them.
"""

REASONS = {
    "search-tantivy": """\
Asked for a rare word, bare tantivy does one call. Ours counts, finds the page and makes the order of scores in two or
three, writes the query's parts in Python, and looks first whether another commit came: some tenths of a millisecond that
hardly grow with the records. With facets ours counts six columns where bare counts five, each under all filters but its
own. Tried and kept: one search where there were seven (1.9–2.7 ms became 0.3 to 0.5), few hits fetched whole, newest first
within a put, a value in every column (decision 50); the page of what stands in many records looked for among the newest
days first, which made 40 ms one (decision 53). What is left over 20 ms is counting, of words and phrases that stand in nearly
every record: bare tantivy takes as long or longer. Counts are kept until the index moves: the lines "asked again". Left:
counting no further than some number ("more than 10,000"), because readers filter by the numbers beside the conditions.
Not tried: tokens of three and four hanzi beside the pairs (twice the index). Searches without words do not come here: the
database answers them.""",
    "index-whoosh": """\
Ours keeps names spelled by pinyin and beginnings of codes beside the pairs; with the same tokens it is faster than bare
Whoosh, cut beforehand or not.""",
    "index-tantivy": """\
Of like with like, the same tokens cut by the same code, the budget is met. Beside tokens that were cut before the clock
starts it is not: taking the released values apart, folding, cutting and spelling them in Python is about half of a record's
time, a token object for each and tantivy's copies of it the other half; the engine's own share is under a tenth. Tried and
kept: tokens in bare lists, runs found by one expression, short lines and numbers kept (half the time of before). Looked at and
left: giving plain hanzi as text with blanks for tantivy to cut, because names spelled by pinyin and beginnings of codes, which
stand at one position, are four fifths of the tokens and can not go that way. Several processes that cut for one writer
would help a rebuild on many cores; on two there is nothing to give them.""",
    "page-cached": """\
A kept page is one dictionary, one comparison and one answer in Python, nine microseconds, and then granian's bridge under
the interpreter's lock; nginx alone sends the same bytes from C. As installed nginx stands in front and keeps a page for a
second: that line is what readers meet. Tried: granian's threads (more only wait for each other) and several processes
(they share two cores with the load here).""",
    "page-rendered": """\
Datasette's row page is one row in a table. A result's page asks six questions of the database (versions and corrections,
objections, what stands beside it, the entity's other results, the seal in the ledger), shows every released value with its
notes and says 130 sentences in the reader's language. SQLite takes no more steps the more records there are (decisions 51,
56). Tried and kept: each index asked for itself, statements made once and what stands beside a result in one of them,
sentences compiled into the templates for each language (decision 55): 25 ms of processor became 6.5. Half of what is left is
Jinja putting values into the page, a fifth SQLAlchemy's way for six selects; five times Datasette would be two milliseconds.
So a page is rendered once per ledger line at most and given out as bytes after that, which is the figure above.
`--workers` gives a process to each core.""",
    "search-page": """\
The page shows twenty records as they are released now, cuts the line with the words out of each, and offers six facets with
some sixty addresses; Datasette's lean JSON is one statement and no page. The engine's share is under a millisecond in most
searches. Tried and kept: bodies of the hits read in one statement, words marked without an object for each character,
addresses of conditions remembered, sentences compiled in (decision 55): 20 ms of processor became 13. Half is Jinja, a fifth
finding the line to show; the words of a release could be kept from one search to the next, as a second copy of released words
that must be taken away with them, and are not. Search pages are kept like all others until the ledger or the index moves.""",
    "publish-one": """\
The word that is searched here could be a part of a code, and is looked for in the middle of all codes as well: 150 ms of the
feed's and the log's time at a million, because one reader asks for all three in turn; the first of the five also reads the
index of codes from disk. Everything else costs the same at any size.""",
    "bulk": """\
Raw SQL writes rows that are ready, without a stop. A batch looks at every row again before it goes out (findings, terms,
who may), numbers it, makes its ledger line, its hashes and its face, and seals each turn with a signature: under SQLite a
turn is written in at most 80 ms, and whoever files asks for the turn after it every two milliseconds (decision 47). Tried
and kept: turns of 100 to 300 rows made beside the writers, a dozen statements a turn, texts in which nothing was found
remembered. Tried and left: ledger lines inserted without the mapper (3 %). The budget's own measure of raw SQL, 2,900 rows a
second, was another machine's; a quarter of that is 725.""",
    "import": """\
A CSV file is nothing to read: its reader only cuts cells, and even the check of one code costs a good part of that. Taking in
reads every cell as what its column says (dates in a dozen shapes, codes by label, outcomes several in a cell), checks
codes by their digit, looks items up in the lists in force, counts the last day of disclosure, looks for what must not be
public, and writes three rows for each; what is wrong comes back in a sentence. A workbook is read and judged within twice the
reader's time, for its rows are built by expat and not by a parser written in Python (decision 54); the drafts are beyond it.
Tried and kept: what can be done once per file, per day or per distinct text is, drafts are entered by a few statements for
300 rows, one staged pass over the file. Memory stays flat.""",
}
