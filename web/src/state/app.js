import { createClient } from "../api/client.js";
import { createHttp } from "../api/http.js";
import { createSession } from "../api/session.js";
import { createSocket } from "../api/socket.js";
import { jittered } from "../core/random.js";
import { computed, effect, signal, until } from "../core/signals.js";
import { createDrafts } from "./drafts.js";
import { createLive } from "./live.js";
import { EMPTY } from "./model.js";
import { createOutbox } from "./outbox.js";
import { createReading } from "./reading.js";
import { createStore } from "./store.js";
import { createTimelines } from "./timelines.js";
import { createTyping } from "./typing.js";

const LONGEST_DELAY_MS = 30_000;

/**
 * Everything the screens work with, wired together.
 * @param {object} options
 * @param {string} options.base the API's address, empty for this page's own
 * @param {string} options.socketUrl
 * @param {import("../core/router.js").Router} options.router
 * @param {() => void} options.reload
 */
export function createApp({ base, socketUrl, router, reload }) {
  const http = createHttp({ base, fetch: globalThis.fetch.bind(globalThis) });
  const session = createSession({ http });
  const client = createClient(session.request);
  const store = createStore();
  const socket = createSocket({ url: socketUrl, token: session.token, onEvent: hear, onRefused: refused });
  const { call, connection } = socket;
  const isOnline = computed(() => connection.value.state === "online");
  const timelines = createTimelines({ store, client, ready });
  const typing = createTyping({ call });
  const reading = createReading({ store, call });
  const outbox = createOutbox({ store, call, isOnline });
  const live = createLive({ store, client, call, timelines, reading, reload });
  const drafts = createDrafts();

  /** @type {Record<string, (data: any) => unknown>} */
  const heard = {
    connected: live.greeted,
    typing: (event) => event.user.id !== store.peek().me?.id && typing.heard(event),
    session_ended: () => session.end("session.ended"),
  };

  /** @param {string} name @param {any} data */
  function hear(name, data) {
    heard[name]?.(data);
    if (name === "new_message") typing.stopped(data.chat_id, data.author.id);
    store.apply(name, data);
  }

  /** @param {import("../core/problem.js").Problem} problem */
  function refused({ code }) {
    if (code === "session_ended") session.end("session.ended");
    else if (code === "unauthenticated") session.refresh().catch(() => {});
    return session.status.peek() === "in";
  }

  function enter() {
    live.start();
    socket.open();
  }

  const epoch = store.select((state) => state.epoch);
  /** When there is a snapshot. */
  function ready() {
    return until(epoch, (value) => value !== null);
  }

  function leave() {
    live.stop();
    socket.close();
    reading.shownChat.value = null;
    store.update(() => EMPTY);
  }

  const myId = store.select((state) => state.me?.id ?? null);
  effect(() => drafts.belongTo(myId.value));
  effect(() => {
    if (session.status.value === "in") enter();
    if (session.status.value === "out") leave();
  });

  const isUnreachable = signal(false);
  /** The first answer decides between the login screen and the chats; no answer is asked again. */
  async function start(failures = 0) {
    try {
      await session.refresh();
      isUnreachable.value = false;
    } catch {
      isUnreachable.value = true;
      setTimeout(start, jittered(Math.min(LONGEST_DELAY_MS, 1000 * 2 ** failures)), failures + 1);
    }
  }

  return {
    start,
    isUnreachable,
    session,
    router,
    client,
    store,
    call,
    connection,
    retryNow: socket.retryNow,
    outbox,
    timelines,
    typing,
    reading,
    live,
    drafts,
  };
}

/** @typedef {ReturnType<typeof createApp>} App */
