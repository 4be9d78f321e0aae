"""Signatures of officers in the log: which keys were announced, and what is wrong with an act's signatures. Pure.

Whoever reads the log in order needs nothing else::

    keys = OfficerKeys()
    for members in entries:              # each entry's bytes, read as JSON
        wrong = problems_of(members, keys)
        keys = keys.after(members)

A correction, a withdrawal and a restoration are signed by two different people, the head of the unit among them
(O2), from the entry ``signatures_required`` on; what was signed before that is checked as well. A signature is
over the statement inside the entry (:func:`portal.ledger.entry.stated`) and counts with a key that an
**earlier** entry announced for the role it is given in. Two signatures with one key are one person.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.ledger import schemes
from portal.ledger.entry import stated
from portal.ledger.schemes import ED25519
from portal.words import Sentence, say

SIGNED = frozenset({"correct", "withdraw", "restore"})  # the acts that need two signatures
HEAD, OFFICER = "head", "officer"
ROLES = {HEAD: say("主要负责人"), OFFICER: say("经办人员")}
PAPER = "paper"  # the scan of a sheet signed by hand stands for the signature, by its SHA-256
PURPOSE = "officer"  # of a key_rotate entry; the log's own key has another

_SHEET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class OfficerKey:
    """What the log says about one public key: the role and department it was last announced for."""

    role: str
    department: str
    scheme: str = ED25519
    ended: bool = False


@dataclass(frozen=True)
class OfficerKeys:
    """What the log has said so far: keys by their base64 text, and whether signatures are required."""

    known: Mapping[str, OfficerKey] = field(default_factory=dict)
    required: bool = False

    def after(self, members: Mapping[str, Any]) -> "OfficerKeys":
        """What is known after one more entry. An announcement with something wrong in it announces nothing."""
        if members.get("type") == "signatures_required":
            return replace(self, required=True)
        if not announces(members) or _announcement_problems(members, self):
            return self
        known = dict(self.known)
        if "ends" in members:
            known[members["ends"]] = replace(known[members["ends"]], ended=True)
        if "key" in members:
            scheme = members.get("scheme", ED25519)
            known[members["key"]] = OfficerKey(members["role"], members["department"], scheme)
        return replace(self, known=known)

    def in_force(self, key: str) -> OfficerKey | None:
        """What a key may sign as now; None when it was never announced, or has ended."""
        found = self.known.get(key)
        return None if found is None or found.ended else found


def needs_signatures(type: object) -> bool:
    """Whether an act of this type needs two signatures once they are required."""
    return isinstance(type, str) and type in SIGNED


def announces(members: Mapping[str, Any]) -> bool:
    """Whether an entry announces or ends an officer's key."""
    return members.get("type") == "key_rotate" and members.get("purpose") == PURPOSE


def problems_of(members: Mapping[str, Any], keys: OfficerKeys) -> list[Sentence]:
    """What is wrong with the signatures of one entry, or with the key it announces; empty means nothing.

    :param members: the entry's bytes, read as JSON.
    :param keys: what the entries **before** this one said.
    """
    if announces(members):
        return _announcement_problems(members, keys)
    signatures = members.get("signatures")
    if not isinstance(signatures, list):
        return [say("签名一栏不是签名的列表，无法核对。")]
    statement = _statement(members)
    if signatures and statement is None:
        return [say("这条存证缺少签名所对应的内容，无法核对签名。")]
    wrong = [each for one in signatures for each in signature_problems(one, statement or b"", keys)]
    wrong += _not_of_one_department(signatures, keys)
    if not wrong and keys.required and needs_signatures(members.get("type")):
        wrong += missing(signatures)
    return wrong


def signature_problems(signature: object, statement: bytes, keys: OfficerKeys) -> list[Sentence]:
    """What is wrong with one signature over a statement."""
    if not isinstance(signature, dict) or not _is_role(signature.get("role")):
        return [say("有一个签名没有写明是主要负责人的还是经办人的。")]
    if signature.get("scheme") == PAPER:
        sheet = signature.get("sheet")
        if isinstance(sheet, str) and _SHEET.fullmatch(sheet):
            return []
        return [say("纸质签署没有写明所扫描审批表的SHA-256。")]
    return _key_problems(signature, statement, keys)


