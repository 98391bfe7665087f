import { io } from "socket.io-client";
import { noAnswer, Problem, timedOut } from "../core/problem.js";
import { jittered } from "../core/random.js";
import { signal } from "../core/signals.js";

const ACK_TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * @typedef {{state: "connecting" | "online"} | {state: "waiting", retryAt: number}} Connection
 *
 * @typedef {object} SocketOptions
 * @property {string} url
 * @property {() => Promise<string | null>} token
 * @property {(event: string, data: any) => void} onEvent
 * @property {(problem: Problem) => boolean} onRefused the server said no; whether to go on trying
 */

/**
 * The connection with reconnecting of our own: socket.io's would hide when the next attempt is.
 * @param {SocketOptions} options
 */
export function createSocket({ url, token, onEvent, onRefused }) {
  const connection = signal(/** @type {Connection} */ ({ state: "connecting" }));
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const socket = io(url, {
    path: "/socket.io",
    autoConnect: false,
    reconnection: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    auth: (give) =>
      void token().then(
        (value) => give({ token: value }),
        () => give({ token: null }),
      ),
  });

  const attempt = () => {
    clearTimeout(timer);
    connection.value = { state: "connecting" };
    socket.connect();
  };
  const wait = () => {
    const delay = jittered(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures++));
    clearTimeout(timer);
    timer = setTimeout(attempt, delay);
    connection.value = { state: "waiting", retryAt: Date.now() + delay };
  };
  const stop = () => {
    clearTimeout(timer);
    socket.disconnect();
  };

  socket.on("connect", () => {
    failures = 0;
    connection.value = { state: "online" };
  });
  socket.on("connect_error", (/** @type {Error & {data?: any}} */ error) => {
    if (!error.data?.code || onRefused(new Problem(error.data))) wait();
  });
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") wait();
  });
  socket.onAny(onEvent);
  // Without a network the connection may seem alive until the next missed ping.
  addEventListener("offline", () => socket.connected && socket.io.engine.close());
  addEventListener("online", () => connection.peek().state === "waiting" && attempt());

  /** Emit and await the acknowledgement; throws a Problem. @param {string} event @param {object} data @returns {Promise<any>} */
  const call = async (event, data) => {
    if (!socket.connected) throw noAnswer();
    const answer = await socket
      .timeout(ACK_TIMEOUT_MS)
      .emitWithAck(event, data)
      .catch(() => {
        throw socket.connected ? timedOut() : noAnswer();
      });
    if (!answer?.ok) throw new Problem(answer?.problem ?? { code: "internal" });
    return answer.data;
  };

  return { connection, call, open: attempt, retryNow: attempt, close: stop };
}

/** @typedef {ReturnType<typeof createSocket>} Socket */
