"""What lists and counts say of who was screened, consented and allocated here, without an import."""

from __future__ import annotations

from tests.support.trial import CONSENTED_ON, Trial
from trialdesk.application import Application
from trialdesk.desktop.sources import blinding_status
from trialdesk.enrollment.queries import ground_of, participants
from trialdesk.studies.queries import study


def test_the_day_of_consent_is_that_of_the_first_consent_recorded(desk: Application):
    trial = Trial(desk)
    who = trial.person("001")
    assert desk.read(participants, study=trial.study, on=desk.today)[0].consented_on is None
    trial.consented(who)
    assert desk.read(participants, study=trial.study, on=desk.today)[0].consented_on == CONSENTED_ON.isoformat()


def test_who_was_allocated_here_got_what_the_list_gave(desk: Application):
    trial = Trial(desk)
    who = trial.ready()
    trial.list("P")
    trial.allocate(who)
    assert desk.read(ground_of, study=trial.study, on=desk.today).actual == {who: "Placebo"}


def test_a_study_said_to_be_open_label_is_shown_as_such(desk: Application):
    for blinding, words in (("open", "Open label"), ("double", "Blinded")):
        trial = Trial(desk, blinding=blinding, short_name=blinding)
        assert blinding_status(desk.read(study, study=trial.study)).words == words
