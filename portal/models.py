"""Every table of the house in one place, for the application and for migrations."""

from portal.attachments import models as attachments
from portal.codes import models as codes
from portal.concerns import models as concerns
from portal.deadlines import models as deadlines
from portal.draws import models as draws
from portal.erasing import models as erasing
from portal.following import models as following
from portal.intake import models as intake
from portal.jobs import models as jobs
from portal.ledger import models as ledger
from portal.objections import models as objections
from portal.outbox import models as outbox
from portal.people import models as people
from portal.prior_notice import models as prior_notice
from portal.publications import declared as declared  # tables beside publications/models.py
from portal.publications import looks as looks
from portal.publications import models as publications
from portal.publications import prior as prior
from portal.publications import signed as signed
from portal.registries import models as registries
from portal.statistics import models as statistics

__all__ = [
    "attachments",
    "codes",
    "concerns",
    "deadlines",
    "draws",
    "erasing",
    "following",
    "intake",
    "jobs",
    "ledger",
    "objections",
    "outbox",
    "people",
    "prior_notice",
    "publications",
    "registries",
    "statistics",
]
