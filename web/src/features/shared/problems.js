import { formatWait, hasPhrase, t } from "../../core/i18n.js";
import { problemOf } from "../../core/problem.js";
import { toast } from "../../ui/index.js";

/**
 * A sentence for a problem, by its code; the server's own title where we have none.
 * @param {import("../../core/problem.js").ProblemFacts} problem
 */
export function problemText({ code, title, params, errors, retryAfter }) {
  if (code === "invalid" && errors.length) return fieldText("", errors[0].code);
  if (code === "rate_limited" && retryAfter)
    return t("problem.rate_limited_for", { wait: formatWait(retryAfter) });
  if (code === "forbidden" && params.permission) {
    return t("problem.forbidden_for", { permission: permissionText(params.permission) });
  }
  return hasPhrase(`problem.${code}`) ? t(`problem.${code}`, params) : title || t("problem.internal");
}

/** @param {string} name */
const permissionText = (name) => (hasPhrase(`permission.${name}`) ? t(`permission.${name}`) : name);

/**
 * Sentences for the fields of a form, and one for the whole where no field is to blame.
 * @param {unknown} error @param {string[]} fields names of the form's fields
 * @returns {Record<string, string>} by field; the form's own under `form`
 */
export function formErrors(error, fields) {
  const problem = problemOf(error);
  const guilty = FIELD_OF[problem.code];
  if (guilty && fields.includes(guilty)) return { [guilty]: problemText(problem) };
  /** @type {Record<string, string>} */
  const texts = {};
  for (const { pointer, code } of problem.errors) {
    const name = pointer.split("/").find((part) => fields.includes(part));
    if (name) texts[name] ??= fieldText(name, code);
  }
  return Object.keys(texts).length ? texts : { form: problemText(problem) };
}

/** Problems about one field that name no pointer. @type {Record<string, string>} */
const FIELD_OF = { nickname_taken: "nickname", email_taken: "email" };

/** @param {string} name @param {string} code */
function fieldText(name, code) {
  for (const key of [`field.${name}.${code}`, `field.${code}`]) if (hasPhrase(key)) return t(key);
  return t("field.invalid");
}

/** Say what went wrong where there is no better place for it. @param {unknown} error */
export function reportProblem(error) {
  const problem = problemOf(error);
  if (problem.code === "aborted") return;
  toast({ text: problemText(problem), icon: "alert", danger: true, close: t("action.close") });
}
