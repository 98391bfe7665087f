import { html } from "lit-html";
import { remember, remembered } from "../../core/storage.js";
import { openPopover } from "../floating/popover.js";

/** @typedef {import("./emoji-data.js").GroupName} GroupName */
/**
 * @typedef {object} EmojiLabels
 * @property {string} label name of the picker
 * @property {string} search
 * @property {string} none when nothing was found
 * @property {Record<GroupName | "recent", string>} groups
 */

const KEY = "recent-emoji";
const KEPT = 18;
const USUAL = ["👍", "❤️", "😂", "🎉", "🔥", "👀"];

/**
 * Let the person pick one emoji; it becomes the most recent one. The picker's data is loaded when first used.
 * @param {import("../floating/top-layer.js").Anchor} anchor
 * @param {object} options
 * @param {"en" | "ru"} options.language of the names shown
 * @param {EmojiLabels} options.labels
 * @param {import("../floating/top-layer.js").Placement} [options.placement]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string | null>}
 */
export async function openEmojiPicker(anchor, { language, labels, placement = "top-end", signal }) {
  await import("./emoji-picker.js");
  const recent = storedEmoji();
  const picked = await openPopover(
    anchor,
    (close) =>
      html`<emoji-picker
        class="emoji"
        .language=${language}
        .labels=${labels}
        .recent=${recent}
        @pick=${(/** @type {CustomEvent<{emoji: string}>} */ event) => close(event.detail.emoji)}
      ></emoji-picker>`,
    { label: labels.label, placement, signal },
  );
  if (typeof picked !== "string") return null;
  rememberEmoji(picked);
  return picked;
}

/** The last ones used, filled up with the usual ones. @param {number} count */
export function recentEmoji(count) {
  return [...new Set([...storedEmoji(), ...USUAL])].slice(0, count);
}

/** @param {string} emoji used just now, also outside the picker */
export function rememberEmoji(emoji) {
  remember(KEY, [...new Set([emoji, ...storedEmoji()])].slice(0, KEPT));
}

/** @returns {string[]} */
function storedEmoji() {
  const stored = remembered(KEY, /** @type {unknown} */ ([]));
  return Array.isArray(stored) ? stored.filter((one) => typeof one === "string") : [];
}
