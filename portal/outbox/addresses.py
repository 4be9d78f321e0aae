"""What a mail address and a phone look like; pure."""

import re

from portal.words import Sentence, say

LONGEST = 254  # RFC 5321, 4.5.3.1.3

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{3,18}[0-9]")


def email_problems(address: str) -> list[Sentence]:
    """Why a mail address can not be written to; empty means it can.

    >>> email_problems("zhang.san@example.com")
    []
    >>> len(email_problems("a@example.com\\nBcc: b@example.com"))
    1
    """
    if len(address) <= LONGEST and _MAIL.fullmatch(address):
        return []
    return [say("电子邮箱写得不对，请写成 name@example.com 的样子，只写一个。")]


def phone_problems(number: str) -> list[Sentence]:
    """Why a phone number can not be called; empty means it can.

    >>> phone_problems("0000-1234567")
    []
    >>> len(phone_problems("一二三"))
    1
    """
    if _PHONE.fullmatch(number):
        return []
    return [say("电话写得不对，请只写数字，例如 13900000000 或者 0000-1234567。")]
