"""A private key under a passphrase."""

from portal.people.wrapping import generated, unwrap

PASSPHRASE = "更正须签名 两个人 2026"


def test_the_passphrase_opens_the_key_and_nothing_else_does() -> None:
    opened, kept = generated(PASSPHRASE)
    again = unwrap(kept, opened.key, PASSPHRASE)
    assert again is not None
    assert again.sign(b"statement") == opened.sign(b"statement")
    assert unwrap(kept, opened.key, PASSPHRASE + " ") is None


def test_however_the_keyboard_composes_its_letters_the_passphrase_is_the_same() -> None:
    opened, kept = generated("signé et scellé ２０２６")
    assert unwrap(kept, opened.key, "signe\u0301 et scelle\u0301 2026") is not None


def test_a_wrapped_key_moved_to_another_opens_nothing() -> None:
    _one, kept = generated(PASSPHRASE)
    other, _kept = generated(PASSPHRASE)
    assert unwrap(kept, other.key, PASSPHRASE) is None


def test_neither_the_passphrase_nor_the_key_can_be_read_where_it_is_kept() -> None:
    opened, kept = generated(PASSPHRASE)
    assert PASSPHRASE not in kept
    assert opened.key not in kept
    assert "private" in repr(opened).lower() or "Opened object" in repr(opened)
    assert generated(PASSPHRASE)[1] != kept


def test_what_is_no_wrapped_key_or_asks_for_all_memory_opens_nothing() -> None:
    opened, kept = generated(PASSPHRASE)
    for odd in ("", "x", "scrypt$1$2$3", kept.replace("scrypt$4$", "scrypt$40$"), kept[:-8] + "AAAAAAA="):
        assert unwrap(odd, opened.key, PASSPHRASE) is None
