import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { signal } from "../../core/signals.js";
import { icon } from "../icon/icon.js";
import { findEmoji, GROUPS, knownEmoji } from "./emoji-data.js";

/** @typedef {import("./emoji-data.js").Emoji} Emoji */
/** @typedef {import("./emoji.js").EmojiLabels} EmojiLabels */
/** @typedef {keyof EmojiLabels["groups"]} SectionName */
/** @typedef {{name: SectionName, emoji: Emoji[]}} Section */

/** @type {Record<SectionName, string>} */
const ICONS = {
  recent: "clock",
  people: "smile",
  nature: "leaf",
  food: "cup",
  activity: "ball",
  travel: "plane",
  objects: "bulb",
  symbols: "heart",
  flags: "flag",
};

/** @type {{language: "en" | "ru", labels: EmojiLabels, recent: string[]}} */
const PROPERTIES = {
  language: "en",
  labels: { label: "", search: "", none: "", groups: /** @type {EmojiLabels["groups"]} */ ({}) },
  recent: [],
};

/** `<emoji-picker .language .labels .recent>`: `pick` tells `{emoji}`. Search, arrows through the grid, Enter. */
define("emoji-picker", PROPERTIES, (host) => {
  const canHover = matchMedia("(hover: hover)").matches; // elsewhere the focus would open a keyboard over the picker
  const query = signal("");
  const current = signal(/** @type {Emoji | null} */ (null));
  const section = signal(/** @type {SectionName} */ ("recent"));

  const pick = (/** @type {Emoji} */ { emoji }) =>
    host.dispatchEvent(new CustomEvent("pick", { detail: { emoji } }));
  const point = (/** @type {Event} */ event) => {
    current.value = emojiOf(event.target) ?? current.value;
  };
  const press = (/** @type {MouseEvent} */ event) => {
    const pressed = emojiOf(event.target);
    if (pressed) pick(pressed);
  };
  const search = (/** @type {InputEvent} */ event) => {
    query.value = /** @type {HTMLInputElement} */ (event.target).value.trim();
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      const [first] = findEmoji(query.value);
      if (first && query.value) pick(first);
    } else moveFocus(host, event);
  };
  const follow = (/** @type {Event} */ event) => {
    section.value = sectionAt(/** @type {HTMLElement} */ (event.currentTarget)) ?? section.value;
  };

  return () => {
    const { labels, language } = host;
    const found = query.value ? findEmoji(query.value) : null;
    const sections = found ? [] : sectionsOf(host.recent);
    return html`
      <div class="emoji__search">
        <label class="input">
          ${icon("search", "s")}
          <input
            type="search"
            ?autofocus=${canHover}
            placeholder=${labels.search}
            aria-label=${labels.search}
            @input=${search}
            @keydown=${keys}
          />
        </label>
      </div>
      <div class="emoji__tabs" role="group" aria-label=${labels.label}>
        ${sectionsOf(host.recent).map(({ name }) => tab(host, name, labels.groups[name], section.value === name && !found))}
      </div>
      <div
        class="emoji__scroll"
        @click=${press}
        @pointerover=${point}
        @focusin=${point}
        @keydown=${keys}
        @scroll=${follow}
      >
        ${found ? results(found, labels, language) : sections.map((one) => part(one, labels, language))}
      </div>
      <div class="emoji__foot" aria-hidden="true">
        ${current.value ? preview(current.value, language) : nothing}
      </div>
    `;
  };
});

/** @param {string[]} recent @returns {Section[]} */
function sectionsOf(recent) {
  const known = recent.map(knownEmoji).filter((one) => one !== undefined);
  return known.length > 0 ? [{ name: "recent", emoji: known }, ...GROUPS] : GROUPS;
}

