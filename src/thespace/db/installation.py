"""Who this installation is: one row, written when the database is created."""

import secrets
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from thespace.db.base import Base
from thespace.db.unit_of_work import Reader, UnitOfWork


class InstallationRow(Base):
    """`identity` tells installations on one host apart; `epoch` is renewed when the database is restored."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identity: Mapped[str]
    epoch: Mapped[str]


@dataclass(frozen=True, slots=True)
class Installation:
    """What `InstallationRow` says."""

    identity: str
    epoch: str


async def found_installation(uow: UnitOfWork) -> Installation:
    """Return who this installation is, decided by whichever process asks first."""
    new = {"id": 1, "identity": secrets.token_hex(4), "epoch": secrets.token_hex(8)}
    await uow.execute(uow.dialect.insert(InstallationRow).values(**new).on_conflict_do_nothing())
    return await _read(uow)


async def _read(db: Reader) -> Installation:
    row = await db.row(select(InstallationRow.identity, InstallationRow.epoch))
    assert row is not None, "the row was written above"
    return Installation(row.identity, row.epoch)
