import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { define } from "../../core/element.js";
import { formatNumber, t } from "../../core/i18n.js";
import { signal, untracked } from "../../core/signals.js";
import { placeParticipants } from "../../state/pages.js";
import { membersByRole, nameOf } from "../../state/selectors.js";
import { avatar, icon, rowSkeletons, toneOfRole } from "../../ui/index.js";
import { reportProblem } from "../shared/problems.js";
import { roleTitle } from "../shared/role_title.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Role} Role */

const NEAR_PX = 400;
const TRIES = 3;

/** The members of a space under the roles that name them. Fires `panel` to go back. */
define(
  "space-members",
  { app: /** @type {App} */ (/** @type {unknown} */ (null)), spaceId: 0, isAlone: false },
  (host, life) => {
    const { app } = host;
    const space = app.store.select((state) => state.spaces[host.spaceId]);
    const members = app.store.select((state) => state.members[host.spaceId]);
    const isLoading = signal(false);

    /** @param {string | null} cursor of the page; null = the first */
    const load = async (cursor) => {
      if (isLoading.value) return;
      isLoading.value = true;
      const spaceId = host.spaceId;
      try {
        const page = await currentPage(app, spaceId, cursor, life.signal);
        app.store.update((state) => placeParticipants(state, spaceId, page, cursor));
      } catch (error) {
        reportProblem(error);
      } finally {
        isLoading.value = false;
      }
    };
    life.effect(() => {
      if (space.value && !members.value) untracked(() => load(null));
    });

    /** @param {Event} event */
    const scrolled = ({ currentTarget }) => {
      const list = /** @type {HTMLElement} */ (currentTarget);
      const rest = list.scrollHeight - list.scrollTop - list.clientHeight;
      if (rest < NEAR_PX && members.value?.cursor) load(members.value.cursor);
    };
    const back = () =>
      host.dispatchEvent(new CustomEvent("panel", { bubbles: true, detail: { panel: "chat" } }));

    return () => html`
      <section
        class="column panel"
        role=${host.isAlone ? "main" : "complementary"}
        aria-label=${t("members.title")}
      >
        <header class="bar">
          <button
            class="icon-button only-narrow"
            type="button"
            aria-label=${t("members.back")}
            @click=${back}
          >
            ${icon("arrow-left", "turns")}
          </button>
          <h2 class="bar__title" aria-level=${host.isAlone ? 1 : 2}><span>${t("members.title")}</span></h2>
          ${space.value ? html`<span class="count">${formatNumber(space.value.member_count)}</span>` : nothing}
        </header>
        <div class="members" tabindex="-1" @scroll=${scrolled}>
          ${members.value ? groups(app, host.spaceId, host.isAlone ? 2 : 3) : rowSkeletons(8)}
        </div>
      </section>
    `;
  },
);

/**
 * A page that is not older than what events have told meanwhile.
 * @param {App} app @param {number} spaceId @param {string | null} cursor @param {AbortSignal} ended
 * @returns {Promise<any>}
 */
async function currentPage(app, spaceId, cursor, ended, tries = TRIES) {
  const page = await app.client.participants(spaceId, cursor, ended);
  const isOld = page.version < (app.store.peek().spaces[spaceId]?.version ?? 0);
  return isOld && tries > 1 ? currentPage(app, spaceId, cursor, ended, tries - 1) : page;
}

/** @param {App} app @param {number} spaceId @param {number} level of the headings */
function groups(app, spaceId, level) {
  const state = app.store.state.value;
  const isComplete = state.members[spaceId].cursor === null;
  return membersByRole(state, spaceId).map(
    ({ role, people }) => html`
      <section class="group">
        <h3 class="group__head" aria-level=${level}>
          <span dir="auto">${roleTitle(role, people.length)}</span>
          ${isComplete ? html`<span class="count">${formatNumber(people.length)}</span>` : nothing}
        </h3>
        <ul class="group">
          ${repeat(
            people,
            ({ id }) => id,
            (person) => html`<li>${member(person, role)}</li>`,
          )}
        </ul>
      </section>
    `,
  );
}

/** @param {import("../../state/model.js").Person} person @param {Role | undefined} role */
const member = (person, role) => html`
  <div class="member" data-tone=${toneOfRole(role?.tone)}>
    ${avatar({ id: person.id, name: nameOf(person), url: person.avatar_url, size: "m" })}
    <span class="two-lines">
      <span class="two-lines__name" dir="auto">${nameOf(person)}</span>
      <span class="two-lines__note">@${person.nickname}</span>
    </span>
    ${
      role?.preset === "owner"
        ? html`<span class="member__crown" role="img" aria-label=${t("role.owner")}
            >${icon("crown", "s")}</span
          >`
        : nothing
    }
  </div>
`;
