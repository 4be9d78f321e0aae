"""E-mail and chat accounts, passports and permits, plates. Pure.

Sources: GA 36-2018 (plates, those of new energy included), the forms of the Exit and Entry Administration
(passports E, G …; permits C, H, M).
"""

import re
from collections.abc import Iterator

from portal.redaction.recognising.finding import Finding

_EMAIL = re.compile(
    r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z_%+-][0-9A-Za-z._%+-]{0,63} ?(?:@|[(\[]at[)\]]) ?"
    r"[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){0,4}\.[A-Za-z]{2,24}",
    re.I,
)
_AT = re.compile(r"@|[(\[]at[)\]]", re.I)
_OFFICE_MAIL = re.compile(r"(?:监督|举报|投诉|咨询|受理|意见|办公)(?:电子)?(?:邮箱|邮件|信箱)[:为是]{0,2} ?$")

_CHAT = re.compile(
    r"(?:微信|WeChat|Weixin|VX|WX|QQ|扣扣|钉钉|抖音|快手|支付宝|旺旺|小红书|微博|陌陌|飞书|Telegram|WhatsApp)"
    r"(?:账号|帐号|账户|帐户|号码|号|名|ID|群号|群|同号)?[ :为是(]{0,3}"
    r"(?P<name>[A-Za-z_][0-9A-Za-z_-]{4,31}|\d{5,12})(?![0-9A-Za-z_@.-])(?!元|万|人|个|家|户)",
    re.I,
)

_BARE_PASSPORT = re.compile(r"(?<![0-9A-Za-z字准号证])(?:G\d{8}|E[0-9A-HJ-NP-Z]\d{7})(?![0-9A-Za-z])")
_PAPER = re.compile(
    r"(?:护照|通行证|回乡证|返乡证|台胞证|居留证|军官证|警官证|士兵证|文职干部证|证件)(?:号码|编号|号)?"
    r"[^0-9A-Za-z,。;\n字]{0,8}(?P<number>[A-Z]{0,2}\d{6,10}(?:\(\d\)|[A-Z])?)(?![0-9A-Za-z])",
    re.I,
)
_OFFICER = re.compile(
    r"(?:军官证|警官证|士兵证|文职干部证)[^0-9,。;\n]{0,6}?(?P<number>[\u4e00-\u9fff]{1,2}字第?\d{6,8}号?)"
)
_MILITARY = re.compile(r"[军海空武陆火]字第(?:\d{6,8})号")

_PLATE = re.compile(
    r"(?<![0-9A-Za-z])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][ ·•.-]?"
    r"(?P<rest>[0-9A-HJ-NP-Z]{5,6}|[0-9A-HJ-NP-Z]{4}[挂学警港澳领试])(?![0-9A-Za-z-])"
)
_NO_PLATE = re.compile(r"(?:许可证|编号|文号|备案|批号|证号|证书|标准|字|第)[^0-9A-Za-z,。;\n]{0,6}$")


def recognise(text: str) -> Iterator[Finding]:
    """Every account, paper and plate in a text."""
    if _AT.search(text):
        yield from _emails(text)
    for match in _CHAT.finditer(text):
        yield Finding(*match.span("name"), "chat", True)
    yield from _papers(text)
    yield from _plates(text)


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        if not (match[0].lower().endswith(".gov.cn") and _OFFICE_MAIL.search(before)):
            yield Finding(*match.span(), "email", True)


def _papers(text: str) -> Iterator[Finding]:
    for match in _PAPER.finditer(text):
        yield Finding(*match.span("number"), "passport", True)
    for match in _OFFICER.finditer(text):
        yield Finding(*match.span("number"), "passport", True)
    for match in _MILITARY.finditer(text):
        yield Finding(*match.span(), "passport", True)
    for match in _BARE_PASSPORT.finditer(text):
        yield Finding(*match.span(), "passport", False)


def _plates(text: str) -> Iterator[Finding]:
    for match in _PLATE.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if sum(each.isdigit() for each in match["rest"]) >= 2 and not _NO_PLATE.search(before):
            yield Finding(*match.span(), "plate", True)
