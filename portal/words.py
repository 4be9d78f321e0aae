"""Sentences for people: written in Chinese below the doors, translated at the door that shows them."""

from collections.abc import Callable


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

    def __new__(cls, template: str, values: dict[str, object]) -> "Sentence":
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
