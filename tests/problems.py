"""What every refusal looks like."""

from typing import Any

import httpx

MEMBERS = {
    "type",
    "title",
    "status",
    "code",
    "detail",
    "params",
    "errors",
    "retryable",
    "request_id",
}


def problem_in(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem of an answer, after a look at everything that all problems have in common."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert set(problem) == MEMBERS
    assert problem["type"] == f"urn:thespace:problem:{code}"
    assert problem["title"]
    assert problem["retryable"] is (status in {429, 500, 503})
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    return problem


def faults_in(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return where an input was malformed, and how."""
    return [(error["pointer"], error["code"]) for error in problem_in(answer, 422, "invalid")["errors"]]
