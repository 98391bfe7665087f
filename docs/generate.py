"""Writes the generated parts of the pages beside this file, from the code itself.

`python docs/generate.py` writes them, `--check` only tells whether they differ from the code. In a page,
`<!-- generated: NAME -->` ... `<!-- end -->` encloses what the function NAME below returns; everything
around it is written by hand.
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from textwrap import fill
from types import NoneType
from typing import Any, get_args, get_type_hints

from pydantic import AliasChoices, BaseModel, SecretStr
from pydantic.json_schema import models_json_schema

import thespace
from thespace.app import Application
from thespace.core.errors import DomainError
from thespace.settings import Settings, load_settings
from thespace.spaces.policy import PRESETS, Permission, names_of

DOCS = Path(__file__).parent
GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
Schema = dict[str, Any]


@cache
def application() -> Application:
    """Return an application that is put together but not started: nothing is opened or written."""
    return Application(load_settings(_env_file=None), "documentation")


def settings() -> str:
    fields = Settings.model_fields.items()
    rows = [
        [_names(name, field.validation_alias), _default(field), field.description] for name, field in fields
    ]
    return table(["setting", "default", "what it is"], rows)


def permissions() -> str:
    granted = {preset: names_of(PRESETS[preset][2]) for preset in PRESETS}
    header = ["permission", *(f"{preset.value} (rank {PRESETS[preset][1]})" for preset in PRESETS)]
    rows = (
        [f"`{name}`", *("yes" if name in granted[preset] else "" for preset in PRESETS)]
        for name in _all_names()
    )
    return table(header, rows)


def errors() -> str:
    application()  # imports every domain
    params = _params()
    rows = (
        [
            f"`{kind.code}`",
            kind.status,
            kind.title,
            ", ".join(f"`{name}`" for name in sorted(params.get(kind.__name__, ()))),
            "yes" if kind.retryable else "no",
        ]
        for kind in sorted(_family(DomainError), key=lambda kind: (kind.status, kind.code))
    )
    return table(["code", "status", "title", "params", "retryable"], rows)


def routes() -> str:
    rows = []
    paths = application().api.openapi()["paths"]
    for path, operations in sorted(paths.items(), key=lambda item: item[0].split("/")[1]):
        for method, operation in operations.items():
            answers = [f"{status} {_answer(answer)}".strip() for status, answer in _successes(operation)]
            rows.append(
                [
                    f"`{method.upper()} {path}{_query(operation)}`",
                    _body(operation),
                    ", ".join(answers),
                    operation.get("description", ""),
                ]
            )
    return table(["route", "body", "answer", "what it does"], rows)


def client_events() -> str:
    rows = [
        [
            f"`{name}`",
            _fields(event.body),
            " or ".join(map(_link, _answers(event.handler))),
            event.handler.__doc__ or "",
        ]
        for name, event in application().realtime.wire.client_events.items()
    ]
    return table(["event", "body", "ack's data", "what it does"], rows)


def server_events() -> str:
    rows = [
        [f"`{event.name}`", _link(event.body), _own_doc(kind)]
        for kind, event in application().realtime.wire.server_events.items()
    ]
    return table(["event", "body", "when"], rows)


def shapes() -> str:
    return "\n".join(
        _shape(name, schema) for name, schema in sorted(_schemas().items()) if "properties" in schema
    )


SECTIONS: dict[str, Callable[[], str]] = {
    section.__name__: section
    for section in (settings, permissions, errors, routes, client_events, server_events, shapes)
}


def table(header: list[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(cell: object) -> str:
    return " ".join(str(cell or "").split()).replace("|", "\\|")


def _names(name: str, alias: object) -> str:
    names = alias.choices if isinstance(alias, AliasChoices) else [f"SPACE_{name.upper()}"]
    return ", ".join(f"`{name}`" for name in names)


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    match value:
        case bool():
            return "`on`" if value else "`off`"
        case SecretStr() | "" | []:
            return ""
        case Path():
            return f"`./{value}`"
        case _:
            return f"`{value}`"


def _all_names() -> list[str]:
    return names_of(Permission(sum(Permission)))


def _family(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _family(child)


def _params() -> dict[str, set[str]]:
    """Return which params each error is raised with, as the source says."""
    params: dict[str, set[str]] = {}
    for path in Path(thespace.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id=name), keywords=keywords)):
                    names = {keyword.arg for keyword in keywords if keyword.arg} - {"errors"}
                    params.setdefault(name, set()).update(names)
    return params


def _own_doc(kind: type) -> str:
    """Return a class's docstring, unless `dataclass` made it up."""
    doc = kind.__doc__ or ""
    return "" if doc.startswith(f"{kind.__name__}(") else doc


