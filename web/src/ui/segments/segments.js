import { html } from "lit-html";
import { live } from "lit-html/directives/live.js";

/**
 * One of a few short words in a row.
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.label
 * @param {{value: string, label: string}[]} props.options
 * @param {string} props.value
 * @param {(value: string) => void} props.onchange
 */
export function segments({ name, label, options, value, onchange }) {
  return html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${options.map(
      (option) =>
        html`<label class="segments__item">
          <input
            class="cover"
            type="radio"
            name=${name}
            value=${option.value}
            .checked=${live(option.value === value)}
            @change=${() => onchange(option.value)}
          />
          <span>${option.label}</span>
        </label>`,
    )}
  </div>`;
}
