import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { hasPhrase, LANGUAGES, language, setLanguage, t } from "../../core/i18n.js";
import { signal } from "../../core/signals.js";
import { field, icon } from "../../ui/index.js";
import { formErrors } from "../shared/problems.js";
import { cover } from "./cover.js";

/** @typedef {import("../../state/app.js").App} App */

const FIELDS = {
  login: ["username", "password"],
  register: ["nickname", "display_name", "email", "password"],
};

/** Signing in and creating an account: what one sees without a session. */
define("space-auth", { app: /** @type {App} */ (/** @type {unknown} */ (null)) }, (host) => {
  const { session } = host.app;
  const mode = signal(/** @type {"login" | "register"} */ ("login"));
  const errors = signal(/** @type {Record<string, string>} */ ({}));
  const isBusy = signal(false);

  /** @param {"login" | "register"} next */
  const turnTo = (next) => {
    mode.value = next;
    errors.value = {};
    host.querySelector("input")?.focus();
  };

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    errors.value = {};
    const form = /** @type {HTMLFormElement} */ (event.target);
    try {
      await enter(session, mode.value, new FormData(form));
    } catch (error) {
      errors.value = formErrors(error, FIELDS[mode.value]);
      form.querySelector("input")?.focus();
    } finally {
      isBusy.value = false;
    }
  };

  return () => html`
    <div class="auth">
      ${cover()}
      <main class="auth__page">
        <form class="auth__form" @submit=${submit}>
          <div>
            <h1>${t(`${mode.value}.title`)}</h1>
            <p class="auth__lead">${leadOf(mode.value, session.farewell.value)}</p>
          </div>
          ${mode.value === "login" ? loginFields(errors.value) : registerFields(errors.value)}
          ${
            errors.value.form
              ? html`<p class="field__error" role="alert">
                  ${icon("alert", "s")}<span>${errors.value.form}</span>
                </p>`
              : nothing
          }
          <button
            class="button button--solid button--l button--wide ${isBusy.value ? "is-busy" : ""}"
            aria-busy=${String(isBusy.value)}
          >
            ${t(`${mode.value}.submit`)}
          </button>
          ${alternative(mode.value, turnTo)}
        </form>
        ${languageChoice()}
      </main>
    </div>
  `;
});

/** @param {import("../../api/session.js").Session} session @param {"login" | "register"} mode @param {FormData} form */
function enter(session, mode, form) {
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
  if (mode === "login") return session.signIn(text("username").trim(), text("password"));
  return session.register({
    nickname: text("nickname").trim(),
    password: text("password"),
    ...(text("email").trim() && { email: text("email").trim() }),
    ...(text("display_name").trim() && { display_name: text("display_name").trim() }),
  });
}

/** @param {"login" | "register"} mode @param {string | null} farewell */
const leadOf = (mode, farewell) => (farewell && hasPhrase(farewell) ? t(farewell) : t(`${mode}.lead`));

/** @param {Record<string, string>} errors */
const loginFields = (errors) => html`
  ${field({
    scope: "login",
    name: "username",
    label: t("login.username"),
    autocomplete: "username",
    required: true,
    large: true,
    autofocus: true,
    error: errors.username,
  })}
  ${field({
    scope: "login",
    name: "password",
    label: t("login.password"),
    type: "password",
    autocomplete: "current-password",
    required: true,
    large: true,
    reveal: t("login.show_password"),
    error: errors.password,
  })}
`;

/** @param {Record<string, string>} errors */
const registerFields = (errors) => html`
  ${field({
    scope: "register",
    name: "nickname",
    label: t("register.nickname"),
    hint: errors.nickname ? undefined : t("register.nickname_hint"),
    autocomplete: "username",
    required: true,
    large: true,
    autofocus: true,
    error: errors.nickname,
  })}
  ${field({
    scope: "register",
    name: "password",
    label: t("login.password"),
    hint: errors.password ? undefined : t("register.password_hint"),
    type: "password",
    autocomplete: "new-password",
    required: true,
    large: true,
    reveal: t("login.show_password"),
    error: errors.password,
  })}
  ${field({
    scope: "register",
    name: "display_name",
    label: t("register.display_name"),
    hint: errors.display_name ? undefined : t("register.display_name_hint"),
    autocomplete: "name",
    large: true,
    error: errors.display_name,
  })}
  ${field({
    scope: "register",
    name: "email",
    label: t("register.email"),
    hint: errors.email ? undefined : t("register.email_hint"),
    type: "email",
    autocomplete: "email",
    large: true,
    error: errors.email,
  })}
`;

/** @param {"login" | "register"} mode @param {(next: "login" | "register") => void} turnTo */
function alternative(mode, turnTo) {
  const other = mode === "login" ? "register" : "login";
  return html`<p class="auth__alt">
    <span>${t(`${mode}.alternative`)}</span>
    <button class="text-button" type="button" @click=${() => turnTo(other)}>
      ${t(`${mode}.to_${other}`)}
    </button>
  </p>`;
}

const languageChoice = () => html`
  <p class="auth__languages" role="group" aria-label=${t("settings.language")}>
    ${LANGUAGES.map(
      ({ code, name }) =>
        html`<button
          class="text-button"
          type="button"
          lang=${code}
          aria-pressed=${String(language.value === code)}
          @click=${() => setLanguage(code)}
        >
          ${name}
        </button>`,
    )}
  </p>
`;
