"""The people of the tests. All are invented; each is here for one reason, given beside the name."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.people.acts import add_person, give_role
from portal.people.models import Person

PASSWORD = "松间明月 石上清泉 2026"  # everybody's; long enough for the sign-in rules


@dataclass(frozen=True)
class Member:
    """Somebody of the cast before the database knows them."""

    username: str
    name: str
    department: str
    roles: tuple[str, ...]


DEPARTMENTS = (
    Department(
        code="scjg",
        label="示例市市场监督管理局",
        short="市市场监管局",
        label_en="Shili City Administration for Market Regulation",
        document_prefix="示市监",
        phone="0000-1234567",
    ),
    Department(
        code="yjgl",
        label="示例市应急管理局",
        short="市应急局",
        label_en="Shili City Emergency Management Bureau",
        document_prefix="示应急",
        phone="0000-2345678",
    ),
    Department(
        code="wlj",
        label="示例市文化和旅游局",
        short="市文旅局",
        label_en="Shili City Bureau of Culture and Tourism",
        document_prefix="示文旅",
        phone="0000-4567890",
    ),
    Department(
        code="lxb",
        label="示例市“双随机、一公开”监管联席会议办公室",
        short="市联席办",
        label_en="Joint Conference Office for Double-Random Inspection, Shili City",
        document_prefix="示联办",
        phone="0000-3456789",
    ),
)

MEMBERS = {
    # the department of most stories, 示例市市场监督管理局
    "he": Member("hezhiyuan", "何知远", "scjg", ("drafter",)),  # writes drafts and imports files
    "song": Member("songqinghe", "宋清和", "scjg", ("reviewer",)),  # the second person of every publication
    "lin": Member("linwangshu", "林望舒", "scjg", ("head",)),  # signs corrections and withdrawals (O2)
    "shen": Member("shenyiheng", "沈亦衡", "scjg", ("recheck",)),  # re-checks, was at no inspection (O6)
    "lu": Member("luxingzhou", "陆行舟", "scjg", ("recheck",)),  # the second re-checker that O6 asks for
    "zhou": Member("zhouyining", "周以宁", "scjg", ("duty",)),  # may hold a publication at any hour
    "bai": Member(
        "baishuyan", "白书言", "scjg", ("drafter", "reviewer")
    ),  # two roles, still not her own reviewer
    # a second department, 示例市应急管理局: sees nothing of the first one's drafts
    "fang": Member("fangruogu", "方若谷", "yjgl", ("drafter",)),  # answers for his own sheet (D15)
    "qi": Member("qimubai", "祁慕白", "yjgl", ("reviewer",)),  # may not review for another department
    "qin": Member("qinshiyu", "秦时雨", "yjgl", ("head",)),  # signs for her own department only
    "tang": Member("tangruoshui", "唐若水", "yjgl", ("recheck",)),  # re-checks for a neighbour that asks
    # an office of three, 示例市文化和旅游局: whoever may re-check drafted or reviewed the result
    "su": Member("sujianwei", "苏见微", "wlj", ("drafter", "recheck")),  # enters everything
    "pei": Member("peizhizhang", "裴知章", "wlj", ("reviewer", "recheck")),  # agrees to everything
    "ning": Member("ninghuaiyuan", "宁怀远", "wlj", ("head", "duty")),  # signs, and records exceptions
    # the joint-conference office and the three administrators, who exclude each other
    "gu": Member("gunanxing", "顾南星", "lxb", ("coordinator",)),  # reads every department, acts for none
    "jiang": Member("jiangyingxue", "江映雪", "lxb", ("sysadmin",)),  # settings, never records
    "zhong": Member("zhongmingyuan", "钟鸣远", "lxb", ("secadmin",)),  # people and roles, never his own
    "qiao": Member("qiaoanran", "乔安然", "lxb", ("auditor",)),  # looks on
}


class Cast:
    """The members as rows of one session: ``cast.he``, ``cast.song`` …"""

    he: Person
    song: Person
    lin: Person
    shen: Person
    lu: Person
    zhou: Person
    bai: Person
    fang: Person
    qi: Person
    qin: Person
    tang: Person
    su: Person
    pei: Person
    ning: Person
    gu: Person
    jiang: Person
    zhong: Person
    qiao: Person

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Person:
        if name not in MEMBERS:
            raise AttributeError(f"nobody in the cast is called {name!r}: see tests/cast.py")
        wanted = sa.select(Person).where(Person.username == MEMBERS[name].username)
        return self._session.scalars(wanted).one()


def bring_on(session: Session) -> None:
    """Add the departments and everybody of the cast, with their roles."""
    for department in DEPARTMENTS:
        session.merge(department)
    session.flush()
    for member in MEMBERS.values():
        person = add_person(session, member.username, member.name, member.department, PASSWORD, by=None)
        for role in member.roles:
            give_role(session, person, role, by=None)