def missing(signatures: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """Whose signature is missing, of those that are right: two different people, the head among them."""
    heads = [each for each in signatures if each["role"] == HEAD]
    if not heads:
        return [say("没有主要负责人的签名。")] + ([] if signatures else [say("没有另一名经办人的签名。")])
    if not any(_two_people(head, other) for head in heads for other in signatures):
        return [say("没有另一名经办人的签名；同一人的两个签名只算一个。")]
    return []


def _is_role(role: object) -> bool:
    return isinstance(role, str) and role in ROLES


def _two_people(head: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if PAPER in (head["scheme"], other["scheme"]):  # paper names nobody: only the roles tell them apart
        return bool(other["role"] != HEAD)
    return bool(head["key"] != other["key"])


def _statement(members: Mapping[str, Any]) -> bytes | None:
    try:
        return stated(members)
    except (KeyError, TypeError, ValueError):
        return None


def _key_problems(signature: Mapping[str, Any], statement: bytes, keys: OfficerKeys) -> list[Sentence]:
    scheme, key, role = signature.get("scheme"), signature.get("key"), ROLES[signature["role"]]
    if not isinstance(scheme, str) or scheme not in schemes.SCHEMES:
        return [say("{role}的签名所用的签名方式不认识，无法核对。", role=role)]
    announced = keys.known.get(key) if isinstance(key, str) else None
    if announced is None:
        return [say("{role}的签名所用的公钥在此之前没有公布过。", role=role)]
    wrong = []
    if announced.ended:
        wrong.append(say("{role}的签名所用的密钥在此之前已经停用。", role=role))
    if (announced.role, announced.scheme) != (signature["role"], scheme):
        wrong.append(say("{role}的签名所用的密钥不是作为{role}的密钥公布的。", role=role))
    if not schemes.verifies(scheme, key, statement, signature.get("sig")):
        wrong.append(say("{role}的签名与这条存证的内容不符：内容签名后被改动过，或者不是用这把密钥签的。", role=role))  # fmt: skip
    return wrong


def _not_of_one_department(signatures: Sequence[object], keys: OfficerKeys) -> list[Sentence]:
    used = [each.get("key") for each in signatures if isinstance(each, dict)]
    found = {keys.known[key].department for key in used if isinstance(key, str) and key in keys.known}
    return [say("签名的几把密钥不属于同一个部门。")] if len(found) > 1 else []


def _announcement_problems(members: Mapping[str, Any], keys: OfficerKeys) -> list[Sentence]:
    wrong = []
    if "key" not in members and "ends" not in members:
        wrong.append(say("这条公布签名密钥的存证既没有公钥，也没有停用哪一把。"))
    if "ends" in members and (not isinstance(members["ends"], str) or keys.in_force(members["ends"]) is None):
        wrong.append(say("所停用的密钥没有公布过，或者已经停用。"))
    return wrong + (_new_key_problems(members, keys) if "key" in members else [])


def _new_key_problems(members: Mapping[str, Any], keys: OfficerKeys) -> list[Sentence]:
    key, department = members["key"], members.get("department")
    if not schemes.is_key(members.get("scheme", ED25519), key):
        return [say("所公布的公钥不是能够核对签名的公钥。")]
    wrong = []
    if not _is_role(members.get("role")) or not isinstance(department, str) or not department:
        wrong.append(say("公布签名密钥没有写明部门，或者没有写明是主要负责人的还是经办人的。"))
    before = keys.known.get(key)
    if before is not None and (before.ended or key == members.get("ends")):
        wrong.append(say("所公布的密钥已经停用，停用的密钥不能再用。"))
    elif before is not None and before.department != department:
        wrong.append(say("所公布的密钥已经是另一个部门的，请各部门各用各的密钥。"))
    return wrong
