"""The words of a letter in its reader's language: the same catalogue as the pages', read without a page."""

from collections.abc import Callable
from datetime import date
from functools import cache

from babel.dates import format_date
from babel.support import Translations

from portal.files import site_path
from portal.words import Named, Sentence


@cache
def _catalogue(language: str) -> Callable[[str], str]:
    return Translations.load(str(site_path("translations")), [language]).gettext


def said(sentence: Sentence, language: str) -> str:
    """A sentence in a language, ``zh`` or ``en``; in Chinese where the catalogue has no other."""
    return str(sentence) if language == "zh" else sentence.in_language(_catalogue(language))


def named(thing: Named, language: str) -> str:
    """The label of a kind, a department or a code."""
    return (thing.label_en if language == "en" else "") or thing.label


def day(when: date, language: str) -> str:
    """A date in running text.

    >>> day(date(2026, 11, 23), "zh"), day(date(2026, 11, 23), "en")
    ('2026年11月23日', '23 November 2026')
    """
    if language == "en":
        return format_date(when, "d MMMM y", "en")
    return f"{when.year}年{when.month}月{when.day}日"
