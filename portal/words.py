"""Sentences for people: written in Chinese below the doors, translated at the door that shows them."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Protocol, Self


class Named(Protocol):
    """Anything with a Chinese label and an English one."""

    @property
    def label(self) -> str: ...
    @property
    def label_en(self) -> str: ...


class Sentence(str):
    """A finished Chinese sentence that remembers its template, so that a door can say it in English.

    >>> s = say("第{row}行没有名称。", row=3)
    >>> str(s)
    '第3行没有名称。'
    >>> s.in_language(lambda template: "Row {row} has no name.")
    'Row 3 has no name.'
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object]) -> Self:
        sentence = super().__new__(cls, template.format(**values) if values else template)
        sentence.template = template
        sentence.values = values
        return sentence

    def in_language(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of ``translate``, the sentences inside it included."""
        values = {
            name: value.in_language(translate) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values) if values else translate(self.template)


def say(template: str, **values: object) -> Sentence:
    """A sentence for a person; templates are collected for translation from the calls of this function."""
    return Sentence(template, values)


LANGUAGE = say("zh")  # the English catalogue answers "en"


class Label(Sentence):
    """A name that has its English with it, such as a field's: it is not looked up in the catalogue.

    >>> Label("检查对象", "Inspected object").in_language({"zh": "en"}.__getitem__)
    'Inspected object'
    """

    english: str

    def __new__(cls, chinese: str, english: str) -> Self:
        label = super().__new__(cls, chinese, {})
        label.english = english
        return label

    def in_language(self, translate: Callable[[str], str]) -> str:
        return self.english if self.english and translate(LANGUAGE) == "en" else str(self)


def label_of(thing: Named) -> Label:
    """The label of a field or kind as a sentence quotes it, in the language the sentence is said in."""
    return Label(thing.label, thing.label_en)


def listed(sentences: Iterable[Sentence], joined: Sentence) -> Sentence:
    """Several as one, with ``joined`` such as ``say("{one}、{next}")`` between each two."""
    return reduce(lambda one, next: say(joined.template, one=one, next=next), sentences)
