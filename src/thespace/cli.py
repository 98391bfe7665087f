"""`thespace`: what an operator types."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress

from thespace import __version__
from thespace.app import Application
from thespace.data_directory import DataDirectory
from thespace.db.migrate import SchemaError, migrate
from thespace.logs import configure_logs
from thespace.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from thespace.demo.place import DemoPlace

cli = typer.Typer(
    help="The Space: a self-hosted, real-time community platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """End with the sentence of an error an operator can mend, instead of a traceback."""
    try:
        yield
    except (SettingsError, SchemaError) as error:
        console.print(f"[bold red]✗[/] {error}")
        raise typer.Exit(1) from None


@cli.command()
def serve(
    reload: Annotated[bool, typer.Option(help="Start again whenever the code changes.")] = False,
) -> None:
    """Start the server and the web client."""
    with _one_sentence():
        settings = load_settings()
        if reload:
            _serve_reloading(settings)
        _run(settings, _listen(settings.listen_host, settings.port))


@cli.command()
def demo(
    data: Annotated[Path, typer.Option(help="A data directory of its own.")] = Path("data-demo"),
) -> None:
    """Start a server with people and talk in it, to look around; the first time it is filled."""
    from thespace.demo.content import GREETING
    from thespace.demo.place import DemoPlace

    with _one_sentence():
        settings, place = load_settings(data_dir=data, database_url=""), DemoPlace(data)
        is_filled = place.is_filled()
        listening = _listen(settings.listen_host, settings.port)
        if not is_filled:
            _fill(place)
        _run(settings, listening, GREETING)


@cli.command(name="migrate")
def migrate_command() -> None:
    """Bring the database to the schema of this version; `serve` does so by itself."""
    with _one_sentence(), _opened(load_settings()):
        console.print("The database is up to date.")


@cli.command()
def version() -> None:
    """Print the version."""
    console.print(__version__)


def main() -> None:
    """Run the command line."""
    cli()


def _run(settings: Settings, listening: socket.socket, note: str = "") -> None:
    """Serve until told to stop; a note is printed below the address."""
    with _opened(settings) as secret:
        application = Application(settings, secret)
        _greet(settings)
        if note:
            console.print(note)
        _server(application, settings).run(sockets=[listening])


def _fill(place: "DemoPlace") -> None:
    from thespace.demo.fill import MESSAGES, fill_demo

    place.begin()
    settings = load_settings(data_dir=place.filling, database_url="")
    with _opened(settings) as secret, Progress(console=console, transient=True) as progress:
        filling = progress.add_task("Filling the demo", total=MESSAGES)
        asyncio.run(fill_demo(settings, secret, lambda count: progress.advance(filling, count)))
    place.finish()


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[str]:
    """Hold the data directory, migrate the database, and give the secret."""
    configure_logs(settings.log_level)
    secret = settings.secret_key.get_secret_value()
    directory = DataDirectory(settings.data_dir)
    if settings.is_embedded:
        directory.prepare()
        directory.lock()
        secret = secret or directory.secret()
    try:
        applied = asyncio.run(migrate(settings.sqlalchemy_url, directory.backups))
        for name in applied:
            console.print(f"[dim]Applied migration {name}[/]")
        yield secret
    finally:
        directory.unlock()


def _listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; a port in use is told before anything else is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"The server cannot listen on {host}:{port} ({error.strerror}): "
            "stop what listens there, or set SPACE_PORT to another port."
        ) from None
    # At once: as long as nobody listens, another server could bind the same port.
    listening.listen()
    listening.set_inheritable(True)
    return listening


def _server(application: Application, settings: Settings) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            application.asgi,
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            # Compressing every frame for every recipient costs more than the bytes it saves.
            ws_per_message_deflate=False,
            ws_max_size=256 * 1024,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
    )


def _greet(settings: Settings) -> None:
    host = {"127.0.0.1": "localhost", "0.0.0.0": "localhost", "::": "localhost"}.get(settings.listen_host)  # noqa: S104
    address = settings.public_url or f"http://{host or settings.listen_host}:{settings.port}"
    where = "PostgreSQL" if not settings.is_embedded else str(settings.data_dir / "thespace.db")
    console.print(f"[bold]The Space {__version__}[/] is at [bold cyan]{address}[/]  [dim](data: {where})[/]")


def _serve_reloading(settings: Settings) -> None:
    """Serve from a child process that is replaced at each change of the code; ends this process."""
    from watchfiles import PythonFilter, run_process  # only there with the development tools

    os.environ.setdefault("SPACE_PORT", str(settings.port))
    package = Path(__file__).parent
    run_process(
        package,
        target=f"{sys.executable} -m thespace serve",
        target_type="command",
        watch_filter=PythonFilter(),
    )
    raise typer.Exit
