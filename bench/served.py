"""`python -m bench.served WRITER COUNT`: `thespace serve` that counts its statements in the file COUNT.

With the writer `one-by-one` each change has an ORM transaction of its own.
"""

import sys
from pathlib import Path

from bench.counting import StatementCount
from bench.reference import OneByOne
from thespace import app, cli

BATCHED, ONE_BY_ONE = "batched", "one-by-one"


def main() -> None:
    """Serve as the environment says."""
    writer, count = sys.argv[1:]
    if writer == ONE_BY_ONE:
        vars(app)["Batcher"] = OneByOne
    sys.argv = ["thespace", "serve"]
    with StatementCount(Path(count)).counting():
        cli.main()


if __name__ == "__main__":
    main()
