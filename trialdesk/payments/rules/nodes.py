"""YAML text as a tree whose every node knows its path and line.

The schema is YAML 1.2's core, with `true` and `false` the only booleans: `on`, `no` and dates stay text. A number with
a decimal point stays what was written and is told apart from text, so that it can be refused where money stands.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.places import Where

DEEPEST = 60
MOST_NODES = 2_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at a place, in words. `code` is the bright line it crosses, if it is one."""

    where: Where
    words: str
    code: str = ""


class Refused(Exception):  # noqa: N818 - names what happened to the file
    """A file cannot be read. It holds everything found wrong with it."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__(*wrongs)
        self.wrongs = wrongs


@dataclass(frozen=True, slots=True)
class Real:
    """A number with a decimal point or an exponent, as it is written."""

    text: str


Value = str | int | bool | Real | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands: a scalar, a tuple of nodes, or a dictionary of nodes."""

    value: Value | tuple[Node, ...] | dict[str, Node]
    where: Where

    def wrong(self, words: str, code: str = "") -> Refused:
        """Return the exception that says what is wrong here."""
        return Refused(Wrong(self.where, words, code))


_CORE = "tag:yaml.org,2002:"
_NULL, _FLAG, _WHOLE, _REAL, _TEXT, _LIST, _TABLE = (
    _CORE + name for name in ("null", "bool", "int", "float", "str", "seq", "map")
)


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # either class is untyped
    """Composes nodes; which plain words are more than text, the resolvers below say."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own class attribute, emptied

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def descend_resolver(self, _node: Any, _index: Any) -> None:
        """Count the levels: the library composes by recursion, in C, and very deep nesting would end the program."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused(Wrong(Where("", 1), _too_deep()))

    def ascend_resolver(self) -> None:
        """Leave a level."""
        self._depth -= 1


for tag, pattern, first in (
    (_NULL, r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    (_FLAG, r"true|false", list("tf")),
    (_WHOLE, r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        _REAL,
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
):
    _Loader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), first)


def read_nodes(text: str) -> Node:
    """Return the tree of one YAML document. Raises Refused where it is none, or gives a key twice."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused(Wrong(Where("", mark.line + 1 if mark else 1), _not_yaml(error.problem))) from error
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise Refused(Wrong(Where("", line), _not_yaml(getattr(error, "reason", None)))) from error
    finally:
        loader.dispose()
    if root is None:
        raise Refused(Wrong(Where("", 1), _("The file is empty.")))
    tree = _Tree()
    node = tree.node(root, "", 0)
    if tree.wrongs:
        raise Refused(*tree.wrongs)
    return node


def _too_deep() -> str:
    return _("This is nested too deeply, or too large.")


def _not_yaml(why: str | None) -> str:
    return _("This is not YAML: {why}.").format(why=why or "?")


class _Tree:
    """Turns the library's nodes into ours, collecting what is wrong."""

    def __init__(self) -> None:
        self.wrongs: list[Wrong] = []
        self._seen = 0

    def node(self, given: Any, path: str, depth: int) -> Node:
        where = Where(path, given.start_mark.line + 1)
        self._seen += 1
        if depth > DEEPEST or self._seen > MOST_NODES:
            # Also what an alias within its own anchor comes to.
            raise Refused(Wrong(where, _too_deep()))
        if given.tag == _TABLE:
            return Node(self._table(given, path, depth), where)
        if given.tag == _LIST:
            items = enumerate(given.value)
            return Node(tuple(self.node(item, f"{path}[{at}]", depth + 1) for at, item in items), where)
        if given.tag not in {_NULL, _FLAG, _WHOLE, _REAL, _TEXT} or not isinstance(given.value, str):
            self.wrongs.append(Wrong(where, _("The tag {tag} is not known here.").format(tag=given.tag)))
            return Node(None, where)
        return Node(_scalar(given.tag, given.value), where)

    def _table(self, given: Any, path: str, depth: int) -> dict[str, Node]:
        table: dict[str, Node] = {}
        for key, value in given.value:
            name = key.value if isinstance(key.value, str) else ""
            within = f"{path}.{name}" if path else name
            node = self.node(value, within, depth + 1)
            if name in table:
                where = Where(within, key.start_mark.line + 1)
                self.wrongs.append(Wrong(where, _("The key “{key}” is given twice.").format(key=name)))
            table[name] = node
        return table


def _scalar(tag: str, text: str) -> Value:
    if tag == _NULL:
        return None
    if tag == _FLAG:
        return text == "true"
    if tag == _REAL:
        return Real(text)
    if tag == _WHOLE and len(text) < 20:
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    return Real(text) if tag == _WHOLE else text
