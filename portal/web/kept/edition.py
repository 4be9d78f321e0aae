"""Which edition of the site this is: its code, templates, words and settings, as one short name.

Whatever of these changes, every page may; so every tag that a reader holds is then an old one.
"""

from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from portal.files import site_path
from portal.settings import Settings

CODE = Path(__file__).resolve().parents[2]
PARTS = ("*.py", "*.html", "*.xml", "*.css", "*.js", "*.svg", "*.mo", "*.csv", "*.toml", "*.json")


@cache
def edition(settings: Settings) -> str:
    """The same on every node that serves the same code with the same settings; read once per process."""
    told = replace(
        settings, secret_key="", database_url="", public_database_url="", mail_url="", sms_url="", sms_token="",
        oidc_client_secret="", var=Path(), index_dir=Path(), log_key=None, exports=None,
        page_cache_mb=0, worker=False, proxies=0,
    )  # fmt: skip
    return sha256(f"{_code()}{told!r}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    digest = sha256()
    for folder in (CODE, site_path("templates"), site_path("static"), site_path("translations")):
        for path in sorted(each for part in PARTS for each in folder.rglob(part)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
