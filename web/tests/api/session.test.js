import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttp } from "../../src/api/http.js";
import { createSession } from "../../src/api/session.js";

/** A session whose server is a list of answers by path. */
function desk(answers) {
  const asked = [];
  let clock = 0;
  const send = async (url, { method, headers, body }) => {
    asked.push({ method, url, token: headers.authorization?.slice(7), body: body && String(body) });
    return answers(url, asked.at(-1));
  };
  const session = createSession({ http: createHttp({ base: "", fetch: send }), now: () => clock });
  return { session, asked, later: (seconds) => (clock += seconds * 1000) };
}

const json = (body, status = 200, headers = {}) =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers });
const token = (name) => json({ access_token: name, token_type: "bearer", expires_in: 900, user: {} });
const refused = (code, status = 401) => json({ code, status, title: code }, status);
const count = (asked, path) => asked.filter(({ url }) => url === path).length;

test("without a cookie the first answer is: signed out", async () => {
  const { session } = desk(() => json(null, 204));
  assert.equal(session.status.value, "unknown");
  await session.refresh();
  assert.equal(session.status.value, "out");
});

test("one refresh serves everyone who waits for it", async () => {
  const { session, asked } = desk((url) => (url === "/auth/refresh" ? token("t1") : json({})));
  await Promise.all([session.request("GET", "/a"), session.request("GET", "/b"), session.refresh()]);
  assert.equal(count(asked, "/auth/refresh"), 1);
  assert.deepEqual(
    asked.slice(1).map(({ token: used }) => used),
    ["t1", "t1"],
  );
});

test("a token is renewed shortly before it expires, not earlier", async () => {
  const { session, asked, later } = desk((url) => (url === "/auth/refresh" ? token("t") : json({})));
  await session.request("GET", "/a");
  later(800);
  await session.request("GET", "/a");
  assert.equal(count(asked, "/auth/refresh"), 1);
  later(60);
  await session.request("GET", "/a");
  assert.equal(count(asked, "/auth/refresh"), 2);
});

test("a 401 renews once and repeats; a second one is passed on", async () => {
  let isForgiven = true;
  const names = ["t1", "t2", "t3"];
  const here = desk((url, { token: used }) => {
    if (url === "/auth/refresh") return token(names.shift());
    return used === "t2" && isForgiven ? json({ fine: true }) : refused("unauthenticated");
  });
  assert.deepEqual(await here.session.request("GET", "/a"), { fine: true });
  isForgiven = false;
  await assert.rejects(here.session.request("GET", "/a"), { code: "unauthenticated" });
  assert.equal(count(here.asked, "/auth/refresh"), 3);
});

test("a session that ended elsewhere leads to the login screen with a sentence", async () => {
  let isOver = false;
  const { session } = desk((url) => {
    if (url === "/auth/refresh") return isOver ? json(null, 204) : token("t1");
    return isOver ? refused("session_ended") : json({});
  });
  await session.request("GET", "/a");
  isOver = true;
  await assert.rejects(session.request("GET", "/a"), { code: "session_ended" });
  assert.equal(session.status.value, "out");
  assert.equal(session.farewell.value, "session.ended");
});

test("wrong credentials are answered as they are, without refreshing", async () => {
  const { session, asked } = desk(() => refused("wrong_credentials"));
  await assert.rejects(session.signIn("alice", "x"), { code: "wrong_credentials" });
  assert.equal(count(asked, "/auth/refresh"), 0);
  assert.equal(asked[0].body, "username=alice&password=x");
});

test("no network is no reason to sign out", async () => {
  const { session } = desk(() => {
    throw new TypeError("fetch failed");
  });
  await assert.rejects(session.refresh(), { code: "network", retryable: true });
  assert.equal(session.status.value, "unknown");
});

test("problems carry their code, fields and time to wait, also when the body is none", async () => {
  const limited = desk(() =>
    json({ code: "rate_limited", retryable: true, errors: [] }, 429, { "retry-after": "12" }),
  );
  await assert.rejects(limited.session.signIn("a", "b"), {
    code: "rate_limited",
    retryAfter: 12,
    status: 429,
  });
  const broken = desk(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await assert.rejects(broken.session.signIn("a", "b"), { code: "internal", status: 502, retryable: true });
});
