from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.desktop.changes import EVERYTHING, Changes


def _page(qtbot, changes: Changes, kinds: set[str], *, shown: bool = True) -> tuple[QWidget, list[int]]:
    page = QWidget()
    qtbot.addWidget(page)
    page.setVisible(shown)
    seen: list[int] = []
    changes.subscribe(page, kinds, lambda: seen.append(1))
    return page, seen


def test_a_page_that_shows_a_kind_looks_again_once(qtbot):
    changes = Changes()
    _page_a, visits = _page(qtbot, changes, {"visit"})
    _page_b, sites = _page(qtbot, changes, {"site"})
    _page_c, everything = _page(qtbot, changes, {EVERYTHING})
    for _time in range(3):
        changes.emit({"visit", "participant"})
    qtbot.wait(1)
    assert (visits, sites, everything) == ([1], [], [1])
    changes.emit({EVERYTHING})
    qtbot.wait(1)
    assert (len(visits), len(sites)) == (2, 1)


def test_a_page_that_cannot_be_seen_waits_until_it_is(qtbot):
    changes = Changes()
    page, seen = _page(qtbot, changes, {"visit"}, shown=False)
    changes.emit({"visit"})
    qtbot.wait(1)
    assert seen == []
    page.show()
    qtbot.wait(1)
    assert seen == [1]
    page.hide()
    page.show()
    qtbot.wait(1)
    assert seen == [1]


def test_a_page_that_is_gone_hears_nothing(qtbot):
    changes = Changes()
    page, seen = _page(qtbot, changes, {"visit"})
    page.deleteLater()
    qtbot.wait(1)
    changes.emit({"visit"})
    qtbot.wait(1)
    assert seen == []


def test_no_change_tells_nobody(qtbot):
    changes = Changes()
    _, seen = _page(qtbot, changes, {EVERYTHING})
    changes.emit(())
    qtbot.wait(1)
    assert seen == []
