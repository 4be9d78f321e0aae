"""What a recogniser proposes, and on which ground the law lets it be withheld. Recognisers propose, people decide."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.words import Sentence, say

# kind -> what it is called; also the kinds that ``portal redaction propose`` prints
KINDS: Mapping[str, Sentence] = {
    "id": say("身份证件号码"),
    "bank": say("银行账号"),
    "phone": say("电话号码"),
    "email": say("电子邮箱"),
    "chat": say("网络账号"),
    "passport": say("护照、通行证等证件号码"),
    "plate": say("车牌号码"),
    "person": say("姓名"),
    "address": say("住址"),
    "secret": say("可能的商业秘密"),
    "risk": say("信用风险分类"),
}
DECLARED = "declared"  # by no recogniser: an entity said so beforehand, and the office agreed
CALLED: Mapping[str, Sentence] = {**KINDS, DECLARED: say("企业事先声明的商业秘密")}

BASES: Mapping[str, tuple[str, ...]] = {
    "state_secret": (
        "《中华人民共和国政府信息公开条例》第十四条",
        "《中华人民共和国保守国家秘密法》",
    ),
    "trade_secret": (
        "《中华人民共和国政府信息公开条例》第十五条",
        "《中华人民共和国反不正当竞争法》",
    ),
    "privacy": (
        "《中华人民共和国政府信息公开条例》第十五条",
        "《中华人民共和国民法典》第一千零三十九条",
    ),
    "personal_info": (
        "《中华人民共和国个人信息保护法》第二十五条",
        "《中华人民共和国个人信息保护法》第三十四条",
        "《中华人民共和国政府信息公开条例》第十五条",
    ),
    "other": (
        "《市场监管总局关于推进企业信用风险分类管理进一步提升监管效能的意见》（国市监信发〔2022〕6号）",
        "《中华人民共和国政府信息公开条例》第十四条",
        "《中华人民共和国政府信息公开条例》第十六条",
    ),
    "seeking_opinion": ("《中华人民共和国政府信息公开条例》第三十二条",),
}
"""The usual legal bases of each ground, the most usual first; whoever marks may write another."""

_GROUNDS = {"secret": "trade_secret", DECLARED: "trade_secret", "risk": "other"}


@dataclass(frozen=True, order=True)
class Finding:
    """A stretch of text that a person should look at.

    :param start: code points of the original text, ``end`` excluded, as marks count them.
    :param sure: a checksum or a fixed form, or a cue that leaves little doubt: nothing is published before
        somebody has decided about it. What is not sure is a prompt and hinders nothing.
    """

    start: int
    end: int
    kind: str
    sure: bool

    @property
    def ground(self) -> str:
        return _GROUNDS.get(self.kind, "personal_info")

    @property
    def basis(self) -> str:
        return BASES[self.ground][0]
