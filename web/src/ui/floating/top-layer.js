import { autoUpdate, computePosition, flip, offset, shift, size } from "@floating-ui/dom";

/** @typedef {Element | {x: number, y: number}} Anchor an element, or a point of the viewport */
/** @typedef {import("@floating-ui/dom").Placement} Placement */

const GAP_PX = 6;
const MARGIN_PX = 8;

/** The anchor of a floating thing that the pointer just dismissed by pressing this very anchor. @type {Anchor | null} */
let pressedAnchor = null;

/**
 * Show `element` beside the anchor, above everything, until Esc, a press elsewhere, `hidePopover()` or the signal ends it.
 * Focus goes back to where it was, unless it went elsewhere by itself.
 * @param {HTMLElement} element
 * @param {Anchor} anchor
 * @param {object} options
 * @param {Placement} [options.placement]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<void>} fulfilled when it is gone; at once when this very click has just closed it
 */
export async function floatUntilClosed(element, anchor, { placement = "bottom-start", signal } = {}) {
  if (anchor === pressedAnchor || signal?.aborted) return;
  const before = document.activeElement;
  const closed = Promise.race([whenClosed(element), whenRemoved(element)]);
  element.popover = "auto";
  hostOf(anchor).append(element);
  element.showPopover();
  const stops = [follow(element, anchor, placement), mark(anchor), watchPress(anchor)];
  signal?.addEventListener("abort", () => element.hidePopover(), { once: true });
  const hadFocus = await closed;
  for (const stop of stops) stop();
  element.remove();
  if (hadFocus && before instanceof HTMLElement) before.focus({ preventScroll: true });
}

/** @param {HTMLElement} element @returns {Promise<boolean>} whether the focus was inside when it closed */
function whenClosed(element) {
  let hadFocus = false;
  element.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed") hadFocus = element.contains(document.activeElement);
  });
  return new Promise((resolve) => {
    element.addEventListener("toggle", (event) => {
      if (event.newState === "closed") resolve(hadFocus);
    });
  });
}

/** Leaving the document with its host closes it without an event. @param {HTMLElement} element @returns {Promise<boolean>} */
function whenRemoved(element) {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (element.isConnected) return;
      observer.disconnect();
      resolve(false);
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

/**
 * The dialog or popover around the anchor, because the one makes everything outside it inert and the other closes those
 * not inside it; else its landmark, where one who listens will look for it.
 * @param {Anchor} anchor
 */
function hostOf(anchor) {
  const from = anchor instanceof Element ? anchor : document.elementFromPoint(anchor.x, anchor.y);
  return from?.closest("dialog, [popover], main, nav, aside, section[aria-label]") ?? document.body;
}

/** @param {HTMLElement} element @param {Anchor} anchor @param {Placement} placement */
function follow(element, anchor, placement) {
  const reference =
    anchor instanceof Element ? anchor : { getBoundingClientRect: () => new DOMRect(anchor.x, anchor.y) };
  return autoUpdate(reference, element, async () => {
    if (anchor instanceof Element && !anchor.checkVisibility()) return;
    element.style.removeProperty("--room"); // whether it fits is asked of its natural height
    const { x, y } = await computePosition(reference, element, {
      strategy: "fixed",
      placement,
      middleware: MIDDLEWARE,
    });
    element.style.setProperty("--x", `${Math.round(x)}px`);
    element.style.setProperty("--y", `${Math.round(y)}px`);
  });
}

const MIDDLEWARE = [
  offset(GAP_PX),
  flip({ padding: MARGIN_PX }),
  shift({ padding: MARGIN_PX }),
  size({
    padding: MARGIN_PX,
    apply: ({ availableHeight, elements }) =>
      elements.floating.style.setProperty("--room", `${Math.floor(availableHeight)}px`),
  }),
];

/** @param {Anchor} anchor */
function mark(anchor) {
  if (!(anchor instanceof Element && anchor.hasAttribute("aria-haspopup"))) return () => {};
  anchor.setAttribute("aria-expanded", "true");
  return () => anchor.setAttribute("aria-expanded", "false");
}

/** A press on the anchor closes, and the click that follows it must not open again. @param {Anchor} anchor */
function watchPress(anchor) {
  if (!(anchor instanceof Element)) return () => {};
  const press = () => {
    pressedAnchor = anchor;
    addEventListener("pointerup", () => setTimeout(() => (pressedAnchor = null)), { once: true });
  };
  anchor.addEventListener("pointerdown", press);
  return () => anchor.removeEventListener("pointerdown", press);
}
