"""Numbers as they are typed, pure: with blanks, dashes, other brackets, in lower case, with a letter misread.

Source: the alphabet of the unified social credit code has no I, O, S, V and Z (GB 32100-2015, 4.2), so whoever
types O or I misread a digit; a small l is an L or a 1.
"""

import re
import unicodedata
from collections.abc import Iterator

from portal.publications.kinds import KINDS

A_NUMBER = re.compile(r"(?=.*[0-9])\S{4,60}")
PART_OF_A_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,40}")
MOST_OF_A_CODE = 15  # shorter ones are not corrected: too many codes would fit
BETWEEN = re.compile(r"[\s\-‐‑–—－_.·]+")
BRACKETS = ("〔{}〕", "[{}]", "({})", "（{}）", "【{}】", "［{}］")
BRACKETED = re.compile(r"[〔\[(【［（]\s*([0-9]{2,4})\s*[〕\])】］）]")
OURS = re.compile(rf"({'|'.join(kind.prefix for kind in KINDS.values())})([0-9OIL]{{4}})([0-9OIL]{{1,6}})")
MISREAD = str.maketrans("OIL", "011")


def spellings(text: str) -> set[str]:
    """The ways in which a typed number may stand in a record; empty when it is no number.

    >>> sorted(spellings("jg 2026 331"))
    ['JG-2026-000331', 'JG2026331', 'jg 2026 331', 'jg2026331']
    """
    typed = unicodedata.normalize("NFKC", text.strip())
    if " " in typed and BETWEEN.sub("", typed).isascii():
        typed = BETWEEN.sub("", typed)
    if not A_NUMBER.fullmatch(typed):
        return set()
    return {text.strip(), typed, typed.upper(), *_ours(typed), *_bracketed(typed)} - {""}


def _ours(typed: str) -> Iterator[str]:
    match = OURS.fullmatch(BETWEEN.sub("", typed.upper()))
    for kind in KINDS.values():
        if match and match[1] == kind.prefix:
            year, serial = match[2].translate(MISREAD), match[3].translate(MISREAD)
            yield f"{kind.prefix}-{year}-{int(serial):0{kind.digits}d}"


def _bracketed(typed: str) -> Iterator[str]:
    if BRACKETED.search(typed):
        yield from (BRACKETED.sub(form.format(r"\1"), typed) for form in BRACKETS)


def part_of_a_code(text: str) -> str:
    """A USCC or registration number, or a part of one, as codes are kept; empty when it is none."""
    typed = unicodedata.normalize("NFKC", text.strip()).upper()
    compact = BETWEEN.sub("", typed)
    return compact if PART_OF_A_CODE.fullmatch(compact) else ""


def misread_codes(text: str) -> list[str]:
    """What a code was meant to be in which a letter stands that no code has.

    >>> misread_codes("9133O2OOMA2TESTl1X")
    ['91330200MA2TESTL1X', '91330200MA2TEST11X']
    """
    code = part_of_a_code(text)
    if len(code) < MOST_OF_A_CODE:
        return []
    likely = code.translate(str.maketrans("OI", "01"))
    return [each for each in dict.fromkeys((likely, likely.replace("L", "1"))) if each != code]
