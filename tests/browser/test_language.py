"""The client in Russian: no English left, and a switch at any time."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.browser.person import Person
from tests.browser.reading import texts_of
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

# Names, and what is written the same everywhere.
NOT_TRANSLATED = re.compile(
    r"The Space|alice|bob|carol|Observatory|general|English|python-httpx|Chrome|Linux|Esc|Enter"
    r"|127\.0\.0\.1:\d+|http\S+"
)
LATIN = re.compile(r"[A-Za-z]{3,}")  # initials have two


async def assert_russian(person: Person) -> None:
    """Fail with whatever the page says in Latin letters."""
    texts = await texts_of(person.page)
    english = [text for text in texts if LATIN.search(NOT_TRANSLATED.sub("", text))]
    assert not english, f"{person.page.url} says {english}"
    assert any(re.search("[а-я]{3,}", text) for text in texts), "and it says something in Russian"


async def test_a_russian_registers_and_opens_a_space_in_russian(browse: Browse) -> None:
    anna = await browse(language="ru")
    await anna.open()
    await expect(anna.page.get_by_role("heading", name="С возвращением")).to_be_visible()
    await assert_russian(anna)

    await anna.button("Создать аккаунт").click()
    anna.watch.accept_refusal("/auth/register", 422)
    await anna.page.get_by_label("Ник", exact=True).fill("анна")
    await anna.page.get_by_label("Пароль", exact=True).fill("коротко")
    await anna.button("Создать аккаунт").click()
    await expect(anna.page.get_by_role("alert")).to_have_text("Не меньше 8 символов.")
    await assert_russian(anna)
    await anna.page.get_by_label("Пароль", exact=True).fill("правильная лошадь")
    await anna.button("Создать аккаунт").click()
    await expect(anna.page.get_by_role("heading", name="Место для ваших людей")).to_be_visible()
    await assert_russian(anna)

    await anna.button("Создать пространство").first.click()
    dialog = anna.page.get_by_role("dialog")
    await assert_russian(anna)
    await dialog.get_by_label("Название пространства").fill("Обсерватория")
    await dialog.get_by_role("button", name="Создать").click()
    link = await dialog.get_by_label("Ссылка на пространство").input_value()
    await assert_russian(anna)
    await dialog.get_by_role("button", name="Готово").click()
    await expect(anna.page.get_by_text("В #общий пока тихо")).to_be_visible()
    await assert_russian(anna)

    boris = await browse(language="ru")
    await boris.page.goto(link)
    await boris.register("Борис")
    await expect(boris.page.get_by_text("1 участник", exact=True)).to_be_visible()
    await assert_russian(boris)
    await boris.button("Вступить").click()
    await boris.write("Сегодня ясно?")
    await anna.sees("Сегодня ясно?")


async def test_russians_talk_in_russian(browse: Browse, cast: Cast) -> None:
    alice, bob = await browse("alice", language="ru"), await browse("bob", language="ru")
    for person in (alice, bob):
        await person.open(f"/c/{cast.chat_id}")
    await bob.write("Сегодня ясно?")
    await alice.sees("Сегодня ясно?")
    await alice.act(alice.message("Сегодня ясно?"), "Ответить")
    await alice.composer.press_sequentially("Да, и ")
    await expect(bob.page.get_by_text("alice печатает")).to_be_visible()
    await assert_russian(alice)
    await alice.composer.press_sequentially("холодно.")
    await alice.composer.press("Enter")
    await bob.sees("Да, и холодно.")
    await alice.composer.press("ArrowUp")
    await alice.log.get_by_role("textbox", name="Изменить").fill("Да, и тепло.")
    await assert_russian(alice)
    await alice.log.get_by_role("textbox", name="Изменить").press("Enter")
    await bob.sees("Да, и тепло. (изменено)")
    await bob.message("тепло").click(button="right")
    await bob.choose("Поставить")
    await expect(alice.message("тепло").get_by_role("button", name="1 человек")).to_be_visible()
    await assert_russian(alice)
    await assert_russian(bob)


async def test_every_other_screen_is_in_russian(browse: Browse, cast: Cast) -> None:
    await cast.bob.say(cast.chat_id, "Привет!")
    alice = await browse("alice", language="ru")
    page = alice.page
    await alice.open(f"/c/{cast.chat_id}")
    await alice.write("И тебе привет!")
    for opener in (
        alice.message("И тебе").get_by_role("button", name="Ещё"),
        alice.button("Управление чатом"),
        alice.button("Observatory"),
    ):
        await alice.message("И тебе").hover()
        await opener.click()
        await expect(page.get_by_role("menu")).to_be_visible()
        await assert_russian(alice)
        await page.keyboard.press("Escape")
    for menu, item in (
        (alice.button("Управление чатом"), "Изменить чат"),
        (alice.button("Управление чатом"), "Удалить чат"),
        (alice.button("Observatory"), "Новый чат"),
        (alice.button("Observatory"), "Изменить пространство"),
        (alice.button("Observatory"), "Удалить пространство"),
    ):
        await menu.click()
        await alice.choose(item)
        await expect(page.get_by_role("dialog")).to_be_visible()
        await assert_russian(alice)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
    await alice.button("Эмодзи").click()
    await expect(page.get_by_role("dialog", name="Эмодзи").get_by_label("Поиск эмодзи")).to_be_visible()
    await assert_russian(alice)
    await page.keyboard.press("Escape")
    for path in ("/settings/appearance", "/settings/sessions", "/settings/nothing", "/c/999999"):
        alice.watch.accept_refusal(r"/messages/999999", 404)
        await alice.open(path)
        await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await assert_russian(alice)


async def test_the_language_changes_at_once_and_stays(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice", language="ru")
    await alice.open("/settings/appearance")
    await alice.page.evaluate("globalThis.isSamePage = true")
    await alice.page.get_by_role("radio", name="English").check()
    await expect(alice.page.get_by_role("heading", name="Appearance")).to_be_visible()
    await expect(alice.page.locator("html")).to_have_attribute("lang", "en")
    assert await alice.page.evaluate("isSamePage")
    assert not [
        text for text in await texts_of(alice.page) if re.search("[а-я]{3,}", text) and text != "Русский"
    ]
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.page.get_by_text("#general is still quiet")).to_be_visible()
