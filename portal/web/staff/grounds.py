"""隐去理由 as the person reads them: in Chinese as the markers have them, in English as the code table has them."""

from collections.abc import Mapping

from portal.codes.book import CodeBook
from portal.db import db
from portal.redaction.masking import GROUNDS
from portal.web.rendering import in_english


def grounds() -> Mapping[str, str]:
    """The label of each ground by its code."""
    if not in_english():
        return GROUNDS
    book = CodeBook.load(db.session())
    return {code: book.english("redaction_ground", code) for code in GROUNDS}
