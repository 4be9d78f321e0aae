"""Invented firms: 示例 and a direction before every name, codes under the unassigned division 339900."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

from portal.demo.reading import facts

DIVISION = "339900"
MOST_DRAWS = 2  # a year (D16)
_DIRECTIONS = "东南西北中"
_TRADE = "安宝昌成达德丰福广海恒华汇嘉金锦景聚康坤来利联隆茂铭宁鹏启荣瑞润尚盛顺泰天旺祥欣信兴旭雅益永裕源远悦泽展正众"
_ORGANISATION = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SURNAMES = "安柏岑丁方顾何简蓝陆孟宁欧裴祁任邵唐韦徐严叶云章"
_GIVEN = "川禾嘉景静朗宁清然书溪晓言一予远知舟子"


@dataclass(frozen=True)
class Firm:
    """Somebody who can be drawn. Everything after ``authority`` is internal."""

    name: str
    code: str
    type: str
    region: str
    authority: str
    representative: str
    phone: str
    risk_class: str


class Town:
    """All firms of the demo, by sector, and how often each was drawn in which year."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._regions = [row for row in facts("regions") if row["code"] != DIVISION]
        self.pools: dict[str, list[Firm]] = {}
        self._names: set[str] = set()
        self.draws: Counter[tuple[str, int]] = Counter()

    def draw(
        self, sector: str, size: int, year: int, fits: Callable[[Firm], bool] = lambda firm: True
    ) -> list[Firm]:
        """A sample nobody of whom is drawn a third time in the year (D16)."""
        pool = self.pools.setdefault(sector, [])
        free = [firm for firm in pool if fits(firm) and self.draws[firm.code, year] < MOST_DRAWS]
        while len(free) < size * 1.4:
            firm = self._found(sector)
            pool.append(firm)
            if fits(firm):
                free.append(firm)
        drawn = self._rng.sample(free, size)
        self.draws.update((firm.code, year) for firm in drawn)
        return drawn

    def drawn_twice(self, sector: str, year: int) -> list[Firm]:
        """Those whom another draw in the year would take a third time."""
        pool = self.pools.get(sector, [])
        return [firm for firm in pool if self.draws[firm.code, year] >= MOST_DRAWS]

    def _found(self, sector: str) -> Firm:
        """A new firm of a sector."""
        rng = self._rng
        name = self._name(sector)
        kind, letter = _type_of(name)
        region = rng.choice(self._regions)
        return Firm(
            name=name,
            code=_old_number(rng) if rng.random() < 0.02 else _uscc(rng, letter),
            type=kind,
            region=region["code"],
            authority=f"{region['label']}市场监督管理局",
            representative=rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2)),
            phone=f"154{rng.randrange(10**8):08d}",
            risk_class=rng.choices("ABCD", (60, 27, 10, 3))[0],
        )

    def _name(self, sector: str) -> str:
        rows = [row for row in facts("sectors") if row["sector"] == sector]
        while True:
            row = self._rng.choices(rows, [int(each["weight"]) for each in rows])[0]
            words, endings = row["words"].split("|"), row["endings"].split("|")
            trade = "".join(self._rng.sample(_TRADE, self._rng.choice((2, 2, 3))))
            direction = self._rng.choice(_DIRECTIONS)
            name = f"示例{direction}{trade}{self._rng.choice(words)}{self._rng.choice(endings)}"
            if name not in self._names:
                self._names.add(name)
                return name


def _type_of(name: str) -> tuple[str, str]:
    """The type of entity and the second character of its USCC."""
    if name.endswith("合作社"):
        return "农民专业合作社", "3"
    if name.endswith(("公司", "厂", "所", "中心", "加油站")):
        return "企业", "1"
    return "个体工商户", "2"


def _uscc(rng: Random, letter: str) -> str:
    """18 characters: 登记管理部门, 机构类别, 行政区划, 主体标识码 with its own check character, 校验码."""
    body = f"9{letter}{DIVISION}{_organisation_code(rng)}"
    return body + str(uscc.calc_check_digit(body))


def _organisation_code(rng: Random) -> str:
    """GB 11714: eight characters and a check character modulo 11."""
    characters = "".join(rng.choices(_ORGANISATION, k=8))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(digits.index(each) * weight for each, weight in zip(characters, weights, strict=True))
    check = (11 - total % 11) % 11
    return characters + ("X" if check == 10 else str(check))


def _old_number(rng: Random) -> str:
    """A 15-digit registration number from before the USCC."""
    return f"{DIVISION}{rng.randrange(10**9):09d}"
