const AT_END_PX = 8;

/**
 * Keeps still what is being read while rows come, go and change their height around it.
 *
 * One row, the first that begins in view, is remembered with its offset inside the content. After any change the difference
 * is added to scrollTop, so it does not matter whether someone scrolled meanwhile. At the end the end is kept instead.
 * @param {HTMLElement} scroller its own anchoring must be off
 * @param {AbortSignal} ended
 */
export function createAnchor(scroller, ended) {
  let isFollowing = true;
  /** @type {{row: Element, offset: number} | null} */
  let kept = null;
  let seen = -1;

  /** @param {Element} row */
  const offsetOf = (row) =>
    row.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

  /** @param {number} top */
  const write = (top) => {
    scroller.scrollTop = top;
    seen = scroller.scrollTop;
  };

  /** Our own writes are no decision of the reader, even when the content has grown since. */
  const noticeReader = () => {
    if (scroller.scrollTop === seen) return;
    seen = scroller.scrollTop;
    isFollowing = distance() <= AT_END_PX;
  };

  const remember = () => {
    const row = firstInView(scroller);
    kept = row && { row, offset: offsetOf(row) };
  };

  /** After any change and before paint. */
  const settle = () => {
    noticeReader(); // the event that tells of it may come after this drawing
    if (isFollowing) write(scroller.scrollHeight);
    else if (kept?.row.isConnected) {
      const drift = offsetOf(kept.row) - kept.offset;
      if (Math.abs(drift) >= 0.5) write(scroller.scrollTop + drift);
    }
    remember();
  };

  const scrolled = () => {
    noticeReader();
    remember();
  };

  const resizes = new ResizeObserver(settle);
  resizes.observe(scroller);
  for (const child of scroller.children) resizes.observe(child);
  scroller.addEventListener("scroll", scrolled, { passive: true, signal: ended });
  ended.addEventListener("abort", () => resizes.disconnect(), { once: true });

  return {
    settle,
    isFollowing: () => isFollowing,
    distance,
    toEnd() {
      isFollowing = true;
      write(scroller.scrollHeight);
      remember();
    },
    /** Bring a row to the upper third of the view and keep it there. @param {Element} row */
    toRow(row) {
      isFollowing = false;
      write(offsetOf(row) - scroller.clientHeight * 0.3);
      kept = { row, offset: offsetOf(row) };
    },
    /** The row being read. */
    current: () => kept?.row ?? null,
  };
}

/** @typedef {ReturnType<typeof createAnchor>} Anchor */

/** @param {HTMLElement} scroller @returns {Element | null} */
function firstInView(scroller) {
  const rows = scroller.querySelectorAll("article");
  const top = scroller.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().top < top) low = middle + 1;
    else high = middle;
  }
  return rows[low] ?? rows[rows.length - 1] ?? null;
}
