/**
 * How the page looks on this device: kept in localStorage, set as attributes of the root element.
 * Read by boot.js before the first paint, therefore without imports.
 */

const STORAGE_PREFIX = "space.";

/** Choices by setting; the first is the default. `system` theme and language follow the browser. */
export const CHOICES = Object.freeze({
  theme: ["system", "light", "dark"],
  scheme: ["burgundy", "blue", "green", "violet", "orange", "turquoise"],
  size: ["m", "s", "l"],
  language: ["system", "en", "ru"],
});

/** @typedef {keyof typeof CHOICES} AppearanceKey */
/** @typedef {Record<AppearanceKey, string>} Appearance */

/** @param {AppearanceKey} key */
function stored(key) {
  try {
    return localStorage.getItem(STORAGE_PREFIX + key);
  } catch {
    return null; // Storage may be forbidden; defaults then hold for this page.
  }
}

/** @param {AppearanceKey} key */
function chosen(key) {
  const value = stored(key);
  return value !== null && CHOICES[key].includes(value) ? value : CHOICES[key][0];
}

/** @returns {Appearance} what is chosen on this device */
export function readAppearance() {
  return {
    theme: chosen("theme"),
    scheme: chosen("scheme"),
    size: chosen("size"),
    language: chosen("language"),
  };
}

/** @returns {"en" | "ru"} the language that a choice means here */
export function effectiveLanguage(/** @type {string} */ language) {
  const tags = language === "system" ? navigator.languages : [language];
  for (const tag of tags) {
    const [primary] = tag.toLowerCase().split("-");
    if (primary === "ru" || primary === "en") return primary;
  }
  return "en";
}

/** Put an appearance on the root element. */
export function applyAppearance(/** @type {Appearance} */ { theme, scheme, size, language }) {
  const root = document.documentElement;
  Object.assign(root.dataset, { theme, scheme, size });
  root.lang = effectiveLanguage(language);
}

/**
 * Choose one setting: stored, applied at once, and followed by other tabs (see `followAppearance`).
 * @param {AppearanceKey} key
 * @param {string} value
 */
export function chooseAppearance(key, value) {
  const appearance = { ...readAppearance(), [key]: value };
  try {
    localStorage.setItem(STORAGE_PREFIX + key, value);
  } catch {
    // Storage is full or forbidden: the choice holds until the page is closed.
  }
  applyAppearance(appearance);
}

/**
 * Call back, with the appearance already applied, when another tab chose differently.
 * @param {(appearance: Appearance) => void} changed
 * @param {AbortSignal} [signal]
 */
export function followAppearance(changed, signal) {
  addEventListener(
    "storage",
    ({ key }) => {
      if (key !== null && !key.startsWith(STORAGE_PREFIX)) return;
      const appearance = readAppearance();
      applyAppearance(appearance);
      changed(appearance);
    },
    { signal },
  );
}
