"""The cast on real sockets."""

from contextlib import AsyncExitStack

import pytest

from tests.cast import Cast
from tests.realtime.ears import Ears
from thespace.app import Application


@pytest.fixture
async def ears(application: Application, cast: Cast, server: str, sockets: AsyncExitStack) -> Ears:
    """Everybody listens, bob on two sockets."""
    return await Ears.of(application, cast, server, sockets)
