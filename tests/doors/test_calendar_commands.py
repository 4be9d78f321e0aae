"""``portal calendar …`` as the person at the machine meets it."""

from pathlib import Path

import pytest
import time_machine

from tests.cast import MEMBERS
from tests.doors.conftest import Portal
from tests.notices import FIXTURES, as_csv, days_2027

FILE = str(FIXTURES / "notice_2027_for_tests.csv")


@pytest.fixture(autouse=True)
def in_november() -> object:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=True):
        yield


def test_what_is_known_and_what_is_due_is_said(portal: Portal) -> None:
    checked = portal("calendar", "check")
    assert checked.exit_code == 1
    assert "2026年\t放假33天，调休上班6天" in checked.output
    assert "工作日历到2026-12-31为止" in checked.output
    assert "2027年的放假安排还没有载入" in checked.output


def test_one_year_is_looked_up(portal: Portal) -> None:
    checked = portal("calendar", "check", "--year", "2027")
    assert checked.exit_code == 1
    assert "2027年的放假安排没有载入，这一年的期限都是暂定的" in checked.output
    assert "2026年\t" not in checked.output


def test_a_notice_is_loaded_once(portal: Portal) -> None:
    loaded = portal("calendar", "import", FILE, "--by", MEMBERS["jiang"].username)
    assert loaded.exit_code == 0, loaded.output
    assert "已载入《国务院办公厅关于2027年部分节假日安排的通知》：放假27天，调休上班6天" in loaded.output
    assert "工作日历到2027-12-31为止" in loaded.output
    assert "没有改动" in portal("calendar", "import", FILE).output
    checked = portal("calendar", "check")
    assert checked.exit_code == 0, checked.output
    assert "共1条" in portal("log", "verify").output


def test_a_notice_is_tried_before_it_is_loaded(portal: Portal) -> None:
    tried = portal("calendar", "import", FILE, "--dry-run")
    assert "放假27天" in tried.output and "没有改动" in tried.output
    assert portal("calendar", "check").exit_code == 1


def test_a_known_year_is_replaced_only_with_the_word(portal: Portal, tmp_path: Path) -> None:
    portal("calendar", "import", FILE)
    other = tmp_path / "other.csv"
    other.write_text(as_csv(days_2027(d2026_12_31=False)), "utf-8-sig")
    refused = portal("calendar", "import", str(other))
    assert refused.exit_code == 1 and "已经有了" in refused.output and "Traceback" not in refused.output
    replaced = portal("calendar", "import", str(other), "--replace")
    assert replaced.exit_code == 0 and "其中1天在2026年12月" in replaced.output


def test_a_file_of_several_years_needs_the_year(portal: Portal) -> None:
    file = str(FIXTURES / "workday_overrides_2024_2026.json")
    assert "请用 --year 指明" in portal("calendar", "import", file).output
    assert "已经有了" in portal("calendar", "import", file, "--year", "2026").output
    loaded = portal("calendar", "import", file, "--year", "2026", "--replace")
    assert loaded.exit_code == 0, loaded.output
    assert "放假33天，调休上班6天" in loaded.output and "另有69天属于其他年份" in loaded.output
    assert "没有2027年的安排" in portal("calendar", "import", file, "--year", "2027").output


def test_a_file_that_is_no_notice_is_refused_in_a_sentence(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    refused = portal("calendar", "import", str(file))
    assert refused.exit_code == 1 and "不是UTF-8编码" in refused.output


def test_who_loads_it_is_somebody(portal: Portal) -> None:
    refused = portal("calendar", "import", FILE, "--by", "nobody")
    assert refused.exit_code == 1 and "没有登录名为“nobody”的人员" in refused.output


def test_the_check_of_the_whole_names_the_command(portal: Portal) -> None:
    assert "portal calendar import" in portal("check").output
    portal("calendar", "import", FILE)
    assert "portal calendar import" not in portal("check").output
