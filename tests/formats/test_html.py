"""Web pages come in as a reader sees them, and each character knows where in the page it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.text import Document
from annotator.formats.documents.html_reader import HtmlReader
from annotator.formats.documents.html_text import PageText, source_place
from annotator.formats.shapes import ReadOptions, Rejected, Remark
from tests.formats.reading import documents_in, read_bytes

PAGE = """\ufeff<!DOCTYPE html><html lang="en-GB"><head><meta charset=utf-8><title>Ann &amp; Bob</title>
<meta name="author" content="C. D."><style>p{color:red}</style><script>if (a<b) write("<p>x</p>")</script></head>
<body><nav><a href="/">Home</a> <nav>inner</nav> News</nav><!-- <p>gone</p> -->
<h1>Ann   met
  Bob</h1><p>In caf&eacute; <b>Ro</b>ma &lt;2&gt; &#x1F600;<br>at AT&T &nope;
<ul><li>one<li>two<ul><li>deep</ul></ul>
<table><tr><th>Name</th><th>Age</th></tr><tr><td><p>Ann</p></td><td></td><td>30</td></tr><tr><td></td><td>x</td></tr></table>
<pre>  def f():\r\n\treturn 1</pre><template>never</template>End</body></html>"""
READ = """Ann met Bob

In café Roma <2> 😀
at AT&T &nope;

one
two
deep

Name\tAge
Ann\t\t30
\tx

  def f():
\treturn 1

End"""


def read(page: str | bytes) -> Document:
    content = page if isinstance(page, bytes) else page.encode()
    return documents_in(read_bytes(HtmlReader(), content))[0].document


def runs_of(document: Document) -> list[list[int]]:
    html = document.extra["html"]
    assert isinstance(html, dict)
    return html["runs"]  # type: ignore[return-value]


def test_a_page_comes_in_as_it_reads_with_title_language_and_author() -> None:
    document = read(PAGE)
    assert document.text == READ
    assert (document.title, document.language, dict(document.meta)) == ("Ann & Bob", "en-GB", {"author": "C. D."})


def test_every_character_knows_its_place_in_the_page() -> None:
    document, source = read(PAGE), PAGE[1:]
    runs = runs_of(document)
    for at, char in enumerate(document.text):
        place = source_place(runs, at)
        if place is None:
            assert char in "\n\t"
        elif char in "é<>😀" and source[place] == "&":
            assert source[place:].startswith(("&eacute;", "&lt;", "&gt;", "&#x1F600;"))
        else:
            assert source[place] == char or char.isspace()
    assert len(runs) < 40


def test_navigation_is_said_to_be_left_out() -> None:
    remarks = [one.what for one in read_bytes(HtmlReader(), PAGE.encode()) if isinstance(one, Remark)]
    assert remarks == ["navigation of 13 characters was left out"]


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ('<meta charset="windows-1251"><p>Привет'.encode("cp1251"), "Привет", "cp1251"),
        ('<?xml version="1.0" encoding="koi8-r"?><p>Привет</p>'.encode("koi8-r"), "Привет", "koi8-r"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>東京'.encode("shift_jis"),
            "東京",
            "shift_jis",
        ),
        ('<meta charset="iso-8859-1"><p>“naïve” – 5 €'.encode("cp1252"), "“naïve” – 5 €", "cp1252"),
        ("<p>naïve".encode("utf-16"), "naïve", "utf-16-le"),
        ('<meta charset="nonsense"><p>naïve'.encode(), "naïve", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_the_page_declares(content: bytes, text: str, encoding: str) -> None:
    document = read(content)
    assert document.text == text
    html = document.extra["html"]
    assert isinstance(html, dict)
    assert html["encoding"] == encoding


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('<meta charset="iso-8859-1"><p>naïve 東京'.encode(), "the page says that it is iso8859-1, but it is UTF-8"),
        (
            '<meta charset="utf-8"><p>Привет, мир! Как дела?'.encode("cp1251"),
            "the page says that it is utf-8, but it is not",
        ),
    ],
)
def test_a_page_that_says_it_is_what_it_is_not_is_read_right_and_remarked_on(content: bytes, what: str) -> None:
    remarks = [one.what for one in read_bytes(HtmlReader(), content) if isinstance(one, Remark)]
    assert remarks[0] == what
    assert read(content).text in ("naïve 東京", "Привет, мир! Как дела?")


@pytest.mark.parametrize(
    ("soup", "text"),
    [
        ("<p>a<p>b</div></b>c", "a\n\nb\nc"),
        ("a < b && c > d", "a < b && c > d"),
        ("<title>never closed <p>text", "never closed\n\ntext"),
        ("x<a href='never closed>y</a>z", "xyz"),
        ("x<![if !IE]>y<![endif]>z<?php echo 1 ?>w", "xyzw"),
        ("x<!-->y<!--z", "xy"),
        ("<body>x<br><br><br>y", "x\n\ny"),
        ("x</>y</ p>z", "xyz"),
        ("&amp &copy2 &#0; &#xFFFFFFFF; &;", "& ©2 \ufffd \ufffd &;"),
        ("<td>a<td>b</table>c", "ab\n\nc"),
    ],
)
def test_tag_soup_is_read_as_it_comes(soup: str, text: str) -> None:
    assert read(soup).text == text


@pytest.mark.parametrize("content", [b"", b"<html><script>x</script></html>", b"\x89PNG\r\n\0\0\0", b"<p>\0x"])
def test_what_has_no_text_is_refused_with_a_sentence(content: bytes) -> None:
    records = read_bytes(HtmlReader(), content)
    assert [type(one) for one in records] == [Rejected]


PIECES = (
    "<p>", "</p>", "<a b='", "<", ">", "&amp;", "&", "text", " ", "\n", "<nav>", "</nav>", "<!--", "-->", "<table>",
    "<tr>", "<td>", "</table>", "<pre>", "\r\n", "<title>", "</title>", "<script>", "<head>", "é", "<![CDATA[", '"',
    "=", "<br>", "<li>", "<ul>", "</ul>",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_soup_has_runs_that_fit_its_text(soup: str) -> None:
    page = PageText(soup)
    text = page.laid.text
    end = 0
    for start, source_start, length, *other in page.laid.runs:
        assert start >= end
        assert set(text[end:start]) <= {"\n", "\t"}
        end = start + length
        stands = soup[source_start : source_start + length]
        pairs = zip(text[start:end], stands, strict=False)
        is_same = all(read == written or (read == " " and written.isspace()) for read, written in pairs)
        assert other or (is_same and len(stands) == length)
    assert end == len(text)


@pytest.mark.parametrize(
    "bit", ["<a ", "<!--", "<![", "&", "</", "<a href='", '<a b=">" c', "<title>", "<nav>", "<table><tr><td>"]
)
def test_what_never_closes_takes_no_time_with_the_square_of_its_length(bit: str) -> None:
    read_bytes(HtmlReader(), b"x" + bit.encode() * 100_000, ReadOptions())
