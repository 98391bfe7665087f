import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { Problem } from "../../core/problem.js";
import { spacePath } from "../../core/router.js";
import { chatsOf, may } from "../../state/selectors.js";
import { confirm, field, icon, openMenu } from "../../ui/index.js";
import { copyLink } from "../shared/copy_link.js";
import { openFormDialog } from "../shared/form_dialog.js";
import { reportProblem } from "../shared/problems.js";
import { createChat } from "./chat_dialogs.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Space} Space */

/** What one may do with the space; what one may not is not offered. @param {App} app @param {Space} space @param {Element} anchor */
export function openSpaceMenu(app, space, anchor) {
  const state = app.store.peek();
  const allowed = (/** @type {string} */ permission) => may(state, space.id, permission);
  const isOwner = space.owner_id === state.me?.id;
  return openMenu(
    anchor,
    [
      { label: t("space.copy_link"), icon: "link", select: () => copyLink(spacePath(space.id)) },
      ...(allowed("manage_chats")
        ? [{ label: t("chat.create"), icon: "plus", select: () => createChat(app, space.id) }]
        : []),
      ...(allowed("change_info")
        ? [{ label: t("space.edit"), icon: "edit", select: () => editSpace(app, space) }]
        : []),
      "rule",
      ...(isOwner
        ? []
        : [{ label: t("space.leave"), icon: "door", danger: true, select: () => leaveSpace(app, space) }]),
      ...(allowed("delete_space")
        ? [{ label: t("space.delete"), icon: "trash", danger: true, select: () => deleteSpace(app, space) }]
        : []),
    ],
    { label: space.name },
  );
}

/** @param {App} app @param {Space} space */
const editSpace = (app, space) =>
  openFormDialog({
    title: t("space.edit"),
    action: t("action.save"),
    fields: ["name", "description"],
    view: (errors) => html`
      ${field({
        scope: "space",
        name: "name",
        label: t("space.name"),
        value: space.name,
        required: true,
        autofocus: true,
        maxlength: 100,
        error: errors.name,
      })}
      ${field({
        scope: "space",
        name: "description",
        label: t("space.description"),
        value: space.description ?? "",
        rows: 3,
        maxlength: 1000,
        error: errors.description,
      })}
    `,
    submit: ({ name, description }) => app.client.updateSpace(space.id, { name, description }),
  });

/** @param {App} app @param {Space} space */
async function leaveSpace(app, space) {
  const isSure = await confirm({
    title: t("space.leave_title", { name: space.name }),
    text: t(space.visibility === "public" ? "space.leave_public" : "space.leave_private"),
    action: t("space.leave"),
    cancel: t("space.stay"),
    danger: true,
    icon: "door",
  });
  if (!isSure) return;
  try {
    await app.client.leaveSpace(space.id);
    await app.live.refresh();
  } catch (error) {
    reportProblem(error);
  }
}

/** Typing the name is the second thought. @param {App} app @param {Space} space */
function deleteSpace(app, space) {
  const { member_count: people, name } = space;
  const chats = chatsOf(app.store.peek(), space.id).length;
  return openFormDialog({
    title: t("space.delete_title", { name }),
    action: t("space.delete_for", { count: people }),
    cancel: t("space.keep"),
    isDanger: true,
    fields: ["confirmation"],
    view: (errors) => html`
      <p>${t("space.delete_text")}</p>
      <ul class="toll">
        <li>${icon("users")}<span>${t("space.delete_people", { count: people })}</span></li>
        <li>${icon("bubbles")}<span>${t("space.delete_chats", { count: chats })}</span></li>
      </ul>
      ${field({
        scope: "delete-space",
        name: "confirmation",
        label: t("space.delete_confirm"),
        autofocus: true,
        error: errors.confirmation,
      })}
    `,
    async submit({ confirmation }) {
      if (confirmation.trim() !== name.trim()) throw wrongName();
      await app.client.deleteSpace(space.id);
    },
  });
}

const wrongName = () =>
  new Problem({ code: "invalid", errors: [{ pointer: "/confirmation", code: "name_differs" }] });
