"""`python -m bench.served WRITER COUNT`: `thespace serve` that counts its statements in the file COUNT.

It ends with whoever started it: when its standard input does.

With the writer `one-by-one` each change has an ORM transaction of its own.
"""

import os
import signal
import sys
from pathlib import Path
from threading import Thread

from bench.counting import StatementCount
from bench.reference import OneByOne
from thespace import app, cli

BATCHED, ONE_BY_ONE = "batched", "one-by-one"


def main() -> None:
    """Serve as the environment says."""
    writer, count = sys.argv[1:]
    Thread(target=_end_with_input, daemon=True).start()
    if writer == ONE_BY_ONE:
        vars(app)["Batcher"] = OneByOne
    sys.argv = ["thespace", "serve"]
    with StatementCount(Path(count)).counting():
        cli.main()


def _end_with_input() -> None:
    # Not through sys.stdin: its lock, held by a thread in the middle of a read, is fatal at exit.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
