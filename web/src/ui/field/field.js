import { html, nothing } from "lit-html";
import { icon } from "../icon/icon.js";

/**
 * @typedef {object} FieldProps
 * @property {string} scope prefix of the generated ids, one per form on a page
 * @property {string} name of the form's value
 * @property {string} label
 * @property {string} [value] at the beginning; what is typed is the form's and stays
 * @property {string} [type] of the input
 * @property {string} [autocomplete]
 * @property {string} [placeholder]
 * @property {number} [maxlength]
 * @property {number} [minlength]
 * @property {boolean} [required]
 * @property {boolean} [autofocus]
 * @property {boolean} [large]
 * @property {number} [rows] more than one line
 * @property {unknown} [hint]
 * @property {string} [error] what is wrong, in plain words
 * @property {string} [reveal] name of the button that shows a password
 * @property {(event: InputEvent) => void} [oninput]
 */

/** A labelled input with a hint and, when something is wrong, a sentence saying what. @param {FieldProps} props */
export function field(props) {
  const { label, hint, error, large, reveal } = props;
  const id = `${props.scope}-${props.name}`;
  const classes = ["input", large && "input--l", error && "is-wrong"].filter(Boolean).join(" ");
  return html`<div class="field">
    <label class="field__label" for=${id}>${label}</label>
    <span class=${classes}
      >${props.rows ? area(id, props) : line(id, props)}${reveal ? revealer(reveal) : nothing}</span
    >
    ${
      error
        ? html`<span class="field__error" id="${id}-error" role="alert"
            >${icon("alert", "s")}<span>${error}</span></span
          >`
        : nothing
    }
    ${hint ? html`<span class="field__hint" id="${id}-hint">${hint}</span>` : nothing}
  </div>`;
}

/** @param {string} id @param {FieldProps} props */
function line(id, props) {
  return html`<input
    id=${id}
    name=${props.name}
    type=${props.type ?? "text"}
    .value=${props.value ?? ""}
    autocomplete=${props.autocomplete ?? "off"}
    placeholder=${props.placeholder ?? nothing}
    maxlength=${props.maxlength ?? nothing}
    minlength=${props.minlength ?? nothing}
    ?required=${props.required}
    ?autofocus=${props.autofocus}
    dir="auto"
    aria-invalid=${props.error ? "true" : nothing}
    aria-describedby=${describedBy(id, props)}
    @input=${props.oninput ?? nothing}
  />`;
}

/** @param {string} id @param {FieldProps} props */
function area(id, props) {
  return html`<textarea
    id=${id}
    name=${props.name}
    .value=${props.value ?? ""}
    rows=${props.rows}
    placeholder=${props.placeholder ?? nothing}
    maxlength=${props.maxlength ?? nothing}
    ?required=${props.required}
    ?autofocus=${props.autofocus}
    dir="auto"
    aria-invalid=${props.error ? "true" : nothing}
    aria-describedby=${describedBy(id, props)}
    @input=${props.oninput ?? nothing}
  ></textarea>`;
}

/** @param {string} id @param {FieldProps} props */
function describedBy(id, { error, hint }) {
  const ids = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : nothing;
}

/** @param {string} label */
function revealer(label) {
  return html`<button
    class="icon-button icon-button--s"
    type="button"
    aria-label=${label}
    aria-pressed="false"
    @click=${toggleReveal}
  >
    ${icon("eye")}
  </button>`;
}

/** @param {MouseEvent} event */
function toggleReveal({ currentTarget }) {
  const button = /** @type {HTMLButtonElement} */ (currentTarget);
  const input = /** @type {HTMLInputElement} */ (button.parentElement?.querySelector("input"));
  const isShown = input.type === "text";
  input.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
}
