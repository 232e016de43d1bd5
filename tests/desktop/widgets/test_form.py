from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCalendarWidget, QLabel, QLineEdit, QPushButton

from trialdesk.base.fields import Field
from trialdesk.base.i18n import set_language
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.widgets.dates import DayEditor
from trialdesk.desktop.widgets.editors import NARROW
from trialdesk.desktop.widgets.form import Form

TODAY = date(2026, 11, 22)
FIELDS = (
    Field("text", "Number", "number", help="As on the consent form", required=True),
    Field("day", "Consent date", "consented", required=True),
    Field("choice", "Sex", "sex", choices=(("f", "Female"), ("m", "Male")), required=True),
    Field("partial", "Date of birth", "born"),
    Field("decimal", "Weight", "weight", unit="kg"),
    Field("money", "Travel", "travel", unit="CNY"),
    Field("whole", "Children", "children"),
    Field("flag", "May be contacted", "contact"),
    Field("instant", "Seen", "seen"),
    Field("id", "Site", "site", link="site"),
    Field("text", "Note", "note"),
)
VALUES = {
    "number": "S01-001",
    "consented": date(2026, 3, 4),
    "sex": "f",
    "born": "1958-03",
    "weight": Decimal("61.50"),
    "travel": 12550,
    "children": 2,
    "contact": True,
    "seen": datetime(2026, 3, 4, 8, 30, tzinfo=UTC),
    "site": "b",
    "note": "first line\nsecond",
}
SITES = {"site": (("a", "Union Hospital"), ("b", "First Hospital"))}


def _form(qtbot, values=None, **more) -> Form:
    form = Form(FIELDS, values, options=SITES, prose=("note",), today=lambda: TODAY, **more)
    qtbot.addWidget(form)
    form.resize(700, 600)
    form.show()
    return form


def _shown(form: Form) -> list[str]:
    return [label.text() for label in form.findChildren(QLabel) if label.isVisible() and label.text()]


def test_what_goes_in_comes_out(qtbot):
    form = _form(qtbot, VALUES)
    assert form.values() == VALUES
    assert form.changes() == {}
    assert not form.dirty


def test_an_empty_form_has_no_values_and_complains_of_nothing_yet(qtbot):
    form = _form(qtbot)
    assert {value for name, value in form.values().items() if name != "contact"} == {None}
    assert "Needed." not in _shown(form)


def test_each_editor_reads_what_is_typed(qtbot):
    form = _form(qtbot)
    typed = {
        "number": " S2 ",
        "consented": "4.3.26",
        "born": "Mar 1958",
        "weight": "61.5",
        "travel": "1,250",
        "children": "2",
    }
    for name, text in typed.items():
        line = form.editor(name).control
        assert isinstance(line, QLineEdit)
        qtbot.keyClicks(line, text)
    values = form.values()
    assert values["number"] == "S2"
    assert values["consented"] == date(2026, 3, 4)
    assert values["born"] == "1958-03"
    assert values["weight"] == Decimal("61.5")
    assert values["travel"] == 125_000
    assert values["children"] == 2


def test_what_is_wrong_is_said_beside_the_field_while_typing(qtbot):
    form = _form(
        qtbot, check=lambda v: {"consented": "Before the version was approved."} if v["consented"] == TODAY else {}
    )
    qtbot.keyClicks(form.editor("weight").control, "12,5")
    assert "Not a number. Try 12.5." in _shown(form)
    qtbot.keyClicks(form.editor("consented").control, "today")
    assert "Before the version was approved." in _shown(form)
    form.editor("consented").set_typed("4/3/26")
    assert "Read as Wednesday, 4 March 2026: day before month." in _shown(form)


def test_sending_an_unready_form_goes_to_the_first_field_concerned(qtbot):
    form = _form(qtbot, {"number": "S1"})
    assert not form.ready()
    assert _shown(form).count("Needed.") == 2
    assert form.window().focusWidget() is form.editor("consented").control
    form.set_values(VALUES)
    assert form.ready()


def test_an_answer_about_a_field_stands_beside_it_until_it_is_changed(qtbot):
    form = _form(qtbot, VALUES)
    form.tell("number", "This number is taken.")
    assert "This number is taken." in _shown(form)
    qtbot.keyClicks(form.editor("number").control, "2")
    assert "This number is taken." not in _shown(form)


