"""What people hand in is taken for what it is, or refused with a sentence that says what to do."""

import re
import time

import pytest

from portal.errors import Refused
from portal.evidence.examining import (
    Examined,
    accept_attribute,
    accepted_types,
    check_set,
    examine,
    examine_all,
    shown_name,
)
from portal.evidence.kinds import KINDS, LARGEST_FILE, LARGEST_SET, MB, MOST_FILES
from portal.evidence.unfit import SENTENCES
from portal.settings import Settings
from tests.evidence_files import PROGRAM, archive, docx, pdf, photo, plain_photo, recording

HELLO = "我店于2026年11月2日已经更换标签。\r\n"


def why(data: bytes, name: str = "材料") -> str:
    with pytest.raises(Refused) as refusal:
        examine(name, data)
    return str(refusal.value)


def test_a_refusal_begins_with_the_name_of_the_file() -> None:
    assert why(b"", "../../票据.pdf") == "“票据.pdf”：文件是空的，请重新选择。"


def test_every_refusal_says_what_to_do() -> None:
    assert [key for key, sentence in SENTENCES.items() if not re.search("请|可以", sentence)] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_taken_in_every_encoding_phones_and_offices_use(encoding: str) -> None:
    assert examine("说明.txt", HELLO.encode(encoding)) == Examined(
        "text", "text/plain", ".txt", "说明.txt", None
    )


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (recording(b"isom"), ".mp4", "video"),
        (recording(b"mp42"), ".mp4", "video"),
        (recording(b"qt  "), ".mov", "video"),
        (recording(b"3gp4"), ".3gp", "video"),
        (recording(b"M4A "), ".m4a", "audio"),
        (b"#!AMR\n" + bytes(500), ".amr", "audio"),
        (b"ID3\x04\0\0\0\0\0\x10" + bytes(500), ".mp3", "audio"),
        ((b"\xff\xfb\x90\x00" + bytes(413)) * 4, ".mp3", "audio"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(28), ".wav", "audio"),
    ],
)
def test_recordings_of_phones_are_taken_to_be_downloaded(data: bytes, suffix: str, kind: str) -> None:
    taken = examine("录音", data)
    assert (taken.kind, taken.suffix, taken.safe_name, taken.viewable) == (
        kind,
        suffix,
        f"录音{suffix}",
        None,
    )


def test_a_recording_cut_off_is_to_be_sent_again() -> None:
    assert "没有传完整" in why(recording()[:-1000])
    assert "没有传完整" in why(b"RIFF\xff\xff\0\0WAVEfmt " + bytes(28))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (PROGRAM, "这是程序"),
        (b"\x7fELF" + bytes(300), "这是程序"),
        (b"\xcf\xfa\xed\xfe" + bytes(300), "这是程序"),
        (b"#!/bin/sh\nrm -rf /\n", "这是脚本"),
        (b"@echo off\r\ndel *.*\r\n", "这是脚本"),
        (b"<?php system('x');", "这是脚本"),
        (b"[InternetShortcut]\r\nURL=file://x/y\r\n", "这是脚本"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(300), "这是脚本或者快捷方式"),
        (b"<!DOCTYPE html><title>x</title>", "这是网页"),
        ("\ufeff  <HTML>".encode("utf-16"), "这是网页"),
        (b"hello\n\n<script>alert(1)</script>", "这是网页"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "这是网页或者 SVG 图形"),
        (archive({"a.txt": "x"}), "这是压缩包"),
        (b"Rar!\x1a\x07\x01\0" + bytes(300), "这是压缩包"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(300), "这是压缩包"),
        (b"\x1f\x8b\x08\0" + bytes(300), "这是压缩包"),
        (bytes(257) + b"ustar\x0000" + bytes(300), "这是压缩包"),
        (b"{\\rtf1 hello}", "这种文档格式不能收"),
        (b"OggS" + bytes(300), "这种录音或者录像格式不能收"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01" + b"B\x82\x84webm" + bytes(300), "这种录音或者录像"),
        (plain_photo("TIFF"), "这种图片格式不能收"),
        (recording(b"avif"), "这种图片格式不能收"),
        (b"\x01\x02\x03\x04" * 100, "这种文件不能收"),
        (b"abc\0def", "这种文件不能收"),
    ],
)  # fmt: skip
def test_what_is_never_taken_is_refused_for_what_it_is(data: bytes, says: str) -> None:
    assert says in why(data)


