import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { chatPath } from "../../core/router.js";
import { confirm, field } from "../../ui/index.js";
import { openFormDialog } from "../shared/form_dialog.js";
import { reportProblem } from "../shared/problems.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Chat} Chat */

const FIELDS = ["name", "topic"];

/** @param {Record<string, string>} errors @param {{name: string, topic: string | null}} [chat] */
const fields = (errors, chat) => html`
  ${field({
    scope: "chat",
    name: "name",
    label: t("chat.name"),
    value: chat && chat.name,
    required: true,
    autofocus: true,
    maxlength: 100,
    error: errors.name,
  })}
  ${field({
    scope: "chat",
    name: "topic",
    label: t("chat.topic"),
    hint: t("chat.topic_hint"),
    value: chat && (chat.topic ?? ""),
    maxlength: 250,
    error: errors.topic,
  })}
`;

/** @param {App} app @param {number} spaceId */
export async function createChat(app, spaceId) {
  const chat = await openFormDialog({
    title: t("chat.create"),
    action: t("action.create"),
    fields: FIELDS,
    view: (errors) => fields(errors),
    submit: ({ name, topic }) => app.client.createChat(spaceId, { name, ...(topic && { topic }) }),
  });
  if (!chat) return;
  // Its event may still be on the way; the address is only good once the chat is known.
  if (!app.store.peek().chats[chat.id]) await app.live.refresh();
  app.router.go(chatPath(chat.id));
}

/** @param {App} app @param {Chat} chat */
export async function editChat(app, chat) {
  await openFormDialog({
    title: t("chat.edit"),
    action: t("action.save"),
    fields: FIELDS,
    view: (errors) => fields(errors, chat),
    submit: ({ name, topic }) => app.client.updateChat(chat.id, { name, topic }),
  });
}

/** @param {App} app @param {Chat} chat */
export async function deleteChat(app, chat) {
  const count = app.store.peek().spaces[chat.space_id]?.member_count ?? 0;
  const isSure = await confirm({
    title: t("chat.delete_title", { name: chat.name }),
    text: t("chat.delete_text"),
    action: t("chat.delete_for", { count }),
    cancel: t("chat.keep"),
    danger: true,
    icon: "trash",
  });
  if (isSure) await app.client.deleteChat(chat.id).catch(reportProblem);
}
