"""How an act was signed, in plain words: read out of its line in the ledger and checked anew for each reader."""

from typing import Any

from flask import g

from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import PAPER, missing, needs_signatures, problems_of
from portal.ledger.officers import Announced, announced
from portal.web.public.room import public, reading
from portal.words import Sentence, say

NOTHING = Sentence("", {})


@public.app_template_filter("how_signed")
def how_signed(entry: Entry) -> Sentence:
    """One sentence about an act that officers sign; empty for any other act."""
    if not needs_signatures(entry.type):
        return NOTHING
    members, keys = read_entry(entry.body), _announced().before(entry.index)
    signatures = members["signatures"]
    if not signatures and not keys.required:
        return say("办理时还没有要求签名，存证中没有签名。")
    if problems_of(members, keys):
        return say("存证中的签名核对不符，请以公示存证页面说明的方法自行核对，并向公示单位反映。")
    if missing(signatures):
        return say("只有一个人的签名（已核对）；办理时还没有要求两个人签名。")
    return _two_signed(signatures)


def _two_signed(signatures: list[dict[str, Any]]) -> Sentence:
    by_hand = [each["scheme"] == PAPER for each in signatures]
    if all(by_hand):
        return say("由主要负责人和另一名经办人在纸质审批表上签名，存证记有扫描件的SHA-256。")
    if any(by_hand):
        return say("由主要负责人和另一名经办人签名：一个用密钥，已核对；一个在纸质审批表上，存证记有扫描件的SHA-256。")  # fmt: skip
    return say("由主要负责人和另一名经办人用各自的密钥签名，两个签名都已核对。")


def _announced() -> Announced:
    """Read once per request when first needed."""
    if "officers_announced" not in g:
        g.officers_announced = announced(reading())
    found: Announced = g.officers_announced
    return found