@pytest.mark.parametrize("name", ["照片.jpg", "说明.txt", "票据.pdf"])
def test_a_harmless_name_does_not_help_a_program(name: str) -> None:
    assert "这是程序" in why(PROGRAM, name)


@pytest.mark.parametrize(
    ("name", "says"),
    [("a.bat", "这是脚本"), ("a.PS1 ", "这是脚本"), ("a.txt.vbs", "这是脚本"), ("a.hta.", "这是脚本"),
     ("a.svg", "这是网页"), ("a.exe", "这是程序")],
)  # fmt: skip
def test_a_text_under_the_name_of_a_script_is_refused(name: str, says: str) -> None:
    assert says in why("你好".encode(), name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\门头.JPG", "门头.JPG"),
        ("门头.jpeg", "门头.jpeg"),
        ("门头.png", "门头.png.jpg"),
        ("a\u202egpj.exe", "agpj.exe.jpg"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie_ x.jpg"),
        ("票\u200b据\x00\x1b[31m.jpg", "票据[31m.jpg"),
        ('"><img src=x>.jpg', "___img src=x_.jpg"),
        ("con.jpg", "_con.jpg"),
        ("...", "未命名.jpg"),
        ("", "未命名.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
        ("{0.__class__}.jpg", "{0.__class__}.jpg"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_content(name: str, shown: str) -> None:
    assert examine(name, photo()).safe_name == shown


def test_a_refused_name_is_cleaned_too() -> None:
    assert why(PROGRAM, "a\u202e\n{x}" + "长" * 300).startswith("“a {x}长")
    assert len(why(PROGRAM, "长" * 300)) < 170


def test_a_name_without_end_takes_no_time() -> None:
    started = time.monotonic()
    assert len(shown_name("a" + "\u0301\u0323" * 500_000)) <= 120
    assert time.monotonic() - started < 1


def test_too_large_and_too_many_are_refused() -> None:
    assert "文件超过20MB" in why(b"a" * (LARGEST_FILE + 1))
    assert examine("最大", b"a" * LARGEST_FILE).kind == "text"


def test_a_set_is_bounded_by_count_and_by_size() -> None:
    assert check_set([1] * 4, [1] * 6) == []
    assert check_set([], []) == []
    assert [str(reason)[:8] for reason in check_set([1] * 4, [1] * 7)] == ["最多上传10个文"]
    assert check_set([20 * MB], [20 * MB, 20 * MB]) == []
    assert [str(reason)[:12] for reason in check_set([20 * MB], [40 * MB + 1])] == ["全部文件合起来超过60M"]
    assert len(check_set([LARGEST_SET], [1] * MOST_FILES)) == 2


def test_a_whole_set_fits_into_one_request() -> None:
    assert Settings().max_upload_mb * MB >= LARGEST_SET + 2 * MB


def test_several_files_are_told_all_that_is_wrong_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        examine_all([("一", photo()), ("二", PROGRAM), ("三", b"")])
    assert [str(reason)[:3] for reason in refusal.value.reasons] == ["“二”", "“三”"]


def test_several_files_come_back_in_their_order() -> None:
    taken = examine_all([("一", photo()), ("二", HELLO.encode()), ("三", docx()), ("四", pdf())], [5])
    assert [each.safe_name for each in taken] == ["一.jpg", "二.txt", "三.docx", "四.pdf"]


def test_the_hint_and_the_picker_come_from_the_one_table() -> None:
    assert str(accepted_types()).startswith("照片（JPG、PNG、HEIC 等）、PDF、Word 和 Excel 文件、")
    english = {"zh": "en", "{one}、{next}": "{one}, {next}"}.__getitem__
    assert accepted_types().in_language(english).startswith("photos (JPG, PNG, HEIC and others), PDF, Word")
    assert accept_attribute().split(",")[:2] == ["image/*", ".heic"]
    assert all(entry in accept_attribute() for kind in KINDS.values() for entry in kind.picker)
