"""``_`` for templates: a page says a hundred sentences, and each is looked up once per process and language."""

from functools import lru_cache

from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

REMEMBERED = 16384  # sentences; the site has fewer, in both languages


@pass_eval_context  # not the context: within loops it would be copied for every sentence
def spoken(escaping: EvalContext, sentence: str, /, **values: object) -> str:
    """A sentence in the reader's language, as Jinja's newstyle ``gettext`` gives it: always a format string.

    The language is asked for each time, so that ``force_locale`` holds.
    """
    locale = get_locale()
    language = locale.language if locale else ""
    if not values:
        return _finished(language, sentence, bool(escaping.autoescape))
    return _template(language, sentence, bool(escaping.autoescape)) % values


@lru_cache(REMEMBERED)
def _template(language: str, sentence: str, is_markup: bool) -> str:
    """The sentence in the language of now, which is ``language``."""
    found = get_translations().ugettext(sentence)
    return Markup(found) if is_markup else str(found)


@lru_cache(REMEMBERED)
def _finished(language: str, sentence: str, is_markup: bool) -> str:
    return _template(language, sentence, is_markup) % {}
