import { isAttended } from "../../core/dom.js";
import { untracked } from "../../core/signals.js";
import { createAnchor } from "./anchor.js";

const HIGHLIGHT_MS = 2000;
const NEAR_SCREENS = 2;

/**
 * Where the reader is: goes where the address points, loads what comes near, tells how far was read.
 * @param {object} options
 * @param {import("../../state/app.js").App} options.app
 * @param {import("../chat/view.js").View} options.view
 * @param {HTMLElement} options.scroller
 * @param {() => import("../../state/rows.js").Row[]} options.rows
 * @param {import("../../core/element.js").Life} options.life
 */
export function createReader({ app, view, scroller, rows, life }) {
  const { store, timelines, reading } = app;
  const { chatId } = view;
  const anchor = createAnchor(scroller, life.signal);
  /** @type {{seq: number | null} | null} */
  let arrived = null;

  const windowNow = () => store.peek().timelines[chatId];

  /** After every drawing, before paint. */
  const settle = () => {
    if (life.signal.aborted || !windowNow()) return;
    if (arrived !== view.target.peek()) arrive();
    else anchor.settle();
    look();
  };

  /** Go where one wants to be, once it is loaded. */
  const arrive = () => {
    const target = view.target.peek();
    const row = target.seq === null ? firstUnread() : elementOf(target.seq);
    const isLoaded = row || target.seq === null;
    if (row) anchor.toRow(row);
    else if (isLoaded) anchor.toEnd();
    else anchor.settle();
    if (isLoaded) arrived = target;
    if (row && target.seq !== null) highlight(target.seq);
  };

  /** Where reading goes on, when that is too far from the end to see both. @returns {Element | null} */
  const firstUnread = () => {
    const row = scroller.querySelector(".new-line + article");
    if (!row) return null;
    const below =
      scroller.scrollHeight -
      scroller.scrollTop -
      row.getBoundingClientRect().top +
      scroller.getBoundingClientRect().top;
    return below > scroller.clientHeight ? row : null;
  };

  /** @param {number} seq @returns {Element | null} null while the window is another one */
  const elementOf = (seq) => {
    if (!contains(windowNow(), seq)) return null;
    const row = rows().find(({ message }) => message.seq >= seq);
    return row ? scroller.querySelector(`[data-key="${CSS.escape(row.key)}"]`) : null;
  };

  /** @param {number} seq */
  const highlight = (seq) => {
    view.highlighted.value = seq;
    life.after(HIGHLIGHT_MS, () => {
      if (view.highlighted.peek() === seq) view.highlighted.value = null;
    });
  };

  const look = () => {
    const timeline = windowNow();
    if (!timeline) return;
    const near = NEAR_SCREENS * scroller.clientHeight;
    if (timeline.hasOlder && scroller.scrollTop < near) timelines.older(chatId).catch(() => {});
    if (timeline.hasNewer && anchor.distance() < near) timelines.newer(chatId).catch(() => {});
    view.isAtEnd.value = anchor.isFollowing() && !timeline.hasNewer;
    reading.position.value = view.isAtEnd.peek() ? null : currentSeq();
    see();
  };

  /** @returns {number | null} */
  const currentSeq = () => {
    const key = anchor.current()?.getAttribute("data-key");
    const seq = rows().find((row) => row.key === key)?.message.seq;
    return seq === undefined || seq === Infinity ? null : seq;
  };

  const lastSeq = () => store.peek().chats[chatId]?.last_seq ?? 0;

  const see = () => {
    if (!view.isAtEnd.peek()) {
      view.leftAt.value ??= lastSeq();
      if (view.readSeq.peek() === Infinity) view.readSeq.value = lastSeq();
    } else if (isAttended()) {
      view.leftAt.value = null;
      reading.reachedEnd(chatId);
      timelines.trim(chatId);
    }
  };

  /** One looks away with everything read: what comes now will be new. */
  const lookAway = () => {
    if (view.isAtEnd.peek()) view.readSeq.value = lastSeq();
  };

  const toPresent = async () => {
    if (windowNow()?.hasNewer) await timelines.open(chatId, null);
    anchor.toEnd();
    look();
  };

  life.on(scroller, "scroll", look, { passive: true });
  life.on(document, "visibilitychange", () => (document.hidden ? lookAway() : look()));
  life.on(window, "focus", look);
  life.on(window, "blur", lookAway);
  // What could not be loaded while offline is looked for again.
  life.effect(() => {
    if (app.connection.value.state === "online") untracked(look);
  });
  life.effect(() => {
    if (view.presentWish.value) toPresent().catch(() => {});
  });

  return { settle };
}

/** Whether a message, or the place where it was, is within the window. @param {import("../../state/model.js").Timeline | undefined} timeline @param {number} seq */
function contains(timeline, seq) {
  if (!timeline?.messages.length) return false;
  const { messages, hasOlder, hasNewer } = timeline;
  const isAfterStart = !hasOlder || messages[0].seq <= seq;
  return isAfterStart && (!hasNewer || messages[messages.length - 1].seq >= seq);
}
