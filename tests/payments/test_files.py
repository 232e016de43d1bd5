"""Terms as a file: many versions in one, each kept to the byte, and the lines of what is wrong those of the file."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from tests.payments.playing import Trial
from tests.payments.test_money import TERMS
from trialdesk.application import Application
from trialdesk.contracts.queries import organisations, terms_versions, the_contract
from trialdesk.payments.files import documents, written
from trialdesk.payments.terms import dumped, reads_terms

HEAD = {"contract": "C-1", "supporter": 'Acme "A"', "direction": "receivable", "currency": "CNY"}
SNAPSHOT = """\
# What is paid, and for what.
currency: CNY
terms:
- no: %d
  effective_from: %s   # the day of the amendment
  prices: {V1: "%s"}
"""
FIRST = SNAPSHOT % (1, "2026-01-01", "100.00")
SECOND = SNAPSHOT % (2, "2026-07-01", "110.00")


def texts(found):
    return [version[3] for version in found.versions]


def test_what_is_written_is_read_back_to_the_byte():
    pieces = ["a: 1", "a: 1\n", "a: |\n  --- \n  x\n", "# word\na: é\n\n", "\na: 1\n\n", "a: '---'\n"]
    random = Random(7)
    for _round in range(200):
        chosen = random.choices(pieces, k=random.randint(1, 5))
        assert [each.text for each in documents(written(chosen, {}))] == chosen
        assert [each.text for each in documents(written(chosen, HEAD))][1:] == chosen


def test_comments_alone_are_no_document():
    assert [each.text for each in documents("# of 2026\n---\na: 1\n")] == ["# of 2026\n---\na: 1\n"]
    assert [each.text for each in documents("a: 1\n---\n# end")] == ["a: 1\n---\n# end"]
    assert [each.text for each in documents("# nothing")] == ["# nothing"]


def test_a_document_knows_its_lines_in_the_file():
    whole = written([FIRST, SECOND], HEAD)
    lines = whole.split("\n")
    for part in documents(whole):
        assert lines[part.before] == part.text.split("\n")[0]
    assert all(one.before < other.before for one, other in pairwise(documents(whole)))


def test_several_documents_are_several_versions_with_their_comments():
    found = reads_terms(written([FIRST, SECOND], HEAD), file="terms")
    assert found.unreadable == ()
    assert (found.contract, found.supporter, found.currency) == ("C-1", 'Acme "A"', "CNY")
    assert texts(found) == [FIRST, SECOND]
    assert [each[0] for each in found.versions] == [1, 2]


def test_one_version_keeps_its_comments_without_saying_when_it_was_recorded():
    found = reads_terms(FIRST, file="terms")
    assert (found.unreadable, texts(found)) == ((), [FIRST])


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((FIRST, FIRST), "two versions with the number 1"),
        ((SECOND, FIRST.replace("2026-01-01", "2026-09-01")), "effective before the contract's first"),
        ((FIRST, SECOND.replace("CNY", "EUR")), "different things: CNY, EUR"),
        ((FIRST, SECOND.replace("prices", "price")), "“price” is not known"),
    ],
)
def test_documents_that_contradict_each_other_are_no_terms(pieces, words):
    found = reads_terms(written(pieces, HEAD), file="terms")
    assert found.versions == ()
    assert words in "; ".join(each.words for each in found.unreadable)


def test_what_is_wrong_in_the_second_document_is_told_by_the_files_line():
    whole = written([FIRST, SECOND.replace("prices", "price")], HEAD)
    (problem,) = reads_terms(whole, file="terms").unreadable
    assert problem.row is not None
    assert "price:" in whole.split("\n")[problem.row - 1]


def test_a_head_says_nothing_else():
    found = reads_terms(written([FIRST], {**HEAD, "colour": "red"}), file="terms")
    assert "“colour” is not known" in found.unreadable[0].words


def test_a_dump_loaded_gives_the_same_terms(desk: Application):
    trial = Trial(desk)
    trial.load(TERMS)
    contract = desk.read(the_contract, study=trial.study)
    parties = {each.id: each.name for each in desk.read(organisations)}
    kept = desk.read(terms_versions, contract=contract.id)
    told = dumped(contract, parties[contract.supporter], kept)
    assert texts(reads_terms(told, file="dump")) == [row.text for row in kept]
