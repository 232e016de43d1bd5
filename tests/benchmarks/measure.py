"""What every benchmark uses: interleaved runs, medians, one line a bar."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Bar:
    """A ratio that was measured, and what it must not exceed."""

    name: str
    ratio: float
    at_most: float
    details: str

    @property
    def held(self) -> bool:
        return self.ratio <= self.at_most

    def line(self) -> str:
        state = "held  " if self.held else "MISSED"
        return f"{state} {self.name}: {self.ratio:.3g} (at most {self.at_most:g}); {self.details}"


def seconds(run: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def cpu_seconds(run: Callable[[], object]) -> float:
    """Return how long the processor worked on it: what others do on the machine meanwhile is left out."""
    gc.collect()
    began = time.process_time()
    run()
    return time.process_time() - began


def compared(name: str, ours: Callable[[], float], bare: Callable[[], float], *, at_most: float, runs: int = 5) -> Bar:
    """Run both in turn, after one warm-up of each, and compare the medians of what they return (seconds)."""
    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(runs)]
    mine, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return Bar(name, mine / theirs, at_most, f"{mine * 1000:.2f} ms against {theirs * 1000:.2f} ms, {runs} runs")
