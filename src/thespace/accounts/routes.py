"""HTTP routes of accounts: registration, login, sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.security.utils import get_authorization_scheme_param

from thespace.accounts.commands import (
    Device,
    SignedIn,
    end_session,
    open_session,
    register,
    rotate_session,
    sign_out,
)
from thespace.accounts.errors import ForeignOrigin, RegistrationClosed, WrongCredentials
from thespace.accounts.passwords import Passwords
from thespace.accounts.queries import IDLE_LIFETIME, find_login, find_me, list_sessions
from thespace.accounts.schemas import Credentials, Me, NewAccount, RefreshForm, SessionList, TokenAnswer
from thespace.accounts.tokens import ACCESS_LIFETIME, Tokens
from thespace.core.errors import SessionEnded, Unauthenticated
from thespace.core.ids import SessionId
from thespace.core.limits import Limit
from thespace.core.text import search_key
from thespace.http.dependencies import CurrentActor, Db
from thespace.http.limits import ClientAddress, CurrentLimits, limit_key
from thespace.http.origins import is_own_origin
from thespace.settings import Registration, Settings

# Counted per name as it was typed: a nickname and an e-mail address that shared a limit would be known to
# belong together. Not counted per name over all addresses: anybody could lock anybody out.
LOGINS = Limit("login", 5, 15 * 60)
LOGINS_OF_ADDRESS = Limit("logins of an address", 100, 15 * 60)
"""For one password tried on many names; wide, because an office or a school may share an address."""
REGISTRATIONS = Limit("registration", 10, 60 * 60)
MAX_USER_AGENT_CHARACTERS = 300

PathSession = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,64}$")]

router = APIRouter(prefix="/auth", tags=["auth"])


class RefreshCookie:
    """The cookie in which browsers keep their refresh token, out of every script's reach."""

    def __init__(self, request: Request) -> None:
        self._settings: Settings = request.app.state.settings
        self._headers = request.headers
        # Servers on other ports of a host share its cookies, so the name tells installations apart.
        self._name = f"space_refresh_{request.app.state.installation_id}"
        self._token = request.cookies.get(self._name)

    def read(self) -> str | None:
        """Return the token, if any; raises ForeignOrigin when another site made the browser send it."""
        if self._token is not None:
            self.require_own_origin()
        return self._token

    def require_own_origin(self) -> None:
        """Raise ForeignOrigin when the browser says that the request comes from another site's page."""
        origin = self._headers.get("origin")
        if origin is None:
            is_own = self._headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        else:
            is_own = is_own_origin(origin, self._headers.get("host", ""), self._settings)
        if not is_own:
            raise ForeignOrigin

    def put(self, response: Response, token: str) -> None:
        """Make the browser keep a token."""
        self._set(response, token, int(IDLE_LIFETIME.total_seconds()))

    def drop(self, response: Response) -> None:
        """Make the browser forget its token, if it sent one."""
        if self._token is not None:
            self._set(response, "", 0)

    def _set(self, response: Response, value: str, max_age: int) -> None:
        response.set_cookie(
            self._name,
            value,
            max_age=max_age,
            path="/auth",
            secure=self._settings.is_secure,
            httponly=True,
            samesite="strict",
        )


class FrontDesk:
    """What signing in needs besides the database."""

    def __init__(self, request: Request, address: ClientAddress, limits: CurrentLimits) -> None:
        state = request.app.state
        self.cookie = RefreshCookie(request)
        self.passwords: Passwords = state.passwords
        self.tokens: Tokens = state.tokens
        self.limits = limits
        self.address_key = limit_key(address)
        self.is_open = state.settings.registration is Registration.OPEN
        user_agent = "".join(filter(str.isprintable, request.headers.get("user-agent", "")))
        self.device = Device(user_agent[:MAX_USER_AGENT_CHARACTERS], address)
        self._authorization = request.headers.get("authorization")

    def answer(self, signed_in: SignedIn, response: Response, *, in_body: bool = False) -> TokenAnswer:
        """Return fresh tokens; the refresh token goes into the cookie, or into the body."""
        user, session_id = signed_in.user, signed_in.session_id
        refresh = self.tokens.refresh(session_id, signed_in.generation)
        if not in_body:
            self.cookie.put(response, refresh)
        return TokenAnswer(
            user=user,
            access_token=self.tokens.access(user.id, session_id),
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
            refresh_token=refresh if in_body else None,
        )

    def named_sessions(self, refresh_token: str | None) -> set[SessionId]:
        """Return the sessions that the request's tokens name: the refresh token's and the access token's.

        Raises Unauthenticated when there is an access token, but none of the tokens is valid.
        """
        claims = self.tokens.read_refresh(refresh_token or self.cookie.read() or "")
        named = {claims.session_id} if claims else set()
        scheme, access_token = get_authorization_scheme_param(self._authorization)
        if scheme.lower() == "bearer":
            try:
                named.add(self.tokens.read_access(access_token).session_id)
            except Unauthenticated:
                if not named:
                    raise
        return named


