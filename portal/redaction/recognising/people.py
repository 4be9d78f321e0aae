"""Names by the role they stand beside, and by what follows them. Pure.

A name is two or three hanzi that begin with a surname (four with a double surname or two surnames), or parts
joined by a dot. Limit: where a name runs on into other words it ends where a word begins that follows names;
a word nobody listed there makes the name one character too long, and the finding unsure.
"""

import re
from collections.abc import Iterator

from portal.redaction.recognising.finding import Finding
from portal.redaction.recognising.surnames import DOUBLE, NOT_NAMES, SINGLE

# whoever is registered is public by law for most firms: proposed, but hinders nothing
_REGISTERED = ("法定代表人", "法人代表", "负责人", "经营者", "投资人", "执行事务合伙人", "业主", "当事人")
_ROLES = (
    "联系人|联络人|户名|开户名|收款人|付款人|收件人|签收人|举报人|投诉人|申诉人|反映人|消费者|受害人|患者|伤者|死者|家属"
    "|检查人员|执法人员|检查人|执法人|经办人|承办人|办案人员|陪检人员|陪同检查人员|陪同人员|陪同人|见证人|记录人|审核人|审批人|填表人|制表人"
    "|检查组组长|检查组长|组长|组员|专家|抽样人员|抽样人|采样人员|检验员|监督员|稽查员|科长|所长|副所长|局长|副局长|主任|队长"
    "|现场负责人|质量负责人|技术负责人|安全负责人|生产负责人|食品安全管理员|食品安全总监|食品安全员|安全管理员|质量受权人|受权人"
    "|委托代理人|授权委托人|被委托人|受委托人|受托人|委托人|代理人|代表人|实际控制人|股东|监事|董事长|董事|总经理|副总经理|经理|厂长|副厂长|店长|副店长|老板|店主|摊主|房东|承租人"
    "|管理员|管理人员|主管|质检员|化验员|技术员|安全员|门卫|受访人|被询问人|被检查人|申请人|授权人|责任人|员工|店员|职工|营业员|收银员|从业人员|工作人员|操作人员|作业人员|监护人|看护人|值班员|驾驶员|司机|押运员|厨师|医师|药师|执业药师|护士|教师|学生|会计|出纳|保管员|仓管员"
    "|姓名|名叫|自称|其妻|其夫|其子|其女|其父|其母|妻子|丈夫|儿子|女儿|父亲|母亲"
)
# words that mean anybody: a name after them stands behind a colon, or ends where no doubt is left
_ANYBODY = frozenset(
    "消费者 受害人 患者 家属 专家 组长 组员 科长 所长 局长 主任 队长 董事 股东 监事 经理 厂长 老板 员工 店员 职工 营业员 从业人员 工作人员"
    " 管理员 管理人员 主管 门卫 申请人 责任人 被检查人 操作人员 作业人员 驾驶员 司机 医师 药师 护士 教师 学生 会计 出纳 检查人员 执法人员 检查人 执法人 负责人 经营者 当事人 业主 父亲 母亲 儿子 女儿 妻子 丈夫".split()
)
_CUE = re.compile(rf"(?P<role>{'|'.join(_REGISTERED)}|{_ROLES})".replace("|业主", "|(?<!行)业主"))
_LINK = re.compile(
    r"(?:\((?:负责人|经营者|签字|签名|姓名|委托代理人|现场负责人|两名|二人|2人)\)|签字|签名|姓名|名称|之一|分别)?[ :为是叫系]{0,3}"
)
_DOTS = "·•‧・."
_DOTTED = re.compile(rf"[\u4e00-\u9fff]{{1,8}}(?:[{_DOTS}][\u4e00-\u9fff]{{1,8}}){{1,3}}")
_SPACED = re.compile(r"(?P<first>[\u4e00-\u9fff]) {1,4}(?P<second>[\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_NOBODY = re.compile(
    r"(?:女士|先生|小姐|同志|师傅|老师|经理|店长|厂长|主任|老板|某|某某)$"
)  # told already, or titled
_LATIN = re.compile(r"[A-Z][A-Za-z]{1,19}(?: [A-Z][A-Za-z]{1,19}){1,3}(?![A-Za-z])")
_HANZI = re.compile(r"[\u3400-\u9fff]{1,40}")
_NEXT = re.compile(r"(?:\([^()\n]{1,60}\))?(?:[、/ ]|和|及|与|以及){1,2}")
_FIRM = re.compile(r"公司|厂|店|商行|超市|中心|合作社|院|研究所|事务所|站|馆|铺|学校|局|委员会|经营部|门市部|酒楼|食堂|作坊|集团|工作室|个体|企业|行$|部$|社$|坊$|场$")  # fmt: skip

