import { html, nothing, render } from "lit-html";
import { floatUntilClosed } from "../floating/top-layer.js";
import { icon } from "../icon/icon.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [icon]
 * @property {string} [note] at the end: a key or a state
 * @property {boolean} [danger]
 * @property {boolean} [disabled]
 * @property {boolean} [checked] makes it one that can be on or off
 * @property {string} [href] makes it a link
 * @property {() => void} [select] called when the menu is gone and the focus is back
 */
/** @typedef {MenuItem | "rule"} MenuEntry */

const TYPEAHEAD_RESET_MS = 600;

/**
 * A menu beside its anchor: arrows, Home, End, first letters, Enter, Esc.
 * @param {import("../floating/top-layer.js").Anchor} anchor
 * @param {MenuEntry[]} entries
 * @param {object} options
 * @param {string} options.label
 * @param {import("../floating/top-layer.js").Placement} [options.placement]
 * @param {AbortSignal} [options.signal]
 */
export async function openMenu(anchor, entries, { label, placement, signal }) {
  const menu = document.createElement("div");
  menu.className = "float menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  menu.tabIndex = -1;
  /** @type {MenuItem | undefined} */
  let chosen;
  const choose = (/** @type {MenuItem} */ item) => {
    chosen = item;
    menu.hidePopover();
  };
  render(
    entries.map((entry) => (entry === "rule" ? rule : row(entry, choose))),
    menu,
  );
  menu.addEventListener("keydown", keyboard(menu));
  menu.addEventListener("pointermove", followPointer);
  const closed = floatUntilClosed(menu, anchor, { placement, signal });
  focusFirst(menu);
  await closed;
  chosen?.select?.();
}

const rule = html`<div class="menu__rule" role="separator"></div>`;

/** @param {MenuItem} item @param {(item: MenuItem) => void} choose */
function row(item, choose) {
  const classes = item.danger ? "menu__item menu__item--danger" : "menu__item";
  const content = html`${item.icon ? icon(item.icon, "s") : nothing}
    <span class="menu__label">${item.label}</span>
    ${item.note ? html`<span class="count">${item.note}</span>` : nothing}
    ${item.checked ? icon("check", "s") : nothing}`;
  if (item.href !== undefined) {
    return html`<a
      class=${classes}
      role="menuitem"
      tabindex="-1"
      href=${item.href}
      @click=${() => choose(item)}
      >${content}</a
    >`;
  }
  return html`<button
    class=${classes}
    type="button"
    role=${item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
    tabindex="-1"
    aria-checked=${item.checked === undefined ? nothing : String(item.checked)}
    aria-disabled=${item.disabled ? "true" : nothing}
    @click=${() => item.disabled || choose(item)}
  >
    ${content}
  </button>`;
}

/** @param {HTMLElement} menu */
const itemsOf = (menu) => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu__item")]);

/** The menu itself when there is no keyboard focus to move: then nothing looks chosen yet. @param {HTMLElement} menu */
function focusFirst(menu) {
  const byKeyboard = document.activeElement?.matches(":focus-visible") ?? false;
  (byKeyboard ? itemsOf(menu)[0] : menu)?.focus({ preventScroll: true });
}

/** @param {HTMLElement} menu @returns {(event: KeyboardEvent) => void} */
function keyboard(menu) {
  const find = typeahead();
  return (event) => {
    event.stopPropagation();
    const items = itemsOf(menu);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const target = event.key === "Tab" ? "close" : (moved(event.key, items, at) ?? find(event, items, at));
    if (!target) return;
    event.preventDefault();
    if (target === "close") menu.hidePopover();
    else target.focus();
  };
}

/** @param {string} key @param {HTMLElement[]} items @param {number} at */
function moved(key, items, at) {
  if (key === "ArrowDown") return items[(at + 1) % items.length];
  if (key === "ArrowUp") return items.at(at < 0 ? -1 : at - 1);
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  return undefined;
}

/** Finds the next item that begins with what was typed lately. */
function typeahead() {
  let typed = "";
  let last = 0;
  return (
    /** @type {KeyboardEvent} */ event,
    /** @type {HTMLElement[]} */ items,
    /** @type {number} */ at,
  ) => {
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey)
      return undefined;
    typed = (event.timeStamp - last > TYPEAHEAD_RESET_MS ? "" : typed) + event.key.toLocaleLowerCase();
    last = event.timeStamp;
    const from = typed.length > 1 ? at : at + 1;
    const ordered = [...items.slice(Math.max(from, 0)), ...items.slice(0, Math.max(from, 0))];
    return ordered.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(typed));
  };
}

/** One highlight: the item under the pointer is the focused one. @param {PointerEvent} event */
function followPointer({ target }) {
  const item = /** @type {Element} */ (target).closest(".menu__item");
  if (item instanceof HTMLElement && item !== document.activeElement) item.focus({ preventScroll: true });
}
