import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../icon/icon.js";

/**
 * @typedef {object} Toast
 * @property {string} text
 * @property {string} close name of the button that closes it
 * @property {string} [icon]
 * @property {boolean} [danger]
 * @property {{label: string, run: () => void}} [action]
 * @property {number} [seconds] 0 stays until it is closed
 */

const DEFAULT_SECONDS = 6;

/** @type {{message: Toast, timer: number}[]} */
let shown = [];
/** @type {HTMLElement | undefined} */
let region;

/** Say something in passing, politely read aloud. Waits while one points at it or is inside it. @param {Toast} message */
export function toast(message) {
  const entry = { message, timer: 0 };
  shown = [...shown, entry];
  draw();
  if (!region?.matches(":is(:hover, :focus-within)")) start(entry);
}

/** @param {(typeof shown)[number]} entry */
function start(entry) {
  const { seconds = DEFAULT_SECONDS } = entry.message;
  if (seconds > 0) entry.timer = setTimeout(() => dismiss(entry), seconds * 1000);
}

/** @param {(typeof shown)[number]} entry */
function dismiss(entry) {
  clearTimeout(entry.timer);
  shown = shown.filter((other) => other !== entry);
  draw();
}

function draw() {
  region ??= createRegion();
  render(
    repeat(shown, (entry) => entry, row),
    region,
  );
  // Shown anew, it lies above dialogs opened since.
  region.hidePopover();
  if (shown.length > 0) region.showPopover();
}

function createRegion() {
  const element = document.createElement("div");
  element.className = "toasts";
  element.popover = "manual";
  element.setAttribute("role", "status");
  for (const name of ["pointerenter", "focusin"]) {
    element.addEventListener(name, () => shown.forEach(({ timer }) => clearTimeout(timer)));
  }
  for (const name of ["pointerleave", "focusout"]) {
    element.addEventListener(name, () => shown.forEach(start));
  }
  document.body.append(element);
  return element;
}

/** @param {(typeof shown)[number]} entry */
function row(entry) {
  const { text, danger, action, close, icon: sign } = entry.message;
  const act = () => {
    dismiss(entry);
    action?.run();
  };
  return html`<div class=${danger ? "toast toast--danger" : "toast"}>
    ${sign ? icon(sign) : nothing}
    <span class="toast__text">${text}</span>
    ${action ? html`<button class="button button--plain button--s" type="button" @click=${act}>${action.label}</button>` : nothing}
    <button
      class="icon-button icon-button--s"
      type="button"
      aria-label=${close}
      @click=${() => dismiss(entry)}
    >
      ${icon("x", "s")}
    </button>
  </div>`;
}
