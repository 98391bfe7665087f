import { remember, remembered } from "../core/storage.js";

/** Choices by setting, the first is the default; kept on this device, set as `data-*` of the root element. */
export const CHOICES = Object.freeze({
  theme: ["system", "light", "dark"],
  scheme: ["burgundy", "blue", "green", "violet", "orange", "turquoise"],
  size: ["m", "s", "l"],
});

/** @typedef {keyof typeof CHOICES} AppearanceKey */
/** @typedef {Record<AppearanceKey, string>} Appearance */

/** @returns {Appearance} what is chosen on this device */
export function readAppearance() {
  return { theme: chosen("theme"), scheme: chosen("scheme"), size: chosen("size") };
}

/** @param {AppearanceKey} key @returns {string} */
function chosen(key) {
  const value = remembered(key, CHOICES[key][0]);
  return CHOICES[key].includes(value) ? value : CHOICES[key][0];
}

/** Put an appearance on the root element. @param {Appearance} appearance */
export function applyAppearance(appearance) {
  Object.assign(document.documentElement.dataset, appearance);
}

/**
 * Choose one setting: kept and applied at once.
 * @param {AppearanceKey} key @param {string} value
 */
export function chooseAppearance(key, value) {
  remember(key, value);
  applyAppearance({ ...readAppearance(), [key]: value });
}

/** Apply what another tab chooses, then tell. @param {(appearance: Appearance) => void} changed @param {AbortSignal} [signal] */
export function followAppearance(changed, signal) {
  const follow = () => {
    const appearance = readAppearance();
    applyAppearance(appearance);
    changed(appearance);
  };
  addEventListener("storage", follow, { signal });
}
