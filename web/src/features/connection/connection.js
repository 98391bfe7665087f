import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../ui/index.js";

/** @typedef {import("../../state/app.js").App} App */

/** A connection that is being made is no news; one that takes longer is. */
const PATIENCE_MS = 2000;

/** The quiet strip over the timeline while there is no connection. */
define("space-connection", { app: /** @type {App} */ (/** @type {unknown} */ (null)) }, (host, life) => {
  const { connection, retryNow } = host.app;
  const now = signal(Date.now());
  const isLate = signal(false);

  life.effect(() => {
    const { state } = connection.value;
    if (state === "online") isLate.value = false;
    else if (state === "waiting") isLate.value = true;
    else return life.after(PATIENCE_MS, () => (isLate.value = connection.peek().state !== "online"));
    return undefined;
  });
  life.effect(() => {
    if (connection.value.state !== "waiting") return undefined;
    const timer = setInterval(() => (now.value = Date.now()), 500);
    now.value = Date.now();
    return () => clearInterval(timer);
  });

  return () => {
    if (!isLate.value) return nothing;
    const state = connection.value;
    return html`
      <div class="offline" role="status">
        ${icon("wifi-off")}
        <span
          >${state.state === "waiting" ? waiting(state.retryAt - now.value) : t("connection.connecting")}</span
        >
        ${
          state.state === "waiting"
            ? html`<button class="text-button" type="button" @click=${retryNow}>
                ${t("connection.try_now")}
              </button>`
            : nothing
        }
      </div>
    `;
  };
});

/** @param {number} milliseconds */
const waiting = (milliseconds) =>
  t("connection.waiting", { count: Math.max(1, Math.ceil(milliseconds / 1000)) });
