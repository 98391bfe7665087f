import { signal } from "./signals.js";

/**
 * @typedef {{name: "home"} | {name: "space", spaceId: number} | {name: "chat", chatId: number, seq: number | null}
 *   | {name: "settings", section: string} | {name: "unknown"}} Route
 */

const ID = "([1-9][0-9]{0,15})";
/** @type {[RegExp, (found: RegExpExecArray) => Route][]} */
const ROUTES = [
  [/^\/$/, () => ({ name: "home" })],
  [new RegExp(`^/s/${ID}$`), ([, space]) => ({ name: "space", spaceId: Number(space) })],
  [
    new RegExp(`^/c/${ID}(?:/${ID})?$`),
    ([, chat, seq]) => ({ name: "chat", chatId: Number(chat), seq: seq ? Number(seq) : null }),
  ],
  [/^\/settings(?:\/([a-z]+))?$/, ([, section]) => ({ name: "settings", section: section ?? "" })],
];

/** @param {string} path @returns {Route} */
export function parsePath(path) {
  for (const [pattern, make] of ROUTES) {
    const found = pattern.exec(path);
    if (found) return make(found);
  }
  return { name: "unknown" };
}

export const spacePath = (/** @type {number} */ id) => `/s/${id}`;
export const chatPath = (/** @type {number} */ id, /** @type {number | null} */ seq = null) =>
  seq === null ? `/c/${id}` : `/c/${id}/${seq}`;
export const settingsPath = (section = "") => (section ? `/settings/${section}` : "/settings");

/**
 * The address bar as a signal. Plain clicks on links of our own become navigations.
 * @param {Window} view
 */
export function createRouter(view) {
  const route = signal(parsePath(view.location.pathname));
  const read = () => {
    route.value = parsePath(view.location.pathname);
  };
  /** @param {string} path @param {{replace?: boolean}} [options] */
  const go = (path, { replace = false } = {}) => {
    if (path !== view.location.pathname) view.history[replace ? "replaceState" : "pushState"](null, "", path);
    read();
  };
  view.addEventListener("popstate", read);
  view.document.addEventListener("click", (event) => {
    const path = ownLink(event, view.location.origin);
    if (path === null) return;
    event.preventDefault();
    go(path);
  });
  return { route, go };
}

/** @typedef {ReturnType<typeof createRouter>} Router */

/** @param {MouseEvent} event @param {string} origin @returns {string | null} the path of an ordinary click on a link the client handles */
function ownLink(event, origin) {
  if (
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return null;
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.download || link.origin !== origin)
    return null;
  return parsePath(link.pathname).name === "unknown" ? null : link.pathname;
}
