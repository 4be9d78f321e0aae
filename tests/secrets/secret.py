"""What is planted: each place has a secret of its own, so that whatever is found names the place it came from.

Two worlds have different secrets of other lengths, other first letters, other numbers and other types, so that
sizes, orders and counts would differ if they depended on them. A secret begins and ends with hanzi that stand
nowhere else in the site: cut short or cut into pairs, a piece of it is still found.
"""

from dataclasses import dataclass, field
from typing import Any

from portal.publications.fields import Field
from tests.secrets.places import internal_fields, marked_fields, places

WORDS_OF_A = ("鸢尾蓝", "砚台青")
WORDS_OF_B = ("丌亓",)


@dataclass(frozen=True)
class Secrets:
    """The secrets of one world.

    :param world: A or B.
    :param asked: the places whose secrets were handed out.
    """

    world: str
    asked: set[str] = field(default_factory=set)

    @property
    def is_b(self) -> bool:
        return self.world == "B"

    def __getitem__(self, place: str) -> str:
        self.asked.add(place)
        at = NUMBERS[place]
        return f"丌亓{at * 7 + 30031}仂" if self.is_b else f"鸢尾蓝{at + 4100}砚台青"

    @property
    def in_a_file(self) -> str:
        """A line of a file, in letters that its font has."""
        return "VKJQMIX AND LONGER 990" if self.is_b else "QXZWRECIPE 7"

    def around(self, place: str) -> str:
        """The secret in the midst of words that may be shown."""
        return f"前面{self[place]}后面"

    def of_field(self, place: str, field: Field) -> Any:
        """A value of the field's own type that tells the secret."""
        at, text = NUMBERS[place], self[place]
        coded = {"code": text, "table": "secret@1", "label": text}
        values = {
            "date": f"1931-0{at % 9 + 1}-28" if self.is_b else f"1911-0{at % 9 + 1}-03",
            "number": 7_000 + at if self.is_b else 47_900_000 + at,
            "yes_no": self.is_b,
            "code": coded,
            "codes": [coded] * (3 if self.is_b else 1),
            "departments": [{"code": text, "label": text}],
            "texts": [text, f"{text}二"] if self.is_b else [text],
        }
        return values.get(field.type, self.around(place))

    def loose(self, place: str, field: Field) -> Any:
        """For a field that has no way out: of its own type in one world, text whatever its type in the other."""
        return self.of_field(place, field) if self.is_b else self[place]

    def stems(self) -> tuple[str, ...]:
        """The pairs of hanzi of which each secret of this world has some."""
        return tuple(word[at : at + 2] for word in self.words() for at in range(len(word) - 1))

    def words(self) -> tuple[str, ...]:
        """The hanzi at both ends: long enough for any encoding of an encoding."""
        return WORDS_OF_B if self.is_b else WORDS_OF_A

    def values(self) -> list[str]:
        """The dates, numbers and codes that are no text, as a page or a file may write them."""
        year = 1931 if self.is_b else 1911
        numbers = [
            (7_000 if self.is_b else 47_900_000) + NUMBERS[place] for place, _field in of_type("number")
        ]
        written = [form for each in numbers for form in (str(each), f"{each:,}")] if not self.is_b else []
        return [f"{year}-0", f"{year}年", f" {year}", "secret@1", self.in_a_file[:6], *written]

    def pieces(self) -> list[str]:
        """What a reader might look for: the pairs, each secret's own number, and some secrets whole."""
        whole = [self[place] for place in places()]
        return [*self.stems(), *(each.strip("鸢尾蓝砚台青丌亓仂") for each in whole), *whole[::4]]


def of_type(kind: str) -> list[tuple[str, Field]]:
    """The places of the fields of a type."""
    return [(place, each) for place, each in (*internal_fields(), *marked_fields()) if each.type == kind]


NUMBERS = {place: at for at, place in enumerate(places())}