/** @param {HTMLElement} host @param {SectionName} name @param {string} label @param {boolean} isCurrent */
function tab(host, name, label, isCurrent) {
  const jump = () => host.querySelector(`[data-section="${name}"]`)?.scrollIntoView({ block: "start" });
  return html`<button
    class="emoji__tab"
    type="button"
    aria-label=${label}
    aria-current=${isCurrent ? "true" : nothing}
    @click=${jump}
  >
    ${icon(ICONS[name])}
  </button>`;
}

/** @param {Section} section @param {EmojiLabels} labels @param {"en" | "ru"} language */
function part({ name, emoji }, labels, language) {
  return html`<section class="emoji__part" data-section=${name}>
    <h3 class="emoji__label">${labels.groups[name]}</h3>
    ${grid(emoji, language)}
  </section>`;
}

/** @param {Emoji[]} found @param {EmojiLabels} labels @param {"en" | "ru"} language */
function results(found, labels, language) {
  return found.length > 0
    ? grid(found, language)
    : html`<p class="emoji__none" role="status">${labels.none}</p>`;
}

/** @param {Emoji[]} emoji @param {"en" | "ru"} language */
function grid(emoji, language) {
  return html`<div class="emoji__grid">
    ${emoji.map(
      (one) =>
        html`<button
          class="emoji__one"
          type="button"
          data-emoji=${one.emoji}
          aria-label=${one.names[language]}
        >
          ${one.emoji}
        </button>`,
    )}
  </div>`;
}

/** @param {Emoji} emoji @param {"en" | "ru"} language */
function preview({ emoji, names }, language) {
  return html`<span class="emoji__shown">${emoji}</span><span>${names[language]}</span>`;
}

/** @param {EventTarget | null} target */
function emojiOf(target) {
  const button = target instanceof Element ? target.closest("[data-emoji]") : null;
  return button instanceof HTMLElement ? knownEmoji(button.dataset.emoji ?? "") : undefined;
}

/** The section at the top of what is scrolled. @param {HTMLElement} scroll */
function sectionAt(scroll) {
  const top = scroll.getBoundingClientRect().top + 1;
  const parts = /** @type {HTMLElement[]} */ ([...scroll.querySelectorAll("[data-section]")]);
  return /** @type {SectionName | undefined} */ (
    parts.findLast((one) => one.getBoundingClientRect().top <= top)?.dataset.section
  );
}

/** @param {HTMLElement} host @param {KeyboardEvent} event */
function moveFocus(host, event) {
  const buttons = /** @type {HTMLElement[]} */ ([...host.querySelectorAll(".emoji__one")]);
  const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  const target = neighbour(event.key, buttons, at);
  if (!target && at === 0 && event.key === "ArrowUp") host.querySelector("input")?.focus();
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** @param {string} key @param {HTMLElement[]} buttons @param {number} at -1 is the search above the grid */
function neighbour(key, buttons, at) {
  if (at < 0) return key === "ArrowDown" ? buttons[0] : undefined;
  if (key === "ArrowRight") return buttons[at + 1];
  if (key === "ArrowLeft") return buttons[at - 1];
  if (key === "ArrowDown") return nearestIn(rowBelow(buttons, at), buttons[at]);
  if (key === "ArrowUp")
    return nearestIn(rowBelow(buttons.toReversed(), buttons.length - 1 - at), buttons[at]);
  return undefined;
}

/** Those after `at` that share the first other row; sections end with incomplete rows. @param {HTMLElement[]} buttons @param {number} at */
function rowBelow(buttons, at) {
  const top = (/** @type {HTMLElement} */ button) => Math.round(button.getBoundingClientRect().top);
  const own = top(buttons[at]);
  const next = buttons.slice(at).find((button) => top(button) !== own);
  return next ? buttons.filter((button) => top(button) === top(next)) : [];
}

/** @param {HTMLElement[]} row @param {HTMLElement} from */
function nearestIn(row, from) {
  const left = from.getBoundingClientRect().left;
  const distance = (/** @type {HTMLElement} */ button) =>
    Math.abs(button.getBoundingClientRect().left - left);
  return row.toSorted((one, other) => distance(one) - distance(other)).at(0);
}
