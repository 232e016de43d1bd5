"""What was put before a committee: which submission reports an event, which file a version is, what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.overview.stages import keep
from tests.support.acts import a_site, a_study
from tests.support.ethics import a_committee, a_decision, a_submission, a_version, done
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.documents.actions import add_version, attach, attach_to
from trialdesk.enrollment.records import Participant
from trialdesk.reporting.catalog import report_named
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports.spirit_items import checklist
from trialdesk.reporting.structure import Bullets, Definitions, Table
from trialdesk.safety.records import AdverseEvent, Deviation
from trialdesk.studies.actions import add_activity, add_planned_visit, add_protocol_version, schedule_activity
from trialdesk.studies.closing import add_registration

AWARE = date(2026, 2, 16)
SENT = "18 Feb 2026: Reaction, to Harbour ethics committee"


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def said(desk: Application, key: str, **asked: Any) -> str:
    lines: list[str] = []
    for block in report_named(key).compose(facts(desk, key, study="HARBOUR", **asked)):
        if isinstance(block, Bullets):
            lines += block.items
        elif isinstance(block, Definitions):
            lines += [f"{label}: {value}" for label, value in block.pairs]
        elif isinstance(block, Table):
            lines += ["|".join(row) for row in block.rows]
    return "\n".join(lines)


class Place:
    """A study with two sites, a serious event at the first and its committee."""

    def __init__(self, desk: Application) -> None:
        self.desk = desk
        self.study = a_study(desk)
        self.sites = [a_site(desk, self.study, number) for number in ("01", "02")]
        self.committee = a_committee(desk, self.study)
        self.event("AE-1")

    def event(self, number: str, at: int = 0, *, expected: bool | None = False, aware: date = AWARE) -> Id:
        """Record a serious event at a site that was known from a day on."""
        who = keep(
            self.desk, Participant, self.study, site=self.sites[at], number=number, identifier=number, imported=True
        )
        return keep(
            self.desk, AdverseEvent, self.study, participant=who, number=number, term="Swelling", serious=True,
            life_threatening=True, related="yes", expected=expected, started_on=aware.isoformat(),
            aware_at=datetime(aware.year, aware.month, aware.day, 9, tzinfo=UTC),
        )  # fmt: skip

    def sent(self, at: int | None = 0, on: date = AWARE + timedelta(days=2), kind: str = "reportable") -> None:
        """Record a submission to the committee."""
        site = {} if at is None else {"site": self.sites[at]}
        a_submission(self.desk, self.study, self.committee, kind=kind, title="Reaction", submitted_on=on, **site)

    @property
    def report(self) -> str:
        """What the form says of the report to the committee."""
        lines = said(self.desk, "reportable", event="AE-1").split("\n")
        return next(line for line in lines if line.startswith("Told to the committee: "))


@pytest.fixture
def place(sqlite_desk: Application) -> Place:
    return Place(sqlite_desk)


@pytest.mark.parametrize("at", [0, None])
def test_a_submission_that_can_be_about_nothing_else_is_the_report_of_the_event(place: Place, at: int | None):
    place.sent(at)
    assert place.report == f"Told to the committee: {SENT}"
    assert "Told to the committee: not recorded" not in said(place.desk, "reportable", event="AE-1")


@pytest.mark.parametrize(
    "given",
    [{"at": 1}, {"on": AWARE - timedelta(days=1)}, {"kind": "amendment"}],
    ids=["another site", "before it was known", "another kind"],
)
def test_what_cannot_be_about_it_is_no_report_of_it(place: Place, given: dict[str, Any]):
    place.sent(**given)
    assert place.report == "Told to the committee: not recorded: no report to the committee is recorded"


def test_another_that_a_committee_is_told_of_makes_it_a_candidate_that_is_named(place: Place):
    place.event("AE-0", expected=True, aware=AWARE - timedelta(days=300))
    place.sent()
    assert place.report == f"Told to the committee: {SENT}", "an expected event is no reason to doubt"
    place.event("AE-2", aware=AWARE - timedelta(days=30))
    assert place.report.endswith(f"the record does not say which submission is about it; it may be: {SENT}")
    assert "Told to the committee: not recorded" in said(place.desk, "reportable", event="AE-1")


def test_an_important_deviation_at_the_place_makes_it_a_candidate_too(place: Place):
    place.sent()
    keep(
        place.desk, Deviation, place.study, number="DEV-1", site=place.sites[1], category="consent",
        occurred_on=AWARE, description="At the other site", proposed=False, important=True,
    )  # fmt: skip
    keep(
        place.desk, Deviation, place.study, number="DEV-3", site=place.sites[0], category="consent",
        occurred_on=AWARE, description="Reported before", proposed=False, important=True, reported_on=AWARE,
    )  # fmt: skip
    assert place.report == f"Told to the committee: {SENT}"
    keep(
        place.desk, Deviation, place.study, number="DEV-2", site=place.sites[0], category="consent",
        occurred_on=AWARE, description="Here", proposed=False, important=True,
    )  # fmt: skip
    assert "it may be" in place.report


def test_of_several_submissions_none_is_claimed_and_all_are_named(place: Place):
    place.sent()
    place.sent(None, AWARE + timedelta(days=9))
    assert place.report.endswith(f"it may be: {SENT}; 25 Feb 2026: Reaction, to Harbour ethics committee")


def test_an_event_of_which_no_committee_is_told_claims_a_submission_only_alone(sqlite_desk: Application):
    place = Place.__new__(Place)
    place.desk, place.study = sqlite_desk, a_study(sqlite_desk)
    place.sites = [a_site(sqlite_desk, place.study)]
    place.committee = a_committee(sqlite_desk, place.study)
    place.event("AE-1", expected=True)
    place.sent()
    assert place.report == f"Told to the committee: {SENT}"
    place.event("AE-2", expected=None)
    assert "it may be" in place.report


def versions(desk: Application) -> Id:
    """Return a study with two versions of its protocol, both attached, and two forms of one day."""
    study = a_study(desk)
    for label, on in (("1.0", date(2026, 1, 2)), ("2.0", date(2026, 2, 2))):
        done(desk, add_protocol_version, study, label=label, dated_on=on)
    paper = done(
        desk, attach, study, title="Protocol", category="protocol", file_name="protocol-1.0.pdf", data=b"%PDF-1.7 1",
        dated_on=date(2026, 1, 2),
    )  # fmt: skip
    done(
        desk, add_version, study, document=paper, file_name="protocol-2.0.pdf", data=b"%PDF-1.7 2",
        dated_on=date(2026, 2, 2),
    )  # fmt: skip
    for language in ("en", "zh"):
        form = a_version(desk, study, language=language)
        file = {"title": f"Form {language}", "category": "consent", "file_name": f"form-{language}.txt"}
        if language == "en":
            done(
                desk, attach_to, study, data=b"en", dated_on=date(2026, 1, 5), about_kind="ethics.consent_version",
                about_record=form, **file,
            )  # fmt: skip
        else:
            done(desk, attach, study, data=b"zh", dated_on=date(2026, 1, 5), **file)
    return study


def test_a_version_of_the_protocol_stands_with_its_file_in_every_paper_that_tells_it(desk: Application):
    versions(desk)
    log = [(row["title"], row["version"], row["file_name"]) for row in told(desk, "ethics")["documents"]]
    assert log[:2] == [("Protocol", "1.0", "protocol-1.0.pdf"), ("Protocol", "2.0", "protocol-2.0.pdf")]
    assert sorted(log[2:]) == [("Form en", "1", "form-en.txt"), ("Form zh", "1", "form-zh.txt")]
    assert "no file" not in said(desk, "ethics")
    package = [(row["form"], row["version"], row["file_name"]) for row in told(desk, "ethics-package")["held"]]
    assert package == [
        ("", "2.0", "protocol-2.0.pdf"),
        ("main", "1.0", "form-en.txt"),
        ("main", "1.0", None),
        ("", "1", "form-zh.txt"),
    ], "two forms have the day of the file that belongs to none by record: it is nobody's"
    index = {(row["title"], row["file_name"]) for row in told(desk, "site-file")["filed"]}
    assert index == {("Protocol", "protocol-2.0.pdf"), ("Form en", "form-en.txt"), ("Form zh", "form-zh.txt")}


def test_a_version_without_a_file_says_so_and_a_file_of_another_day_is_not_its(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_study(desk)
    done(desk, add_protocol_version, study, label="1.0", dated_on=date(2026, 1, 2))
    done(desk, attach, study, title="Draft", category="protocol", file_name="draft.txt", data=b"d",
         dated_on=date(2025, 12, 2))  # fmt: skip
    log = [(row["title"], row["version"], row["file_name"]) for row in told(desk, "ethics")["documents"]]
    assert log == [("", "1.0", None), ("Draft", "1", "draft.txt")]
    assert told(desk, "ethics", as_of=date(2025, 12, 31))["documents"][0]["title"] == "Draft"


def test_spirit_tells_funding_setting_approvals_and_how_consent_is_asked(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_study(desk)
    items = {number: words for number, _subject, words in checklist(facts(desk, "spirit", study="HARBOUR"))}
    assert [items[number] for number in ("7a", "13", "30", "32a")] == [None] * 4
    a_site(desk, study)
    ours, theirs = (keep(desk, Organisation, study, name=name) for name in ("Harbour", "Larkmoor"))
    keep(
        desk, Contract, study, number="C-1", kind="support", direction="receivable", institution=ours, supporter=theirs,
        currency="GBP", state="active",
    )  # fmt: skip
    keep(
        desk, Contract, study, number="C-2", kind="support", direction="receivable", institution=ours, currency="GBP",
        supporter=keep(desk, Organisation, study, name="Asked and never signed"), state="abandoned",
    )  # fmt: skip
    visit = done(desk, add_planned_visit, study, number=Decimal(1), name="Screening", planned_day=0, anchor="consent")
    activity = done(desk, add_activity, study, name="Informed consent", category="consent")
    done(desk, schedule_activity, study, activity=activity, planned_visit=visit)
    committee = a_committee(desk, study)
    first = a_submission(desk, study, committee)
    given = a_decision(desk, study, first, reference="EC-1", expires_on=date(2027, 1, 31))
    amendment = a_submission(desk, study, committee, kind="amendment", submitted_on=date(2026, 2, 3))
    a_decision(desk, study, amendment, decided_on=date(2026, 2, 20), reference="EC-1-A")
    a_version(desk, study, decision=given)
    items = {number: words for number, _subject, words in checklist(facts(desk, "spirit", study="HARBOUR"))}
    assert items["7a"] == "Larkmoor"
    assert items["13"] == "01 Harbour Hospital"
    assert items["30"] == (
        "Harbour ethics committee, from 1 Feb 2026, Initial application, EC-1\n"
        "Harbour ethics committee, from 20 Feb 2026, Amendment, EC-1-A"
    )
    assert items["32a"] == (
        "Consent and eligibility at: Screening (Consent + 0)\nMain form (English) 1.0, used from 1 Feb 2026"
    )


def test_an_empty_item_of_spirit_says_why(sqlite_desk: Application):
    a_study(sqlite_desk)
    words = said(sqlite_desk, "spirit")
    assert "7a|Funding|not recorded: no contract of support is recorded" in words
    assert "32a|Consent|not recorded: neither a consent form in use nor its visit is recorded" in words
    assert "9a|Background|not recorded: it stands in the protocol" in words


@pytest.mark.parametrize(
    ("key", "unkept"),
    [
        ("ethics-package", "Risks, benefits and alternatives"),
        ("synopsis", "Estimands of each objective"),
    ],
)
def test_what_the_record_has_no_place_for_is_an_open_item_with_its_reason(
    sqlite_desk: Application, key: str, unkept: str
):
    study = a_study(sqlite_desk)
    done(sqlite_desk, add_registration, study, registry="IND", purpose="registration", reference="123",
         submitted_on=date(2026, 1, 3))  # fmt: skip
    page = said(sqlite_desk, key)
    assert f"{unkept}: not recorded: the study's record has no place for it" in page
    assert f"\n{unkept}: not recorded\n" in f"{page}\n"
    assert "Everything asked for is recorded" not in page
    assert not any(unkept in each for each in report_named(key).open_items(facts(sqlite_desk, key, study="HARBOUR")))
    if key == "synopsis":
        assert "Numbers in registries and with authorities: IND 123" in page
