import { html } from "lit-html";
import { formatDateTime, t } from "../../core/i18n.js";
import { signal } from "../../core/signals.js";
import { openPopover } from "../../ui/index.js";
import { reportProblem } from "../shared/problems.js";
import { rendered } from "./markdown.js";

/**
 * Show what an edited message said before, the newest first.
 * @param {import("../../state/app.js").App} app @param {import("../../state/model.js").Message} message
 * @param {Element} anchor @param {AbortSignal} ended
 */
export async function openVersions(app, message, anchor, ended) {
  const versions = signal(/** @type {{content: string, written_at: string}[] | null} */ (null));
  const closed = new AbortController();
  app.client
    .versions(message.id, AbortSignal.any([ended, closed.signal]))
    .then(({ items }) => (versions.value = items.toReversed()), reportProblem);
  await openPopover(
    anchor,
    () => html`
      <ol class="history">
        ${
          versions.value === null
            ? html`<li class="history__item"><span class="skeleton skeleton--text skeleton--b"></span></li>`
            : versions.value.map(
                ({ content, written_at: at }) =>
                  html`<li class="history__item">
                    <time datetime=${at}>${formatDateTime(at)}</time>
                    <div class="message__text" dir="auto">${rendered(content)}</div>
                  </li>`,
              )
        }
      </ol>
    `,
    { label: t("message.versions"), placement: "top-start", signal: ended },
  );
  closed.abort();
}
