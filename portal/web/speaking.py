"""What templates say, in the reader's language.

A page says a hundred sentences: they are looked up when a template is compiled, once for each language, and are from
then on a part of its text. Those of a template that is no file, and those that are not written out, are remembered.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask.templating import Environment
from flask_babel import get_locale, get_translations
from jinja2 import BytecodeCache, Template, nodes, pass_eval_context
from jinja2.bccache import Bucket
from jinja2.nodes import EvalContext
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

REMEMBERED = 16384  # sentences; the site has fewer, in both languages


def language_now() -> str:
    """``zh`` or ``en``: the reader's, or the one that ``force_locale`` says; empty where nobody is answered."""
    locale = get_locale()
    return locale.language if locale else ""


@pass_eval_context  # not the context: within loops it would be copied for every sentence
def spoken(escaping: EvalContext, sentence: str, /, **values: object) -> str:
    """A sentence in the reader's language, as Jinja's newstyle ``gettext`` gives it: always a format string.

    The language is asked for each time, so that ``force_locale`` holds.
    """
    if not values:
        return _finished(language_now(), sentence, bool(escaping.autoescape))
    return _template(language_now(), sentence, bool(escaping.autoescape)) % values


@lru_cache(REMEMBERED)
def _template(language: str, sentence: str, is_markup: bool) -> str:
    """The sentence in the language of now, which is ``language``."""
    found = get_translations().ugettext(sentence)
    return Markup(found) if is_markup else str(found)


@lru_cache(REMEMBERED)
def _finished(language: str, sentence: str, is_markup: bool) -> str:
    return _template(language, sentence, is_markup) % {}


# ── compiled for a language ──────────────────────────────────


class Speaking(Environment):
    """Flask's Jinja, which compiles each template file once for each language that is spoken.

    :ivar language: that this one compiles for; empty for the application's own, which hands on.
    """

    language = ""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """A template by its name, in the language of now."""
        within = self if self.language else self._for(language_now())
        return super(Speaking, within).get_template(name, parent, globals)

    def _for(self, language: str) -> "Speaking":
        spoken_here: dict[str, Speaking] = self.__dict__.setdefault("spoken_here", {"": self})
        if language not in spoken_here:
            apart = self.overlay()
            apart.language = language
            apart.bytecode_cache = self.bytecode_cache and _Apart(self.bytecode_cache, language)
            spoken_here[language] = apart  # whole before another thread can find it
        return spoken_here[language]

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's hook between reading a template and compiling it."""
        if self.language and name:
            is_markup = self.autoescape(name) if callable(self.autoescape) else self.autoescape
            _Said(self.language, is_markup).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Said(NodeTransformer):
    """Puts sentences, and whether the reader reads English, into a template as what they are."""

    def __init__(self, language: str, is_markup: bool) -> None:
        self.language, self.is_markup = language, is_markup

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        match node.node.name, node.args, node.kwargs:
            case "_", [nodes.Const(value=sentence)], []:
                return nodes.Const(_finished(self.language, sentence, self.is_markup), lineno=node.lineno)
            case "_", [nodes.Const(value=sentence)], values:
                form = nodes.Const(_template(self.language, sentence, self.is_markup))
                named = nodes.Dict([nodes.Pair(nodes.Const(each.key), each.value) for each in values])
                return nodes.Mod(form, named, lineno=node.lineno)
            case "in_english", [], []:
                return nodes.Const(self.language == "en", lineno=node.lineno)
        return node


class _Apart(BytecodeCache):
    """What is compiled for one language, kept where others keep the same templates for another."""

    def __init__(self, kept: BytecodeCache, language: str) -> None:
        self._kept, self._language = kept, language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{self._language}-{self._kept.get_cache_key(name, filename)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        self._kept.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept.dump_bytecode(bucket)
