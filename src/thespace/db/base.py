"""What every table shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from thespace.db.types import BigInt, Json, UtcDateTime


class Base(DeclarativeBase):
    """Tables are declared here and read with Core: rows, no entities, nothing loaded behind one's back."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: BigInt, str: Text, datetime: UtcDateTime, list[Any]: Json}  # noqa: RUF012
