"""What is about one of the databases only."""

import pytest

from tests.conftest import ON_POSTGRESQL

collect_ignore = (
    ["test_syncs.py"]
    if ON_POSTGRESQL
    else ["test_broken_connections.py", "test_held_from_outside.py", "test_two_processes.py"]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is about the other database: there is nothing to run, so nothing is skipped."""
    other = "sqlite" if ON_POSTGRESQL else "postgresql"
    items[:] = [
        item for item in items if (mark := item.get_closest_marker("about")) is None or mark.args != (other,)
    ]
