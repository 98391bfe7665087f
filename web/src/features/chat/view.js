import { signal } from "../../core/signals.js";

/**
 * What a conversation on the screen knows beside the replica; it lives as long as one looks at the chat.
 * @param {number} chatId
 */
export function createView(chatId) {
  return {
    chatId,
    /** Where to go: a message, or null for where one left off. A new object is a new wish. */
    target: signal(/** @type {{seq: number | null}} */ ({ seq: null })),
    /** Asked for by the pill: the newest message, wherever one is. */
    presentWish: signal(0),
    /** The message being edited. */
    editing: signal(/** @type {number | null} */ (null)),
    /** The message the composer answers. */
    replyTo: signal(/** @type {import("../../state/model.js").Message | null} */ (null)),
    isAtEnd: signal(true),
    /** The last message when one left the end; what came since is new. */
    leftAt: signal(/** @type {number | null} */ (null)),
    /** What was read when one came, or last left: the "New" line stands after it. Infinity: nothing is new. */
    readSeq: signal(/** @type {number | null} */ (null)),
    /** The message to tint for a moment after a jump. */
    highlighted: signal(/** @type {number | null} */ (null)),
  };
}

/** @typedef {ReturnType<typeof createView>} View */
