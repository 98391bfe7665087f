import { jittered } from "../core/random.js";
import { computed, effect } from "../core/signals.js";
import { applyEvent } from "./apply_event.js";
import { applySnapshot } from "./pages.js";

const GAP_MS = 300;
const HEARTBEAT_MS = 27_000;
const SETTLE_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * Keeps the replica equal to the server: the snapshot, live events, and fetching again what does not fit.
 * @param {object} options
 * @param {import("./store.js").Store} options.store
 * @param {import("../api/client.js").Client} options.client
 * @param {(event: string, data: object) => Promise<any>} options.call
 * @param {import("./timelines.js").Timelines} options.timelines
 * @param {import("./reading.js").Reading} options.reading
 * @param {() => void} options.reload another database answers: nothing here is true
 */
export function createLive({ store, client, call, timelines, reading, reload }) {
  /** @type {Promise<unknown> | null} */
  let syncing = null;
  let failures = 0;
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();
  /** @type {(() => void)[]} */
  let stops = [];
  let cursor = /** @type {string | null} */ (null);
  let isFirst = true;

  /** @param {number} delay @param {() => unknown} run */
  const later = (delay, run) => {
    if (!stops.length) return; // stopped meanwhile
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delay);
    timers.add(timer);
  };

  const sync = () => {
    syncing ??= store.fetchInto(fetchSnapshot, placeSnapshot).finally(() => {
      syncing = null;
    });
    return syncing;
  };
  const fetchSnapshot = async () => {
    const snapshot = await client.snapshot();
    const { epoch } = store.peek();
    if (epoch !== null && epoch !== snapshot.epoch) reload();
    return snapshot;
  };
  /** @type {(state: import("./model.js").Replica, snapshot: any, events: import("./model.js").LiveEvent[]) => import("./model.js").Replica} */
  const placeSnapshot = (state, snapshot, events) =>
    events.reduce(applyEvent, applySnapshot(state, snapshot));

  /** Fetch the snapshot until it comes; one that is on its way will do. */
  const resync = async () => {
    try {
      await sync();
      failures = 0;
    } catch {
      later(jittered(Math.min(LONGEST_DELAY_MS, 1000 * 2 ** failures++)), resync);
    }
  };

  const isStale = store.select((state) => state.isStale);
  const behind = computed(() => {
    const { timelines: windows, chats } = store.state.value;
    return Object.keys(windows)
      .filter((id) => windows[Number(id)].revision < (chats[Number(id)]?.revision ?? 0))
      .join();
  });
  const behindNow = () => behind.peek().split(",").filter(Boolean).map(Number);

  /** The missing event may still come; otherwise the shown window is fetched again and the others are forgotten. */
  const catchUp = () => {
    for (const chatId of behindNow()) {
      if (chatId !== reading.shownChat.peek()) timelines.forget(chatId);
      else timelines.catchUp(chatId, reading.position.peek()).then(againIfBehind, againIfBehind);
    }
  };
  const againIfBehind = () => {
    if (behindNow().length) later(jittered(2 * SETTLE_MS), catchUp);
  };

  const beat = async () => {
    later(HEARTBEAT_MS + jittered(3000), beat);
    const pulse = await call("heartbeat", { cursor: cursor ?? store.peek().cursor ?? "" }).catch(() => null);
    if (!pulse) return;
    cursor = pulse.cursor;
    later(SETTLE_MS, () => compare(pulse)); // its news may be on their way as events
  };

  /** @param {{chats: Record<number, number>, spaces: Record<number, number>}} pulse */
  const compare = ({ chats = {}, spaces = {} }) => {
    const state = store.peek();
    const isMissing = Object.entries(chats).some(
      ([id, revision]) => (state.chats[Number(id)]?.revision ?? 0) < revision,
    );
    const isOld = Object.entries(spaces).some(
      ([id, version]) => (state.spaces[Number(id)]?.version ?? 0) < version,
    );
    if (isMissing || isOld) store.apply("sync_required", {});
  };

  return {
    /** Begin, signed in: the snapshot at once; the socket's greeting comes later. */
    start() {
      isFirst = true;
      stops = [
        effect(() => void (isStale.value && later(jittered(GAP_MS), resync))),
        effect(() => void (behind.value && later(GAP_MS + jittered(200), catchUp))),
      ];
      later(HEARTBEAT_MS, beat);
      resync();
    },
    stop() {
      for (const stop of stops) stop();
      for (const timer of timers) clearTimeout(timer);
      stops = [];
      timers.clear();
      cursor = null;
    },
    /** The socket is in its rooms: from here on nothing is missed; what happened since the snapshot is fetched. @param {{epoch: string, cursor: string}} greeting */
    async greeted(greeting) {
      await syncing?.catch(() => {});
      const isCurrent = isFirst && store.peek().cursor === greeting.cursor;
      isFirst = false;
      cursor = greeting.cursor;
      if (!isCurrent) await resync();
    },
    /** A snapshot that was asked for after something was changed by hand. */
    async refresh() {
      await syncing?.catch(() => {});
      await resync();
    },
  };
}

/** @typedef {ReturnType<typeof createLive>} Live */
