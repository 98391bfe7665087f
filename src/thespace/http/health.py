"""Whether the server lives, for those who watch it."""

from fastapi import APIRouter
from sqlalchemy import text

from thespace.core.schemas import Output
from thespace.db.unit_of_work import Reader
from thespace.http.dependencies import Db

router = APIRouter(tags=["operations"])


class Health(Output):
    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """Answer as long as the process does."""
    return Health()


@router.get("/readyz")
async def readyz(db: Db) -> Health:
    """Answer when the database does, too; 503 otherwise."""
    await db.read(_ping)
    return Health()


async def _ping(db: Reader) -> None:
    await db.scalar(text("SELECT 1"))
