"""The register of everything that somebody can wait for in the office, and the desk that is laid from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.waiting import answering, besides, entering, publishing
from portal.waiting.source import Asked, Item, Pile, Source
from portal.words import Sentence, say

SOURCES: tuple[Source, ...] = (
    *publishing.SOURCES,
    *entering.SOURCES,
    *answering.SOURCES,
    *besides.SOURCES,
)

_OWN_WISH = say("由本人提出或者随时可办，没有别人在等。")
_READING = say("只是查看。")
_SETTING = say("是系统和人员的设置，不属于业务待办。")
# the other acts, with the reason why nobody's desk has a pile of them
NOBODY_WAITS: Mapping[str, Sentence] = {
    **dict.fromkeys(
        (
            "propose_erasure", "require_signatures", "take_figures", "take_declaration",
            "record_concern", "keep_registries", "issue_notice_codes", "keep_signing_key", "check_draw",
            "stop_job",
        ),
        _OWN_WISH,
    ),
    **dict.fromkeys(
        (
            "see_work", "see_all_departments", "see_audit", "see_circular", "see_outbox", "see_all_outbox",
            "see_signing_keys", "see_registries", "see_risk_class", "see_objections", "see_erasures",
            "see_clients",
        ),
        _READING,
    ),
    **dict.fromkeys(("manage_mappings", "manage_people", "manage_system", "manage_clients"), _SETTING),
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """One thing that has reached its last day, and what it waits for.

    :param mine: whether it waits for the person who asks.
    """

    source: Source
    item: Item
    mine: bool


@dataclass(frozen=True)
class InHand:
    """What has reached its last day in somebody's hands: of one department, one kind, one holder."""

    source: Source
    department_code: str
    holder: str
    late: int
    today: int
    oldest: Item


@dataclass(frozen=True)
class Desk:
    """What is due, what waits for me, what is late and for whom."""

    due: Sequence[Due]
    piles: Sequence[tuple[Source, Pile]]
    in_hand: Sequence[InHand] = field(default=())

    @property
    def waiting(self) -> int:
        """How much waits for the person, batches by their rows."""
        return sum(pile.count for _source, pile in self.piles)

    @property
    def late(self) -> int:
        return sum(pile.late for _source, pile in self.piles)


def lay(asked: Asked) -> Desk:
    """The desk of one person: a statement or two for each source, however much waits."""
    mine = [(source, source.mine(asked)) for source in SOURCES if source.is_for(asked.person)]
    piles = [(source, pile) for source, pile in mine if pile.count]
    own = [
        Due(source, each, True)
        for source, pile in piles
        for each in pile.items
        if each.due is not None and each.due <= asked.on
    ]
    others = _in_other_hands(asked, {(each.source.name, each.item.key) for each in own})
    ordered = sorted([*own, *others], key=lambda each: (each.item.due or asked.on, not each.mine))
    return Desk(ordered, piles, in_hand(others, asked))


def _in_other_hands(asked: Asked, own: set[tuple[str, str]]) -> list[Due]:
    if not asked.oversees:
        return []
    return [
        Due(source, each, False)
        for source in SOURCES
        for each in source.due(asked)
        if (source.name, each.key) not in own
    ]


def in_hand(due: Sequence[Due], asked: Asked) -> list[InHand]:
    """The same by department, kind and holder: the most late first."""
    grouped: dict[tuple[str, str, str], list[Due]] = {}
    for each in due:
        key = (each.item.department_code, each.source.name, each.item.holder)
        grouped.setdefault(key, []).append(each)
    found = [_group(rows, asked) for rows in grouped.values()]
    return sorted(found, key=lambda each: (-each.late, -each.today, each.department_code, each.source.name))


def _group(rows: Sequence[Due], asked: Asked) -> InHand:
    first = min(rows, key=lambda each: each.item.due or asked.on)
    late = sum(each.item.count for each in rows if each.item.due is not None and each.item.due < asked.on)
    total = sum(each.item.count for each in rows)
    return InHand(first.source, first.item.department_code, first.item.holder, late, total - late, first.item)
