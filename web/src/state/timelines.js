import { extendTimeline, keepTimelines, placePage, trimTimeline } from "./pages.js";

const PAGE = 50;
const LARGEST_PAGE = 100;
const KEPT = 6;

/**
 * @typedef {import("./pages.js").Page} Page
 * @typedef {"older" | "newer"} Side
 */

/**
 * Fetches windows of timelines and their neighbouring pages.
 * @param {object} options
 * @param {import("./store.js").Store} options.store
 * @param {import("../api/client.js").Client} options.client
 * @param {() => Promise<void>} options.ready resolves when there is a snapshot; a page may be asked for earlier, not placed
 */
export function createTimelines({ store, client, ready }) {
  /** @type {Map<string, Promise<unknown>>} */
  const underway = new Map();
  /** @type {Map<number, string>} the latest place one wanted to see in a chat */
  const wanted = new Map();
  /** @type {number[]} chats by when they were opened, the latest last */
  let opened = [];

  /** One request at a time for one thing. @param {string} key @param {() => Promise<unknown>} fetch */
  const once = (key, fetch) => {
    const running = underway.get(key) ?? fetch().finally(() => underway.delete(key));
    underway.set(key, running);
    return running;
  };

  /** @param {number} chatId @param {import("../api/client.js").PageQuery} query @returns {Promise<Page>} */
  const fetchPage = async (chatId, query) => {
    const [page] = await Promise.all([client.page(chatId, query), ready()]);
    return page;
  };

  /** @param {number} chatId @param {number | null} seq around it; null = the newest @param {number} limit */
  const place = (chatId, seq, limit) => {
    const key = `${chatId} ${seq ?? "newest"}`;
    wanted.set(chatId, key);
    return once(key, () =>
      store.fetchInto(
        () => fetchPage(chatId, seq === null ? { limit } : { around: seq, limit }),
        (state, page, events) =>
          state.chats[chatId] && wanted.get(chatId) === key ? placePage(state, chatId, page, events) : state,
      ),
    );
  };

  /** @param {number} chatId @param {Side} side */
  const extend = async (chatId, side) => {
    const timeline = store.peek().timelines[chatId];
    const edge = timeline && edgeOf(timeline, side);
    if (!edge || !(side === "older" ? timeline.hasOlder : timeline.hasNewer)) return;
    await once(`${chatId} ${side}`, () =>
      store.fetchInto(
        () => fetchPage(chatId, { [side === "older" ? "before" : "after"]: edge.seq, limit: PAGE }),
        (state, page, events) => {
          // The window may have been replaced while its neighbour was on the way.
          const now = state.timelines[chatId];
          const isStill = now && edgeOf(now, side)?.id === edge.id;
          return isStill ? extendTimeline(state, chatId, side, page, events) : state;
        },
      ),
    );
  };

  /** @param {(chatId: number) => boolean} keep */
  const keepOnly = (keep) => store.update((state) => keepTimelines(state, keep));

  return {
    /** Show a chat at its end, or around a message; what is loaded already is not fetched. @param {number} chatId @param {number | null} seq */
    async open(chatId, seq) {
      opened = [...opened.filter((id) => id !== chatId), chatId].slice(-KEPT);
      const timeline = store.peek().timelines[chatId];
      const isLoaded =
        timeline && (seq === null ? !timeline.hasNewer : timeline.messages.some((each) => each.seq === seq));
      if (!isLoaded) await place(chatId, seq, PAGE);
      keepOnly((id) => opened.includes(id));
    },
    /** Make a window true again: by what changed, or, when that is a lot, by the part that is being read. @param {number} chatId @param {number | null} seq what is being read; null = the end */
    async catchUp(chatId, seq) {
      const timeline = store.peek().timelines[chatId];
      if (!timeline || [...underway.keys()].some((key) => key.startsWith(`${chatId} `))) return;
      const { revision: since } = timeline;
      const { changes, revision, has_more: isFar } = await client.changes(chatId, since);
      if (isFar) await place(chatId, seq, LARGEST_PAGE);
      else store.apply("messages_changed", { chat_id: chatId, since, revision, changes });
    },
    /** @param {number} chatId */
    forget: (chatId) => keepOnly((id) => id !== chatId),
    /** @param {number} chatId */
    older: (chatId) => extend(chatId, "older"),
    /** @param {number} chatId */
    newer: (chatId) => extend(chatId, "newer"),
    /** @param {number} chatId */
    trim: (chatId) => store.update((state) => trimTimeline(state, chatId)),
  };
}

/** @typedef {ReturnType<typeof createTimelines>} Timelines */

/** @param {import("./model.js").Timeline} timeline @param {Side} side */
const edgeOf = ({ messages }, side) => (side === "older" ? messages[0] : messages.at(-1));
