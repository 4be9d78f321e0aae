"""Mail over TLS, with a password: to a server whose certificate is trusted, and to no other."""

import datetime
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.outbox.carriers import SmtpCarrier, smtp_carrier
from portal.outbox.models import Message
from tests.carrying import Sink, mail_server

SENDER = "noreply@example.com"

Trust = Callable[[], None]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "t")]),
    )
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    encodings = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*encodings))
    return file


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def authenticate(
    server: object, session: object, envelope: object, mechanism: str, given: object
) -> AuthResult:
    fits = isinstance(given, LoginPassword) and (given.login, given.password) == (b"portal", b"ge/heim")
    return AuthResult(success=fits, handled=False)


def send(carrier: SmtpCarrier) -> None:
    message = Message(
        key="k", channel="email", to_address="wang@example.com", to_name="", subject="收到", body="收到。"
    )
    assert carrier.send(message) == "sent"


def test_starttls_and_a_password(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink, context = Sink(), server_context(certificate)
    with mail_server(
        sink, tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True
    ) as port:
        right = smtp_carrier(f"smtp://portal:ge%2Fheim@127.0.0.1:{port}?starttls=1", SENDER)
        wrong = smtp_carrier(f"smtp://portal:geheim@127.0.0.1:{port}?starttls=1", SENDER)
        with pytest.raises(ssl.SSLCertVerificationError):
            send(right)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(OSError, match="535"):
            send(wrong)
        assert not sink.envelopes
        send(right)
    assert len(sink.envelopes) == 1


def test_implicit_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    with mail_server(sink, ssl_context=server_context(certificate)) as port:
        carrier = smtp_carrier(f"smtps://127.0.0.1:{port}", SENDER)
        with pytest.raises(ssl.SSLCertVerificationError):
            send(carrier)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(carrier)
    assert len(sink.envelopes) == 1
