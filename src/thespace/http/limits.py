"""Limits per address, and which address a request comes from."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from thespace.core.limits import Limits

IPV6_PREFIX = 64
"""The smallest network that one customer has; its addresses are as many as an attacker likes."""

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


def client_address(connection: HTTPConnection, trusted_proxies: Sequence[_Network]) -> str:
    """Return the address a connection comes from.

    X-Forwarded-For is believed only as far as trusted proxies wrote it: read from the right, its first
    address that is not theirs is the client's. Anybody may have written what stands left of that.
    """
    peer = connection.client.host if connection.client else ""
    address = _parse(peer)
    if address is None:
        return peer
    forwarded = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    while forwarded and any(address in network for network in trusted_proxies):
        before = _parse(forwarded.pop())
        if before is None:
            break
        address = before
    return str(address)


def limit_key(address: str) -> str:
    """Return what an address counts as in limits: itself, or its IPv6 network."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return address


def _parse(text: str) -> _Address | None:
    """Return an address, which a proxy may have written with a port, or None."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


async def _client_address(request: Request) -> str:
    return client_address(request, request.app.state.settings.trusted_proxies)


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


ClientAddress = Annotated[str, Depends(_client_address)]
CurrentLimits = Annotated[Limits, Depends(_limits)]
