import { computePosition, flip, offset, shift } from "@floating-ui/dom";

const DELAY_MS = 450;

/**
 * From now on every element with `data-tip` shows that text when pointed at or focused by keyboard.
 * Only for the eye: the element's own name must say the same or more.
 * @param {AbortSignal} [signal]
 */
export function startTooltips(signal) {
  const tip = createTip();
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    if (tip.matches(":popover-open")) tip.hidePopover();
  };
  const showLater = (/** @type {Element} */ target, /** @type {number} */ delay) => {
    hide();
    timer = setTimeout(() => show(tip, target), delay);
  };
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) =>
    document.addEventListener(name, listener, { signal, capture: true, passive: true });

  on("pointerover", ({ target, pointerType }) => {
    const tipped = pointerType === "touch" ? null : target.closest?.("[data-tip]");
    if (tipped) showLater(tipped, DELAY_MS);
    else hide();
  });
  on("focusin", ({ target }) => {
    const tipped = target.matches(":focus-visible") ? target.closest("[data-tip]") : null;
    if (tipped) showLater(tipped, 0);
  });
  for (const name of ["pointerdown", "focusout", "keydown", "scroll"]) on(name, hide);
  signal?.addEventListener("abort", () => tip.remove());
}

function createTip() {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.popover = "manual";
  tip.ariaHidden = "true";
  document.body.append(tip);
  return tip;
}

/** @param {HTMLElement} tip @param {Element} target */
async function show(tip, target) {
  if (!target.isConnected || target.getAttribute("aria-expanded") === "true") return;
  tip.textContent = target.getAttribute("data-tip");
  tip.showPopover();
  const { x, y } = await computePosition(target, tip, {
    strategy: "fixed",
    placement: "top",
    middleware: [offset(6), flip({ padding: 8 }), shift({ padding: 8 })],
  });
  tip.style.setProperty("--x", `${Math.round(x)}px`);
  tip.style.setProperty("--y", `${Math.round(y)}px`);
}
