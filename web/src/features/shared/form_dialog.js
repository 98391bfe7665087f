import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { signal } from "../../core/signals.js";
import { icon, openDialog } from "../../ui/index.js";
import { formErrors } from "./problems.js";

/**
 * A dialog around one form. It stays open with the errors in their places until `submit` succeeds.
 * @template T
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.action the verb on the button
 * @param {boolean} [props.isDanger]
 * @param {string} [props.cancel]
 * @param {string[]} props.fields names of the form's fields
 * @param {(errors: Record<string, string>) => unknown} props.view the fields
 * @param {(values: Record<string, string>) => Promise<T>} props.submit
 * @returns {Promise<T | undefined>} what `submit` answered; undefined when cancelled
 */
export function openFormDialog({ title, action, isDanger = false, cancel, fields, view, submit }) {
  const errors = signal(/** @type {Record<string, string>} */ ({}));
  const isBusy = signal(false);

  /** @param {SubmitEvent} event @param {(value: T) => void} close */
  const send = async (event, close) => {
    event.preventDefault();
    if (isBusy.value) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    const values = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
    isBusy.value = true;
    try {
      close(await submit(values));
    } catch (error) {
      errors.value = formErrors(error, fields);
    } finally {
      isBusy.value = false;
    }
  };

  return openDialog(
    (close) => html`
      <form class="alert__form" @submit=${(/** @type {SubmitEvent} */ event) => send(event, close)}>
        <div class="alert__body">
          <h2 class="alert__title">${title}</h2>
          ${view(errors.value)} ${formError(errors.value.form)}
        </div>
        <footer class="alert__foot">
          <button class="button button--outline" type="button" @click=${() => close()}>
            ${cancel ?? t("action.cancel")}
          </button>
          <button
            class="button ${isDanger ? "button--danger" : "button--solid"} ${isBusy.value ? "is-busy" : ""}"
            aria-busy=${String(isBusy.value)}
          >
            ${action}
          </button>
        </footer>
      </form>
    `,
  );
}

/** @param {string | undefined} text */
export const formError = (text) =>
  text ? html`<p class="field__error" role="alert">${icon("alert", "s")}<span>${text}</span></p>` : null;
