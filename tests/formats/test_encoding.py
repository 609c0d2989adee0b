"""Bytes that say nothing about themselves are read as what they most likely are, and never silently so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.encoding import NotText, decode
from annotator.formats.encoding_guess import find_guess, sample_of
from annotator.formats.shapes import Parsed, Remark
from annotator.formats.text import TextReader
from tests.formats.reading import read_bytes

PARAGRAPHS = {
    "ru": (
        "Вчера президент России Владимир Путин встретился в Москве с представителями крупнейших компаний."
        " Они обсудили планы развития экономики и новые законы, которые должны вступить в силу в следующе"
        "м году."
    ),
    "uk": (
        "Учора в Києві відбулася зустріч міністрів, на якій обговорили питання енергетики та відбудови кр"
        "аїни. Єдине рішення ще не ухвалено."
    ),
    "bg": (
        "Вчера в София министър-председателят обяви, че правителството ще намали данъците от следващата г"
        "одина. Опозицията не е съгласна с това решение."
    ),
    "el": (
        "Ο πρωθυπουργός της Ελλάδας συναντήθηκε χθες στην Αθήνα με τους υπουργούς της κυβέρνησης. Συζήτησ"
        "αν για την οικονομία και τα νέα μέτρα που θα ισχύσουν από τον επόμενο μήνα."
    ),
    "pl": (
        "Wczoraj w Warszawie odbyło się spotkanie ministrów, którzy rozmawiali o przyszłości polskiej gos"
        "podarki. Żaden z nich nie chciał jednak powiedzieć, jakie będą następne kroki rządu. Łódź i Krak"
        "ów czekają na decyzję."
    ),
    "cs": (
        "Včera se v Praze sešli ministři, aby projednali budoucnost české ekonomiky. Žádný z nich však ne"
        "chtěl říci, jaké budou další kroky vlády. Příští týden se sejdou znovu."
    ),
    "hu": (
        "Tegnap Budapesten találkoztak a miniszterek, hogy megvitassák a magyar gazdaság jövőjét. Egyikük"
        " sem akarta elmondani, milyen lépések következnek. Jövő héten újra összeülnek, és dönthetnek az "
        "őszi tervekről."
    ),
    "ja": (
        "昨日、東京で首相が記者会見を開き、新しい経済政策について説明した。来年度から税金が引き下げられる予定だという。野党はこの計画に反対している。"
    ),
    "zh": ("昨天，国务院总理在北京会见了来访的外国代表团。双方就经济合作和贸易问题进行了深入讨论，并签署了多项协议。"),
    "zht": ("昨天，總統在臺北會見了來訪的外國代表團。雙方就經濟合作和貿易問題進行了深入討論，並簽署了多項協議。"),
    "ko": ("어제 서울에서 대통령이 기자회견을 열고 새로운 경제 정책을 설명했다. 내년부터 세금이 인하될 예정이다."),
    "he": ("ראש הממשלה נפגש אתמול בירושלים עם שרי הממשלה ודן איתם במצב הכלכלה. ההחלטות החדשות ייכנסו לתוקף בשנה הבאה."),
    "ar": (
        "التقى رئيس الوزراء أمس في القاهرة بعدد من الوزراء لبحث الوضع الاقتصادي في البلاد. وستدخل القرارا"
        "ت الجديدة حيز التنفيذ في العام المقبل."
    ),
    "tr": (
        "Dün Ankara'da bakanlar bir araya gelerek ülkenin ekonomik geleceğini görüştü. Hiçbiri hükümetin "
        "bundan sonraki adımlarını açıklamak istemedi. İstanbul'daki toplantıda şirketler de olacak."
    ),
    "fr": (
        "Le président de la République a rencontré hier à Paris les représentants des régions. Ils ont év"
        "oqué l’avenir de l’économie française et les mesures qui entreront en vigueur à l’été. « C’est n"
        "écessaire », a-t-il déclaré."
    ),
    "de": (
        "Der Bundeskanzler hat gestern in München über die Zukunft der Wirtschaft gesprochen. Für die näc"
        "hsten Jahre müssten größere Änderungen beschlossen werden, sagte er."
    ),
    "es": (
        "El presidente se reunió ayer en Málaga con los representantes de las regiones. Según él, la econ"
        "omía española crecerá el próximo año más de lo que se había previsto."
    ),
    "en": (
        "The prime minister met the ministers in London yesterday – “a good meeting”, he said. It’s not c"
        "lear what comes next for the café owners of Soho."
    ),
}
ENCODINGS = {
    "ru": ("cp1251", "koi8_r", "cp866", "iso8859_5"),
    "uk": ("cp1251", "koi8_u"),
    "bg": ("cp1251",),
    "el": ("cp1253", "iso8859_7"),
    "pl": ("cp1250", "iso8859_2"),
    "cs": ("cp1250", "iso8859_2"),
    "hu": ("cp1250",),
    "ja": ("shift_jis", "cp932", "euc_jp", "iso2022_jp"),
    "zh": ("gb18030", "gbk"),
    "zht": ("big5",),
    "ko": ("euc_kr", "cp949"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256", "iso8859_6"),
    "tr": ("cp1254",),
    "fr": ("cp1252",),
    "de": ("cp1252", "iso8859_1"),
    "es": ("cp1252",),
    "en": ("cp1252",),
}
SHORT = [
    ("Привет, мир! Как дела?", "cp1251"), ("Привет, мир! Как дела?", "koi8_r"), ("Привет, мир! Как дела?", "cp866"),
    ("Їжак і єнот", "cp1251"), ("Καλημέρα κόσμε", "cp1253"), ("Zażółć gęślą jaźń", "cp1250"),
    ("Zażółć gęślą jaźń", "iso8859_2"), ("Příliš žluťoučký kůň", "cp1250"), ("こんにちは世界", "shift_jis"),
    ("こんにちは世界", "euc_jp"), ("こんにちは世界", "iso2022_jp"), ("你好，世界", "gb18030"), ("你好，世界", "big5"),
    ("안녕하세요 세계", "euc_kr"), ("مرحبا بالعالم", "cp1256"), ("Günaydın dünya, şişe", "cp1254"),
    ("Grüße aus Köln", "cp1252"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, one) for language, held in ENCODINGS.items() for one in held]
)
def test_a_paragraph_is_read_right_and_the_guess_is_noted(language: str, encoding: str) -> None:
    text = PARAGRAPHS[language]
    remark, record = read_bytes(TextReader(), text.encode(encoding))
    assert isinstance(remark, Remark)
    assert isinstance(record, Parsed)
    assert record.doc.document.text == text
    assert remark.what.endswith("(guessed)")
    assert "% sure)" in str(record.doc.document.meta["encoding"])


@pytest.mark.parametrize(("text", "encoding"), SHORT)
def test_a_short_text_is_read_right(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_a_guess_goes_by_the_name_that_people_know() -> None:
    decoded = decode(PARAGRAPHS["ru"].encode("cp1251"))
    assert (decoded.in_words, decoded.remark) == ("windows-1251 (guessed, 100% sure)", "read as windows-1251 (guessed)")


@pytest.mark.parametrize("text", ["café", "El niño", "„Wien“ – 5 €"])
def test_where_nothing_is_likelier_it_is_windows_1252_and_said_to_be_unsure(text: str) -> None:
    decoded = decode(text.encode("cp1252"))
    assert decoded.text == text
    assert decoded.remark


def test_what_is_too_short_to_tell_is_said_to_be_so() -> None:
    decoded = decode("שלום".encode("cp1255"))
    assert decoded.confidence == 0
    assert decoded.remark == (
        "read as windows-1252, though nothing says so: look at the letters, or save the file as UTF-8"
    )


def test_a_large_file_is_judged_by_a_part_of_it_and_read_whole() -> None:
    text = "plain words\n" * 20_000 + (PARAGRAPHS["zh"] + "\n") * 2_000
    assert decode(text.encode("gb18030")).text == text


def test_escapes_of_terminals_are_no_japanese() -> None:
    assert decode(b"\x1b[1mbold\x1b[0m text").text == "\x1b[1mbold\x1b[0m text"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_a_sentence(content: bytes) -> None:
    find_guess(sample_of(content))
    try:
        decoded = decode(content)
    except NotText as fault:
        assert str(fault)
    else:
        assert decoded.remark or decoded.encoding.startswith("utf")


@pytest.mark.parametrize("rest", [b"\xe2\x82", b"\xc3", b"\xff\xfe"])
def test_utf8_that_was_cut_off_is_not_read_with_wrong_letters(rest: bytes) -> None:
    content = "Ärger über Österreich,\nwo die Bürger größere Sorgen haben.\n".encode() + rest
    with pytest.raises(NotText, match=r"UTF-8 but damaged or cut off at byte \d+ \(line 3\); save it anew"):
        decode(content)
