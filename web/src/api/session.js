import { Problem } from "../core/problem.js";
import { signal } from "../core/signals.js";

const EARLY_SECONDS = 60;

/**
 * The login session of this page: the access token lives in memory only, the refresh token in a cookie no script can read.
 * `status` is `unknown` until the first answer, then `in` or `out`.
 * @param {{http: import("./http.js").Http, now?: () => number}} options
 */
export function createSession({ http, now = Date.now }) {
  const status = signal(/** @type {"unknown" | "in" | "out"} */ ("unknown"));
  const farewell = signal(/** @type {string | null} */ (null));
  /** @type {{token: string, expires: number} | null} */
  let access = null;
  /** @type {Promise<string | null> | null} */
  let refreshing = null;

  /** @param {{access_token: string, expires_in: number} | null} answer */
  const accept = (answer) => {
    access = answer && { token: answer.access_token, expires: now() + answer.expires_in * 1000 };
    if (answer) farewell.value = null;
    status.value = answer ? "in" : "out";
    return access?.token ?? null;
  };

  const refresh = () => {
    refreshing ??= http("POST", "/auth/refresh")
      .then(accept)
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  };

  /** The token to use now; null when signed out. @returns {Promise<string | null>} */
  const token = async () => {
    if (status.value === "out") return null;
    return access && access.expires - now() > EARLY_SECONDS * 1000 ? access.token : refresh();
  };

  /** @param {string | null} [reason] the key of a sentence for the login screen */
  const end = (reason = null) => {
    farewell.value = reason;
    accept(null);
  };

  /** A request with the token; refused with 401, it refreshes once. @type {import("./http.js").Http} */
  const request = async (method, path, options = {}) => {
    const used = await token();
    try {
      return await http(method, path, { ...options, token: used });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      const renewed = access && access.token !== used ? access.token : await refresh();
      if (!renewed) {
        farewell.value ??= "session.ended";
        throw error;
      }
      return http(method, path, { ...options, token: renewed });
    }
  };

  return {
    status,
    farewell,
    token,
    refresh,
    request,
    end,
    /** @param {string} username @param {string} password */
    signIn: async (username, password) =>
      void accept(await http("POST", "/auth/token", { form: { username, password } })),
    /** @param {{nickname: string, password: string, email?: string, display_name?: string}} account */
    register: async (account) => void accept(await http("POST", "/auth/register", { json: account })),
    async signOut() {
      await http("POST", "/auth/logout", { token: await token() });
      end();
    },
  };
}

/** @typedef {ReturnType<typeof createSession>} Session */
