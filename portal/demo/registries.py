"""The demo's registries: some hundred invented objects that came in twice by file, and ten inspectors."""

from collections.abc import Sequence
from datetime import date

from portal.codes.book import CodeBook
from portal.demo.days import moment
from portal.demo.firms import Firm
from portal.demo.inspectors import columns
from portal.demo.reading import facts
from portal.demo.world import FIRST_DAY, World
from portal.registries.keeping import INSPECTORS, OBJECTS, Line, inspector_key, own_numbers, take
from portal.registries.models import joined

MOST = 300  # objects; the first time, and as many as one chunk of an import
SECOND = 60  # working days ago
TAGS = {
    "food": ("食品经营",), "catering": ("食品经营",), "equipment": ("特种设备",), "hotel": ("食品经营", "住宿"),
    "chem": ("危险化学品",), "clinic": ("医疗机构",), "measure": ("强制检定",),
}  # fmt: skip
OWN = (("示例市南河大桥改造项目", "project"), ("示例牌饮用水桶", "product"))  # D20: they have no USCC


def plan_registries(world: World) -> None:
    """Two imports of objects, and one of inspectors, by the drafters of the departments that keep them."""
    firms = [(sector, firm) for sector, pool in world.town.pools.items() for firm in pool][:MOST]
    world.timeline.add(moment(world.days.ago(FIRST_DAY - 2), 9), lambda: _inspectors(world))
    first = lambda: _objects(world, firms, world.days.ago(FIRST_DAY - 2))  # noqa: E731
    world.timeline.add(moment(world.days.ago(FIRST_DAY - 2), 9, 30), first)
    world.timeline.add(moment(world.days.ago(SECOND), 9, 30), lambda: _again(world, firms))


def _objects(world: World, firms: Sequence[tuple[str, Firm]], on: date) -> None:
    lines = [
        _line(world.book, sector, firm, f"检查对象名录{on:%Y%m%d}.xlsx#{at}")
        for at, (sector, firm) in enumerate(firms, 2)
    ]
    lines += [
        Line(number, {"name": name, "kind": kind, "department_code": "scjg", "address": "示例南县"})
        for number, (name, kind) in zip(own_numbers(world.session, len(OWN)), OWN, strict=True)
    ]
    take(world.session, OBJECTS, lines, by=world.drafter("scjg"))


def _again(world: World, firms: Sequence[tuple[str, Firm]]) -> None:
    """Some had gone out of business by then, and the newest came in."""
    name = f"检查对象名录{world.days.ago(SECOND):%Y%m%d}.xlsx"
    lines = []
    for at, (sector, firm) in enumerate(firms, 2):
        line = _line(world.book, sector, firm, f"{name}#{at}")
        state = {"state": "deregistered"} if at % 40 == 0 else {"state": "moved_out"} if at % 97 == 0 else {}
        lines.append(Line(line.key, {**line.told, **state}, source=line.source))
    take(world.session, OBJECTS, lines, by=world.drafter("scjg"))


def _line(book: CodeBook, sector: str, firm: Firm, source: str) -> Line:
    kind = book.value("entity_type", firm.type)
    told = {
        "name": firm.name, "kind": kind["code"] if kind else "other", "region": firm.region, "state": "live",
        "registration_authority": firm.authority, "tags": joined(TAGS.get(sector, ())),
        "department_code": "scjg", "phone": firm.phone, "risk_class": firm.risk_class,
    }  # fmt: skip
    return Line(firm.code, told, source=source)


def _inspectors(world: World) -> None:
    for department in dict.fromkeys(row["department"] for row in facts("inspectors")):
        lines = [
            Line(
                inspector_key(world.settings.secret_key, row["name"]),
                columns(row),
                source="检查人员名录.xlsx",
            )
            for row in facts("inspectors")
            if row["department"] == department
        ]
        take(world.session, INSPECTORS, lines, by=world.drafter(department))
