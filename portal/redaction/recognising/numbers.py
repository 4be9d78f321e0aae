"""Identity numbers, bank accounts and telephone numbers; and the numbers that are public and stay. Pure.

Sources: GB 11643-1999 (identity numbers; those of 15 digits before 1999), GB 32100-2015 (USCC), ISO/IEC 7812-1
(Luhn), the numbering plan of the Ministry of Industry (mobile 1[3-9], area codes 0…).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from portal.redaction.recognising.finding import Finding
from portal.redaction.recognising.tokens import LONGEST_WITH_CUE, Join, joins, tokens

_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46"
    " 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_REGISTRATIONS = "01"  # how firms' own registration numbers go on; nobody born before 1920 is inspected
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]")
_MOBILE = re.compile(r"(?:00)?(?:86)?(1[3-9]\d{9})")
_MOBILE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (3, 2, 2, 2, 2), (1,) * 11}
_CARD_GROUPS = {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 13), (6, 10)}
_BETWEEN = r"[^0-9A-Za-z,。;\n]"

_IDENTITY_CUE = re.compile(
    rf"(?:身份证|身份号码|公民身份|身份证件|证件号|社会保障号|永久居留){_BETWEEN}{{0,12}}$"
)
_ACCOUNT_CUE = re.compile(rf"(?:[账帐][号户]|卡号|开户|银行卡|户头|收款卡|存折){_BETWEEN}{{0,16}}$")
_PUBLIC_CUE = re.compile(
    r"(?:注册号|登记号|许可证|证书|编号|文号|案号|批号|批次|备案号|条码|条形码|货号|订单|单号|票号|发票|标准|型号"
    r"|规格|代码|编码|序列号|报告号|任务号|清单号|计划号|执法证|检查证|工号|准字|健字|备字|妆字|械注)"
    rf"{_BETWEEN}{{0,6}}(?:[A-Za-z]{{1,4}}[ -]?)?$"
)
_CODE_CUE = re.compile(rf"代码{_BETWEEN}{{0,6}}$")
_PHONE_CUE = re.compile(
    rf"(?:电话|手机|座机|固话|传真|联系方式|移动号|手机号|电联|tel|mob|phone){_BETWEEN}{{0,6}}$", re.I
)
_OFFICE_CUE = re.compile(
    r"(?:监督|举报|投诉|咨询|服务|值班|办公|受理|客服|查询)(?:受理|监督|举报)?(?:电话|热线|专线|传真)"
    r"(?:号码)?[:为是]{0,2} ?\(?$|热线[:为是]{0,2} ?\(?$"
)
_LANDLINE = re.compile(
    r"(?:\+?86[ -]?0?|\(0|0)(?P<area>10|2\d|[3-9]\d\d)(?P<gap>\)?[ -]{0,2})"
    r"(?P<local>[2-8]\d{2,3}[ -]?\d{4})(?!\d)(?:(?:-|转|ext\.? ?)\d{1,5}(?!\d))?"
)
_LOCAL = re.compile(r"(?:电话|座机|固话|宅电)(?:号码)?[:为是]{0,2} ?([2-8]\d{6,7})(?![0-9A-Za-z]|元|-\d)")
_SHORTEST = 9  # digits of an account; telephones without an area code are found by their cue
_BEFORE = 24  # characters in front of a number in which its cue may stand


@dataclass(frozen=True)
class Numbers:
    """What the digits of a text are: findings, and the spans of codes that are public."""

    findings: list[Finding]
    public: list[tuple[int, int]]


def recognise(text: str) -> Numbers:
    """Every number of a person in a text, and every code that must stay."""
    runs = tokens(text)
    findings: list[Finding] = []
    public: list[tuple[int, int]] = []
    done_to = 0
    for at, run in enumerate(runs):
        if run.start < done_to or not any(each.isdigit() for each in text[run.start : run.end]):
            continue
        written = list(joins(text, runs, at, LONGEST_WITH_CUE))
        if not written or len(written[-1].digits) < _SHORTEST:
            continue
        found = _classify(text[max(0, run.start - _BEFORE) : run.start], text, written)
        if isinstance(found, Finding):
            findings.append(found)
            done_to = found.end
        elif found is not None:
            public.append(found)
            done_to = found[1]
    findings += _landlines(text)
    return Numbers(findings, public)


def _classify(before: str, text: str, written: list[Join]) -> Finding | tuple[int, int] | None:
    """What begins at one run of characters: the surest reading first."""
    identity_cue = bool(_IDENTITY_CUE.search(before))
    for join in written:
        if len(join.digits) != 18:
            continue
        # one identity number in thirty passes the check of a firm's code too
        if is_identity_number(join.digits) and (identity_cue or not _CODE_CUE.search(before)):
            return Finding(join.start, join.end, "id", True)
        if uscc.is_valid(join.digits):
            return join.start, join.end
    if identity_cue and (found := _after_identity_cue(written)):
        return found
    if _PUBLIC_CUE.search(before):
        return _public_number(written)
    if found := _mobile(before, text, written):
        return found
    return _account(before, written) or _plausible_identity(written)


def is_identity_number(digits: str) -> bool:
    """Eighteen characters with a region, a day of birth and the check character of GB 11643.

    >>> is_identity_number("520201190911230683"), is_identity_number("520201190911230684")
    (True, False)
    """
    if not _EIGHTEEN.fullmatch(digits) or not _is_plausible(digits[:2], digits[6:14]):
        return False
    return (
        _CHECKS[sum(int(each) * weight for each, weight in zip(digits[:17], _WEIGHTS, strict=True)) % 11]
        == digits[17]
    )


def _is_plausible(province: str, day: str) -> bool:
    if province not in _PROVINCES or day[:2] not in ("18", "19", "20"):
        return False
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True


def _after_identity_cue(written: list[Join]) -> Finding | None:
    """Whatever has the length of an identity number, or nearly: a mistyped one is still somebody's."""
    fitting = [each for each in written if 14 <= len(each.digits) <= 19 and each.digits[:-1].isdigit()]
    for join in sorted(fitting, key=lambda each: (len(each.digits) not in (15, 18), -len(each.digits))):
        return Finding(join.start, join.end, "id", True)
    return None


