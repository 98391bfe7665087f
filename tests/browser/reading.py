"""What a page says: every visible text, and what is only read aloud or shown on hover."""

from playwright.async_api import Page

COLLECT = """() => {
  const said = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (["SCRIPT", "NOSCRIPT"].includes(element.tagName) || !element.checkVisibility()) continue;
    const texts = node instanceof Element
      ? ["aria-label", "title", "placeholder", "alt", "data-tip"].map((name) => node.getAttribute(name))
      : [node.data];
    for (const text of texts) if (text?.trim()) said.add(text.trim().replace(/\\s+/g, " "));
  }
  said.add(document.title);
  return [...said];
}"""


async def texts_of(page: Page) -> list[str]:
    """Return everything a page says to anybody, once each."""
    texts: list[str] = await page.evaluate(COLLECT)
    return texts
