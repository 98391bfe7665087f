"""Whether a browser's request comes from a page of ours."""

from thespace.settings import Settings


def is_own_origin(origin: str, host: str, settings: Settings) -> bool:
    """Tell whether `origin` (a browser's Origin header) is the page's own, or one the operator named.

    `host` is the Host header. The scheme is not compared with it, because a proxy may have ended TLS before
    us.
    """
    if origin and origin in {*settings.allowed_origins, settings.public_url}:
        return True
    return bool(host) and origin.partition("://")[2].lower() == host.lower()
