"""``cpplan serve``: the plans of a store over HTTP, to whoever bears a token."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import os
import secrets
import ssl
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import click

from cpplan.service import Caller, InvalidTokensError, Tokens, create_app, impatient, line_for
from cpplan.store import Store
from cpplan_sim.commands.stores import EDITIONS, STORE, editions, told

AT_ONCE = 200
"""Requests answered at a time; others are told to come again. It bounds the memory."""


@click.command("serve")
@STORE
@EDITIONS
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
@click.option(
    "--token-file",
    "tokens",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Who may ask: a line for each, with the hash of a token.",
)
@click.option("--new-token", "name", metavar="NAME", help="Make a token, print it, and stop.")
@click.option(
    "--may",
    type=click.Choice(["read", "write"]),
    multiple=True,
    default=("read",),
    show_default=True,
    help="What the new token allows; again for both.",
)
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False), help="For HTTPS.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="For HTTPS.")
@click.option("--behind-proxy", is_flag=True, help="Something in front of it does HTTPS.")
@click.option("--keep-refused", is_flag=True, help="Keep what is refused, apart from the history.")
def command(  # noqa: PLR0913  # the options
    where: str,
    names: tuple[str, ...],
    *,
    host: str,
    port: int,
    tokens: Path,
    name: str | None,
    may: tuple[str, ...],
    certificate: str | None,
    key: str | None,
    behind_proxy: bool,
    keep_refused: bool,
) -> None:
    """Serve the plans of a store over HTTP. What can be asked stands at /openapi.json.

    It listens on this machine alone unless told otherwise, and beyond it only by HTTPS, its own or
    a proxy's. The days on which entries are recorded are this machine's. Exits with 2 if it can't
    begin.
    """
    if name is not None:
        _new_token(tokens, Caller(name, may))
        return
    if not (_is_loopback(host) or behind_proxy or (certificate and key)):
        _stop(
            f"{host} can be reached from other machines, and a token sent there could be read on"
            " the way: give --certificate and --key, or --behind-proxy"
        )
    _require_pair(certificate, key)
    guard = _guard(tokens)
    with told():
        store = impatient(Store.open(where))
        list(store.heads(at_most=1))  # or it would serve what isn't there
    with closing(store):
        app = create_app(store, editions(names), guard, dt.date.today, keeps_refused=keep_refused)
        _run(app, host=host, port=port, ssl_certfile=certificate, ssl_keyfile=key)


def _run(app: Any, **options: Any) -> None:
    import uvicorn  # noqa: PLC0415  # slow to import, and not for making a token

    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("cpplan.service").setLevel(logging.INFO)
    address = _address(
        options["host"], options["port"], "https" if options["ssl_certfile"] else "http"
    )
    click.echo(f"serving {address}", err=True)
    try:
        uvicorn.run(
            app,
            access_log=False,  # an address names a plan
            date_header=False,
            lifespan="off",
            limit_concurrency=AT_ONCE,
            log_config=None,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=10,
            ws="none",
            **options,
        )
    except SystemExit:  # the server has logged why
        _stop(f"it can't listen at {address}: give another --host or --port")


def _address(host: str, port: int, scheme: str) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _require_pair(certificate: str | None, key: str | None) -> None:
    """Stop unless a certificate and its key can be served with, or there is neither."""
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        _stop("--certificate and --key belong together: give both, or neither")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as error:
        _stop(f"{certificate} and {key} are no certificate and its key, in PEM: {error}")


def _new_token(path: Path, caller: Caller) -> None:
    """Add the hash of a new token to a file, and print the token: it is kept nowhere."""
    token = secrets.token_urlsafe(32)
    try:
        line = line_for(token, caller)
        with open(path, "a", encoding="utf-8", opener=_for_the_owner) as file:
            file.write(line + "\n")
    except (OSError, ValueError) as error:
        _stop(str(error))
    click.echo(token)


def _for_the_owner(path: str, flags: int) -> int:
    """Open a file that, if it is new, others can neither write nor read."""
    return os.open(path, flags, 0o600)


def _guard(path: Path) -> Tokens:
    try:
        return Tokens.read(path)
    except FileNotFoundError:
        _stop(f"{path}: there is no such file; `cpplan serve --new-token` makes one")
    except (InvalidTokensError, OSError) as error:
        _stop(str(error))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _stop(says: str) -> NoReturn:
    click.secho(says, fg="red", err=True)
    raise SystemExit(2)
