"""A pytest plugin: which tests several workers must not part, so that what a file sets up is set up once.

The tests of a file stay together, unless it runs them on both databases: then those of each database do. What needs the
X server is one group, for one child runs all of it; so is what looks at the demonstration, which is built once. Without
workers this changes nothing.
"""

from __future__ import annotations

import pytest

DATABASES = ("sqlite", "postgres")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name each test's group, before the workers are told of them."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def plain(nodeid: str) -> str:
    """Return the id by which pytest itself knows a test: a worker's ends in `@` and its group."""
    return nodeid[: nodeid.rfind("@")] if nodeid.rfind("@") > nodeid.rfind("]") else nodeid


def _group(item: pytest.Item) -> str:
    if item.get_closest_marker("xvfb"):
        return "xvfb"
    if isinstance(item, pytest.Function) and "built_demonstration" in item.fixturenames:
        return "demonstration"
    file = item.nodeid.partition("::")[0]
    words = item.callspec.id.split("-") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else []
    return "-".join([file, *(name for name in DATABASES if name in words)])