@cache
def _schemas() -> dict[str, Schema]:
    wire = application().realtime.wire
    taken = [event.body for event in wire.client_events.values()]
    told = [event.body for event in wire.server_events.values()]
    told += [answer for event in wire.client_events.values() for answer in _answers(event.handler)]
    models = [(model, "validation") for model in taken] + [(model, "serialization") for model in told]
    _, schema = models_json_schema(list(dict.fromkeys(models)))  # type: ignore[arg-type]
    http = application().api.openapi()["components"]["schemas"]
    return {**http, **schema["$defs"]}


def _shape(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    rows = [
        [f"`{field}`" + ("" if field in required else " ?"), _type(kind), kind.get("description", "")]
        for field, kind in schema["properties"].items()
    ]
    return f"### {name}\n\n{_paragraph(schema)}{table(['field', 'type', ''], rows)}"


def _paragraph(schema: Schema) -> str:
    return f"{fill(schema['description'], 110)}\n\n" if "description" in schema else ""


def _type(schema: Schema) -> str:
    """Return a JSON schema in a few words."""
    match schema:
        case {"$ref": reference}:
            return _reference(reference.rpartition("/")[2])
        case {"anyOf": options}:
            return " or ".join(_type(option) for option in options)
        case {"enum": values}:
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": values}:
            return f"object of {_type(values)} by id"
        case _:
            return _plain(schema)


def _plain(schema: Schema) -> str:
    match schema:
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"type": "string", "format": "date-time"}:
            return "time"
        case {"type": "string"}:
            return "string" + _range(schema.get("minLength"), schema.get("maxLength"))
        case _:
            return str(schema.get("type", "anything"))


def _reference(name: str) -> str:
    schema = _schemas()[name]
    return f"[{name}](shapes.md#{name.lower()})" if "properties" in schema else _type(schema)


def _range(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return ""
    return f" ({least or 0}..{most})" if most is not None else f" ({least} or more)"


def _link(model: type[BaseModel]) -> str:
    return _reference(model.__name__)


def _answers(handler: Callable[..., Any]) -> list[type[BaseModel]]:
    answer = get_type_hints(handler)["return"]
    return [model for model in get_args(answer) or [answer] if model is not NoneType]


def _fields(model: type[BaseModel]) -> str:
    fields = model.model_fields.items()
    names = ", ".join(name + ("" if field.is_required() else "?") for name, field in fields)
    return f"[`{{{names}}}`](shapes.md#{model.__name__.lower()})"


def _query(operation: Schema) -> str:
    names = [given["name"] for given in operation.get("parameters", ()) if given["in"] == "query"]
    return "?" + "&".join(names) if names else ""


def _body(operation: Schema) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    forms = {"application/json": "", "application/x-www-form-urlencoded": " (form)"}
    return ", ".join(_type(content[kind]["schema"]) + note for kind, note in forms.items() if kind in content)


def _successes(operation: Schema) -> Iterator[tuple[str, Schema]]:
    return ((status, answer) for status, answer in operation["responses"].items() if status.startswith("2"))


def _answer(answer: Schema) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return _type(schema) if schema else ""


def filled(page: str) -> str:
    """Return a page with its generated parts as the code has them now."""
    return GENERATED.sub(lambda part: f"{part[1]}\n{SECTIONS[part[2]]()}\n{part[3]}", page)


def main() -> None:
    """Write the pages, or with `--check` name those that differ and fail."""
    texts = {path: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
    stale = {path: new for path, text in texts.items() if (new := filled(text)) != text}
    if "--check" in sys.argv:
        names = ", ".join(f"docs/{path.name}" for path in stale)
        sys.exit(f"{names} differ from the code: run `make docs`." if stale else 0)
    for path, new in stale.items():
        path.write_text(new, "utf-8")
        print(f"docs/{path.name} is new.")


if __name__ == "__main__":
    main()
