import { en } from "../../locales/en.js";
import { ru } from "../../locales/ru.js";
import { signal } from "./signals.js";
import { remember, remembered } from "./storage.js";

/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Phrase */
/** @typedef {"en" | "ru"} Language */
/** @type {Record<Language, Record<string, Phrase>>} */
const PHRASES = { en, ru };
const KEY = "language";
const HOURS = /** @type {const} */ ({ hour: "numeric", minute: "2-digit" });

export const LANGUAGES = /** @type {const} */ ([
  { code: "en", name: "English" },
  { code: "ru", name: "Русский" },
]);

export const language = signal(initialLanguage());

/** @returns {Language} */
function initialLanguage() {
  const wanted = [remembered(KEY, ""), ...(globalThis.navigator?.languages ?? [])];
  const known = wanted.map((tag) => String(tag).slice(0, 2)).find((tag) => Object.hasOwn(PHRASES, tag));
  return /** @type {Language} */ (known ?? "en");
}

/** @param {Language} code */
export function setLanguage(code) {
  remember(KEY, code);
  language.value = code;
}

/**
 * The phrase in the current language; a phrase with plural forms chooses by `params.count`.
 * Every number is written in the language's own way.
 * @param {string} key @param {Record<string, string | number>} [params]
 */
export function t(key, params = {}) {
  return rich(key, params).join("");
}

/**
 * Like `t`, in pieces: a parameter may be anything, also a template.
 * @param {string} key @param {Record<string, any>} params
 * @returns {any[]}
 */
export function rich(key, params) {
  return chosenForm(key, params)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? written(params[piece]) : piece));
}

/** @param {string} key whether there is such a phrase */
export const hasPhrase = (key) => Object.hasOwn(PHRASES[language.value], key);

/** @param {string} key @param {Record<string, any>} params @returns {string} */
function chosenForm(key, params) {
  const phrase = PHRASES[language.value][key] ?? PHRASES.en[key] ?? key;
  if (typeof phrase === "string") return phrase;
  const form = intl(Intl.PluralRules, {}).select(Number(params.count ?? 0));
  return phrase[form] ?? phrase.other ?? key;
}

/** @param {unknown} value */
function written(value) {
  return typeof value === "number" ? formatNumber(value) : (value ?? "");
}

/** @param {number} value */
export const formatNumber = (value) => intl(Intl.NumberFormat, {}).format(value);

/** @param {number} count a count that stops at 100 @returns {string} */
export const formatCount = (count) => (count >= 100 ? "99+" : String(count));

/** @param {string | number} time */
export const formatTime = (time) => dates(HOURS).format(new Date(time));

/** The same without "AM" and "PM", where there is little room. @param {string | number} time */
export const formatShortTime = (time) =>
  dates(HOURS)
    .formatToParts(new Date(time))
    .filter(({ type }) => type !== "dayPeriod")
    .map(({ value }) => value)
    .join("")
    .trim();

/** @param {string | number} time */
export const formatDateTime = (time) =>
  dates({ dateStyle: "full", timeStyle: "short" }).format(new Date(time));

/** @param {string | number} time @param {number} [now] "Today, 23 November", "Saturday, 21 November", "21 November 2024" */
export function formatDay(time, now = Date.now()) {
  const date = new Date(time);
  const days = dayNumber(now) - dayNumber(time);
  if (days === 0 || days === 1) {
    const name = intl(Intl.RelativeTimeFormat, { numeric: "auto" }).format(-days, "day");
    return `${capitalised(name)}, ${dates({ day: "numeric", month: "long" }).format(date)}`;
  }
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return capitalised(
    dates(
      isThisYear
        ? { weekday: "long", day: "numeric", month: "long" }
        : { day: "numeric", month: "long", year: "numeric" },
    ).format(date),
  );
}

const UNITS = /** @type {const} */ ([
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
]);

/** @param {string | number} time @param {number} [now] "5 minutes ago", "now" */
export function formatAgo(time, now = Date.now()) {
  const seconds = Math.round((now - new Date(time).getTime()) / 1000);
  const relative = intl(Intl.RelativeTimeFormat, { numeric: "auto" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return relative.format(0, "second");
}

/** @param {number} seconds how long to wait, in the coarsest unit that is honest */
export function formatWait(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return seconds <= 90
    ? t("wait.seconds", { count: Math.ceil(seconds) })
    : t("wait.minutes", { count: minutes });
}

/** The same number for all moments of one local day. @param {string | number} time */
export function dayNumber(time) {
  const date = new Date(time);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** @param {string} text */
const capitalised = (text) => text.charAt(0).toLocaleUpperCase(language.value) + text.slice(1);

/** @param {Intl.DateTimeFormatOptions} options */
const dates = (options) => intl(Intl.DateTimeFormat, options);

/** The language as the browser's owner writes it: British dates for a British browser. */
function locale() {
  const regional = globalThis.navigator?.languages?.find((tag) => tag.slice(0, 2) === language.value);
  return regional ?? language.value;
}

/** @type {Map<string, any>} */
const made = new Map();

/**
 * Formatters are slow to make and used in every row.
 * @template {new (locale: string, options: any) => any} C
 * @param {C} kind @param {ConstructorParameters<C>[1]} options
 * @returns {InstanceType<C>}
 */
function intl(kind, options) {
  const key = kind.name + language.value + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new kind(locale(), options));
  return made.get(key);
}
