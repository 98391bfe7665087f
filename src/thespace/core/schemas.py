"""Bases of the shapes that cross the edge, shared by HTTP and Socket.IO."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from thespace.core.ids import MAX_ID

Id = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]
"""An id or a seq inside a JSON body: an integer, not a string or a boolean that looks like one."""


class Input(BaseModel):
    """What a person sends. Unknown fields are refused: a misspelt one must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Changes(Input):
    """A change of some fields; what is not given stays as it is."""

    def to(self, present: BaseModel) -> dict[str, Any]:
        """Return what is given and differs from what is there."""
        given = self.model_dump(exclude_none=True)
        return {name: value for name, value in given.items() if getattr(present, name) != value}


class Output(BaseModel):
    """What a person is answered."""

    model_config = ConfigDict(frozen=True)
