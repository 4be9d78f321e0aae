"""Codes of inspected objects: USCC and the registration numbers before it. Public, never masked."""

import re
import unicodedata

from stdnum.cn import uscc

from portal.publications.values import plain
from portal.words import Sentence, say

_OLD_NUMBER = re.compile(r"\d{13}|\d{14}|\d{15}")
_IDENTITY_NUMBER = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_EXACT_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number and makes zeros of the rest


def read_entity_code(raw: object, *, own_number: bool = False) -> tuple[str | None, Sentence | None]:
    """The code in its one spelling, or why it can not be taken.

    :param own_number: the object is a product, project or act with a number of its own (D20).
    """
    code = "".join(unicodedata.normalize("NFKC", plain(raw)).split()).replace("-", "").upper()
    if _is_damaged(raw, code):
        return None, say(
            "“{code}”被电子表格改成了数字，后面几位已经丢失；请把这一列设为文本格式，按营业执照重新填写。",
            code=code,
        )
    if _OLD_NUMBER.fullmatch(code) or uscc.is_valid(code):
        return code, None
    if _IDENTITY_NUMBER.fullmatch(code):
        return None, say("这里填的像是身份证号码，不得公示；请改填统一社会信用代码或者注册号，没有的留空。")
    if own_number:
        return plain(raw), None
    return None, _why_malformed(code)


def _is_damaged(raw: object, code: str) -> bool:
    if isinstance(raw, int | float):
        return len(f"{raw:.0f}") > _EXACT_DIGITS
    return bool(_SCIENTIFIC.fullmatch(code))


def _why_malformed(code: str) -> Sentence:
    if len(code) == 18:
        return say(
            "统一社会信用代码“{code}”与校验位不符，有字符写错；请对照营业执照逐位核对后重新填写。", code=code
        )
    return say(
        "“{code}”有{count}位，不是18位统一社会信用代码，也不是13至15位注册号；请对照营业执照核对后重新填写。",
        code=code,
        count=len(code),
    )
