"""The same door as `access_space`, for many people and spaces in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select

from thespace.accounts.models import User
from thespace.accounts.queries import person_columns, person_of
from thespace.accounts.schemas import Person
from thespace.core.ids import SpaceId, UserId
from thespace.db.dialects import Dialect
from thespace.db.relation import numbers
from thespace.db.types import AnyRow
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.access import SpaceAccess, authority_in
from thespace.spaces.models import Member, MemberRole, Role, Space

Asked = tuple[UserId, SpaceId]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a member may do in a space, and who they are."""

    access: SpaceAccess
    person: Person


class ManyAccesses:
    """Reads authority in sets; the statement is built once, because its text never changes."""

    def __init__(self, dialect: Dialect) -> None:
        self._pairs = dialect.relation(user_id="bigint", space_id="bigint")
        asked = numbers(self._pairs).subquery("asked")
        is_theirs = and_(MemberRole.space_id == asked.c.space_id, MemberRole.user_id == asked.c.user_id)
        self._statement = (
            select(
                asked.c.space_id,
                Space.version,
                Space.owner_id,
                Role.permissions.label("role_permissions"),
                Role.priority.label("role_priority"),
                *person_columns(),
            )
            .select_from(asked)
            .join(Space, and_(Space.id == asked.c.space_id, Space.deleted_at.is_(None)))
            .join(Member, and_(Member.space_id == asked.c.space_id, Member.user_id == asked.c.user_id))
            .join(User, User.id == asked.c.user_id)
            .outerjoin(MemberRole, is_theirs)
            .outerjoin(Role, Role.id == MemberRole.role_id)
        )

    async def read(self, uow: UnitOfWork, asked: Iterable[Asked]) -> dict[Asked, Granted]:
        """Return what each asked person may do in the asked space; who is no member is left out.

        The caller holds the authority of the spaces, taken by an earlier statement.
        """
        pairs = sorted(set(asked))
        if not pairs:
            return {}
        by_pair: dict[Asked, list[AnyRow]] = {}
        for row in await uow.rows(self._statement, self._pairs.bind(pairs)):
            by_pair.setdefault((row.id, row.space_id), []).append(row)
        return {pair: _granted(pair, rows) for pair, rows in by_pair.items()}


def _granted(pair: Asked, rows: list[AnyRow]) -> Granted:
    user_id, space_id = pair
    row = rows[0]
    access = SpaceAccess(space_id, user_id, row.owner_id, row.version, authority_in(rows, user_id))
    return Granted(access, person_of(row))
