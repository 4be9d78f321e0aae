"""The engines by the name that ``PORTAL_SEARCH_ENGINE`` gives."""

from collections.abc import Callable
from pathlib import Path

from portal.search.engine import Engine
from portal.search.engines.tantivy import TantivyEngine
from portal.search.engines.whoosh import WhooshEngine
from portal.search.folder import IndexFolder
from portal.settings import Settings

ENGINES: dict[str, Callable[[Path], Engine]] = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}


def open_folder(settings: Settings) -> IndexFolder:
    """The index folder of the engine that the settings name.

    :raises ValueError: when there is no such engine.
    """
    if settings.search_engine not in ENGINES:
        raise ValueError(f"PORTAL_SEARCH_ENGINE must be one of {', '.join(sorted(ENGINES))}.")
    return IndexFolder(settings.index_dir / settings.search_engine, ENGINES[settings.search_engine])
