"""Visitors behind a proxy: each is throttled for their own guesses, and for nobody else's."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.publications.models import Publication
from portal.settings import Settings
from tests.conftest import Visit
from tests.doors.objectors_room import Shopkeeper


@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_known_proxy_one_visitors_guesses_do_not_lock_out_another(
    settings: Settings, session: Session, result: Publication, proxies: int
) -> None:
    """What a visitor writes in front of the proxy's own word counts for nothing."""
    site = create_app(replace(settings, proxies=proxies))
    site.test_client_class = Visit

    def phone() -> Shopkeeper:
        return Shopkeeper(site.test_client(), session, str(result.number))

    receipt, code = phone().file()
    for guess in range(5):
        forwarded = {"X-Forwarded-For": f"192.0.2.{guess}, 198.51.100.7"}
        assert phone().open(f"YY-2026-9{guess:03}", "2222-2222", headers=forwarded).status_code == 422
    for address, let_in in (("198.51.100.7", False), ("203.0.113.9", proxies == 1)):
        answer = phone().open(receipt, code, headers={"X-Forwarded-For": address})
        assert (answer.status_code == 303) == let_in, address
