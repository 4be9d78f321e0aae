"""The result that somebody objects to, in released words alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.objections.filing import publication_objected
from portal.publications import queries
from portal.publications.models import Face
from portal.redaction.masking import has_marker

TESTED = "sampling"  # 检验检测, 抽样检测: the code of the method in its table


@dataclass(frozen=True)
class Subject:
    """A result as the public may see it.

    :param items: its released rows; none while its words are off.
    """

    number: str
    department: Department
    face: Face
    items: Sequence[Mapping[str, Any]]

    @property
    def live(self) -> bool:
        return self.face.live

    @property
    def names_the_entity(self) -> bool:
        """Whether the objector needs not say which firm this is about."""
        return bool(self.face.entity_name) and not has_marker(self.face.entity_name)

    @property
    def tested(self) -> bool:
        """Whether a laboratory said so: its finding has a re-test term of its own, under other law."""
        return any(_is_test(each) for row in self.items for each in _methods(row))


def subject_of(session: Session, number: str) -> Subject | None:
    """The result that a number names; None when none does, or one was never public."""
    publication = publication_objected(session, number) if len(number) <= 32 else None
    face = queries.face(session, number) if publication is not None else None
    if publication is None or face is None:
        return None
    department = session.get_one(Department, publication.department_code)
    return Subject(number, department, face, _items(session, face))


def _items(session: Session, face: Face) -> Sequence[Mapping[str, Any]]:
    release = queries.release(session, face.number, face.version) if face.live else None
    if release is None or release.body is None:
        return ()
    return queries.fields_of(release).get("items") or ()


def _methods(row: Mapping[str, Any]) -> Sequence[Any]:
    methods = row.get("methods")
    return methods if isinstance(methods, list) else ()


def _is_test(method: Any) -> bool:
    return isinstance(method, Mapping) and method.get("code") == TESTED
