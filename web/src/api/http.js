import { noAnswer, Problem, timedOut } from "../core/problem.js";

const TIMEOUT_MS = 15_000;

/**
 * @typedef {object} RequestOptions
 * @property {unknown} [json] body
 * @property {Record<string, string>} [form] body
 * @property {Record<string, string | number | null | undefined>} [query]
 * @property {string | null} [token]
 * @property {AbortSignal} [signal]
 */

/**
 * @param {{base: string, fetch: typeof fetch}} options
 * @returns what sends one request and answers the parsed body (null when there is none), or throws a Problem
 */
export function createHttp({ base, fetch: send }) {
  /** @param {string} method @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
  return async (method, path, options = {}) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    try {
      const response = await send(base + path + queryString(options.query), {
        method,
        signal,
        ...payload(options),
      });
      return response.ok ? await bodyOf(response) : await refuse(response);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (options.signal?.aborted) throw new Problem({ code: "aborted" });
      throw timeout.aborted ? timedOut() : noAnswer();
    }
  };
}

/** @typedef {ReturnType<typeof createHttp>} Http */

/** @param {RequestOptions["query"]} query */
function queryString(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value != null);
  return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : "";
}

/** @param {RequestOptions} options @returns {RequestInit} */
function payload({ json, form, token }) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (json !== undefined) headers["content-type"] = "application/json";
  const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
  return { headers, body, credentials: "same-origin" };
}

/** @param {Response} response */
async function bodyOf(response) {
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/** @param {Response} response @returns {Promise<never>} */
async function refuse(response) {
  const seconds = Number(response.headers.get("retry-after"));
  const body = await response.json().catch(() => null);
  throw new Problem(
    { code: "internal", status: response.status, retryable: response.status >= 500, ...body },
    { retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds : null },
  );
}
