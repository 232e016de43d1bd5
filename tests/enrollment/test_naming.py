"""Who of a code list a text names: beyond doubt, and nobody for a word that only looks like a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.enrollment.naming import named_in, names_of

PEOPLE = (
    ("01-001", "Amelie Hart", "amelie.hart@mail.example, +44 20 7946 0018"),
    ("01-002", "何建平 (He Jianping)", "手机 13800138000"),
    ("01-003", "安静", None),
    ("01-004", "José María Peña", "Card 01004"),
    ("01-005", "Sukarno", None),
    ("01-006", None, None),
    ("01-007", "Rosalind Amory", None),
)
NAMES = names_of(PEOPLE, known=["Dr Rosalind Amory", "Rosalind Amory"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Headache of Amelie Hart after dinner", ("01-001",)),
        ("HART, AMELIE was seen", ("01-001",)),
        ("mail to Amelie.Hart@mail.example", ("01-001",)),
        ("call 020 7946 0018", ("01-001",)),
        ("call +44 (0)20-7946-0018 after six", ("01-001",)),
        ("患者何建平头痛", ("01-002",)),
        ("Ｈｅ Ｊｉａｎｐｉｎｇ", ("01-002",)),
        ("phone 138 0013 8000 and Amelie Hart", ("01-001", "01-002")),
        ("患者安静诉头痛", ("01-003",)),
        ("安静, 女", ("01-003",)),
        ("病人安静休息后好转", ("01-003",)),
        ("Jose Maria Pena felt sick", ("01-004",)),
        ("Pena Jose", ("01-004",)),
        ("patient Sukarno was seen", ("01-005",)),
        ("Sukarno", ("01-005",)),
    ],
)
def test_somebody_is_named(text: str, codes: tuple[str, ...]):
    assert named_in(text, NAMES) == codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01-001 had a headache on 2026-11-20 08:15",
        "Her heart was heard; Amelie is a ward",
        "睡眠环境安静后入睡",
        "Rosalind Amory assessed it",
        "the Sukarno hospital sent it",
        "Card 01004",
        "batch 2079460018X and 38001380001x",
    ],
)
def test_nobody_is_named(text: str):
    assert named_in(text, NAMES) == ()


@given(st.text(), st.text(), st.sampled_from([each for each in PEOPLE if each[0] in {"01-001", "01-004"}]))
def test_a_name_of_several_words_is_found_wherever_it_stands(before: str, after: str, person: tuple[str, str, str]):
    assert person[0] in named_in(f"{before} {person[1]} {after}", NAMES)


@given(st.text())
def test_any_text_is_looked_through(text: str):
    assert set(named_in(text, NAMES)) <= {code for code, _name, _contact in PEOPLE}
