from collections.abc import Iterator

import pytest

import thespace.app  # noqa: F401 - defines every domain's errors
from thespace.core import errors
from thespace.core.errors import DomainError, FieldError, problem_of


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for derived in kind.__subclasses__():
        yield derived
        yield from _kinds(derived)


KINDS = list(_kinds(DomainError))


def test_each_code_means_one_thing() -> None:
    codes = [kind.code for kind in KINDS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_title_a_status_and_says_whether_to_try_again(kind: type[DomainError]) -> None:
    assert kind.title
    assert 400 <= kind.status <= 503
    assert kind.retryable == (kind.status in {429, 500, 503}), "only then it may help"


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__
    for kind in KINDS:
        if kind.__module__ == errors.__name__:
            assert f"{kind.__name__} " in errors.__doc__
            assert f"{kind.status} {kind.code}" in errors.__doc__


def test_a_problem_is_complete() -> None:
    error = errors.Forbidden("Ask alice.", errors=[FieldError("/a", "b")], permission="pin_messages")
    assert problem_of(error, "r1") == {
        "type": "urn:thespace:problem:forbidden",
        "title": "You lack the permission for this",
        "status": 403,
        "code": "forbidden",
        "detail": "Ask alice.",
        "params": {"permission": "pin_messages"},
        "errors": [{"pointer": "/a", "code": "b"}],
        "retryable": False,
        "request_id": "r1",
    }
