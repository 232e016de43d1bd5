"""Run all benchmarks, or those named: `python -m tests.benchmarks [writing replaying]`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.benchmarks import assessing, printing, replaying, starting, writing
from tests.benchmarks.measure import Bar

BENCHMARKS: dict[str, Callable[[], list[Bar]]] = {
    "starting": starting.bars,
    "writing": writing.bars,
    "replaying": replaying.bars,
    "assessing": assessing.bars,
    "printing": printing.bars,
}


def main() -> int:
    names = sys.argv[1:] or list(BENCHMARKS)
    missed = 0
    for name in names:
        for bar in BENCHMARKS[name]():
            print(bar.line(), flush=True)
            missed += not bar.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
