"""The room of systems that push, as the application takes it in."""

from portal.web.push import records
from portal.web.push.room import push

ADDRESSES = (records,)

__all__ = ["ADDRESSES", "push"]
