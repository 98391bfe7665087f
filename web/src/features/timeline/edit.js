import { html } from "lit-html";
import { codePoints } from "../../core/dom.js";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { computed, signal } from "../../core/signals.js";
import { counter } from "../shared/counter.js";
import { grow, isSubmit } from "../shared/growing.js";

/** @typedef {import("../../state/model.js").Message} Message */

/**
 * A message being edited in its place.
 * Fires `edit-done` with the new content, or with null when it was cancelled; both bubble.
 */
define(
  "space-edit",
  { message: /** @type {Message} */ (/** @type {unknown} */ (null)), limit: 0 },
  (host, life) => {
    const text = signal(host.message.content ?? "");
    const left = computed(() => host.limit - codePoints(text.value));

    /** @param {string | null} content */
    const done = (content) =>
      host.dispatchEvent(new CustomEvent("edit-done", { bubbles: true, detail: { content } }));

    /** @param {KeyboardEvent} event */
    const keydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") done(null);
      else if (isSubmit(event)) save(event);
    };
    /** @param {Event} event */
    const save = (event) => {
      event.preventDefault();
      const content = text.peek().trim();
      if (content && left.peek() >= 0) done(content === host.message.content ? null : content);
    };

    life.after(0, () => {
      const field = /** @type {HTMLTextAreaElement} */ (host.querySelector("textarea"));
      grow(field);
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    });

    return () => html`
      <form class="edit" @submit=${save}>
        <label class="input">
          <textarea
            class="edit__text"
            rows="1"
            dir="auto"
            aria-label=${t("message.edit")}
            .value=${text.value}
            @input=${(/** @type {InputEvent} */ { target }) => {
              const field = /** @type {HTMLTextAreaElement} */ (target);
              text.value = field.value;
              grow(field);
            }}
            @keydown=${keydown}
          ></textarea>
        </label>
        <span class="edit__help">
          <span class="kbd">Esc</span>
          <button class="text-button" type="button" @click=${() => done(null)}>${t("edit.cancel")}</button>
          <span class="kbd">Enter</span>
          <button class="text-button">${t("edit.save")}</button>
          ${counter(left.value)}
        </span>
      </form>
    `;
  },
);
