import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { formatAgo, formatDateTime, t } from "../../core/i18n.js";
import { problemOf } from "../../core/problem.js";
import { signal } from "../../core/signals.js";
import { confirm, empty, icon, rowSkeletons } from "../../ui/index.js";
import { problemText, reportProblem } from "../shared/problems.js";
import { deviceName } from "./device_name.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {{id: number | string, created_at: string, last_seen_at: string, user_agent: string, address: string, is_current: boolean}} Login */

/** Where one is signed in. */
define("space-sessions", { app: /** @type {App} */ (/** @type {unknown} */ (null)) }, (host) => {
  const { app } = host;
  const logins = signal(/** @type {Login[] | null} */ (null));
  const problem = signal(/** @type {import("../../core/problem.js").Problem | null} */ (null));

  const load = async () => {
    try {
      logins.value = (await app.client.sessions()).items;
    } catch (error) {
      problem.value = problemOf(error);
    }
  };
  load();

  /** @param {Login} login */
  const end = async ({ id, user_agent: agent }) => {
    const isSure = await confirm({
      title: t("sessions.end_title", { device: deviceName(agent) }),
      text: t("sessions.end_text"),
      action: t("sessions.end"),
      cancel: t("action.cancel"),
      danger: true,
    });
    if (!isSure) return;
    try {
      await app.client.endSession(id);
      await load();
    } catch (error) {
      reportProblem(error);
    }
  };

  return () => {
    if (problem.value)
      return empty({
        art: "offline",
        title: t("sessions.failed"),
        text: problemText(problem.value),
        heading: 2,
      });
    return html`
      <div class="settings">
        <section class="section">
          <p class="section__note">${t("sessions.note")}</p>
          ${
            logins.value
              ? html`<ul class="sessions">
                  ${logins.value.map((login) => row(login, end))}
                </ul>`
              : rowSkeletons(3)
          }
        </section>
      </div>
    `;
  };
});

/** @param {Login} login @param {(login: Login) => void} end */
const row = (login, end) => html`
  <li class="line-row">
    ${icon("devices")}
    <span class="two-lines">
      <span class="two-lines__name">${deviceName(login.user_agent)}</span>
      <span class="two-lines__note">
        ${
          login.is_current
            ? t("sessions.this_one")
            : html`<time datetime=${login.last_seen_at} title=${formatDateTime(login.last_seen_at)}
                >${t("sessions.seen", { when: formatAgo(login.last_seen_at) })}</time
              >`
        }
        · ${login.address}
      </span>
    </span>
    ${
      login.is_current
        ? nothing
        : html`<button
            class="button button--danger-quiet button--s push"
            type="button"
            @click=${() => end(login)}
          >
            ${t("sessions.end")}
          </button>`
    }
  </li>
`;