Desk = Annotated[FrontDesk, Depends()]


@router.post("/register", status_code=201)
async def post_register(body: NewAccount, desk: Desk, db: Db, response: Response) -> TokenAnswer:
    """Create an account and sign in. The refresh token comes as a cookie."""
    if not desk.is_open:
        raise RegistrationClosed
    desk.cookie.require_own_origin()
    desk.limits.hit(REGISTRATIONS, desk.address_key)
    password_hash = await desk.passwords.hash(body.password)
    return desk.answer(await db.write(register, body, password_hash, desk.device), response)


@router.post("/token")
async def post_token(
    form: Annotated[Credentials, Form()], desk: Desk, db: Db, response: Response
) -> TokenAnswer:
    """Sign in with a nickname or an e-mail address.

    The refresh token comes as a cookie, or with `refresh=body` in the answer.
    """
    in_body = form.refresh == "body"
    if not in_body:
        desk.cookie.require_own_origin()
    name = (search_key(form.username), desk.address_key)
    desk.limits.hit(LOGINS, *name)
    desk.limits.hit(LOGINS_OF_ADDRESS, desk.address_key)
    login = await db.read(find_login, form.username)
    is_right = await desk.passwords.verify(form.password, login.password_hash if login else None)
    if login is None or not is_right:
        raise WrongCredentials
    desk.limits.forget(LOGINS, *name)
    return desk.answer(await db.write(open_session, login.user_id, desk.device), response, in_body=in_body)


@router.post("/refresh", response_model=TokenAnswer, responses={204: {"description": "No valid cookie."}})
async def post_refresh(
    form: Annotated[RefreshForm, Form()], desk: Desk, db: Db, response: Response
) -> TokenAnswer | Response:
    """Exchange the cookie's refresh token, or the one in the form, for new tokens.

    Without a valid cookie 204: a browser that is not signed in has done nothing wrong.
    """
    in_body = form.refresh_token is not None
    claims = desk.tokens.read_refresh(form.refresh_token or desk.cookie.read() or "")
    signed_in = await db.write(rotate_session, claims) if claims else None
    if signed_in:
        return desk.answer(signed_in, response, in_body=in_body)
    if in_body:
        raise SessionEnded
    return _signed_out(desk)


@router.post("/logout", status_code=204)
async def post_logout(form: Annotated[RefreshForm, Form()], desk: Desk, db: Db) -> Response:
    """End the session of the access token and of the refresh token, and drop the cookie; again: 204."""
    await db.write(sign_out, desk.named_sessions(form.refresh_token))
    return _signed_out(desk)


@router.get("/me")
async def get_me(actor: CurrentActor, db: Db) -> Me:
    """Return the person who asks."""
    return await db.read(find_me, actor.user_id)


@router.get("/sessions")
async def get_sessions(actor: CurrentActor, db: Db) -> SessionList:
    """Return the asking person's sessions, the most recently used first."""
    return SessionList(items=await db.read(list_sessions, actor))


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(session_id: PathSession, actor: CurrentActor, db: Db) -> None:
    """End one of the asking person's sessions; again: 204."""
    await db.write(end_session, actor, SessionId(session_id))


def _signed_out(desk: FrontDesk) -> Response:
    response = Response(status_code=204)
    desk.cookie.drop(response)
    return response