def _plausible_identity(written: list[Join]) -> Finding | None:
    for join in written:
        digits = join.digits
        if len(digits) == 15 and digits.isdigit() and _is_plausible(digits[:2], "19" + digits[6:12]):
            registered = mod_11_10.is_valid(digits)
            if not (registered and digits[6] in _REGISTRATIONS):
                return Finding(join.start, join.end, "id", not registered)
        if _EIGHTEEN.fullmatch(digits) and _is_plausible(digits[:2], digits[6:14]):
            return Finding(join.start, join.end, "id", False)
    return None


def _public_number(written: list[Join]) -> tuple[int, int] | None:
    return (written[0].start, written[0].end) if written else None


def _mobile(before: str, text: str, written: list[Join]) -> Finding | None:
    cued = bool(_PHONE_CUE.search(before)) or before.endswith("+")
    for join in written:
        if not _MOBILE.fullmatch(join.digits) or text.startswith("元", join.end):
            continue
        prefix = len(join.digits) - 11
        if prefix and not (cued or join.groups[0] == prefix):
            return Finding(join.start, join.end, "phone", False)
        if cued or _without(join.groups, prefix) in _MOBILE_GROUPS:
            return Finding(join.start - before.endswith("+"), join.end, "phone", True)
    return None


def _without(groups: tuple[int, ...], prefix: int) -> tuple[int, ...]:
    if not prefix:
        return groups
    return groups[1:] if groups[0] == prefix else (groups[0] - prefix, *groups[1:])


def _account(before: str, written: list[Join]) -> Finding | None:
    numeric = [each for each in written if each.digits.isdigit()]
    if _ACCOUNT_CUE.search(before):
        fitting = [each for each in numeric if 9 <= len(each.digits) <= 30]
        cards = [each for each in fitting if 16 <= len(each.digits) <= 19 and luhn.is_valid(each.digits)]
        whole = [each for each in fitting if len(each.groups) == 1]
        for join in [*cards[::-1], *whole, *fitting[::-1]]:
            return Finding(join.start, join.end, "bank", True)
    for join in numeric:
        digits = join.digits
        if 16 <= len(digits) <= 19 and luhn.is_valid(digits) and (sure := _looks_like_card(join)) is not None:
            return Finding(join.start, join.end, "bank", sure)
    return None


def _looks_like_card(join: Join) -> bool | None:
    """Whether a number without a cue is a card's; None: it is not, however well its check digit fits.

    A number that begins with a region and a year is more likely the number of a task or a case.
    """
    if len(join.groups) > 1 and join.groups not in _CARD_GROUPS:
        return None
    if join.digits[:2] in _PROVINCES and join.digits[6:8] == "20":
        return None
    if join.digits.startswith("62"):
        return True
    return False if re.match(r"4|5[1-5]|35|60|65", join.digits) and len(join.digits) in (16, 19) else None


def _landlines(text: str) -> Iterator[Finding]:
    """Telephones with an area code, or by cue; those of an office, at which it can be reached, are public."""
    for match in _LANDLINE.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if before[-1:].isascii() and before[-1:].isalnum() or _OFFICE_CUE.search(before):
            continue
        cued = bool(_PHONE_CUE.search(before)) or match[0].startswith("+")
        if match["gap"] or cued:
            yield Finding(*match.span(), "phone", True)
    for match in _LOCAL.finditer(text):
        if not _OFFICE_CUE.search(text[max(0, match.start() - _BEFORE) : match.start(1)]):
            yield Finding(*match.span(1), "phone", True)
