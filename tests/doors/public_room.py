"""What tests of the public pages share."""

import json
import re
from collections.abc import Callable

from bs4 import BeautifulSoup

Page = Callable[..., BeautifulSoup]


def words(soup: BeautifulSoup) -> str:
    """What a page, or a part of it, says."""
    return soup.get_text(" ", strip=True)


def without_tombstones(body: bytes) -> bytes:
    """A feed without what it says of ids that are gone anywhere, and of when that was."""
    if b"jsonfeed.org/version" in body[:100]:
        said = json.loads(body)
        return json.dumps({name: said[name] for name in said if name != "_tombstones"}).encode()
    for taken_out in (rb' xmlns:at="[^"]*"', rb"\s*<at:deleted-entry [^>]*/>", rb"<updated>[^<]*</updated>"):
        body = re.sub(taken_out, b"", body)
    return body
