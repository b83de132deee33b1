import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../../src/viewer/server/guard.ts";

const guarded = { port: 8123, token: "secret", ticket: "once" };
const host = "127.0.0.1:8123";

test("a request with the server's Host and the token may go on, by either name of the computer", () => {
  assert.deepEqual(judge({ url: "/secret/", headers: { host } }, guarded), { path: "" });
  assert.deepEqual(judge({ url: "/secret/api/source?a=/b", headers: { host } }, guarded), { path: "api/source" });
  assert.deepEqual(judge({ url: "/secret/", headers: { host: "localhost:8123" } }, guarded), { path: "" });
  const own = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  assert.deepEqual(judge({ url: "/secret/api/record", headers: own }, guarded), { path: "api/record" });
});

test("another Host is refused, also with the token: a name that was made to lead here", () => {
  for (
    const wrong of ["evil.example:8123", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8123.evil.example", "", undefined]
  ) {
    const headers = wrong === undefined ? {} : { host: wrong };
    assert.deepEqual(judge({ url: "/secret/", headers }, guarded), { refusal: "the Host is not this server's" });
  }
});

test("another site is refused, by Origin and by Sec-Fetch-Site", () => {
  for (
    const origin of [
      "http://evil.example",
      "null",
      "https://127.0.0.1:8123",
      "http://127.0.0.1:8124",
      "http://localhost:8123",
    ]
  ) {
    const verdict = judge({ url: "/secret/", headers: { host, origin } }, guarded);
    assert.deepEqual(verdict, { refusal: "the Origin is another site's" });
  }
  for (const site of ["cross-site", "same-site"]) {
    const verdict = judge({ url: "/secret/", headers: { host, "sec-fetch-site": site } }, guarded);
    assert.deepEqual(verdict, { refusal: "another site has asked for it" });
  }
});

test("without the token nothing is given, and the ticket leads to the page alone", () => {
  const refusal = { refusal: "the token of the printed address is missing" };
  for (const url of ["/", "", "/secret", "/secre/", "/secrets/", "/SECRET/", "//secret/", "/once/api/source", "*"]) {
    assert.deepEqual(judge({ url, headers: { host } }, guarded), refusal, url);
  }
  assert.deepEqual(judge({ url: "/once/", headers: { host } }, guarded), { isTicket: true });
  assert.deepEqual(judge({ url: "/once/", headers: { host } }, { ...guarded, ticket: undefined }), refusal);
});
