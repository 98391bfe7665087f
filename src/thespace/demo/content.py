"""Who is in the demo, and where they meet."""

from dataclasses import dataclass
from importlib.resources import files

PASSWORD = "look-around"  # noqa: S105
"""Everybody's, and printed for everybody to read."""
HOST = "mira"
"""Whom the visitor signs in as."""


@dataclass(frozen=True, slots=True)
class Person:
    nickname: str
    display_name: str
    languages: str
    is_woman: bool = False

    @property
    def first_name(self) -> str:
        """What friends call them."""
        return self.display_name.split()[0]


@dataclass(frozen=True, slots=True)
class Chat:
    """`scenes` names the file of what is said; `unread` is how much of it the host has not seen yet."""

    name: str
    topic: str
    language: str
    scenes: str
    messages: int
    unread: int = 0

    def script(self) -> str:
        """Return the text of its scenes."""
        return files(__package__).joinpath("scenes", f"{self.scenes}.txt").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Space:
    name: str
    description: str
    owner: str
    members: tuple[str, ...]
    chats: tuple[Chat, ...]


PEOPLE = (
    Person("mira", "Мира Соколова", "ru en", is_woman=True),
    Person("lev", "Лев Аксёнов", "ru en"),
    Person("nadia", "Nadia Petrova", "ru en", is_woman=True),
    Person("zoya", "Зоя Климова", "ru", is_woman=True),
    Person("anya", "Аня Верещагина", "ru", is_woman=True),
    Person("timur", "Тимур Садыков", "ru"),
    Person("pavel", "Павел Дорофеев", "ru"),
    Person("grace", "Grace Okafor", "en", is_woman=True),
    Person("priya", "Priya Nair", "en", is_woman=True),
    Person("tom", "Tom Hale", "en"),
    Person("diego", "Diego Marín", "en"),
    Person("kenji", "Kenji Mori", "en"),
)

SPACES = (
    Space(
        "Дом на Речной",
        "Соседи одного старого дома: двор, ужины и починка всего на свете.",
        owner="zoya",
        members=("mira", "lev", "nadia", "anya", "timur", "pavel"),
        chats=(
            Chat("двор", "Что происходит за окном", "ru", "yard", 240),
            Chat("кухня", "Рецепты, излишки, дегустации", "ru", "kitchen", 230, unread=4),
            Chat("помощь", "Одолжить дрель, полить цветы, спросить совета", "ru", "help", 180),
        ),
    ),
    Space(
        "Paper Lighthouse",
        "A very small studio that makes a very small game about a lighthouse.",
        owner="tom",
        members=("mira", "lev", "nadia", "grace", "priya", "diego", "kenji"),
        chats=(
            Chat("general", "Everything that is not a bug", "en", "general", 240),
            Chat("workshop", "Builds, bugs, and what broke today", "en", "workshop", 250, unread=12),
        ),
    ),
    Space(
        "Ночное небо",
        "Любители астрономии. Amateur astronomers. Clear skies!",
        owner="mira",
        members=tuple(person.nickname for person in PEOPLE if person.nickname != "mira"),
        chats=(
            Chat("наблюдения", "Кто что видел и откуда", "ru", "sky", 190),
            Chat("gear", "Telescopes, mounts, eyepieces, regrets", "en", "gear", 170, unread=2),
        ),
    ),
)

GREETING = (
    f"Sign in as [bold]{HOST}[/] with the password [bold]{PASSWORD}[/]. "
    f"[dim]So do {', '.join(person.nickname for person in PEOPLE[1:])}, in another browser.[/]"
)
"""What the visitor is told, in rich's markup."""
