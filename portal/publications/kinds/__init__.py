"""The four kinds, by name and by the plural of their address."""

from portal.publications.fields import Kind
from portal.publications.kinds.item_list import LIST
from portal.publications.kinds.plan import PLAN
from portal.publications.kinds.result import RESULT
from portal.publications.kinds.task import TASK

KINDS: dict[str, Kind] = {kind.name: kind for kind in (LIST, PLAN, TASK, RESULT)}
BY_PLURAL: dict[str, Kind] = {kind.plural: kind for kind in KINDS.values()}
BY_PREFIX: dict[str, Kind] = {kind.prefix: kind for kind in KINDS.values()}
