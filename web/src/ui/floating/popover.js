import { render } from "lit-html";
import { effect } from "../../core/signals.js";
import { floatUntilClosed } from "./top-layer.js";

/**
 * A small dialog beside its anchor.
 * @param {import("./top-layer.js").Anchor} anchor
 * @param {(close: (value?: unknown) => void) => unknown} view a template; drawn again when a signal it read changes
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.className]
 * @param {import("./top-layer.js").Placement} [options.placement]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<unknown>} what it was closed with
 */
export async function openPopover(anchor, view, { label, className = "", placement, signal }) {
  const element = document.createElement("div");
  element.className = `float ${className}`;
  element.setAttribute("role", "dialog");
  element.setAttribute("aria-label", label);
  /** @type {unknown} */
  let answer;
  const stop = effect(() => {
    render(
      view((value) => {
        answer = value;
        element.hidePopover();
      }),
      element,
    );
  });
  const closed = floatUntilClosed(element, anchor, { placement, signal });
  if (!element.querySelector("[autofocus]")) focusWhole(element);
  await closed;
  stop();
  return answer;
}

/** So that its text can be scrolled by keyboard. @param {HTMLElement} element */
function focusWhole(element) {
  element.tabIndex = 0;
  element.focus({ preventScroll: true });
}
