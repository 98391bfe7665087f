import { t } from "../../core/i18n.js";

/** The first that is found counts: many browsers name the others as well. @type {[RegExp, string][]} */
const BROWSERS = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/YaBrowser\//, "Yandex"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/Windows/, "Windows"],
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/** @param {string} userAgent @returns {string} "Firefox, Linux"; programs by what they call themselves */
export function deviceName(userAgent) {
  const find = (/** @type {[RegExp, string][]} */ list) =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const found = [find(BROWSERS), find(SYSTEMS)].filter(Boolean);
  return found.join(", ") || userAgent.split("/")[0] || t("sessions.unknown");
}
