"""An invented county: twenty departments, its firms and shops, what is inspected, by shares as counties print them.

Everything here is worked out from a number, so that one seed gives the same county everywhere, in any order.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import Any

from stdnum.cn import uscc

from portal.codes.seed import Row
from portal.demo.firms import DIVISION, Firm
from portal.demo.reading import facts

_DIRECTIONS = "东南西北中"
_TRADE = "安宝昌成达德丰福广海恒华汇嘉金锦景聚康坤来利联隆茂铭宁鹏启荣瑞润尚盛顺泰天旺祥欣信兴旭雅益永裕源远悦泽展正众"
_ORGANISATION = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "安柏岑丁方顾何简蓝陆孟宁欧裴祁任邵唐韦徐严叶云章"
_GIVEN = "川禾嘉景静朗清然书溪晓言一予远知舟子"

# beside the departments of the demo; all invented
_OTHERS = (
    ("rsj", "人力资源和社会保障局", "Bureau of Human Resources", "示人社"),
    ("gaj", "公安局", "Public Security Bureau", "示公"),
    ("sthj", "生态环境局", "Bureau of Ecology and Environment", "示环"),
    ("jyj", "教育局", "Bureau of Education", "示教"),
    ("jtj", "交通运输局", "Bureau of Transport", "示交"),
    ("slj", "水利局", "Bureau of Water Resources", "示水"),
    ("mzj", "民政局", "Bureau of Civil Affairs", "示民"),
    ("sfj", "司法局", "Bureau of Justice", "示司"),
    ("tjj", "统计局", "Bureau of Statistics", "示统"),
    ("swjg", "税务局", "Tax Bureau", "示税"),
    ("xfdd", "消防救援局", "Fire and Rescue Bureau", "示消"),
    ("zrzy", "自然资源和规划局", "Bureau of Natural Resources", "示自然"),
)
_SHARE_OF_FIRST = 0.45  # the market bureau's part of all results; the others share the rest evenly


def department_rows() -> list[Row]:
    """Twenty departments, those of the demo first."""
    others = [
        {
            "code": code,
            "label": f"示例市{label}",
            "short": f"市{label}",
            "label_en": f"Shili City {english}",
            "region_code": DIVISION,
            "document_prefix": prefix,
            "phone": "0000-1234599",
        }
        for code, label, english, prefix in _OTHERS
    ]
    return [*map(dict, facts("departments")), *others]


def department_of(rng: Random) -> str:
    """Whose task it is."""
    codes = [row["code"] for row in department_rows()]
    return codes[0] if rng.random() < _SHARE_OF_FIRST else rng.choice(codes[1:])


@lru_cache
def items_of(department: str) -> tuple[dict[str, Any], ...]:
    """What is on a department's list; of those the demo knows nothing about, some joint items under their own codes."""
    if department == "scjg":
        return tuple(dict(row) for row in facts("items_scjg"))
    own = [row for row in facts("items_other") if row["list"] == department]
    if own:
        return tuple(dict(row) for row in own)
    return tuple(
        {**row, "seq": str(at), "item_code": f"{department.upper()}{at:02d}"}
        for at, row in enumerate(facts("items_other")[:8], start=1)
    )


def firm(seed: int, nth: int) -> Firm:
    """The n-th firm of the county."""
    bits = int.from_bytes(blake2b(f"{seed}/{nth}".encode(), digest_size=24).digest())

    def pick(choices: Sequence[Any]) -> Any:
        nonlocal bits
        bits, at = divmod(bits, len(choices))
        return choices[at]

    word, ending = pick(_words())
    trade = "".join(pick(_TRADE) for _ in range(pick((2, 2, 3))))
    name = f"示例{pick(_DIRECTIONS)}{trade}{word}{ending}"
    kind, letter = _type_of(name)
    region = pick(_regions())
    return Firm(
        name=name,
        code=f"{DIVISION}{nth:09d}" if pick(range(50)) == 0 else _uscc(letter, nth),
        type=kind,
        region=region["code"],
        authority=f"{region['label']}市场监督管理局",
        representative=pick(_SURNAMES) + pick(_GIVEN) + pick(_GIVEN),
        phone=f"154{pick(range(10**8)):08d}",
        risk_class=pick("AAAAAABBBCD"),
    )


@lru_cache
def _words() -> tuple[tuple[str, str], ...]:
    return tuple(
        (word, ending)
        for row in facts("sectors")
        for _ in range(int(row["weight"]))
        for word in row["words"].split("|")
        for ending in row["endings"].split("|")
    )


@lru_cache
def _regions() -> tuple[Row, ...]:
    return tuple(row for row in facts("regions") if row["code"] != DIVISION)


def _type_of(name: str) -> tuple[str, str]:
    """The type of entity and the second character of its USCC."""
    if name.endswith("合作社"):
        return "农民专业合作社", "3"
    if name.endswith(("公司", "厂", "所", "中心", "加油站")):
        return "企业", "1"
    return "个体工商户", "2"


def _uscc(letter: str, nth: int) -> str:
    """18 characters with both check characters right, another for each firm."""
    characters, left = "", nth * 7_368_787 % 31**8  # scattered, as numbers of a register are
    for _ in range(8):
        left, at = divmod(left, 31)
        characters += _ORGANISATION[at]
    total = sum(int(each, 36) * weight for each, weight in zip(characters, _WEIGHTS, strict=True))
    check = (11 - total % 11) % 11
    body = f"9{letter}{DIVISION}{characters}{'X' if check == 10 else check}"
    return body + str(uscc.calc_check_digit(body))
