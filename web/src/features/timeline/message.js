import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { formatDateTime, formatDay, formatShortTime, formatTime, language, t } from "../../core/i18n.js";
import { chatPath } from "../../core/router.js";
import { nameOf } from "../../state/selectors.js";
import { avatar, icon, recentEmoji, toneOfRole } from "../../ui/index.js";
import { problemText } from "../shared/problems.js";
import { plain, rendered } from "./markdown.js";
import "./edit.js";

/**
 * @typedef {import("../../state/rows.js").Row} Row
 * @typedef {import("../../state/model.js").Message} Message
 * @typedef {import("../../state/model.js").Person} Person
 *
 * @typedef {object} Look what a row's picture depends on beside the row itself
 * @property {boolean} isEditing
 * @property {number} limit of characters
 * @property {boolean} isTarget was jumped to
 * @property {number | null} tone of the author's name
 * @property {number | null} quotedTone
 * @property {Person} author with the newest profile
 * @property {Person[]} people who reacted, as far as known
 * @property {boolean} mayReact
 * @property {boolean} mayReply
 * @property {boolean} mayEdit
 */

/**
 * One row of the timeline: the lines above it and the message.
 * @param {Row} row @param {Look} look
 */
export const messageRow = (row, look) => html`
  ${row.startsDay ? html`<h2 class="day"><span>${formatDay(row.message.created_at)}</span></h2>` : nothing}
  ${
    row.startsNew
      ? html`<div class="new-line" role="separator" aria-label=${t("timeline.new_messages")}>
          <span class="new-line__label">${t("timeline.new")}</span>
        </div>`
      : nothing
  }
  ${article(row, look)}
`;

/** @param {Row} row @param {Look} look */
function article(row, look) {
  const { message, isFirst, outgoing } = row;
  const name = nameOf(look.author);
  const time = formatTime(message.created_at);
  const classes = [
    "message",
    isFirst && "message--first",
    outgoing?.status === "pending" && "is-pending",
    outgoing?.status === "failed" && "is-failed",
    look.isTarget && "is-target",
  ];
  return html`
    <article
      class=${classes.filter(Boolean).join(" ")}
      data-key=${row.key}
      data-tone=${toneOfRole(look.tone)}
      tabindex="-1"
      aria-label="${name}, ${time}"
    >
      ${isFirst ? face(look.author) : gutter(row)}
      <div class="message__body">
        ${isFirst ? headOf(look.author, message, time, outgoing?.status === "pending") : nothing}
        ${message.reply_to && message.content !== null ? quote(message.chat_id, message.reply_to, look.quotedTone) : nothing}
        ${content(message, look)} ${outgoing?.problem ? failure(outgoing.problem) : nothing}
        ${message.reactions.length ? reactions(message, look) : nothing}
      </div>
      ${message.content === null || outgoing || look.isEditing ? nothing : hoverBar(look)}
    </article>
  `;
}

/** @param {Person} author */
const face = (author) => html`
  <span class="message__avatar"
    >${avatar({ id: author.id, name: nameOf(author), url: author.avatar_url })}</span
  >
`;

/** @param {Row} row */
const gutter = ({ message, outgoing }) =>
  outgoing?.status === "pending"
    ? clock()
    : timeTag("message__gutter", message, formatShortTime(message.created_at));

const clock = () =>
  html`<span class="message__clock" role="img" aria-label=${t("message.sending")}
    >${icon("clock", "s")}</span
  >`;

/** @param {string} className @param {Message} message @param {string} time */
const timeTag = (className, { created_at: at }, time) =>
  html`<time class=${className} datetime=${at} data-tip=${formatDateTime(at)}>${time}</time>`;

/** @param {Person} author @param {Message} message @param {string} time @param {boolean} isPending */
const headOf = (author, message, time, isPending) => html`
  <header class="message__head">
    <span class="message__author" dir="auto">${nameOf(author)}</span>
    ${timeTag("message__time", message, time)} ${isPending ? clock() : nothing}
  </header>
`;

/** @param {number} chatId @param {import("../../state/model.js").Quote} quoted @param {number | null} tone */
const quote = (chatId, quoted, tone) => html`
  <a class="quote" href=${chatPath(chatId, quoted.seq)} data-tone=${toneOfRole(tone)}>
    <b dir="auto">${nameOf(quoted.author)}</b>
    <span dir="auto">${quoted.is_deleted ? t("message.deleted") : plain(quoted.excerpt)}</span>
  </a>
`;

