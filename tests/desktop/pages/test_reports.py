from __future__ import annotations

import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.support.acts import a_study
from trialdesk.desktop import shown
from trialdesk.desktop.binding import BinderDialog, write
from trialdesk.desktop.printing import draw
from trialdesk.desktop.spot import Spot
from trialdesk.documents.issued import issues
from trialdesk.reporting.binder.checking import check_files
from trialdesk.reporting.binder.index import index_pdf
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.looking import page_sizes, page_texts
from trialdesk.reporting.making import make

KEY = Qt.Key


@pytest.fixture
def page(shell, harbour, settle):
    shell.go(Spot("studies", harbour, "reports"))
    settle()
    return shell.page


def _soon(page, settle):
    QTest.qWait(300)
    settle()


def test_every_report_is_listed_with_who_it_is_for(page):
    assert [row.id for row in page.table.rows()] == [report.key for report in REPORTS]
    assert all(column.words(row) for row in page.table.rows() for column in page.table.model.columns)
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_each_is_shown_as_it_is_made(page, ward, harbour, settle, report):
    page.focus_on(report.key)
    settle()
    expected = make(ward, report.key, study=harbour, language="en").pdf
    assert page._shown.made.pdf == expected
    assert page.paper.pages == len(page_sizes(expected))
    assert page.paper.drawn() >= 1
    assert page.about.text()
    assert page.status.text().startswith(page.table.current().report.title)


def test_it_is_made_anew_for_what_is_asked(page, ward, harbour, settle):
    page.form.editor("site").set_value("101")
    page.form.editor("as_of").set_typed("2024-06-30")
    page.form.editor("language").set_value("zh")
    _soon(page, settle)
    made = make(ward, "consort", study=harbour, site="101", as_of=date(2024, 6, 30), language="zh").pdf
    assert page._shown.made.pdf == made
    assert "受试者流程" in page_texts(made)[0]
    assert page.file_name(page._shown) == "HARBOUR-consort-101-2024-06-30-zh.pdf"
    page.focus_on("disposition")
    settle()
    assert page.form.values()["site"] == "101", "what was asked for stays for the next report"


def test_a_date_that_is_none_makes_nothing(page, settle):
    before = page._shown
    page.form.editor("as_of").set_typed("the day")
    _soon(page, settle)
    assert page._shown is before


def test_it_is_kept_where_one_says_and_said_so(page, shell, settle, tmp_path, qtbot):
    page.save()
    dialog = shell.window().findChild(QFileDialog)
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert line.text() == "HARBOUR-consort-en.pdf"
    line.setText(str(tmp_path / "flow"))
    qtbot.keyClick(line, KEY.Key_Return)
    settle()
    assert (tmp_path / "flow.pdf").read_bytes() == page._shown.made.pdf
    assert shell.notice.words == "Saved: flow.pdf"


def test_it_can_be_looked_at_closer(page, settle):
    sheet = page.paper._sheets[0]
    width = sheet.width()
    page.paper.step(1)
    settle()
    assert sheet.width() > width
    assert page.fit.text() == "125 %"
    page.paper.step(0)
    settle()
    assert (sheet.width(), page.fit.text()) == (width, "100 %")


def test_all_pages_reach_the_printer(page, tmp_path):
    told: list[tuple[int, int]] = []
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFullPage(True)
    pdf = page._shown.made.pdf
    draw(pdf, printer, lambda done, total=0, _words="": told.append((done, total)))
    printed = page_sizes((tmp_path / "printed.pdf").read_bytes())
    wide = [width > height for width, height in page_sizes(pdf)]
    assert [width > height for width, height in printed] == wide
    assert told[-1] == (len(wide), len(wide))


def test_a_study_without_anybody_has_its_documents_all_the_same(shell, ward, settle):
    study = a_study(ward, "EMPTY")
    shell.go(Spot("studies", study, "reports"))
    settle()
    assert shell.page._shown
    assert shell.page.saver.isEnabled()


def test_another_language_of_the_window_keeps_what_was_asked(page, settle):
    page.focus_on("screening-log")
    settle()
    page.form.editor("site").set_value("102")
    _soon(page, settle)
    state = page.state()
    page._kept, page.form = {"language": "en"}, None
    page.restore(state)
    page.refresh()
    settle()
    assert page._report.key == "screening-log"
    assert page.form.values()["site"] == "102"


