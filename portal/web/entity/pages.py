"""The objector's room as the application takes it in: the blueprint with every page on it."""

from portal.web.entity import declaring, following, identity, mishaps, opinion, prior, receiving
from portal.web.entity.room import entity

PAGES = (receiving, following, identity, prior, opinion, declaring, mishaps)

__all__ = ["PAGES", "entity"]
