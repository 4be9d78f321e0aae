"""Every setting, typed, from ``PORTAL_*`` environment variables; all optional for the demo."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from portal.words import Sentence, say

DEMO_KEY = "demo-key-never-used-in-production"


@dataclass(frozen=True)
class Settings:
    """One value per environment variable ``PORTAL_<NAME IN CAPITALS>``."""

    env: str = "demo"
    secret_key: str = DEMO_KEY
    database_url: str = ""
    public_database_url: str = ""
    var: Path = field(default_factory=lambda: Path("var"))
    index_dir: Path = field(default_factory=lambda: Path("search_index"))
    search_engine: str = "whoosh"
    profile: str = "shili"
    base_url: str = "http://127.0.0.1:8000"
    worker: bool = True
    proxies: int = 0  # in front of the site, each adding to X-Forwarded-For; else all visitors look like one
    place: str = "示例市"
    place_en: str = "Shili City"
    host_office: str = "示例市“双随机、一公开”监管联席会议办公室"
    host_office_en: str = "Joint Conference Office for Double-Random Inspection, Shili City"
    contact: str = "0000-1234567"
    contact_hours: str = "工作日 9:00—17:00"
    icp_number: str = ""
    police_number: str = ""
    site_code: str = ""
    security_contact: str = ""  # mailto:… or https://…, for /.well-known/security.txt; unset: no such file
    mail_url: str = ""  # smtp://user:password@host:587?starttls=1 or smtps://…; unset: mail is kept
    mail_from: str = ""
    digest_hour: int = 8  # in China, when digests of what readers follow go out; weekly ones on Mondays
    websub_hub: str = ""  # a WebSub hub that is told when a feed changes; unset: no feed names one
    sms_url: str = ""  # takes {"phone": …, "text": …} by POST; unset: text messages are kept
    sms_token: str = ""
    oidc_issuer: str = ""  # the OpenID provider where an entity can sign in; unset: no such way
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_label: str = "统一身份认证"
    oidc_label_en: str = "unified sign-in"
    oidc_claim: str = "uscc"  # that holds the entity's unified social credit code
    oidc_scope: str = "openid"  # and whatever the provider wants asked for that claim
    own_draws: bool = False  # 仅供无统一平台的单位使用: where there is one, the draw belongs to it (D10)
    draw_minutes: int = 30  # from the commitment to the round that decides it, unless somebody says otherwise
    drand_url: str = (
        ""  # a drand relay that the office's network reaches; unset: rounds are pasted or uploaded
    )
    log_key: Path | None = None  # the folder of the log's signing key, outside the database; var/log_key
    search_rows: int = (
        50_000  # publications that a search gives as one file; beyond that there are bulk files
    )
    exports: Path | None = None  # the folder of the nightly bulk files; var/exports
    exports_kept_days: int = (
        7  # until an edition of them is taken away; what holds words now off goes at once
    )
    page_cache_mb: int = (
        64  # of memory per process for public pages as they were answered; 0: each is made anew
    )
    max_upload_mb: int = 64
    page_size: int = 20

    def __post_init__(self) -> None:
        if not 0 <= self.digest_hour <= 23:
            raise ValueError("PORTAL_DIGEST_HOUR is an hour of the day, 0 to 23")
        if self.page_cache_mb < 0:
            raise ValueError("PORTAL_PAGE_CACHE_MB is a number of megabytes; 0 keeps no pages")

    @property
    def database(self) -> str:
        """The database's address; SQLite under ``var`` unless one is set."""
        return self.database_url or f"sqlite:///{(self.var / 'portal.db').resolve()}"

    @property
    def evidence_dir(self) -> Path:
        """Where the files stand that people hand in."""
        return self.var / "evidence"

    @property
    def quarantine_dir(self) -> Path:
        """Where attachments stand as they came; no address leads there."""
        return self.var / "quarantine"

    @property
    def public_files_dir(self) -> Path:
        """Where the copies of attachments stand that were made for the public."""
        return self.var / "public_files"

    @property
    def log_key_dir(self) -> Path:
        """Where the log's signing key stands, and what the signer remembers."""
        return self.log_key or self.var / "log_key"

    @property
    def log_dir(self) -> Path:
        """Where the log's tiles stand as files, for mirrors and plain web servers."""
        return self.var / "log"

    @property
    def exports_dir(self) -> Path:
        """Where the nightly bulk files stand, a folder for each edition."""
        return self.exports or self.var / "exports"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def is_production(self) -> bool:
        return self.env == "production"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, converting each to its field's type.

    :raises ValueError: when a variable does not fit its type.
    """
    given: dict[str, object] = {}
    for each in fields(Settings):
        text = environ.get(f"PORTAL_{each.name.upper()}")
        if text is not None:
            given[each.name] = _convert(text, each.type)
    return Settings(**given)  # type: ignore[arg-type]


def _convert(text: str, kind: object) -> object:
    if kind is bool:
        return text.strip().lower() in {"1", "true", "yes", "on"}
    if kind is int:
        return int(text)
    if kind in (Path, Path | None):
        return Path(text)
    return text


def unsafe(settings: Settings) -> list[Sentence]:
    """Why these settings may not serve in production; empty means they may."""
    if not settings.is_production:
        return []
    reasons = []
    if settings.secret_key == DEMO_KEY or len(settings.secret_key) < 32:
        reasons.append(say("PORTAL_SECRET_KEY 须是至少32个字符的密钥，请用随机数生成，并妥善保管。"))
    if not settings.is_sqlite and not settings.public_database_url:
        reasons.append(
            say("PORTAL_PUBLIC_DATABASE_URL 须写明另一个数据库角色的地址，公众页面只用这个角色读取。")
        )
    if settings.websub_hub and not settings.websub_hub.startswith("https://"):
        reasons.append(say("PORTAL_WEBSUB_HUB 须是 https:// 开头的网址。"))
    if not settings.base_url.startswith("https://"):
        reasons.append(say("PORTAL_BASE_URL 须是本站以 https:// 开头的网址。"))
    return [*reasons, *_unsafe_provider(settings)]


def _unsafe_provider(settings: Settings) -> Iterator[Sentence]:
    if not settings.oidc_issuer:
        return
    if not settings.oidc_issuer.startswith("https://"):
        yield say("PORTAL_OIDC_ISSUER 须是统一身份认证以 https:// 开头的网址。")
    if not settings.oidc_client_id or not settings.oidc_client_secret:
        yield say(
            "PORTAL_OIDC_CLIENT_ID 和 PORTAL_OIDC_CLIENT_SECRET 须填写统一身份认证发给本站的标识和密钥。"
        )
