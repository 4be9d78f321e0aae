"""Which machines serve this database, each with an index of its own. Internal."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Node(Base):
    """One machine, as it last told of itself. Stays until an administrator says that the machine is gone."""

    __tablename__ = "nodes"

    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    index_entry: Mapped[int]  # up to which ledger line its index follows; −1 when there is none
    clear_to: Mapped[int]  # no copy of its index from before this ledger line lies there any more
    edition: Mapped[str] = mapped_column(sa.String(40))  # of the program
    key_print: Mapped[str] = mapped_column(sa.String(16))  # tells whether two have the same secret key
    folders: Mapped[dict[str, Any]]  # by what each of the folders is known that all must share
    seen_at: Mapped[datetime]
