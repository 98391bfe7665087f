"""How long the torture lasts: short by itself, long with SPACE_TORTURE=1, which `make torture` sets."""

import os

TORTURE = os.environ.get("SPACE_TORTURE") == "1"
