import createPurifier from "dompurify";
import { html, render } from "lit-html";
import MarkdownIt from "markdown-it";
import { t } from "../../core/i18n.js";
import { icon } from "../../ui/index.js";

const markdown = new MarkdownIt("default", { html: false, linkify: true, breaks: true }).disable([
  "image",
  "table",
  "heading",
  "lheading",
  "reference",
  "hr",
]);

const ALLOWED = {
  ALLOWED_TAGS: ["p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"],
  ALLOWED_ATTR: ["href", "class", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ADD_URI_SAFE_ATTR: ["start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: /** @type {const} */ (true),
};

/** What a message's Markdown shows; the only way from a person's text to markup. @param {string} source @returns {DocumentFragment} */
export function rendered(source) {
  const fragment = createPurifier.sanitize(markdown.render(source), ALLOWED);
  if (!fragment.textContent?.trim()) fragment.replaceChildren(source); // only signs of Markdown: shown themselves
  for (const link of fragment.querySelectorAll("a")) openElsewhere(link);
  for (const block of fragment.querySelectorAll("pre")) frame(block);
  unwrapOnlyParagraph(fragment);
  return fragment;
}

/** What it says, without its markup: for one-line quotes. @param {string} source @returns {string} */
export const plain = (source) => rendered(source).textContent?.replace(/\s+/g, " ").trim() ?? "";

/** Links into this client stay in it. @param {HTMLAnchorElement} link */
function openElsewhere(link) {
  if (link.origin === location.origin) return;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}

/** @param {HTMLPreElement} block */
function frame(block) {
  const language = /language-([\w+#-]+)/.exec(block.querySelector("code")?.className ?? "")?.[1] ?? "";
  const figure = document.createElement("figure");
  figure.className = "code";
  figure.setAttribute("aria-label", language ? t("message.code_in", { language }) : t("message.code"));
  const head = document.createElement("figcaption");
  head.className = "code__head";
  render(
    html`<span>${language}</span>
      <button class="icon-button icon-button--s" type="button" data-copy aria-label=${t("message.copy_code")}>
        ${icon("copy", "s")}
      </button>`,
    head,
  );
  block.replaceWith(figure);
  block.tabIndex = 0;
  figure.append(head, block);
}

/** Most messages are one paragraph: its words stand in the line, with "(edited)" after them. @param {DocumentFragment} fragment */
function unwrapOnlyParagraph(fragment) {
  const [only, ...others] = fragment.children;
  if (only?.localName === "p" && !others.length) fragment.replaceChildren(...only.childNodes);
}
