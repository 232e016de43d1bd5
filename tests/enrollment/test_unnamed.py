"""No open text of the record names a participant: refused when it is written, and again before a paper leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.payments.playing import edit
from tests.reporting.building import bring
from tests.support import verapdf
from tests.support.acts import a_colleague
from tests.support.desks import OWNER, PASSWORD
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import erase_identity, identify
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.queries.identities import code_list, identities
from trialdesk.people.actions import add_person
from trialdesk.reporting.binder.writing import write_binder
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import make
from trialdesk.reporting.proving import prove
from trialdesk.safety.actions import record_adverse_event
from trialdesk.safety.records import AdverseEvent
from trialdesk.trail.access import READ, entries

NAME, CONTACT = "Xiuying Wang 王秀英", "+86 138 0013 8000"


@pytest.fixture
def study(desk: Application) -> Id:
    made = bring(desk)
    desk.run(identify, study=made, participant=people(desk, made)["001"], name=NAME, contact=CONTACT)
    return made


def people(desk: Application, study: Id) -> dict[str, Id]:
    return {row.number: row.id for row in desk.read(participants, study=study, on=desk.today)}


def an_event(desk: Application, study: Id, **fields: Any) -> Id:
    event: Id = desk.run(
        record_adverse_event, study=study, participant=people(desk, study)["002"], **{"term": "Headache", **fields}
    ).result
    return event


@pytest.mark.parametrize(
    "words", ["Headache of 王秀英", "Wang Xiuying shared the room", "reached under 138-0013-8000", "XIUYING WANG"]
)
def test_a_text_that_names_a_participant_is_not_recorded(desk: Application, study: Id, words: str):
    for field in ("term", "narrative"):
        with pytest.raises(UserError, match="names a participant: ") as refused:
            an_event(desk, study, **{field: words})
        assert "Write the code" in refused.value.remedy
    event = an_event(desk, study, narrative="shared the room of 001")
    with pytest.raises(UserError, match="names a participant"):
        edit(desk, study, AdverseEvent, event, narrative=words)


def test_who_works_here_may_be_named_though_a_participant_has_the_same_name(desk: Application, study: Id):
    desk.run(add_person, name="Dr Wang Xiuying")
    desk.run(add_person, name="王秀英")
    an_event(desk, study, narrative="Seen by Wang Xiuying, 王秀英")
    with pytest.raises(UserError, match="names a participant"):
        an_event(desk, study, narrative="reached under +8613800138000")


def test_what_somebody_without_the_code_list_wrote_does_not_leave(desk: Application, study: Id, tmp_path: Path):
    a_colleague(desk, study, "data_manager")
    desk.sign_in("bo", "another horse")
    assert desk.read(code_list, study=study) is None
    serious = {"hospitalised": True, "aware_at": desk.clock.now(), "started_on": str(desk.today)}
    an_event(desk, study, term="Headache of 王秀英", **serious)  # cannot be compared by who does not know
    desk.sign_in(OWNER, PASSWORD)
    with pytest.raises(UserError, match="would name participants") as refused:
        make(desk, "sae-log", study="HARBOUR", language="en")
    assert "王秀英" not in str(refused.value)
    made = write_binder(desk, tmp_path / "binder", study="HARBOUR", language="en", audience="site")
    left = {each.report: each.why for each in made.contents.left_out}
    assert "would name participants" in left["sae-log"]
    make(desk, "code-list", study="HARBOUR", language="en")  # stays inside


def test_a_paper_nobody_could_look_through_says_so_and_is_proven_all_the_same(
    desk: Application, study: Id, tmp_path: Path
):
    a_colleague(desk, study, "data_manager")
    desk.sign_in("bo", "another horse")
    path = tmp_path / "log.pdf"
    path.write_bytes(make(desk, "sae-log", study="HARBOUR", language="en").pdf)
    words = "whoever made this document may not open the identification code list"
    assert words in " ".join(" ".join(page_texts(path.read_bytes())).split())
    assert prove(desk, path).unaltered is True
    desk.sign_in(OWNER, PASSWORD)
    assert prove(desk, path).unaltered is True
    path.write_bytes(make(desk, "sae-log", study="HARBOUR", language="en").pdf)
    assert words not in " ".join(" ".join(page_texts(path.read_bytes())).split())


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_what_says_so_conforms(desk: Application, study: Id, tmp_path: Path, flavour: verapdf.Flavour):
    a_colleague(desk, study, "data_manager")
    desk.sign_in("bo", "another horse")
    files = []
    for language in ("en", "zh"):
        files.append(tmp_path / f"{language}.pdf")
        files[-1].write_bytes(make(desk, "sae-log", study="HARBOUR", language=language).pdf)
    assert [verdict.failures for verdict in verapdf.verdicts(files, flavour).values()] == [[], []]


def test_who_was_erased_names_nobody_any_more(desk: Application, study: Id):
    desk.run(
        erase_identity,
        study=study,
        participant=people(desk, study)["001"],
        decided_on=desk.today,
        reason="Asked for it",
    )
    an_event(desk, study, term="Headache of 王秀英")


def test_comparing_is_not_noted_as_a_look_and_asks_a_bounded_number_of_statements(desk: Application, study: Id):
    def looks() -> int:
        with desk.reading() as read:
            return len(entries(read, study=study, what=(READ,)))

    before = looks()
    found = desk.read(code_list, study=study)
    assert found is not None
    assert found.han == {"王秀英": "01-001"}
    an_event(desk, study)
    make(desk, "sae-log", study="HARBOUR", language="en")
    assert looks() == before
    for number in ("002", "003"):
        desk.run(identify, study=study, participant=people(desk, study)[number], name=f"Zhao Number{number}x")
    statements(desk, study)
    few = statements(desk, study)
    for number in ("004", "005"):
        desk.run(identify, study=study, participant=people(desk, study)[number], name=f"Zhao Number{number}x")
    assert statements(desk, study) == few


def statements(desk: Application, study: Id) -> int:
    with counted(desk) as seen:
        desk.read(identities, study=study, on=desk.today)
        desk.read(code_list, study=study)
    return sum("access" not in each and each != "BEGIN" for each in seen)  # a first look at somebody is noted besides