# words that follow a name
_STOP = re.compile(
    r"在场|不在|到场|现场|陪同|签字|签名|签收|签署|表示|承认|称|说|陈述|介绍|反映|举报|投诉|提供|提交|出示|拒绝|配合|确认|解释|询问|告知"
    r"|电话|手机|联系|身份|公民|证件|性别|住址|住|家|年龄|出生|微信|邮箱|账号|帐号|卡号|职务|户籍|签|先生|女士|小姐|同志|老师|经理|店长|厂长|律师|医师|等|某"
    r"|男|女|汉族|对|的|于|是|为|将|经|已|未|没有|无法|不能|不|向|到|从|及|和|与|以|因|由|把|被|也|均|都|就|又|再|并|且|或|之|其|该|此|所"
    r"|进行|实施|开展|依法|负责|担任|持有|持|参加|参与|组织|带领|共同|一同|当场|随后|于是|委托|授权|代|本人|两人|二人|三人|使用|销售|购买|经营|驾驶|送达|办理|检查|抽样|制作|发现|指出|要求|认为|核实|查看|赴"
)
_ALSO_WORDS = frozenset("于向和由与从都那但应管时来")  # surnames that stand where a preposition stands
_NO_RARE_NAME = re.compile(
    r"[长员人者们]$|[亲家]属|经办|签字|单位|部门|同上|不详|保密|匿名|略|某$|女士$|先生$|小姐$|同志$|师傅$"
)
_WEAK = frozenset("家住的于是为将经已不向到从及和与以因由把被也都就又再并且或之其该此所代持对等某签说称")

_BEFORE_PAPERS = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,4})(?=[(,] ?(?:公民身份|身份证|身份证件|男[,)]|女[,)]|男性|女性|联系电话|手机号?))"
)
_BY = re.compile(
    r"(?:由|在|经|与|向|询问|约谈|会同)(?P<name>[\u4e00-\u9fff]{2,3})(?=的?陪同|见证下|在场|签字确认|签收|先生|女士|同志)"
)


def recognise(text: str) -> Iterator[Finding]:
    """Every name in a text that stands beside a role, a title or a paper."""
    for match in _CUE.finditer(text):
        yield from _after(text, match)
    for pattern in (_BEFORE_PAPERS, _BY):
        for match in pattern.finditer(text):
            if is_name(match["name"]):
                yield Finding(*match.span("name"), "person", True)


def is_name(words: str) -> bool:
    """Whether some hanzi can be a name and are no word of every day.

    >>> is_name("唐雪"), is_name("欧阳明月"), is_name("应当"), is_name("超市")
    (True, True, False, False)
    >>> is_name("刘女士"), is_name("张某")
    (False, False)
    """
    if _NOBODY.search(words):
        return False
    if words[:2] in DOUBLE:
        return 3 <= len(words) <= 4
    return words[:1] in SINGLE and 2 <= len(words) <= 3 and not words.startswith(NOT_NAMES)


def _after(text: str, cue: re.Match[str]) -> Iterator[Finding]:
    link = _LINK.match(text, cue.end())
    at = link.end() if link else cue.end()
    named = text[at - 1] in ":叫"
    strict = cue["role"] in _ANYBODY and not named
    sure = cue["role"] not in _REGISTERED
    while found := _name(text, at, named, strict):
        end, clear = found
        yield Finding(at, end, "person", sure and clear)
        following = _NEXT.match(text, end)
        if following is None:
            return
        at, named = following.end(), False


def _name(text: str, at: int, named: bool, strict: bool) -> tuple[int, bool] | None:
    """Where a name that begins here ends, and whether that is clear.

    :param named: a colon or 叫 stands before it, so that a rare surname is believed too.
    :param strict: nothing but a clear end is believed.
    """
    if dotted := _DOTTED.match(text, at):
        return _end_of_dotted(dotted), True
    if named and (latin := _LATIN.match(text, at)):
        return latin.end(), True
    if named and (spaced := _SPACED.match(text, at)) and is_name(spaced["first"] + spaced["second"]):
        return spaced.end(), True
    run = _HANZI.match(text, at)
    if run is None:
        return None
    words = run[0]
    if len(words) <= 4 and is_name(words):
        return run.end(), True
    length, weak = _length(words)
    if length:
        return at + length, not (strict and weak)
    if named and 2 <= len(words) <= 3 and not _NO_RARE_NAME.search(words) and not words.startswith(NOT_NAMES):
        return None if _STOP.match(words) else (run.end(), False)
    doubtful = strict or words[0] in _ALSO_WORDS or _FIRM.search(words) or len(words) <= 4
    return None if doubtful or not is_name(words[:3]) else (at + 3, False)


def _end_of_dotted(match: re.Match[str]) -> int:
    """The last part of a dotted name ends before a word that follows names."""
    last = max(match[0].rfind(dot) for dot in _DOTS) + 1
    cuts = (at for at in range(last + 2, len(match[0])) if _STOP.match(match[0], at))
    return match.start() + next(cuts, len(match[0]))


def _length(words: str) -> tuple[int, bool]:
    """How many hanzi at the front of a longer run are a name: up to a word that follows names.

    And whether that word is a weak one, such as 的, that follows everything.
    """
    lengths = (4, 3) if words[:2] in DOUBLE else (3, 2)
    fitting = []
    for length in lengths:
        stop = _STOP.match(words, length)
        if stop is None or not is_name(words[:length]):
            continue
        weak = stop[0] in _WEAK
        if weak and (words[0] in _ALSO_WORDS or _FIRM.search(words)):
            continue
        fitting.append((weak, length))
    weak, length = min(fitting, key=lambda each: (each[0], -each[1])) if fitting else (True, 0)
    return length, weak