def test_a_report_is_made_final_and_where_to_sign_is_gone_to(page, shell, ward, harbour, settle, monkeypatch):
    page.focus_on("disposition")
    _soon(page, settle)
    card = page.final
    assert (card.state.text(), card.make.isEnabled(), card.sign.isEnabled()) == (
        "Draft: not made final yet",
        True,
        False,
    )
    assert card.sign.toolTip() == "Only a final document is signed."
    asked = []
    monkeypatch.setattr("trialdesk.desktop.pages.reports.confirm", lambda *said, **given: asked.append((said, given)))
    card.places.setValue(2)
    card.make.click()
    ((said, given),) = asked
    assert said[1] == "Make “Disposition of participants” final?" or "final?" in said[1]
    given["then"]()
    settle()
    _soon(page, settle)
    (row,) = ward.read(issues, study=harbour)
    assert (row.report, row.number, row.places, row.language) == ("disposition", 1, 2, "en")
    assert row.digest == page._shown.made.digest
    assert card.state.text().startswith("Final version 1 of ")
    (line,) = (each for each in page.table.rows() if each.id == "disposition")
    said = {column.key: column.words(line) for column in page.table.model.columns}
    assert said["state"] == f"Final · {shown.day(row.issued_on)}"
    assert page.table.current().id == "disposition"
    assert "Signed 0 of 2" in card.told.text()
    assert card.sign.isEnabled()
    card.sign.click()
    settle()
    assert (shell.spot.section, shell.spot.focus) == ("documents", row.id)


def test_what_is_missing_is_said_and_it_cannot_be_final(page, settle):
    page.focus_on("study-report")
    _soon(page, settle)
    assert "The study is not closed yet." in page.final.told.text()
    assert not page.final.make.isEnabled()
    assert page.final.make.toolTip() == "Something is missing before it may be final."


def _wanted(page, shell, qtbot, **values):
    """Ask for a binder as a person does, and return the line of the dialog that asks where to."""
    page.binder.click()
    dialog = shell.window().findChild(BinderDialog)
    for name, value in values.items():
        dialog.form.editor(name).set_value(value)
    dialog.go.click()
    (where,) = shell.window().findChildren(QFileDialog)
    return where.findChild(QLineEdit, "fileNameEdit")


def _bind(page, shell, qtbot, path, **values):
    line = _wanted(page, shell, qtbot, **values)
    line.setText(str(path))
    qtbot.keyClick(line, KEY.Key_Return)


def test_a_binder_is_written_beside_the_window(page, shell, ward, settle, tmp_path, qtbot, jobs):
    page.form.editor("as_of").set_typed("2024-06-30")
    _soon(page, settle)
    seen = []
    jobs.started.connect(lambda job: seen.append(job.title))
    _bind(page, shell, qtbot, tmp_path / "binder", audience="outside", language="zh")
    assert seen == ["Binding"]
    settle()
    whole = check_files(tmp_path / "binder")
    assert whole.found == ()
    told = whole.contents
    assert (told.study, told.audience, told.language, told.as_of) == ("HARBOUR", "outside", "zh", "2024-06-30")
    assert shell.notice.words == "Saved: binder · 3 documents"


def test_what_a_binder_is_called_says_what_it_is(page, shell, settle, qtbot):
    line = _wanted(page, shell, qtbot, audience="sponsor")
    assert line.text() == "HARBOUR-binder-sponsor-en"
    line.window().reject()


def test_a_binder_asks_for_a_day_that_is_one(page, shell, settle):
    page.binder.click()
    dialog = shell.window().findChild(BinderDialog)
    dialog.form.editor("as_of").set_typed("the day")
    assert not dialog.go.isEnabled()
    assert dialog.go.toolTip(), "a disabled action says why"
    dialog.reject()


def test_a_binder_in_a_full_folder_is_refused_in_words(page, shell, settle, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    chosen = {"audience": "outside", "language": "en"}
    write(page._desk, tmp_path, study=page._study, chosen=chosen)
    settle()
    assert "This folder is not empty." in shell.notice.words
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_cancelled_binder_leaves_nothing(page, shell, settle, tmp_path, qtbot, jobs, monkeypatch):
    waits, goes = threading.Event(), threading.Event()

    def slowly(*given, **more):
        waits.set()
        goes.wait(10)
        return index_pdf(*given, **more)

    monkeypatch.setattr("trialdesk.reporting.binder.writing.index_pdf", slowly)
    place = tmp_path / "place"
    place.mkdir()
    write(page._desk, place / "binder", study=page._study, chosen={"audience": "outside", "language": "en"})
    qtbot.waitUntil(waits.is_set)
    (job,) = jobs._running
    assert (job.done, job.total, job.words) == (3, 4, "Index")
    job.cancel()
    goes.set()
    settle()
    assert shell.notice.words == "Stopped: Binding"
    assert list(place.iterdir()) == []
