"""All recognisers over one text. They propose; a person decides."""

from collections.abc import Iterable, Iterator

from portal.redaction.recognising import accounts, numbers, people, premises, prompts
from portal.redaction.recognising.finding import KINDS, Finding
from portal.redaction.recognising.reading import Reading, read

_RANK = {kind: at for at, kind in enumerate(("email", "id", "phone", "chat", *KINDS))}


def propose(text: str) -> list[Finding]:
    """What in a text a person should look at before it is published, in reading order; nothing overlaps.

    Codes of firms, numbers of licences, documents and batches are no findings, whatever they look like.
    """
    reading = read(text)
    found = numbers.recognise(reading.text)
    others = [
        *found.findings,
        *accounts.recognise(reading.text),
        *people.recognise(reading.text),
        *premises.recognise(reading.text),
        *prompts.recognise(reading.text),
    ]
    taken = bytearray(len(reading.text))
    for start, end in found.public:
        taken[start:end] = b"\1" * (end - start)
    return [_placed(reading, each) for each in sorted(_apart(others, taken))]


def _apart(findings: Iterable[Finding], taken: bytearray) -> Iterator[Finding]:
    """One finding for each stretch: the surest, then the kind with the strictest form, then the longest."""
    for finding in sorted(findings, key=_first):
        if 1 not in taken[finding.start : finding.end]:
            taken[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
            yield finding


def _first(finding: Finding) -> tuple[bool, int, int]:
    return not finding.sure, _RANK[finding.kind], finding.start - finding.end


def _placed(reading: Reading, finding: Finding) -> Finding:
    start, end = reading.span(finding.start, finding.end)
    return Finding(start, end, finding.kind, finding.sure)
