"""What tests of the public pages share."""

from collections.abc import Callable

from bs4 import BeautifulSoup

Page = Callable[..., BeautifulSoup]


def words(soup: BeautifulSoup) -> str:
    """What a page, or a part of it, says."""
    return soup.get_text(" ", strip=True)
