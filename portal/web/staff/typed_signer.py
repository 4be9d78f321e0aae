"""What signs, by what a form holds: a passphrase, or a signature made elsewhere. Kept nowhere."""

from flask import request

from portal.people.signing_keys import Elsewhere, Signer
from portal.web.staff.known import unlocked, why_not_fresh
from portal.words import Sentence


def typed_signer() -> tuple[Signer | None, list[Sentence]]:
    """What signs, by what was typed: a passphrase opens one's key, a signature was made elsewhere; or why not."""
    passphrase, signature = request.form.get("passphrase", ""), request.form.get("signature", "").strip()
    if not passphrase and not signature:
        return None, []
    reasons = why_not_fresh(request.form.get("password", ""))
    if reasons:
        return None, reasons
    return (Elsewhere(signature), []) if signature else unlocked(passphrase)
