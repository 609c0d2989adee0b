"""Bad input gets one clear sentence and the right exit status, and loses nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator import Project
from annotator.domain.errors import UserError
from tests.e2e.conftest import ROOT, Result, refused, run, write_lines


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (word TEXT)")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "no such project"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.touch(), "empty file"),
        (lambda path: path.write_text("Dear diary"), "not an Annotator project"),
        (other_database, "not an Annotator project"),
    ],
)
@pytest.mark.parametrize("command", ["stats", "check", "suggest", "open"])
def test_what_is_no_project_is_refused(
    tmp_path: Path, make: Callable[[Path], object], words: str, command: str
) -> None:
    path = tmp_path / "thing.annotator"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    refused(run(command, path, env={"QT_QPA_PLATFORM": "offscreen"}), words, str(path))
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_truncated_project_is_refused(project: Path) -> None:
    project.write_bytes(project.read_bytes()[:5000])
    result = run("stats", project)
    assert result.status == 1
    assert "Traceback" not in result.err
    assert "damaged" in result.err


def test_a_locked_project_is_refused_and_nothing_is_lost(project: Path, articles: Path) -> None:
    with closing(sqlite3.connect(project, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        refused(run("import", project, articles), "another program")
        holder.execute("ROLLBACK")
    assert run("import", project, articles).status == 0


def test_a_read_only_project_is_read_but_not_written(project: Path, articles: Path) -> None:
    run("import", project, articles)
    project.chmod(0o444)
    assert run("stats", project, "--json").json["documents"] == 3
    refused(run("import", project, articles), "may not be written")


LIMITED = (
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)); "
    "sys.argv[0] = 'annotator'; from annotator.cli import main; main()"
)


def test_a_full_disk_keeps_what_was_there(project: Path, articles: Path, tmp_path: Path) -> None:
    run("import", project, articles)
    big = write_lines(tmp_path / "big.jsonl", *({"id": f"b{n}", "text": f"{n} " + "word " * 4000} for n in range(200)))
    command = [sys.executable, "-c", LIMITED, "import", str(project), str(big)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert run("stats", project, "--json").json["documents"] == 3
    assert run("check", project).status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount; the limited process above checks the same")
def test_a_full_file_system_keeps_what_was_there(articles: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", small], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount; the limited process above checks the same")
    try:
        project = small / "news.annotator"
        assert run("new", project).status == 0
        run("import", project, articles)
        records = ({"id": f"b{n}", "text": f"{n} " + "word " * 4000} for n in range(300))
        big = write_lines(tmp_path / "big.jsonl", *records)
        refused(run("import", project, big), "disk is full")
        assert run("stats", project, "--json").json["documents"] == 3
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", "empty"),
        ("white.txt", b" \n\t ", "white space"),
        ("binary.txt", bytes(range(256)) * 40, "binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("bad.jsonl", b'{"text": "hello"\n', "JSON"),
        ("list.jsonl", b'"hello"\n', "object"),
        ("notext.jsonl", b'{"id": "x"}\n', "text"),
        ("latin.jsonl", b'{"text": "caf\xe9"}\n', "UTF-8"),
    ],
)
def test_a_bad_file_is_named_and_the_good_ones_are_kept(
    project: Path, articles: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    result = run("import", project, bad, articles, "--json")
    assert result.status == 3
    assert result.json["accepted"] == 3
    (rejected,) = result.json["rejected"]
    assert rejected["path"] == str(bad)
    assert rejected["line"] >= 0
    assert words.lower() in rejected["reason"].lower()
    assert "Traceback" not in result.err


def test_other_encodings_are_read_and_noted(project: Path, tmp_path: Path) -> None:
    (tmp_path / "utf16.txt").write_bytes("Café in Zürich".encode("utf-16"))
    (tmp_path / "cp1252.txt").write_bytes("Ein Café “dort”".encode("cp1252"))
    assert run("import", project, tmp_path / "utf16.txt", tmp_path / "cp1252.txt", "--json").json["accepted"] == 2
    run("export", project, tmp_path / "out.jsonl", "--format", "jsonl")
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["text"] for record in records] == ["Café in Zürich", "Ein Café “dort”"]
    assert "windows-1252" in records[1]["meta"]["encoding"]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"id": "d0", "text": "Another text"}, "already taken"),
        ({"text": "In Paris", "spans": [{"start": 3, "end": 8, "label": "CITY"}]}, "CITY"),
        ({"text": "In Paris", "spans": [{"start": 3, "end": 9, "label": "GPE"}]}, "does not lie within"),
        ({"text": "In Paris", "spans": [{"start": 5, "end": 5, "label": "GPE"}]}, "does not lie within"),
        ({"text": "In Paris", "spans": [{"start": 0, "end": 2, "label": "GPE", "text": "Pa"}]}, "stands there"),
        ({"text": "In Paris", "spans": [{"start": "3", "end": 8, "label": "GPE"}]}, "whole numbers"),
    ],
)
def test_a_bad_record_is_named_by_its_line(project: Path, tmp_path: Path, record: object, words: str) -> None:
    good = {"id": "d0", "text": "A first text in Rome", "spans": [{"start": 16, "end": 20, "label": "GPE"}]}
    last = {"id": "d2", "text": "A last text"}
    source = write_lines(tmp_path / "some.jsonl", good, record, last)
    result = run("import", project, source, "--json")
    assert result.status == 3
    assert (result.json["accepted"], result.json["spans"]) == (2, 1)
    (rejected,) = result.json["rejected"]
    assert rejected["line"] == 2
    assert words in rejected["reason"]


def test_an_open_scheme_takes_labels_over(tmp_path: Path) -> None:
    project = tmp_path / "open.annotator"
    run("new", project, "--scheme", "open")
    source = write_lines(
        tmp_path / "some.jsonl", {"text": "In Paris", "spans": [{"start": 3, "end": 8, "label": "CITY"}]}
    )
    assert run("import", project, source, "--json").json["spans"] == 1
    assert run("stats", project, "--json").json["by_label"] == {"CITY": 1}


def test_a_dry_run_stores_nothing(project: Path, articles: Path) -> None:
    assert run("import", project, articles, "--dry-run", "--json").json["accepted"] == 3
    assert run("stats", project, "--json").json["documents"] == 0


def test_standard_input_and_newlines(project: Path, tmp_path: Path) -> None:
    result = run("import", project, "-", "--newlines", "lf", "--json", stdin=b"One line.\r\nTwo.\r\n")
    assert result.json["accepted"] == 1
    with Project.open(project) as opened:
        (document,) = opened.documents()
        assert document.text == "One line.\nTwo.\n"


def test_spans_that_a_format_cannot_hold_are_listed_or_refused(project: Path, tmp_path: Path) -> None:
    text = "The University of Paris opened."
    spans = [
        {"start": 0, "end": 23, "label": "ORG"},
        {"start": 18, "end": 23, "label": "GPE"},
        {"start": 26, "end": 30, "label": "EVENT"},
    ]
    run("import", project, write_lines(tmp_path / "some.jsonl", {"id": "d", "text": text, "spans": spans}))
    result = run("export", project, tmp_path / "out.conll", "--format", "conll2003", "--json")
    assert result.status == 3
    assert [(loss["start"], loss["end"], loss["label"]) for loss in result.json["left_out"]] == [
        (18, 23, "GPE"),
        (26, 30, "EVENT"),
    ]
    assert json.loads(Path(result.json["manifest"]).read_text(encoding="utf-8"))["left_out"]
    refused(run("export", project, tmp_path / "no.conll", "--format", "conll2003", "--on-loss", "refuse"), "2 spans")
    assert not (tmp_path / "no.conll").exists()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_faults_of_the_command_line(project: Path, articles: Path, tmp_path: Path) -> None:
    refused(run("import", project, tmp_path / "missing"), "no such file or folder")
    refused(run("import", project, articles, "--format", "xml"), "xml")
    refused(run("new", project), "exists already")
    refused(run("new", tmp_path / "no" / "folder.annotator"), "no such folder")
    refused(run("new", tmp_path / "a.annotator", "--scheme", "nonsense"), "nonsense")
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    refused(run("new", tmp_path / "b.annotator", "--scheme", tmp_path / "bad.toml"), "TOML")
    assert not (tmp_path / "b.annotator").exists()
    refused(run("suggest", project, "--pipeline", "xx_nothing_sm"), "xx_nothing_sm", "installed")
    run("import", project, articles)
    refused(run("export", project, tmp_path / "x.jsonl", "--format", "docx"), "docx")
    refused(run("export", project, tmp_path / "x.jsonl", "--format", "jsonl", "--annotator", "zoe"), "zoe")
    refused(run("export", project, "/proc/nothing/x.jsonl", "--format", "jsonl"), "/proc/nothing")
    assert run("export", project).status == 2
    assert run("nonsense-option", "--what").status == 2
    assert run("--version").out.startswith("annotator")


WITHOUT_QT = (
    "import sys; sys.argv[0] = 'annotator'\n"
    "class Refusing:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name == 'PySide6.QtGui':\n"
    "            raise ImportError('libGL.so.1: cannot open shared object file: No such file or directory')\n"
    "sys.meta_path.insert(0, Refusing())\n"
    "from annotator.cli import main; main()"
)


def test_missing_libraries_of_qt_are_named_with_what_to_install(project: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_QT, "open", str(project)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    refused(Result(done.returncode, done.stdout, done.stderr), "libGL.so.1", "apt-get install", "libgl1")


def test_a_window_on_x11_without_its_libraries_is_refused_before_qt_aborts(monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.app import refuse_missing_libraries

    def refuse(_name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", refuse)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(UserError, match="apt-get install libxcb-cursor0"):
        refuse_missing_libraries()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    refuse_missing_libraries()
