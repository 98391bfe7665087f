"""What is about one of the databases only."""

from tests.conftest import ON_POSTGRESQL

collect_ignore = (
    ["test_syncs.py"]
    if ON_POSTGRESQL
    else ["test_broken_connections.py", "test_held_from_outside.py", "test_two_processes.py"]
)
