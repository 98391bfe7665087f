"""A person in a browser of their own, who finds things by what is written on them."""

from dataclasses import dataclass

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.phrases import Language, say
from tests.browser.watch import Watch
from tests.cast import PASSWORD


@dataclass
class Person:
    """One browser profile: its cookies and storage, and the page in front."""

    context: BrowserContext
    page: Page
    watch: Watch
    origin: str
    language: Language

    def say(self, key: str, **params: object) -> str:
        """Return what the client says in this person's language."""
        return say(self.language, key, **params)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def open(self, path: str = "/") -> None:
        await self.page.goto(self.origin + path)

    async def another_tab(self, path: str = "/") -> "Person":
        """Open a second page of the same profile."""
        other = Person(self.context, await self.context.new_page(), self.watch, self.origin, self.language)
        await other.open(path)
        return other

    async def register(self, nickname: str) -> None:
        """Create an account from the login screen."""
        await self.button(self.say("login.to_register")).click()
        await self.page.get_by_label(self.say("register.nickname"), exact=True).fill(nickname)
        await self.page.get_by_label(self.say("login.password"), exact=True).fill(PASSWORD)
        await self.button(self.say("register.submit")).click()

    async def sign_in(self, nickname: str, password: str = PASSWORD) -> None:
        """Fill in the login screen."""
        await self.page.get_by_label(self.say("login.username"), exact=True).fill(nickname)
        await self.page.get_by_label(self.say("login.password"), exact=True).fill(password)
        await self.button(self.say("login.submit")).click()

    async def be(self, nickname: str) -> None:
        """Have a session without the login screen, where that is not what a test is about."""
        answer = await self.context.request.post(
            f"{self.origin}/auth/token", form={"username": nickname, "password": PASSWORD}
        )
        assert answer.ok, await answer.text()

    async def create_space(self, name: str) -> None:
        """Create a public space and close the dialog that shows its link."""
        await self.button(self.say("space.create")).first.click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label(self.say("space.name")).fill(name)
        await dialog.get_by_role("button", name=self.say("action.create")).click()
        await dialog.get_by_role("button", name=self.say("action.done")).click()
        await expect(dialog).to_be_hidden()

    @property
    def composer(self) -> Locator:
        prefix = self.say("composer.placeholder", chat="")
        return self.page.get_by_role("textbox", name=prefix)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def messages(self) -> Locator:
        return self.log.get_by_role("article")

    def message(self, text: str) -> Locator:
        return self.messages.filter(has_text=text)

    async def write(self, text: str) -> None:
        """Type a message and send it."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def sees(self, *texts: str) -> None:
        """Wait until each text stands in the conversation exactly once, confirmed."""
        for text in texts:
            message = self.message(text)
            await expect(message).to_have_count(1)
            await expect(message.get_by_role("img", name=self.say("message.sending"))).to_have_count(0)

    async def act(self, message: Locator, action: str) -> None:
        """Use a button of a message's hover bar."""
        await message.hover()
        await message.get_by_role("button", name=action, exact=True).click()

    async def choose(self, item: str) -> None:
        """Choose from the open menu."""
        await self.page.get_by_role("menu").get_by_role("menuitem", name=item).click()

    def chat_link(self, name: str) -> Locator:
        chats = self.page.get_by_role("navigation", name=self.say("sidebar.chats_of_space"))
        return chats.get_by_role("link", name=name)

    def space_link(self, name: str) -> Locator:
        rail = self.page.get_by_role("navigation", name=self.say("rail.label"), exact=True)
        return rail.get_by_role("link", name=name)
