/**
 * What went wrong: RFC 9457 from the server, or one of our own codes: `network` (no answer), `timeout`, `aborted`.
 * @typedef {object} ProblemBody
 * @property {string} code
 * @property {string} [title]
 * @property {string} [detail]
 * @property {number} [status]
 * @property {Record<string, any>} [params]
 * @property {{pointer: string, code: string, params?: Record<string, any>}[]} [errors]
 * @property {boolean} [retryable]
 */

/**
 * A problem as plain data, as it is kept beside a message that could not be sent.
 * @typedef {Pick<Problem, "code" | "title" | "params" | "errors" | "retryAfter">} ProblemFacts
 */

export class Problem extends Error {
  /** @param {ProblemBody} body @param {{retryAfter?: number | null}} [options] seconds to wait */
  constructor(body, { retryAfter = null } = {}) {
    super(body.detail ?? body.title ?? body.code);
    this.name = "Problem";
    this.code = body.code;
    this.title = body.title ?? "";
    this.status = body.status ?? 0;
    this.params = body.params ?? {};
    this.errors = body.errors ?? [];
    this.retryable = body.retryable ?? false;
    this.retryAfter = retryAfter ?? this.params.retry_after_seconds ?? null;
  }
}

/** @param {unknown} error @returns {Problem} */
export function problemOf(error) {
  if (error instanceof Problem) return error;
  return new Problem({ code: "internal", detail: String(error) });
}

/** No answer: whether it was stored is unknown, the same nonce may be sent again. */
export const noAnswer = () => new Problem({ code: "network", retryable: true });
export const timedOut = () => new Problem({ code: "timeout", retryable: true });
