"""Why somebody objects, in a shopkeeper's words first; and the only three reasons not to take an objection on."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.words import Sentence, say


@dataclass(frozen=True)
class Ground:
    """One ground of an objection.

    :param label: in the words of the person who objects.
    :param hint: what it covers, or what choosing it leads to.
    :param term: the office's word for it.
    """

    code: str
    label: Sentence
    hint: Sentence
    term: Sentence


def _by_code(*grounds: Ground) -> Mapping[str, Ground]:
    return {each.code: each for each in grounds}


GROUNDS = _by_code(
    Ground("not_us", say("查的不是我家"), say("名称或地址相近，弄错了对象"), say("检查对象有误")),
    Ground("not_so", say("记录与事实不符"), say("写的和当时的情况不一样"), say("认定事实有误")),
    Ground("wrong_rule", say("用错了规定"), say("依据的条款不适用，或者已经失效"), say("适用依据有误")),
    Ground("wrong_way", say("检查程序有问题"), say("检查时少于2人、没有出示证件等"), say("程序不当")),
    Ground("undisclosable", say("写了不该公开的"), say("涉及商业秘密、个人信息，可先暂停公示"), say("应隐去未隐去")),
    Ground("overhidden", say("不该隐去的被隐去了"), say("请求公开依法隐去的内容"), say("不应隐去而隐去")),
    Ground("put_right", say("我已经改好了"), say("另记一笔改正情况，与原结果并列公示"), say("整改后再次录入")),
    Ground("other", say("其他"), say("上面没有的，在下面写明"), say("其他")),
)  # fmt: skip

UNDISCLOSABLE, PUT_RIGHT = "undisclosable", "put_right"  # lead to a hold (W1), to a second entry (D14)
OF_SCOPE = (UNDISCLOSABLE, "overhidden")  # lead to an adjustment of scope (W1)

# never for missing papers: those are asked for, once
NOT_ACCEPTED: Mapping[str, Sentence] = {
    "not_party": say("申请人不是被检查对象，也不是其代理人"),
    "other_body": say("所涉结果由其他机关作出"),
    "same_grounds": say("同一事实和理由已经复查过"),
}

OUTCOME_LABELS: Mapping[str, Sentence] = {
    "corrected": say("更正"),
    "partly_corrected": say("部分更正"),
    "maintained": say("原结果无误，不予更正"),
    "not_accepted": say("不予受理"),
    "passed_on": say("已转送有权机关"),
    "withdrawn": say("申请人撤回"),
}

STATE_LABELS: Mapping[str, Sentence] = {
    "received": say("已收件"),
    "supplement_asked": say("补正中"),
    "supplemented": say("已补正"),
    "not_supplemented": say("未补正"),
    "rechecking": say("复查中"),
    "decision_drafted": say("待签署"),
    "signed": say("已签署，待送达"),
    "delivered": say("已送达"),
    "closed": say("已办结"),
    "not_accepted": say("不予受理"),
    "passed_on": say("已转送"),
    "withdrawn": say("已撤回"),
}

CHANNEL_LABELS: Mapping[str, Sentence] = {
    "online": say("网上"),
    "counter": say("窗口"),
    "post": say("邮寄"),
    "oral": say("口头"),
}

METHOD_LABELS: Mapping[str, Sentence] = {
    "electronic": say("电子送达"),
    "post": say("邮寄送达"),
    "hand": say("直接送达"),
}

REMEDIES = say("提出异议不影响您依法申请行政复议或者提起行政诉讼，有关期限不因此中止。")
