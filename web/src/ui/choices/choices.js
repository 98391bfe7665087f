import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { icon } from "../icon/icon.js";

/**
 * @typedef {object} Option
 * @property {string} value
 * @property {string} label
 * @property {unknown} [picture] above the label
 * @property {string} [note] below the label
 */

/**
 * One of several cards.
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.legend
 * @param {Option[]} props.options
 * @param {string} props.value
 * @param {string} [props.kind] a class beside `cards`
 * @param {(value: string) => void} props.onchange
 */
export function choices({ name, legend, options, value, kind = "", onchange }) {
  return html`<fieldset class="section">
    <legend class="section__title">${legend}</legend>
    <div class="cards ${kind}">
      ${options.map(
        (option) =>
          html`<label class="card">
            ${radio(name, option.value, value, onchange)} ${option.picture ?? nothing}
            <span class="card__label">
              <span
                >${option.label}${option.note ? html`<span class="section__note">${option.note}</span>` : nothing}</span
              >
              <span class="card__check">${icon("check", "s")}</span>
            </span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}

/**
 * One of a few short words in a row.
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.label
 * @param {Option[]} props.options
 * @param {string} props.value
 * @param {(value: string) => void} props.onchange
 */
export function segments({ name, label, options, value, onchange }) {
  return html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${options.map(
      (option) =>
        html`<label class="segments__item"
          >${radio(name, option.value, value, onchange)}<span>${option.label}</span></label
        >`,
    )}
  </div>`;
}

/** @param {string} name @param {string} own @param {string} chosen @param {(value: string) => void} onchange */
function radio(name, own, chosen, onchange) {
  return html`<input
    class="cover"
    type="radio"
    name=${name}
    value=${own}
    .checked=${live(own === chosen)}
    @change=${() => onchange(own)}
  />`;
}
