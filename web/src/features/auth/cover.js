import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { coverArt, mark } from "../../ui/index.js";

/** The spine of the notebook beside the form. */
export const cover = () => html`
  <section class="auth__cover" aria-label=${t("app.name")}>
    ${coverArt()}
    <p class="auth__brand">${mark()}${t("app.name")}</p>
    <div class="auth__motto">
      <h2>${t("auth.motto")}</h2>
      <p>${t("auth.motto_text")}</p>
    </div>
    <p class="auth__foot">${location.host}</p>
  </section>
`;
