import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { problemOf } from "../../core/problem.js";
import { signal } from "../../core/signals.js";
import { avatar, empty, icon, toneOf } from "../../ui/index.js";
import { backToList, notFound } from "../frame/not_found.js";
import { problemText, reportProblem } from "../shared/problems.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Card} Card */

/** A space one is not in: its card, and Join. */
define(
  "space-card",
  { app: /** @type {App} */ (/** @type {unknown} */ (null)), spaceId: 0 },
  (host, life) => {
    const { app } = host;
    const card = signal(/** @type {Card | null} */ (null));
    const problem = signal(/** @type {import("../../core/problem.js").Problem | null} */ (null));
    const isBusy = signal(false);

    life.effect(() => {
      const asked = new AbortController();
      card.value = problem.value = null;
      app.client.card(host.spaceId, asked.signal).then(
        (answer) => (card.value = answer),
        (error) => (problem.value = asked.signal.aborted ? null : problemOf(error)),
      );
      return () => asked.abort();
    });

    const join = async () => {
      isBusy.value = true;
      try {
        await app.client.joinSpace(host.spaceId);
        await app.live.refresh();
      } catch (error) {
        reportProblem(error);
      } finally {
        isBusy.value = false;
      }
    };

    return () => {
      if (problem.value?.code === "not_found") return notFound();
      return html`
        <main class="column page">
          <header class="bar bar--bare">${backToList()}</header>
          ${
            problem.value
              ? empty({ art: "offline", title: t("card.failed"), text: problemText(problem.value) })
              : html`<div class="empty">${card.value ? face(card.value, join, isBusy.value) : nothing}</div>`
          }
        </main>
      `;
    };
  },
);

/** @param {Card} card @param {() => void} join @param {boolean} isBusy */
const face = (card, join, isBusy) => html`
  <section class="space-card">
    <div class="space-card__banner" data-tone=${toneOf(card.id)}></div>
    <div class="space-card__face">
      ${avatar({ id: card.id, name: card.name, url: card.avatar_url, size: "xl", shape: "space" })}
    </div>
    <h1 class="space-card__name" dir="auto">${card.name}</h1>
    <p class="space-card__facts">${icon("users", "s")} ${t("card.members", { count: card.member_count })}</p>
    ${card.description ? html`<p class="space-card__text" dir="auto">${card.description}</p>` : nothing}
    <div class="space-card__actions">
      <button
        class="button button--solid button--l ${isBusy ? "is-busy" : ""}"
        type="button"
        aria-busy=${String(isBusy)}
        ?disabled=${isBusy}
        @click=${join}
      >
        ${t("card.join")}
      </button>
    </div>
  </section>
`;
