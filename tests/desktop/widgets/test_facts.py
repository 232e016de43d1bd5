from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel

from trialdesk.desktop.widgets.facts import Facts

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