/** @param {Message} message @param {Look} look */
function content(message, { isEditing, limit }) {
  if (message.content === null) return html`<span class="message__gone">${t("message.deleted")}</span>`;
  if (isEditing) return html`<space-edit .message=${message} .limit=${limit}></space-edit>`;
  return html`<div class="message__text" dir="auto">
    ${guard([message.content, language.value], () => rendered(message.content ?? ""))}
    ${
      message.edited_at
        ? html`<button
            class="edited"
            type="button"
            data-act="versions"
            aria-haspopup="dialog"
            data-tip=${formatDateTime(message.edited_at)}
          >
            ${t("message.edited")}
          </button>`
        : nothing
    }
  </div>`;
}

/** @param {NonNullable<import("../../state/model.js").OutgoingMessage["problem"]>} problem */
const failure = (problem) => html`
  <div class="message__state" role="group">
    <span>${icon("alert", "s")}<span>${t("message.not_sent", { reason: problemText(problem) })}</span></span>
    <span class="message__ways">
      <button class="text-button" type="button" data-act="retry">${t("action.retry")}</button>
      <button class="text-button" type="button" data-act="copy">${t("action.copy")}</button>
      <button class="text-button text-button--danger" type="button" data-act="discard">
        ${t("action.discard")}
      </button>
    </span>
  </div>
`;

/** @param {Message} message @param {Look} look */
const reactions = ({ reactions: all }, { people, mayReact }) => html`
  <div class="reactions">
    ${all.map(
      (reaction) =>
        html`<button
          class="reaction"
          type="button"
          data-act="toggle"
          data-emoji=${reaction.emoji}
          aria-pressed=${String(reaction.mine === true)}
          aria-label=${t("reaction.label", { emoji: reaction.emoji, count: reaction.count })}
          data-tip=${whoReacted(reaction, people)}
        >
          <span class="reaction__emoji">${reaction.emoji}</span>${reaction.count}
        </button>`,
    )}
    ${
      mayReact
        ? html`<button
            class="reaction reaction--add"
            type="button"
            data-act="react"
            aria-haspopup="dialog"
            aria-label=${t("reaction.add")}
            data-tip=${t("reaction.add")}
          >
            ${icon("smile-plus", "s")}
          </button>`
        : nothing
    }
  </div>
`;

/** @param {import("../../state/model.js").Reaction} reaction @param {Person[]} people */
function whoReacted({ mine, count, user_ids: ids }, people) {
  const names = ids.flatMap((id) => people.filter((person) => person.id === id)).map(nameOf);
  const known = [...(mine ? [t("reaction.you")] : []), ...names].slice(0, 5);
  const others = count - known.length;
  if (!known.length) return t("reaction.people", { count });
  return others > 0 ? t("reaction.and_others", { names: known.join(", "), count: others }) : known.join(", ");
}

/** @param {Look} look */
const hoverBar = ({ mayReact, mayReply, mayEdit }) => html`
  <div class="hover-bar" role="toolbar" aria-label=${t("message.actions")}>
    ${
      mayReact
        ? html`${recentEmoji(2).map(
              (emoji) =>
                html`<button
                  class="icon-button hover-bar__quick"
                  type="button"
                  data-act="toggle"
                  data-emoji=${emoji}
                  aria-label=${t("reaction.with", { emoji })}
                >
                  <span class="hover-bar__emoji">${emoji}</span>
                </button>`,
            )}<span class="hover-bar__rule hover-bar__quick"></span
            >${tool("react", "smile-plus", t("message.react"))}`
        : nothing
    }
    ${mayReply ? tool("reply", "reply", t("message.reply"), "turns") : nothing}
    ${mayEdit ? tool("edit", "edit", t("message.edit")) : nothing}
    ${tool("menu", "more", t("message.more"), "dots")}
  </div>
`;

/** @param {string} act @param {string} sign @param {string} label @param {string} [variant] */
const tool = (act, sign, label, variant) => html`
  <button
    class="icon-button"
    type="button"
    data-act=${act}
    aria-label=${label}
    data-tip=${label}
    aria-haspopup=${act === "menu" ? "menu" : act === "react" ? "dialog" : nothing}
  >
    ${icon(sign, variant)}
  </button>
`;
