"""``portal draw``: commit, run, reveal; and verify, without a database."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import main
from portal.draws import facing
from portal.draws.models import Draw
from portal.settings import Settings
from tests.cast import Cast
from tests.drawing import DRAND
from tests.drawn import (
    AFTER,
    BEFORE,
    TASK_NO,
    drawn_through,
    fill_registries,
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, own_draws=True)


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session)


def test_a_draw_by_commands(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session.commit()
    monkeypatch.setenv("PORTAL_VAR", str(settings.var))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database)
    monkeypatch.setenv("PORTAL_OWN_DRAWS", "1")
    asked = f"draw commit --by hezhiyuan --task {TASK_NO} --title 抽查 --item 'B05 食品经营' --rule 10% --minutes 60"
    committing = shlex.split(asked)
    with clock.at(BEFORE):
        told = CliRunner().invoke(main, committing)
    assert told.exit_code == 0, told.output
    assert "名录库40户" in told.output and "由drand-quicknet:657413决定" in told.output
    draw = session.scalars(sa.select(Draw)).one()
    number = str(draw.id)
    session.rollback()
    (tmp_path / "round.json").write_text(json.dumps(DRAND["rounds"][0]))
    with clock.at(AFTER):
        told = CliRunner().invoke(
            main, ["draw", "run", number, str(tmp_path / "round.json"), "--by", "hezhiyuan"]
        )
        assert (told.exit_code, "已抽取4户" in told.output) == (0, True), told.output
        told = CliRunner().invoke(main, ["draw", "reveal", number, "--by", "hezhiyuan"])
        assert (told.exit_code, "只有名单已经锁定" in told.output) == (1, True)
    monkeypatch.setenv("PORTAL_OWN_DRAWS", "0")
    told = CliRunner().invoke(main, committing)
    assert (told.exit_code, "仅供无统一平台的单位使用" in told.output) == (1, True)


def test_a_bundle_is_checked_without_a_database(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draw = drawn_through(session, cast)
    made = dict(facing.bundle(session, draw))
    (tmp_path / "draw.json").write_text(json.dumps(made | {"drawn": made["drawn"].split("\n", 1)[1]}))
    (tmp_path / "other.json").write_text("{}")
    monkeypatch.setenv("PORTAL_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / "var"))
    asked = CliRunner().invoke(main, ["draw", "verify", str(tmp_path / "draw.json")])
    assert asked.exit_code == 1 and "没有的对象有1个" in asked.output
    assert CliRunner().invoke(main, ["draw", "verify", str(tmp_path / "other.json")]).exit_code == 1
    assert not (tmp_path / "var").exists()
