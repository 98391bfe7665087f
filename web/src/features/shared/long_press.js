const PRESS_MS = 550;

/**
 * On touch a long press opens the menu of what is pressed. Some browsers say so themselves; for the others it is said here,
 * a little later.
 * @param {HTMLElement} host @param {import("../../core/element.js").Life} life
 */
export function startLongPress(host, life) {
  let cancel = () => {};
  life.on(host, "pointerdown", (/** @type {PointerEvent} */ event) => {
    cancel();
    if (event.pointerType !== "touch") return;
    const { target, clientX, clientY } = event;
    cancel = life.after(PRESS_MS, () => {
      // The click that ends the press would choose what has appeared under the finger.
      life.on(host, "touchend", (end) => end.preventDefault(), { once: true });
      const press = { bubbles: true, cancelable: true, clientX, clientY, buttons: 1 };
      target?.dispatchEvent(new MouseEvent("contextmenu", press));
    });
  });
  for (const name of ["pointerup", "pointercancel", "contextmenu"]) life.on(host, name, () => cancel());
}
