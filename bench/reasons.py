"""Why a budget is not met where it is not, and what was tried: said beside the numbers, by the figure's name.

The numbers change with each run and stand in the table; what is said here is about the work behind them.
"""

REASONS = {
    "search-tantivy": """\
Asked for a rare word, bare tantivy does one call. Ours counts, finds the page and makes the order of scores in two or
three, writes the query's parts in Python, and looks first whether another commit came: some tenths of a millisecond that
hardly grow with the records. With facets ours counts six columns where bare counts five, each under all filters but its
own, and makes the page besides. Tried and kept: one search where there were seven (1.9–2.7 ms became 0.3 to 0.5), few hits
fetched whole, newest first within a put, a value in every column (decision 50); counts are kept until the index moves, which
is what the lines "asked again" show. The 20 ms are met by words of one token; a phrase of three hanzi and more that stands
in nearly every record is compared place by place in all of them, by bare tantivy too, and takes longer than that from some
hundred thousand records on. Not tried: tokens of three and four hanzi beside the pairs (twice the index), and a page
looked for among the newest days first, which would spare the page but not the count. Searches without words do not come here:
the database answers them.""",
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
Datasette's row page is one row in a table. Ours asks a dozen statements (versions, corrections, objections, the task, other
sheets of the same visit, the entity's other results, the seal in the ledger) and says 130 sentences in the reader's language.
Half of the time is Jinja, a third SQLAlchemy making and reading statements; SQLite itself is under a tenth, and takes no more
steps the more records there are (decision 51). Tried and kept: statements per page bounded, sentences and addresses made once
per process, templates compiled once, each index asked for itself: 25 ms became 13 and less. Five times Datasette is two
milliseconds, which a template with these sentences does not give: so a page is rendered once per ledger line at most and
given out as bytes after that, which is the figure above. `--workers` gives a process to each core.""",
    "search-page": """\
The same as of a record's page, twenty times over: each hit has its badges, dates and marked words, and three lists of
conditions with counts stand beside them. The engine's share is under a millisecond in most searches; a fifth is marking
words. Datasette's lean JSON is one statement and no page. Tried and kept: bodies of the hits read in one statement, marks
cut from folded text once, addresses of conditions remembered. Search pages are kept like all others until the ledger or
the index moves.""",
    "bulk": """\
Raw SQL writes rows that are ready, without a stop. A batch looks at every row again before it goes out (findings, terms,
who may), numbers it, makes its ledger line, its hashes and its face, and seals each turn with a signature: under SQLite a
turn is written in at most 80 ms, and whoever files gets 60 ms after it, so that nobody waits longer than a turn. Tried and
kept: turns of 100 to 300 rows made beside the writers, a dozen statements a turn, texts in which nothing was found
remembered (decision 47). Larger turns are faster, and who files waits longer.""",
    "import": """\
A reader alone cuts cells. Taking in reads every cell as what its column says (dates in a dozen shapes, codes by label,
outcomes several in a cell), checks codes by their digit, looks the items up in the lists in force, counts the last day of
disclosure, looks for what must not be public, and writes four rows for each; what is wrong comes back in a sentence. A CSV
file is nothing to read and so the ratio is large; beside openpyxl it is small. Memory stays flat. Tried and kept: drafts
entered by a few statements for 300 rows, texts in which nothing was found remembered, one staged pass over the file.""",
}
