"""What contracts owe: assess a case file, look for bright lines in terms. Neither needs a desk."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, datetime
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.files import read_text
from trialdesk.base.i18n import _
from trialdesk.base.money import plain_money
from trialdesk.commandline.output import answer, complain, say, table
from trialdesk.commandline.program import DONE, NOT_IN_ORDER
from trialdesk.payments.notices import Notice, unknown_visits
from trialdesk.payments.rules import answer as answers
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.assess import assess as assessed
from trialdesk.payments.rules.case import Case, Unreadable, read_case
from trialdesk.payments.rules.documents import INVOICE
from trialdesk.payments.rules.lint import ERROR, Finding, lint, refused
from trialdesk.payments.rules.shapes import parse_instant
from trialdesk.payments.rules.wording import unit_words
from trialdesk.payments.terms import ANY_TIME, bodies


def assess(arguments: Namespace) -> int:
    """Say what a case file's terms owe on a day, as it was known at an instant."""
    as_of, known_at = _day(arguments.as_of), _instant(arguments.known_at)
    case = _read(_argument(arguments, "CASE.yaml"))
    assessment = assessed(case, as_of, known_at)
    if arguments.json:
        answer(answers.answer(assessment, ledger=arguments.ledger))
    else:
        show(assessment, ledger=arguments.ledger)
    return DONE


def look_for_bright_lines(arguments: Namespace) -> int:
    """Say which bright lines terms cross; 1 where one of them forbids activation.

    Of a study, say as well which visits the terms name and its schedule does not have: advice, which forbids nothing.
    """
    file = _argument(arguments, "TERMS.yaml")
    text = read_text(Path(file))
    visits = _scheduled(arguments) if arguments.study else frozenset()
    try:
        found = tuple(each for part in bodies(text) for each in lint(_terms(part.placed, file)))
    except Unreadable as unreadable:
        crossed = refused(unreadable.wrongs)
        if crossed is None:
            raise
        found = crossed
    advice = tuple(unknown_visits(text, visits))
    if arguments.json:
        answer([*(each.as_json(file) for each in found), *(_advised(file, each) for each in advice)])
    else:
        _list(file, found)
        for each in advice:
            say(f"{file}:{each.line}")
            say(f"    {each.words} {each.remedy}")
        if not arguments.study:
            say(_("Whether a study's schedule has the visits that are named is not known here: give --study."))
        elif not visits:
            say(_("The study has no schedule yet: any visit may be named."))
    return NOT_IN_ORDER if any(each.level == ERROR for each in found) else DONE


def _scheduled(arguments: Namespace) -> frozenset[str]:
    """Return what the visits of the study that is named are called."""
    # Without a study no desk is opened, and nothing that opens one is imported.
    from trialdesk.commandline.opening import signed_in
    from trialdesk.payments.cases import visits_called
    from trialdesk.studies.queries import the_study

    with signed_in(arguments) as application:
        study = application.read(the_study, name=arguments.study)
        called: frozenset[str] = application.read(visits_called, study=study.id)
        return called


def _advised(file: str, said: Notice) -> dict[str, object]:
    return {
        "code": said.code,
        "level": said.weight,
        "file": file,
        "path": "",
        "line": said.line,
        "words": said.words,
        "remedy": said.remedy,
    }


def _list(file: str, found: tuple[Finding, ...]) -> None:
    if not found:
        say(_("No bright line is crossed."))
    for each in found:
        said = each.as_json(file)
        say(f"{said['code']}  {file}:{said['line']}:{said['path']}")
        say(f"    {said['words']} {said['remedy']}")


def show(assessment: Assessment, *, ledger: bool, certified: bool = True) -> None:
    """Print an assessment: its lines, sums and documents. What nobody `certified` yet is no invoice but could be."""
    case = assessment.case

    def money(amount: int) -> str:
        return plain_money(amount, case.exponent)

    say(
        _("{case}: as of {as_of}, known at {known_at}, in {currency}").format(
            case=case.name, as_of=assessment.as_of, known_at=assessment.known_at.isoformat(), currency=case.currency
        )
    )
    say()
    table(
        [_("Rule"), _("Unit"), _("Day"), _("State"), _("Line"), _("Held"), _("To pay"), _("Why not more")],
        [
            [
                line.unit.rule.code,
                unit_words(line.unit.line[1]),
                line.unit.day.isoformat(),
                line.state,
                money(line.amount),
                money(line.hold),
                money(line.pay),
                "; ".join(each.words() for each in line.why_not_more),
            ]
            for line in assessment.lines
        ]
        + [[*row.line, "", row.state, money(row.amount), "", money(row.amount), ""] for row in assessment.study_level],
    )
    said = answers.answer(assessment, ledger=ledger)
    say()
    for name, amount in said["totals"].items():
        say(f"{name:>10}  {money(amount)}")
    for document in (said["document"], *said["corrections"]):
        say()
        if document["type"] == INVOICE and not certified:
            say(_("could be invoiced once two people have certified it"))
        else:
            say(" ".join(filter(None, (document["type"], document.get("of")))))
        for name in ("net", "tax", "gross"):
            say(f"{name:>10}  {money(document[name])}")
    for posting in said.get("ledger", ()):
        say("  ".join((*posting["key"], posting["component"], money(posting["amount"]))))
    for error in assessment.errors:
        complain(f"{error.fact}: {_(error.problem)}")


def _read(file: str) -> Case:
    return read_case(read_text(Path(file)), file)


def _terms(written: str, file: str) -> Case:
    return read_case(written, file, recorded_at=ANY_TIME)


def _argument(arguments: Namespace, name: str) -> str:
    found: str = vars(arguments)[name]
    return found


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UserError(_("“{written}” is no calendar date such as 2026-03-31.").format(written=written)) from None


def _instant(written: str) -> datetime:
    found = parse_instant(written)
    if found is None:
        raise UserError(_("“{written}” is no instant in UTC such as 2026-03-31T09:00:00Z.").format(written=written))
    return found
