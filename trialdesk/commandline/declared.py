"""How a command is declared: its words, not its work. Nothing heavy is imported until a command is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """One word a command takes. `NAME` stands in its place, `--name` is an option.

    `shown` stands for an option's value; an option without it is yes or no. `needed` says that it must be given;
    `many` that any number of words may stand in its place.
    `help` is English marked by `N_`.
    """

    name: str
    help: str
    shown: str = ""
    choices: Sequence[str] = ()
    needed: bool = True
    many: bool = False

    @property
    def is_option(self) -> bool:
        """Whether it is given by name."""
        return self.name.startswith("--")


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it is called, what it does (marked by `N_`), its arguments, and `module:function` to run.

    The function takes the parsed arguments and returns the exit code: 0 done, 1 where the question was whether all is
    in order and it is not. It raises Told where nothing was done. `on_desk` adds `--desk` and `--user`;
    `many_steps` says that it saves several steps, between which it can be stopped.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    where: str
    on_desk: bool = True
    many_steps: bool = False

    def load(self) -> Callable[[Any], int]:
        """Import the module that does the work and return its function."""
        module, _colon, function = self.where.partition(":")
        found: Callable[[Any], int] = getattr(import_module(f"trialdesk.commandline.{module}"), function)
        return found
