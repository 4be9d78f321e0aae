"""Every table of the house in one place, for the application and for migrations."""

from portal.codes import models as codes
from portal.concerns import models as concerns
from portal.intake import models as intake
from portal.ledger import models as ledger
from portal.people import models as people
from portal.publications import models as publications
from portal.statistics import models as statistics

__all__ = ["codes", "concerns", "intake", "ledger", "people", "publications", "statistics"]
