import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttp } from "../../src/api/http.js";

const never = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("an aborted request says so", async () => {
  const http = createHttp({ base: "", fetch: never });
  const stop = new AbortController();
  const asking = http("GET", "/a", { signal: stop.signal });
  stop.abort();
  await assert.rejects(asking, { code: "aborted" });
});

test("the query leaves out what is not given", async () => {
  let asked;
  const http = createHttp({
    base: "https://chat.example",
    fetch: async (url) => {
      asked = url;
      return new Response("{}");
    },
  });
  await http("GET", "/messages/1", { query: { before: 0, after: undefined, cursor: null, limit: 50 } });
  assert.equal(asked, "https://chat.example/messages/1?before=0&limit=50");
});
