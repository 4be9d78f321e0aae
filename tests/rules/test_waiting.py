"""Everything that somebody can wait for stands in the register; what does not, says why nobody waits."""

from portal.people.roles import ACTS, ROLES
from portal.waiting.register import NOBODY_WAITS, SOURCES
from portal.web.staff import waiting_pages


def waited_for() -> set[str]:
    return {act for source in SOURCES for act in source.acts}


def test_every_act_has_a_source_or_a_reason_why_nobody_waits() -> None:
    assert set(ACTS) == waited_for() | set(NOBODY_WAITS)
    assert not waited_for() & set(NOBODY_WAITS)


def test_no_source_is_called_as_another() -> None:
    names = [source.name for source in SOURCES]
    assert len(names) == len(set(names))
    labels = [str(source.label) for source in SOURCES]
    assert len(labels) == len(set(labels))


def test_every_source_waits_for_a_role_that_has_a_desk() -> None:
    business = {role.name for role in ROLES.values() if not role.alone}
    for source in SOURCES:
        assert ACTS[source.acts[0]].roles & business, source.name
        assert source.todo.endswith("。"), source.name


def test_every_source_has_a_page_with_all_of_it_except_alarms_and_signatures() -> None:
    on_the_desk_itself = {"alarm", "holds", "co_sign", "sheets"}
    assert {source.name for source in SOURCES} == set(waiting_pages._ALL) | on_the_desk_itself
