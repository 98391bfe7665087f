import { html } from "lit-html";
import { define } from "../../core/element.js";
import { LANGUAGES, language, setLanguage, t } from "../../core/i18n.js";
import { signal } from "../../core/signals.js";
import {
  CHOICES,
  chooseAppearance,
  followAppearance,
  icon,
  readAppearance,
  segments,
} from "../../ui/index.js";

/** @typedef {ReturnType<typeof readAppearance>} Appearance */
/** @typedef {(key: keyof Appearance, value: string) => void} Choose */

/** @type {Record<string, string>} */
const THEME_SIGNS = { system: "monitor", light: "sun", dark: "moon" };

/** Theme, colour, text size and language: applied as they are chosen. */
define("space-appearance", {}, (_, life) => {
  const appearance = signal(readAppearance());
  followAppearance(() => (appearance.value = readAppearance()), life.signal);

  /** @type {Choose} */
  const choose = (key, value) => {
    chooseAppearance(key, /** @type {never} */ (value));
    appearance.value = readAppearance();
  };

  return () => html`
    <div class="settings">
      ${themes(appearance.value, choose)} ${schemes(appearance.value, choose)}
      ${sizes(appearance.value, choose)}
      <section class="section">
        <h2 class="section__title">${t("settings.language")}</h2>
        ${segments({
          name: "language",
          label: t("settings.language"),
          options: LANGUAGES.map(({ code, name }) => ({ value: code, label: name })),
          value: language.value,
          onchange: (code) => setLanguage(/** @type {import("../../core/i18n.js").Language} */ (code)),
        })}
      </section>
      <p class="section__note">${t("settings.kept_here")}</p>
    </div>
  `;
});

/** @param {Appearance} appearance @param {Choose} choose */
const themes = ({ theme }, choose) => html`
  <fieldset class="section">
    <legend class="section__title">${t("settings.theme")}</legend>
    <div class="cards">
      ${CHOICES.theme.map(
        (value) =>
          html`<label class="card">
            ${radio("theme", value, theme, choose)}
            ${value === "system" ? html`<span class="thumb-pair">${thumb("light")}${thumb("dark")}</span>` : thumb(value)}
            <span class="card__label">
              ${icon(THEME_SIGNS[value], "s")}<span>${t(`theme.${value}`)}</span
              ><span class="card__check">${icon("check", "s")}</span>
            </span>
          </label>`,
      )}
    </div>
  </fieldset>
`;

/** @param {string} theme a small picture of the frame */
const thumb = (theme) => html`
  <span class="thumb" data-theme=${theme} aria-hidden="true">
    <i><u class="is-tile"></u><u class="is-tile"></u><u class="is-tile"></u></i>
    <i><u></u><u class="is-short"></u><u class="is-accent"></u><u></u></i>
    <i><u class="is-short"></u><u></u><u class="is-tint"></u><u class="is-accent"></u></i>
  </span>
`;

/** @param {Appearance} appearance @param {Choose} choose */
const schemes = ({ scheme }, choose) => html`
  <fieldset class="section">
    <legend class="section__title">${t("settings.scheme")}</legend>
    <div class="cards cards--swatches">
      ${CHOICES.scheme.map(
        (value) =>
          html`<label class="card swatch">
            ${radio("scheme", value, scheme, choose)}
            <span class="swatch__ink" data-scheme=${value} aria-hidden="true"></span>
            <span>${t(`scheme.${value}`)}</span>
            <span class="card__check">${icon("check", "s")}</span>
          </label>`,
      )}
    </div>
  </fieldset>
`;

/** @param {Appearance} appearance @param {Choose} choose */
const sizes = ({ size }, choose) => html`
  <fieldset class="section">
    <legend class="section__title">${t("settings.size")}</legend>
    <div class="size">
      ${
        /** @type {const} */ (["s", "m", "l"]).map(
          (value) =>
            html`<label class="card">
              ${radio("size", value, size, choose)}
              <span class="size__a size__a--${value}" aria-hidden="true">Аа</span>
              <span>${t(`size.${value}`)}</span>
            </label>`,
        )
      }
    </div>
  </fieldset>
`;

/** @param {keyof Appearance} name @param {string} value @param {string} current @param {Choose} choose */
const radio = (name, value, current, choose) => html`
  <input
    class="cover"
    type="radio"
    name=${name}
    value=${value}
    .checked=${value === current}
    @change=${() => choose(name, value)}
  />
`;
