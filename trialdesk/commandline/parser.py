"""Makes argparse's parser from the declared commands, in the language in force."""

from __future__ import annotations

import argparse
import shutil
import sys
from textwrap import fill
from typing import TYPE_CHECKING, Any, NoReturn

from trialdesk import __version__
from trialdesk.base.i18n import N_, _, n_
from trialdesk.commandline.catalog import COMMANDS
from trialdesk.commandline.declared import Argument, Command
from trialdesk.commandline.output import complain, say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

# argparse asks the system's gettext for its own words; these come from our catalogue, like everything else we say.
vars(argparse).update(_=_, ngettext=n_)

ARGPARSE_WORDS = (
    N_("usage: "),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse says on these paths, so that it stands in the catalogues of other languages."""

_NARROWEST, _WIDEST, _INDENT = 60, 100, 4


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes point to the help. Leaves with exit code 2."""

    mixed = False
    """Whether words may also stand behind options, as people write them."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does; where words and options are `mixed`, in any order."""
        if not self.mixed:
            return super().parse_known_args(args, namespace)
        # What parses mixed words comes back here for each half of its work.
        self.mixed = False
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self.mixed = True

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read on."""
        hint = _("See: {command} --help").format(command=self.prog)
        self.exit(2, f"{self.prog}: {message}\n{hint}\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print as everything else is printed: argparse's own way passes over an output that is full."""
        if message:
            (complain if file is sys.stderr else say)(message.rstrip("\n"))


def parser() -> Parser:
    """Return the parser of all commands. The parsed arguments hold `command`, None where none was given."""
    root = Parser(
        prog="trialdesk",
        usage=_("trialdesk [PATH] | trialdesk COMMAND …"),
        description=_("Investigator-initiated clinical trials on one desk. Without a command, opens the window."),
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    options = root.add_argument_group(_("Options"))
    options.add_argument("-h", "--help", action="help", help=_("show this and end"))
    options.add_argument("--version", action="version", version=f"TrialDesk {__version__}", help=_("show the version"))
    _add_desk(options)
    names = root.add_subparsers(
        dest="command", metavar=_("COMMAND"), prog=root.prog, help=argparse.SUPPRESS, parser_class=Parser
    )
    verbs: dict[str, argparse._SubParsersAction[Parser]] = {}
    for command in COMMANDS:
        group, _space, verb = command.name.rpartition(" ")
        if group and group not in verbs:
            verbs[group] = _add_group(names, group)
        _add(verbs.get(group, names), verb, command)
    return root


def _add_group(names: argparse._SubParsersAction[Parser], group: str) -> argparse._SubParsersAction[Parser]:
    """Add the first word of commands of two words, whose second word is parsed as `verb`."""
    calls = [f"trialdesk {_call(command)}" for command in COMMANDS if command.name.startswith(f"{group} ")]
    parser = names.add_parser(group, usage=" | ".join(calls), add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="help", help=_("show this and end"))
    return parser.add_subparsers(
        dest="verb", metavar=_("COMMAND"), prog=f"trialdesk {group}", help=argparse.SUPPRESS, parser_class=Parser
    )


def _add(names: argparse._SubParsersAction[Parser], name: str, command: Command) -> None:
    help_ = _(command.help)
    parser = names.add_parser(
        name,
        usage=f"trialdesk {_call(command)}",
        description=_sentence(help_),
        add_help=False,
        allow_abbrev=False,
    )
    needed = parser.add_argument_group(_("Arguments"))
    options = parser.add_argument_group(_("Options"))
    for argument in command.arguments:
        _add_argument(options if argument.is_option else needed, argument)
    parser.mixed = any(argument.many and not argument.is_option for argument in command.arguments)
    options.add_argument("-h", "--help", action="help", help=_("show this and end"))
    if command.on_desk:
        _add_desk(options, default=argparse.SUPPRESS)


def _add_argument(group: argparse._ArgumentGroup, argument: Argument) -> None:
    help_ = _(argument.help)
    if not argument.is_option:
        group.add_argument(
            argument.name,
            help=help_,
            metavar=argument.name,
            type=_named,
            choices=argument.choices or None,
            nargs="*" if argument.many else None if argument.needed else "?",
        )
    elif argument.shown:
        group.add_argument(
            argument.name,
            help=help_,
            metavar=argument.shown,
            type=_named,
            choices=argument.choices or None,
            required=argument.needed,
        )
    else:
        group.add_argument(argument.name, help=help_, action="store_true")


def _add_desk(group: argparse._ArgumentGroup, default: str | None = None) -> None:
    group.add_argument(
        "--desk",
        metavar="PATH|URL",
        type=_named,
        default=default,
        help=_("the desk; else TRIALDESK_DESK, else the one opened last"),
    )
    group.add_argument(
        "--user",
        metavar="U",
        type=_named,
        default=default,
        help=_("the account; else TRIALDESK_USER, else the only one or the last"),
    )


def _named(word: str) -> str:
    """Return a word as it was given. An empty one, as a variable that was never set leaves it, is no choice of all."""
    if not word.strip():
        raise argparse.ArgumentTypeError(_("nothing is named: the word given is empty"))
    return word


def _epilog() -> str:
    lines = [_("Commands:")]
    for command in COMMANDS:
        lines += ["  " + _call(command), _wrapped(_(command.help), _INDENT + 2)]
    lines += [
        "",
        _("Environment:"),
        _wrapped(
            _(
                "TRIALDESK_DESK, TRIALDESK_USER, TRIALDESK_PASSWORD: desk, account, and the password, which is asked "
                "for otherwise."
            ),
            2,
        ),
        "",
        _("Exit code:"),
        _wrapped(_("0 done; 1 the question was whether all is in order, and it is not; 2 nothing was done."), 2),
        "",
        _("Each command explains itself: trialdesk COMMAND --help"),
    ]
    return "\n".join(lines)


def _call(command: Command) -> str:
    return " ".join([command.name, *map(_usage, command.arguments)])


def _usage(argument: Argument) -> str:
    word = f"{argument.name} {argument.shown}" if argument.shown else argument.name
    if argument.choices:
        word = " ".join([argument.name] * argument.is_option + ["|".join(argument.choices)])
    optional = not argument.needed or (argument.is_option and not argument.shown)
    return f"[{word}]" if optional else word


def _wrapped(text: str, indent: int) -> str:
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns - 2))
    return fill(text, width, initial_indent=" " * indent, subsequent_indent=" " * indent)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + _(".")
