import { copyText } from "../../core/dom.js";
import { language, t } from "../../core/i18n.js";
import { chatPath } from "../../core/router.js";
import { may } from "../../state/selectors.js";
import { confirm, openEmojiPicker, openMenu, recentEmoji, rememberEmoji, toast } from "../../ui/index.js";
import { copyLink } from "../shared/copy_link.js";
import { emojiLabels } from "../shared/emoji_labels.js";
import { reportProblem } from "../shared/problems.js";
import { openVersions } from "./versions.js";

/**
 * @typedef {import("../../state/rows.js").Row} Row
 * @typedef {import("../../state/model.js").Message} Message
 * @typedef {Element | {x: number, y: number}} Anchor
 */

/**
 * What one can do with a message.
 * @param {{app: import("../../state/app.js").App, view: import("../chat/view.js").View, ended: AbortSignal}} options
 */
export function createActions({ app, view, ended }) {
  const { store, call, outbox } = app;

  /** @param {Message} message */
  const rights = (message) => {
    const state = store.peek();
    const spaceId = state.chats[message.chat_id]?.space_id ?? 0;
    const isOwn = message.author.id === state.me?.id;
    const allowed = (/** @type {string} */ permission) => may(state, spaceId, permission);
    return {
      mayReact: allowed("add_reactions"),
      mayReply: allowed("send_messages"),
      mayEdit: isOwn && allowed("edit_own_messages"),
      mayDelete: (isOwn && allowed("delete_own_messages")) || allowed("delete_any_messages"),
    };
  };

  /** @param {Message} message @param {string} emoji @param {boolean} on */
  const react = async (message, emoji, on) => {
    if (on) rememberEmoji(emoji);
    const change = await call("add_reaction", { message_id: message.id, emoji, on });
    store.apply(change.on ? "reaction_added" : "reaction_removed", change);
  };
  /** @param {Message} message @param {string | null | undefined} emoji */
  const toggle = async (message, emoji) => {
    if (!emoji) return;
    const isMine = message.reactions.some((each) => each.emoji === emoji && each.mine);
    await react(message, emoji, !isMine);
  };
  /** @param {Message} message @param {Anchor} anchor */
  const pickReaction = async (message, anchor) => {
    const emoji = await openEmojiPicker(anchor, {
      language: language.peek(),
      labels: emojiLabels(),
      signal: ended,
    });
    if (emoji) await react(message, emoji, true);
  };

  /** @param {Message} message @param {boolean} isSure */
  const remove = async (message, isSure) => {
    const ask = {
      title: t("message.delete_title"),
      text: t("message.delete_text"),
      danger: true,
      icon: "trash",
    };
    const go =
      isSure ||
      (await confirm({ ...ask, action: t("action.delete"), cancel: t("message.keep"), signal: ended }));
    if (go) await call("delete_message", { message_id: message.id });
  };

  /** @param {string} text */
  const copy = async (text) => {
    const isCopied = await copyText(text);
    toast({
      text: t(isCopied ? "message.copied" : "message.not_copied"),
      icon: isCopied ? "check" : "alert",
      close: t("action.close"),
    });
  };

  /** @param {Message} message @param {Anchor} anchor */
  const menu = (message, anchor) => {
    const { mayReact, mayReply, mayEdit, mayDelete } = rights(message);
    const quick = mayReact ? recentEmoji(1) : [];
    const place = pointOf(anchor); // the anchor may be gone when the menu is
    return openMenu(
      anchor,
      [
        ...quick.map((emoji) => ({
          label: t("reaction.with", { emoji }),
          icon: "heart",
          select: run(() => toggle(message, emoji)),
        })),
        ...(mayReact
          ? [
              {
                label: t("message.react"),
                icon: "smile-plus",
                select: run(() => pickReaction(message, place)),
              },
            ]
          : []),
        ...(mayReply
          ? [
              {
                label: t("message.reply"),
                icon: "reply",
                note: "R",
                select: () => void (view.replyTo.value = message),
              },
            ]
          : []),
        ...(mayEdit
          ? [
              {
                label: t("message.edit"),
                icon: "edit",
                note: "E",
                select: () => void (view.editing.value = message.id),
              },
            ]
          : []),
        { label: t("message.copy_text"), icon: "copy", select: () => copy(message.content ?? "") },
        {
          label: t("message.copy_link"),
          icon: "link",
          select: () => copyLink(chatPath(message.chat_id, message.seq)),
        },
        ...(mayDelete ? /** @type {const} */ (["rule"]) : []),
        ...(mayDelete
          ? [
              {
                label: t("action.delete"),
                icon: "trash",
                danger: true,
                select: run(() => remove(message, false)),
              },
            ]
          : []),
      ],
      { label: t("message.actions"), signal: ended },
    );
  };

  /** @type {Record<string, (row: Row, control: Element, event: MouseEvent) => unknown>} */
  const acts = {
    toggle: ({ message }, control) => toggle(message, control.getAttribute("data-emoji")),
    react: ({ message }, control) => pickReaction(message, control),
    reply: ({ message }) => void (view.replyTo.value = message),
    edit: ({ message }) => void (view.editing.value = message.id),
    menu: ({ message }, control) => menu(message, control),
    versions: ({ message }, control) => openVersions(app, message, control, ended),
    retry: ({ outgoing }) => outgoing && outbox.retry(outgoing),
    discard: ({ outgoing }) => outgoing && outbox.discard(outgoing),
    copy: ({ message }) => copy(message.content ?? ""),
  };

  return {
    /** @param {Row} row @param {MouseEvent} event */
    click(row, event) {
      const control = /** @type {Element} */ (event.target).closest("[data-act], [data-copy]");
      if (!control) return;
      const act = control.getAttribute("data-act");
      if (act) run(() => acts[act](row, control, event))();
      else copy(control.closest("figure")?.querySelector("pre")?.textContent ?? "");
    },
    /** @param {Row} row @param {MouseEvent} event */
    async contextMenu({ message, outgoing }, event) {
      const isTheBrowsers =
        /** @type {Element} */ (event.target).closest("a, textarea") || !getSelection()?.isCollapsed;
      if (outgoing || message.content === null || isTheBrowsers) return;
      event.preventDefault();
      if (event.buttons) await release();
      menu(message, { x: event.clientX, y: event.clientY });
    },
    /** Keys on a focused message. @param {Row} row @param {KeyboardEvent} event */
    key({ message, outgoing }, event) {
      const article = /** @type {Element} */ (event.target);
      if (!article.matches("article") || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step) focusBeside(article, step, event);
      if (step || outgoing || message.content === null) return;
      const { mayReply, mayEdit, mayDelete } = rights(message);
      const key = event.code.replace("Key", ""); // the place on the keyboard, whatever the layout
      if (key === "R" && mayReply) view.replyTo.value = message;
      else if (key === "E" && mayEdit) view.editing.value = message.id;
      else if (key === "Delete" && mayDelete) run(() => remove(message, event.shiftKey))();
      else if (key === "Enter") menu(message, article);
      else return;
      event.preventDefault();
    },
    /** @param {Row} row @param {CustomEvent<{content: string | null}>} event */
    saveEdit({ message }, { detail: { content } }) {
      run(async () => {
        if (content !== null)
          store.apply("message_edited", await call("edit_message", { message_id: message.id, content }));
        view.editing.value = null;
      })();
    },
  };
}

/** Where a press opens context menus, its release would dismiss a menu that is there already. */
function release() {
  return new Promise((resolve) => {
    addEventListener("pointerup", () => setTimeout(resolve), { once: true });
  });
}

/** @param {Anchor} anchor */
function pointOf(anchor) {
  if (!(anchor instanceof Element)) return anchor;
  const { left, bottom } = anchor.getBoundingClientRect();
  return { x: left, y: bottom };
}

/** @param {() => unknown} act */
const run = (act) => async () => {
  try {
    await act();
  } catch (error) {
    reportProblem(error);
  }
};

/** @param {Element} article @param {number} step @param {KeyboardEvent} event */
function focusBeside(article, step, event) {
  const all = [...(article.parentElement?.querySelectorAll("article") ?? [])];
  const beside = all[all.indexOf(/** @type {HTMLElement} */ (article)) + step];
  if (!beside) return;
  event.preventDefault();
  beside.focus();
}
