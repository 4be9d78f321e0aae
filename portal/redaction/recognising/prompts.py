"""Words that may tell a trade secret, and words that tell a risk class (W2). Pure.

A trade secret is none by its words: the firm's measures and the value to others decide (反不正当竞争法). What is
found here is a prompt to look, never sure. A risk class is sure: 国市监信发〔2022〕6号 makes it the inspectors' own
reference (信用风险低 A、一般 B、较高 C、高 D), and W2 keeps it, and what it can be inferred from, from the public.
"""

import re
from collections.abc import Iterator

from portal.redaction.recognising.finding import Finding

_SECRET = re.compile(
    r"(?:(?:产品|生产|原料|专有|独家|保密|核心|食品)?(?:配方|配比(?!例)|秘方)|(?:生产|加工|制作|核心|独家|专有|保密)?工艺(?:流程|参数|配方|路线)"
    r"|客户(?:名单|名册|名录|资料|信息|清单)|(?:进货|采购|成本|底|出厂|供货|结算|批发)价(?:格)?|进货(?:渠道|成本)|供应商(?:名单|名册|名录|清单|名称|为|是|:)"
    r"|(?:设计|技术|工程|产品|模具)?图纸|技术(?:参数|秘密|诀窍|方案|资料)|源代码|源程序|(?:投标)?(?:标底|底价|报价)|毛利率?|净利润|利润率|销售额|营业收入|商业秘密|专有技术|保密协议)"
    r"[^,。;:\n]{0,4}[:为是]?[^,。;\n]{0,30}"
)

_CLASS = r"(?:[A-E](?![0-9A-Za-z])|I{1,3}V?|IV|[一二三四1-4](?=[级类])|最高|较高|较低|中高|中低|高|中等|中|低|一般)"
_ASIDE = r"[“”\"' (:为是系属于在评定被列划分]{0,6}"
_RISK = re.compile(
    rf"(?:企业|主体)?信用风险(?:分类分级|等级|级别|类别|分类|分级|评级|评价|状况)?(?:结果)?{_ASIDE}{_CLASS}[”\"')]?(?:风险)?[级类等]?(?:风险)?(?:企业|主体)?"
    rf"|风险(?:等级|类别|级别|分级|分类|评级)(?:结果)?{_ASIDE}{_CLASS}[”\"')]?(?:风险)?[级类等]?"
    r"|[A-E] ?[\(]?(?:[级类等]+[\)]?(?:信用)?风险|\((?:高|中高|较高|中|一般|较低|低)风险\))(?:[级类等]{1,2})?(?:企业|市场主体|主体|户|对象|单位)?"
    r"|(?:高|中高|较高|中等|中|较低|中低|低|一般)(?:信用)?风险(?:等级|类别|级别|类|级)?(?:的)?(?:企业|市场主体|主体|商户|户|经营者|检查对象|对象|单位)"
    r"|(?:高|中高|较高|中等|中|较低|中低|低|一般)信用风险"
    r"|信用风险(?:高|较高|一般|较低|低)"
)
_OPEN_RISK = re.compile(r"(?:企业|主体)?信用风险(?:分类|分级|等级|级别|类别|评级|分层)(?!管理)")


def recognise(text: str) -> Iterator[Finding]:
    """Every prompt and every risk class in a text."""
    for match in _SECRET.finditer(text):
        yield Finding(*match.span(), "secret", False)
    if "风险" not in text:
        return
    for match in _RISK.finditer(text):
        yield Finding(*match.span(), "risk", True)
    for match in _OPEN_RISK.finditer(text):
        yield Finding(*match.span(), "risk", False)
