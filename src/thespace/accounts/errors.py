"""Refusals about accounts.

Conflict
├── NicknameTaken        409 nickname_taken
└── EmailTaken           409 email_taken
Unauthenticated
└── WrongCredentials     401 wrong_credentials   never tells which of the two was wrong
Forbidden
├── RegistrationClosed   403 registration_closed
└── ForeignOrigin        403 foreign_origin
"""

from thespace.core.errors import Conflict, Forbidden, Unauthenticated


class NicknameTaken(Conflict):
    code, title = "nickname_taken", "This nickname, or one that looks like it, is taken"


class EmailTaken(Conflict):
    code, title = "email_taken", "This e-mail address already has an account"


class WrongCredentials(Unauthenticated):
    code, title = "wrong_credentials", "The nickname or the password is wrong"


class RegistrationClosed(Forbidden):
    code, title = "registration_closed", "Nobody can register here at the moment"


class ForeignOrigin(Forbidden):
    code, title = "foreign_origin", "This request comes from a page of another site"
