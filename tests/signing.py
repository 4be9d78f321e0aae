"""The log's key in tests: made once, so that every test's acts are signed."""

from portal.ledger.notes import SignerKey
from portal.settings import Settings

LOG_KEY = SignerKey("127.0.0.1:8000/log", bytes(range(32)))


def give_log_key(settings: Settings) -> None:
    """As ``portal log key`` would, but the same key for everybody."""
    settings.log_key_dir.mkdir(parents=True)
    (settings.log_key_dir / "key").write_text(LOG_KEY.secret())
