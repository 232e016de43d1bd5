"""The collector pauses and goes on as it was."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from threading import Event

import pytest

from trialdesk.base import collecting
from trialdesk.base.collecting import put_aside, uncollected


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with nothing put aside: between tests what they keep alive is."""
    gc.unfreeze()
    monkeypatch.setattr(collecting, "_aside", Event())
    yield
    gc.enable()


def test_it_pauses_and_goes_on():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_where_the_block_fails():
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled()


def test_one_that_is_off_stays_off_and_a_block_within_a_block_ends_with_the_outer_one():
    with uncollected(), uncollected():
        pass
    assert gc.isenabled()
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()


def test_what_was_made_is_not_gone_through_as_new_and_cycles_are_collected_in_the_end():
    class Node:
        self: Node

    with uncollected():
        node = Node()
        node.self = node
        made = [[number] for number in range(10_000)]
        gone = weakref.ref(node)
        del node
    assert gc.get_freeze_count() == 0
    assert gc.get_count()[0] < len(made)
    assert gone() is not None
    gc.collect()
    assert gone() is None


def test_what_is_frozen_stays_frozen():
    put_aside()
    try:
        frozen = gc.get_freeze_count()
        with uncollected():
            pass
        assert gc.get_freeze_count() == frozen > 0
        assert gc.isenabled()
    finally:
        gc.unfreeze()
