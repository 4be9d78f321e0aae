"""A page as a reader sees it: a tree of elements, and the text of each without blanks. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNSEEN = frozenset({"script", "style", "template", "svg"})


@dataclass
class Element:
    """An element of a page; its children are elements and texts."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def is_a(self, tag: str, name: str = "") -> bool:
        return self.tag == tag and (not name or name in self.classes)

    def all(self, tag: str, name: str = "") -> Iterator["Element"]:
        """Every element of a tag and class inside, in order."""
        for each in self.children:
            if isinstance(each, Element):
                if each.is_a(tag, name):
                    yield each
                yield from each.all(tag, name)

    def first(self, tag: str, name: str = "") -> "Element":
        """The first one, or an empty element."""
        return next(self.all(tag, name), Element(tag, {}))

    def text(self, without: frozenset[str] = frozenset()) -> str:
        """What is to be read, without blanks and without the marks that lead to notes.

        :param without: tags to leave out.
        """
        parts = []
        for each in self.children:
            if isinstance(each, str):
                parts.append(each)
            elif each.tag not in without and each.tag not in UNSEEN and not each.is_a("a", "fn"):
                parts.append(each.text(without))
        return squeezed("".join(parts))

    def words(self) -> str:
        """What is to be read, with its blanks and lines, as whoever wrote it typed it."""
        parts = []
        for each in self.children:
            if isinstance(each, str):
                parts.append(each)
            elif each.tag == "br":
                parts.append("\n")
            elif not each.is_a("a", "fn"):
                parts.append(each.words())
        return "".join(parts)


def squeezed(text: str) -> str:
    """A text without any blanks: pages break lines where the data has none."""
    return "".join(text.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def _words(self, data: str) -> None:
        self.open[-1].children.append(data)

    handle_data = _words


def main_of(html: str) -> Element:
    """The ``main`` part of a page; an empty element when there is none."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root.first("main")
