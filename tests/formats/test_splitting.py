"""Near-duplicates never fall apart, shares are right, and a seed makes the same parts again."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.formats.shapes import WriteOptions
from annotator.formats.splitting import PARTS, Stories, divided
from annotator.formats.spooling import Spool
from tests.formats.documents import carried_documents

SHARES = (0.8, 0.1, 0.1)
WORDS = [f"{first}{second}" for first in "bdfgklmnprst" for second in ("alo", "ire", "oun", "est", "igh", "unda")]


def story(seed: int, words: int = 120) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def revised(text: str, share: float, seed: int) -> str:
    """The text with a new beginning and one word changed in the rest."""
    words = text.split()
    cut = round(len(words) * share)
    words[-5] = "corrected"
    return " ".join([*story(seed, cut).split(), *words[cut:]])


def stories(texts: list[str]) -> Stories:
    held = Stories()
    for text in texts:
        held.add(text)
    return held


def part_of(split: dict[str, list[int]]) -> dict[int, str]:
    return {number: part for part, numbers in split.items() for number in numbers}


@pytest.mark.parametrize("seed", range(20))
def test_a_near_duplicate_pair_never_falls_apart(seed: int) -> None:
    texts = [story(number) for number in range(40)]
    texts += [revised(texts[number], 0.15, 1000 + number) for number in range(0, 40, 2)]
    parts = part_of(stories(texts).split((0.4, 0.3, 0.3), seed))
    assert sorted(parts) == list(range(60))
    assert [parts[number] for number in range(0, 40, 2)] == [parts[40 + number] for number in range(20)]


def test_a_chain_of_revisions_is_one_story() -> None:
    texts = [story(1)]
    for step in range(1, 6):
        texts.append(revised(texts[-1], 0.2, 100 + step))
    assert stories([*texts, story(2)]).groups() == [[0, 1, 2, 3, 4, 5], [6]]


@pytest.mark.parametrize(
    ("one", "other"), [("Ann left.", "Ann LEFT"), ("日本語の文章です。" * 4, "日本語の文章です！" * 4), ("", "?")]
)
def test_short_texts_and_scripts_without_spaces_are_compared_too(one: str, other: str) -> None:
    assert stories([one, other, "Bob came back yesterday"]).groups() == [[0, 1], [2]]


def test_stories_about_the_same_thing_are_not_the_same_story() -> None:
    assert len(stories([story(number) for number in range(300)]).groups()) == 300


def test_the_same_seed_makes_the_same_parts_whatever_the_order() -> None:
    texts = [story(number) for number in range(50)]
    one = part_of(stories(texts).split(SHARES, 7))
    other = part_of(stories(texts[::-1]).split(SHARES, 7))
    assert {texts[number]: part for number, part in one.items()} == {
        texts[::-1][number]: part for number, part in other.items()
    }
    assert one != part_of(stories(texts).split(SHARES, 8))


@given(st.lists(st.integers(1, 6), min_size=3, max_size=60), st.sampled_from([SHARES, (0.5, 0.5, 0.0), (1, 1, 1)]),
       st.integers(-5, 2**40))  # fmt: skip
def test_shares_are_right_within_the_size_of_a_group(sizes: list[int], shares: tuple[float, ...], seed: int) -> None:
    numbers = iter(range(sum(sizes)))
    groups = [[next(numbers) for _ in range(size)] for size in sizes]
    train, dev, test = shares
    split = divided(groups, [bytes([at]) for at in range(len(groups))], (train, dev, test), seed)
    assert sorted(number for held in split.values() for number in held) == list(range(sum(sizes)))
    assert list(split) == [part for part, share in zip(PARTS, shares, strict=True) if share]
    wanted = {part: sum(sizes) * share / sum(shares) for part, share in zip(PARTS, shares, strict=True) if share}
    allowed = max(sizes) if min(wanted.values()) >= max(sizes) else 2 * max(sizes)
    for part, held in split.items():
        assert abs(len(held) - wanted[part]) <= allowed
        assert held


def test_one_story_fills_one_part() -> None:
    assert divided([[0, 1, 2]], [b""], SHARES, 0) == {"train": [0, 1, 2], "dev": [], "test": []}


@given(st.lists(carried_documents(), max_size=4))
@settings(max_examples=30)
def test_documents_come_back_from_the_spool_as_they_were(docs: list[AnnotatedDocument]) -> None:
    with Spool(docs) as spool:
        assert list(spool.documents()) == docs
        assert list(spool.documents(range(len(docs))[::-1])) == docs[::-1]
        assert spool.parts(WriteOptions()) == {"train": list(range(len(docs)))}


def test_parts_of_a_spool_are_those_of_its_texts() -> None:
    docs = [AnnotatedDocument(Document("d", story(number))) for number in range(20)]
    with Spool(docs) as spool:
        parts = spool.parts(WriteOptions(split=(0.5, 0.25, 0.25), seed=3))
    assert {part: len(numbers) for part, numbers in parts.items()} == {"train": 10, "dev": 5, "test": 5}
    assert parts == stories([doc.document.text for doc in docs]).split((0.5, 0.25, 0.25), 3)
