"""Ctrl-C stops a command at any moment but those in which its step is saved or was saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from trialdesk.base.stopping import heard, saving


@pytest.fixture(autouse=True)
def _ordinary() -> Iterator[None]:
    """Start from Python's own handling, wherever the tests were started from."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def test_before_a_step_is_saved_it_stops_at_once():
    with heard() as stop:
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        assert (stop.saved, stop.asked, stop.is_done) == (False, True, False)


def test_while_a_step_is_saved_it_waits_and_the_command_goes_on_to_its_end():
    with heard() as stop:
        with saving():
            ctrl_c()
            ctrl_c()
        assert (stop.saved, stop.asked, stop.is_done) == (True, True, True)


def test_after_the_step_it_waits_once_and_stops_the_second_time():
    with heard() as stop:
        with saving():
            pass
        ctrl_c()
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        assert stop.is_done


def test_between_two_steps_it_stops():
    with heard() as stop:
        stop.goes_on = True
        with pytest.raises(KeyboardInterrupt), saving():
            ctrl_c()
        assert stop.saved
        assert not stop.is_done
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()


def failing() -> None:
    with saving():
        ctrl_c()
        raise ValueError("full")


def test_a_step_that_fails_was_not_saved():
    with heard() as stop:
        with pytest.raises(ValueError, match="full"):
            failing()
        assert not stop.saved
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()


def test_a_program_that_ends_after_its_step_hears_no_more():
    with heard(ends=True), saving():
        pass
    ctrl_c()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("ends", [True, False])
def test_otherwise_it_is_given_back(ends: bool):
    with heard(ends=ends):
        pass
    with pytest.raises(KeyboardInterrupt):
        ctrl_c()


def test_one_that_is_ignored_or_in_another_thread_stays_as_it_is():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with heard() as stop:
        ctrl_c()
        assert not stop.asked
    signal.signal(signal.SIGINT, signal.default_int_handler)
    found: list[object] = []

    def elsewhere() -> None:
        with heard(), saving():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