def test_a_date_is_tidied_when_left_but_not_where_it_is_doubtful(qtbot):
    form = _form(qtbot)
    day = form.editor("consented").control
    assert isinstance(day, QLineEdit)
    qtbot.keyClicks(day, "+7")
    day.editingFinished.emit()
    assert day.text() == "2026-11-29"
    day.setText("4/3/26")
    day.editingFinished.emit()
    assert day.text() == "4/3/26"


def test_a_date_can_be_picked_from_a_calendar_by_keyboard(qtbot):
    form = _form(qtbot, VALUES)
    day = form.editor("consented").control
    day.setFocus()
    qtbot.keyClick(day, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = day.findChild(QCalendarWidget)
    assert calendar is not None
    assert calendar.selectedDate().toPython() == date(2026, 3, 4)
    days = calendar.window().focusWidget()
    qtbot.keyClick(days, Qt.Key.Key_Right)
    qtbot.keyClick(days, Qt.Key.Key_Return)
    assert form.values()["consented"] == date(2026, 3, 5)


def test_only_what_was_changed_is_given(qtbot):
    form = _form(qtbot, VALUES)
    form.editor("children").set_typed("3")
    assert form.changes() == {"children": 3}
    assert form.dirty
    form.saved()
    assert not form.dirty


def test_nothing_typed_is_lost(qtbot):
    drafts = Drafts()
    form = _form(qtbot, VALUES, drafts=drafts, draft="p/1")
    form.editor("children").set_typed("3")
    form.editor("weight").set_typed("6,")
    again = _form(qtbot, VALUES, drafts=drafts, draft="p/1")
    assert "What you had typed here is restored." in _shown(again)
    assert again.changes()["children"] == 3
    assert again.editor("weight").typed() == "6,"
    other = _form(qtbot, VALUES, drafts=drafts, draft="p/2")
    assert not other.dirty
    discard = next(button for button in again.findChildren(QPushButton) if button.text() == "Discard it")
    discard.click()
    assert again.values() == VALUES
    assert drafts.waiting() == ()


def test_what_is_recorded_leaves_no_draft(qtbot):
    drafts = Drafts()
    form = _form(qtbot, VALUES, drafts=drafts, draft="p/1")
    form.editor("children").set_typed("3")
    form.saved()
    assert drafts.waiting() == ()
    form.editor("children").set_typed("4")
    form.editor("children").set_typed("3")
    assert drafts.waiting() == (), "typed back is not changed"


def test_a_record_is_shown_until_f2(qtbot):
    form = _form(qtbot, VALUES, editing=False)
    line = form.editor("number").control
    assert isinstance(line, QLineEdit)
    assert line.isReadOnly()
    line.setFocus()
    with qtbot.waitSignal(form.editing_began):
        form.edit()
    assert not line.isReadOnly()


def test_a_choice_the_form_does_not_know_is_kept(qtbot):
    form = _form(qtbot, {**VALUES, "sex": "intersex"})
    assert form.values()["sex"] == "intersex"
    assert form.changes() == {}


def test_every_control_has_a_name_and_tab_goes_in_reading_order(qtbot):
    form = _form(qtbot)
    controls = [form.editor(field.name).control for field in FIELDS]
    assert [control.accessibleName() for control in controls] == [field.label for field in FIELDS]
    controls[0].setFocus()
    for following in controls[1:]:
        qtbot.keyClick(form.window().focusWidget(), Qt.Key.Key_Tab)
        assert form.window().focusWidget() is following


@pytest.mark.parametrize(("width", "columns"), [(400, 1), (800, 2)])
def test_a_wide_form_has_two_columns(qtbot, width, columns):
    form = _form(qtbot)
    form.resize(width, 600)
    qtbot.wait(1)
    lefts = {form.editor(name).mapTo(form, form.rect().topLeft()).x() for name in ("number", "consented", "sex")}
    assert len(lefts) == columns


@pytest.mark.parametrize(("language", "partial"), [("en", False), ("en", True), ("zh", False), ("zh", True)])
def test_every_example_a_date_offers_can_be_typed(qtbot, language, partial):
    set_language(language)
    editor = DayEditor(lambda: TODAY, partial=partial)
    qtbot.addWidget(editor)
    examples = [each.strip() for each in re.split("[,、]", editor.line.placeholderText())]
    assert len(examples) >= 2
    for example in examples:
        assert not re.match(r"\d{4}-", example)
        editor.line.setText(example)
        assert editor.value() is not None, example
        assert editor.line.fontMetrics().horizontalAdvance(editor.line.placeholderText()) < NARROW - 30
