"""``portal …`` as the person at the machine meets it."""

import shutil
from pathlib import Path
from socket import socket

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.models import Publication, Tally
from portal.settings import Settings
from tests.cast import MEMBERS
from tests.doors.conftest import Portal


def test_migrating_twice_changes_nothing(portal: Portal) -> None:
    assert portal("migrate").exit_code == 0
    assert portal("migrate").exit_code == 0


def test_a_person_is_added_with_roles(portal: Portal) -> None:
    added = portal("people", "add", "luxing", "陆行", "--department", "scjg", "--role", "drafter")
    assert added.exit_code == 0
    assert "陆行" in added.output


def test_a_person_is_added_with_where_they_are_told(portal: Portal) -> None:
    add = ("people", "add", "luxing", "陆行", "--department", "scjg", "--phone", "139 0000 0000")
    refused = portal(*add, "--email", "luxing")
    assert refused.exit_code == 1
    assert "电子邮箱写得不对" in refused.output
    assert portal(*add, "--email", "luxing@example.com").exit_code == 0


def test_a_name_that_is_taken_is_refused_in_a_sentence(portal: Portal) -> None:
    again = portal("people", "add", MEMBERS["he"].username, "另一人", "--department", "scjg")
    assert again.exit_code == 1
    assert "已有人使用" in again.output
    assert "Traceback" not in again.output


def test_nobody_is_added_to_an_unknown_department(portal: Portal) -> None:
    refused = portal("people", "add", "luxing", "陆行", "--department", "nowhere")
    assert refused.exit_code == 1
    assert "没有编码为“nowhere”的部门" in refused.output


def test_roles_that_exclude_each_other_leave_nobody_behind(portal: Portal) -> None:
    both = ("--role", "secadmin", "--role", "drafter")
    assert portal("people", "add", "luxing", "陆行", "--department", "scjg", *both).exit_code == 1
    assert portal("people", "add", "luxing", "陆行", "--department", "scjg").exit_code == 0


def test_a_system_that_pushes_is_registered_given_a_new_key_and_ended(portal: Portal) -> None:
    key = portal("push-clients", "add", "示例省平台", "--by", MEMBERS["he"].username).output.strip()
    again = portal("push-clients", "renew", "示例省平台").output.strip()
    assert key.startswith("push_") and again.startswith("push_") and again != key
    assert "“示例省平台”已停用" in portal("push-clients", "end", "示例省平台").output
    unknown = portal("push-clients", "end", "示例市平台")
    assert unknown.exit_code == 1 and "已登记的：示例省平台" in unknown.output
    refused = portal("push-clients", "add", "另一平台", "--by", MEMBERS["song"].username)
    assert refused.exit_code == 1 and "在岗的拟稿人" in refused.output


def test_departments_come_from_a_file_as_a_spreadsheet_saves_it(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "departments.csv"
    file.write_text(
        "code,label,short,label_en\nqxj,示例市气象局,市气象局,Shili City Weather Bureau\n", "utf-8-sig"
    )
    assert "示例市气象局" in portal("departments", str(file)).output
    assert "示例市气象局" in portal("departments").output


def test_check_says_what_is_not_fit_for_production(portal: Portal) -> None:
    checked = portal("check")
    assert checked.exit_code == 1
    assert "PORTAL_ENV=production" in checked.output


def test_counts_that_are_wrong_are_told_and_counted_anew(
    portal: Portal, session: Session, result: Publication
) -> None:
    assert "条数" not in portal("check").output
    session.execute(sa.update(Tally).where(Tally.kind == "result", Tally.month == 0).values(records=7))
    session.execute(sa.delete(Tally).where(Tally.kind == "plan", Tally.month == 0))
    session.commit()
    assert "条数有2处与公示中的记录不符。请运行 portal recount 重新计数。" in portal("check").output
    assert "重新计数，共8行" in portal("recount").output
    assert "条数" not in portal("check").output


def test_check_says_when_nobody_is_told_anything(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "回执、通知和提醒都只留存" not in portal("check").output
    monkeypatch.setenv("PORTAL_ENV", "production")
    assert "回执、通知和提醒都只留存" in portal("check").output
    monkeypatch.setenv("PORTAL_MAIL_URL", "smtp://portal:geheim@mail.example.com")
    assert "PORTAL_MAIL_FROM 须写明发件邮箱" in portal("check").output
    monkeypatch.setenv("PORTAL_MAIL_FROM", "noreply@example.com")
    checked = portal("check").output
    assert "邮箱密码会不加密地经过网络" in checked
    assert "geheim" not in checked
    monkeypatch.setenv("PORTAL_MAIL_URL", "smtps://portal:geheim@mail.example.com")
    assert "邮" not in portal("check").output


def test_an_unused_ledger_verifies(portal: Portal) -> None:
    portal("migrate")
    verified = portal("log", "verify")
    assert verified.exit_code == 0, verified.output
    assert "共0条" in verified.output


def test_a_key_signs_the_ledger_as_it_is_and_is_replaced_in_the_open(
    portal: Portal, settings: Settings
) -> None:
    shutil.rmtree(settings.log_key_dir)
    portal("migrate")
    assert "还没有签名密钥" in portal("check").output
    assert "谈不上更换" in portal("log", "key", "--rotate").output
    for name in ("示例.example/log", "a b", "a+b", "x" * 75):
        assert "存证的名称只能用" in portal("log", "key", "--name", name).output
    made = portal("log", "key", "--name", "disclosure.example/log")
    assert made.exit_code == 0 and "disclosure.example/log+" in made.output, made.output
    assert "已经有签名密钥" in portal("log", "key").output
    assert portal("log", "tiles").exit_code == 0
    first = (settings.log_dir / "key").read_text()
    rotated = portal("log", "key", "--rotate")
    assert rotated.exit_code == 0 and first not in rotated.output, rotated.output
    assert portal("log", "tiles", "--rebuild").exit_code == 0
    assert (settings.log_dir / "key").read_text() in rotated.output
    verified = portal("log", "verify", str(settings.log_dir.parent), "--log-only")
    assert verified.exit_code == 0 and "共1条" in portal("log", "verify").output, verified.output


def test_a_file_is_tried_before_it_is_imported(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "objects.csv"
    file.write_text("这不是表头\n", "utf-8")
    tried = portal("import", str(file), "--kind", "result", "--by", MEMBERS["he"].username, "--dry-run")
    assert tried.exit_code == 1
    assert "没有认出" in tried.output


def test_an_import_names_a_drafter(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "objects.csv"
    file.write_text("检查对象名称\n示例甲\n", "utf-8")
    refused = portal("import", str(file), "--kind", "result", "--by", "nobody")
    assert refused.exit_code == 1
    assert "没有登录名为“nobody”的人员" in refused.output


def test_a_port_is_not_shared_with_another_program(portal: Portal) -> None:
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = portal("serve", "--port", str(other.getsockname()[1]))
    assert refused.exit_code == 1
    assert "已被占用" in refused.output


def test_the_index_is_built_again(portal: Portal) -> None:
    assert "共处理公示存证0条" in portal("index", "rebuild").output
    assert "本次处理0条" in portal("index", "catch-up").output


def test_the_demo_is_not_put_beside_records(portal: Portal) -> None:
    assert "不能再写入演示数据" in portal("demo").output
    assert "演示账号的密码都是" in portal("demo", "--if-empty").output
