import { t } from "../../core/i18n.js";

/** Preset roles are named in the reader's language. @param {import("../../state/model.js").Role | undefined} role @param {number} count */
export function roleTitle(role, count) {
  if (!role || role.preset === "member") return t("role.members", { count });
  return role.preset === "owner" ? t("role.owner") : role.name;
}
