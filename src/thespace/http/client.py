"""The web client's files and pages, and the API's documentation, all served by us."""

from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "static"
NOT_BUILT = "The web client is not built. Run `make run`, or `node build.mjs` in the folder `web`.\n"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# No `{path:path}` at the root: an unknown address is a 404, not a page that pretends.
PAGES = ("/", "/s/{space}", "/c/{chat}", "/c/{chat}/{seq}", "/settings", "/settings/{page:path}")
ROOT_FILES = ("favicon.svg", "manifest.webmanifest")


class _Assets(StaticFiles):
    """Files whose names carry a hash of their content: a browser never asks twice."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file to be kept for good."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = IMMUTABLE
        return response


def install_client(app: FastAPI, static: Path = STATIC) -> None:
    """Serve the pages of the client and of the documentation."""
    router = APIRouter(include_in_schema=False)

    files = (
        dict.fromkeys(PAGES, "index.html")
        | {"/docs": "docs/index.html"}
        | {f"/{name}": name for name in ROOT_FILES}
    )
    for path, name in files.items():
        router.add_api_route(path, partial(_file, static / name), methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount("/assets", GZipMiddleware(_Assets(directory=static / "assets", check_dir=False)))
    app.mount("/docs", GZipMiddleware(StaticFiles(directory=static / "docs", check_dir=False)))


async def _file(path: Path) -> Response:
    if not path.is_file():  # noqa: ASYNC240 - one look at a file that is in the cache
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(path, headers={"Cache-Control": REVALIDATE})
