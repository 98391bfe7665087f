import { html, nothing, render } from "lit-html";
import { effect } from "../../core/signals.js";
import { icon } from "../icon/icon.js";

let titles = 0;

/**
 * A modal dialog. Esc and a press beside it close it without an answer; the focus goes back to where it was.
 * @param {(close: (value?: unknown) => void) => unknown} view a template; drawn again when a signal it read changes
 * @param {object} [options]
 * @param {string} [options.label] its name, when it has no `.alert__title`
 * @param {string} [options.className]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<any>} what it was closed with
 */
export async function openDialog(view, { label, className = "", signal } = {}) {
  if (signal?.aborted) return undefined;
  const dialog = document.createElement("dialog");
  dialog.className = `float alert ${className}`;
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", resolve, { once: true });
  });
  /** @type {unknown} */
  let answer;
  const close = (/** @type {unknown} */ value) => {
    answer = value;
    dialog.close();
  };
  const stop = effect(() => void render(view(close), dialog));
  document.body.append(dialog);
  name(dialog, label);
  closeOnBackdrop(dialog);
  // What is typed in a dialog is none of the page's shortcuts.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  signal?.addEventListener("abort", () => dialog.close(), { once: true });
  dialog.showModal();
  await closed;
  stop();
  dialog.remove();
  return answer;
}

/** @param {HTMLDialogElement} dialog @param {string} [label] */
function name(dialog, label) {
  const title = dialog.querySelector(".alert__title");
  if (label || !title) dialog.setAttribute("aria-label", label ?? "");
  else {
    title.id ||= `dialog-title-${++titles}`;
    dialog.setAttribute("aria-labelledby", title.id);
  }
}

/** Only where the press both began and ended: text selected from inside may end outside. @param {HTMLDialogElement} dialog */
function closeOnBackdrop(dialog) {
  let isPressedBeside = false;
  dialog.addEventListener("pointerdown", ({ target }) => {
    isPressedBeside = target === dialog;
  });
  dialog.addEventListener("click", ({ target }) => {
    if (isPressedBeside && target === dialog) dialog.close();
  });
}

/**
 * Ask before something that cannot be undone.
 * @param {object} props
 * @param {string} props.title
 * @param {unknown} [props.text] what exactly will happen
 * @param {string} props.action the verb on the button
 * @param {string} props.cancel
 * @param {boolean} [props.danger]
 * @param {string} [props.icon]
 * @param {AbortSignal} [props.signal]
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, text, action, cancel, danger = false, icon: sign, signal }) {
  const view = (/** @type {(value?: unknown) => void} */ close) => html`
    <div class="alert__body">
      <h2 class="alert__title">
        ${sign ? html`<span class=${danger ? "alert__icon alert__icon--danger" : "alert__icon"}>${icon(sign)}</span>` : nothing}
        <span>${title}</span>
      </h2>
      ${text ? html`<div>${text}</div>` : nothing}
    </div>
    <footer class="alert__foot">
      <button class="button button--outline" type="button" @click=${() => close(false)}>${cancel}</button>
      <button
        class="button ${danger ? "button--danger" : "button--solid"}"
        type="button"
        autofocus
        @click=${() => close(true)}
      >
        ${action}
      </button>
    </footer>
  `;
  return (await openDialog(view, { signal })) === true;
}
