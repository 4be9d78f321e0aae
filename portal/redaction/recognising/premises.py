"""Home addresses. Pure.

Where a firm does business is public: 住所, 经营场所, 注册地址 and the like are no home. Limit: a home that no cue
names is not found.
"""

import re
from collections.abc import Iterator

from portal.redaction.recognising.finding import Finding

_CUE = re.compile(
    r"(?:家庭住址|家庭地址|现住址|现居住地|现居住于|现居住在|现居住|现居地|现居|现住地|现住|居住地址|居住地点|居住地|居住于|居住在|家庭居住|经常居住地|常住地址|常住地|常住|暂住地址|暂住地|暂住"
    r"|租住于|租住在|租住|户籍所在地|户籍地址|户籍地|户籍住址|户籍|户口所在地|户口地址|身份证住址|身份证地址|身份证载明地址|住址|家住|家在|联系地址|通讯地址|通信地址|收件地址|收货地址|收件人地址|收货人地址|邮寄地址|送达地址|籍贯"
    r"|(?<=[,。;、)\n ])住(?![所院宿房户建])|^住(?![所院宿房户建]))"
    r"(?:登记)?(?:地址|地)?[:为是在于系 ]{0,3}"
)
_STRONG = ("住址", "家", "户籍", "户口", "居", "暂住", "租住", "常住", "现住", "身份证")
_OF_BUSINESS = re.compile(r"(?:经营|营业|注册|登记的?|公司|企业|单位|店铺|门店|生产|仓库|办公|商户)的?$")
_ADDRESS = re.compile(r"[^,。;:\n()、?!<>《》“”\"]{2,60}")
_TELLS = re.compile(
    r"省|自治区|市|区|县|旗|镇|乡|村|路|街|道|巷|弄|胡同|号|室|栋|幢|单元|座|组|苑|园|小区|公寓|大厦|寨|屯"
)
_MORE = re.compile(
    r"[,、 ]{0,2}(?=[^,。;:\n()、]{1,20}(?:号|室|单元|栋|幢|座|组|户)(?:[,。;)\n]|$))[^,。;:\n()、]{1,20}"
)
_ENDS = re.compile(
    r"(?<=[号室栋幢座组户楼村元])(?:的|居住|暂住|家中|家里|处|内|附近|联系|电话|手机|邮编|身份|,).{0,60}$"
    r"|(?:联系电话|电话|手机|邮编|邮政编码|邮箱|身份证|公民身份|联系人|姓名|账号|出生|经查|检查|\d{7,}).{0,60}$"
    r"| ?(?:人|的人)$"
)
_FIRM_AT_END = re.compile(r"(?:公司|经营部|商行|超市|厂|店|合作社|中心)$")


def recognise(text: str) -> Iterator[Finding]:
    """Every home address in a text that a cue names."""
    for cue in _CUE.finditer(text):
        if _OF_BUSINESS.search(text[max(0, cue.start() - 6) : cue.start()]):
            continue
        end = _end(text, cue.end())
        if end is not None:
            yield Finding(
                cue.end(), end, "address", cue[0].startswith(_STRONG) or "省" in text[cue.end() : end]
            )


def _end(text: str, start: int) -> int | None:
    """Where an address that begins here ends; None when these words are none."""
    match = _ADDRESS.match(text, start)
    if match is None:
        return None
    words = _ENDS.sub("", match[0]).rstrip()
    if len(words) < 3 or not _TELLS.search(words) or _FIRM_AT_END.search(words):
        return None
    end = start + len(words)
    if end == match.end() and (more := _MORE.match(text, end)):
        return more.end()
    return end
