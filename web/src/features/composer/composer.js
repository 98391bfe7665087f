import { html, nothing } from "lit-html";
import { codePoints } from "../../core/dom.js";
import { define } from "../../core/element.js";
import { language, rich, t } from "../../core/i18n.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { may, messageLimit, nameOf } from "../../state/selectors.js";
import { icon, openEmojiPicker } from "../../ui/index.js";
import { counter } from "../shared/counter.js";
import { emojiLabels } from "../shared/emoji_labels.js";
import { grow, isSubmit } from "../shared/growing.js";
import { plain } from "../timeline/markdown.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../chat/view.js").View} View */

/** Where one writes. */
define(
  "space-composer",
  {
    app: /** @type {App} */ (/** @type {unknown} */ (null)),
    view: /** @type {View} */ (/** @type {unknown} */ (null)),
  },
  (host, life) => {
    const { app, view } = host;
    const { store, drafts, outbox, typing } = app;
    const { chatId } = view;
    const chat = store.select((state) => state.chats[chatId]);
    const mayWrite = computed(
      () => !chat.value || may(store.state.value, chat.value.space_id, "send_messages"),
    );
    const limit = store.select(messageLimit);
    const text = signal("");
    const left = computed(() => limit.value - codePoints(text.value));
    const canSend = computed(() => text.value.trim() !== "" && left.value >= 0);

    const field = () => /** @type {HTMLTextAreaElement | null} */ (host.querySelector("textarea"));
    /** @param {string} value */
    const write = (value) => {
      text.value = value;
      drafts.keep(chatId, value);
      queueMicrotask(() => {
        const area = field();
        if (area) grow(area);
      });
    };

    // The draft arrives with the snapshot that tells who one is.
    life.effect(() => {
      const draft = drafts.drafts.value[chatId];
      untracked(() => {
        if (draft && !text.value) write(draft);
      });
    });
    life.effect(() => {
      if (view.replyTo.value && !view.editing.value) field()?.focus();
    });
    const isKnown = store.select((state) => Boolean(state.chats[chatId]));
    life.effect(() => {
      if (isKnown.value && view.editing.value === null) queueMicrotask(() => isIdle() && focusWhereTyped());
    });
    const isIdle = () => document.activeElement === document.body;
    /** Not on touch, where it would open the keyboard. */
    const focusWhereTyped = () => {
      if (matchMedia("(hover: hover)").matches) field()?.focus({ preventScroll: true });
    };

    /** @param {Event} event */
    const send = (event) => {
      event.preventDefault();
      if (!canSend.value) return;
      outbox.send(chatId, text.value.trim(), view.replyTo.value);
      typing.sent();
      view.replyTo.value = null;
      write("");
      view.presentWish.value++;
      field()?.focus();
    };

    const editLast = () => {
      const state = store.peek();
      const last = state.timelines[chatId]?.messages.findLast(
        ({ author, content }) => author.id === state.me?.id && content !== null,
      );
      if (last && chat.value && may(state, chat.value.space_id, "edit_own_messages"))
        view.editing.value = last.id;
      return Boolean(last);
    };

    /** @param {KeyboardEvent} event */
    const keydown = (event) => {
      if (isSubmit(event)) send(event);
      else if (event.key === "Escape" && view.replyTo.value) view.replyTo.value = null;
      else if (event.key === "ArrowUp" && !text.value && !event.altKey && editLast()) event.preventDefault();
    };
    /** @param {InputEvent} event */
    const input = ({ target }) => {
      write(/** @type {HTMLTextAreaElement} */ (target).value);
      if (text.value) typing.tell(chatId);
    };
    /** @param {MouseEvent} event */
    const pickEmoji = async ({ currentTarget }) => {
      const area = field();
      const labels = emojiLabels();
      const emoji = await openEmojiPicker(/** @type {Element} */ (currentTarget), {
        language: language.peek(),
        labels,
        signal: life.signal,
      });
      if (!emoji || !area) return;
      area.focus();
      area.setRangeText(emoji, area.selectionStart, area.selectionEnd, "end");
      write(area.value);
    };

    return () => html`
      <form class="composer" @submit=${send}>
        ${mayWrite.value ? [replyStrip(view), box()] : html`<p class="composer__why">${t("composer.forbidden")}</p>`}
      </form>
    `;

    function box() {
      const label = t("composer.placeholder", { chat: chat.value?.name ?? "" });
      return html`
        <div class="composer__box">
          <textarea
            class="composer__text"
            dir="auto"
            rows="1"
            aria-label=${label}
            placeholder=${label}
            .value=${text.value}
            @input=${input}
            @keydown=${keydown}
          ></textarea>
          ${counter(left.value)}
          <button
            class="icon-button"
            type="button"
            aria-label=${t("emoji.label")}
            data-tip=${t("emoji.label")}
            aria-haspopup="dialog"
            @click=${pickEmoji}
          >
            ${icon("smile")}
          </button>
          <button
            class="icon-button icon-button--solid"
            aria-label=${t("composer.send")}
            ?disabled=${!canSend.value}
          >
            ${icon("send")}
          </button>
        </div>
      `;
    }
  },
);

/** @param {View} view */
function replyStrip({ replyTo }) {
  const message = replyTo.value;
  if (!message) return nothing;
  return html`
    <div class="composer__reply">
      ${icon("reply", "s turns")}
      <span>${rich("composer.reply_to", { name: html`<b dir="auto">${nameOf(message.author)}</b>` })}</span>
      <span class="composer__excerpt" dir="auto">${plain(message.content ?? "")}</span>
      <button
        class="icon-button icon-button--s"
        type="button"
        aria-label=${t("composer.cancel_reply")}
        @click=${() => (replyTo.value = null)}
      >
        ${icon("x", "s")}
      </button>
    </div>
  `;
}
