from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel

from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.unbroken import Unbroken

LONG = (
    "To find out whether twelve weeks of the product shorten the cough that lasts after pneumonia, and how well it is"
)


def test_a_long_fact_has_the_line_and_a_text_the_lines_below(qtbot):
    facts = Facts([("Number", "1"), ("Objective", LONG), ("Phase", "2"), ("Terms", "one\ntwo"), ("Site", "01")])
    qtbot.addWidget(facts)
    grid = facts.layout()
    assert isinstance(grid, QGridLayout)
    places = {label.text(): grid.getItemPosition(grid.indexOf(label)) for label in facts.findChildren(QLabel)}
    assert places["1"] == (0, 1, 1, 1)
    assert places["Objective"] == (1, 0, 1, 1)
    assert places[LONG] == (1, 1, 1, 3)
    assert places["2"] == (2, 1, 1, 1)
    assert places["Terms"] == (3, 0, 1, 1)
    assert places["one\ntwo"] == (4, 0, 1, 4)
    assert places["01"] == (5, 1, 1, 1)


ENDLESS = "x" * 3000


def test_an_endless_word_is_broken_anywhere_and_pushes_nothing_out_of_sight(qtbot):
    facts = Facts([("What is disputed", ENDLESS), ("Raised on", "2026-03-10")])
    qtbot.addWidget(facts)
    facts.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    facts.setFixedWidth(420)
    facts.show()
    QApplication.processEvents()
    (value,) = facts.findChildren(Unbroken)
    raised = next(each for each in facts.findChildren(QLabel) if each.text() == "2026-03-10")
    assert value.toPlainText() == ENDLESS, "what is copied is what was recorded"
    assert value.geometry().right() < 420
    assert raised.mapTo(facts, raised.rect().topRight()).x() < 420
    assert value.height() > 60
    assert raised.y() > value.geometry().bottom()


def test_a_hash_has_the_lines_it_needs_and_words_with_spaces_stay_a_label(qtbot):
    facts = Facts(
        [("SHA-256", "0123456789abcdef" * 4), ("Objective", LONG), ("目的", "观察十二周治疗能否缩短肺炎后咳嗽" * 5)]
    )
    qtbot.addWidget(facts)
    assert [each.toPlainText()[:4] for each in facts.findChildren(Unbroken)] == ["0123"]
