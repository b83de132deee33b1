import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { RecordingFile } from "../../../src/viewer/server/recording_file.ts";
import { serveViewer, type ViewerServer } from "../../../src/viewer/server/server.ts";
import { test } from "../../support/test.ts";
import { ask, below, refusalOf, standIn, withSite } from "../testing/served.ts";

/** Bytes that tell where they are. */
const content = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7 + (index >> 8));

function withRecording(use: (server: ViewerServer, folder: string) => Promise<void>): Promise<void> {
  return withSite(async (site, folder) => {
    const path = join(folder, "a.raw");
    writeFileSync(path, content);
    const recording = await RecordingFile.open(path);
    const server = await serveViewer({ site, served: { recording }, port: 0 });
    try {
      await use(server, folder);
    } finally {
      await server.close();
      await recording.close();
    }
  });
}

test(
  "the page and its files are given with their types, and with the policy",
  {},
  () =>
    withRecording(async (server) => {
      const page = await ask(server, below(server, ""));
      assert.deepEqual([page.status, page.text], [200, standIn["index.html"]]);
      assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
      const policy = String(page.headers["content-security-policy"]);
      assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';.*frame-ancestors 'none'$/);
      assert.ok(!policy.includes("unsafe-inline"));
      assert.equal(page.headers["x-content-type-options"], "nosniff");
      const wasm = await ask(server, below(server, "assets/decoder.wasm"), { method: "HEAD" });
      assert.deepEqual([wasm.status, wasm.headers["content-type"], wasm.text], [200, "application/wasm", ""]);
    }),
);

test("requests without the token, or from elsewhere, get nothing", {}, () =>
  withRecording(async (server) => {
    const refused = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
      const answer = await ask(server, path, { headers });
      assert.equal(answer.status, 403, path);
      return refusalOf(answer);
    };
    for (const path of ["/", "/index.html", "/api/source", "/wrong/", "/favicon.ico"]) {
      assert.match(await refused(path), /token/);
    }
    assert.match(await refused(below(server, ""), { host: "evil.example" }), /Host/);
    assert.match(await refused(below(server, "api/source"), { origin: "http://evil.example" }), /Origin/);
    assert.match(await refused(below(server, "api/source"), { "sec-fetch-site": "cross-site" }), /another site/);
  }));

test("no path leads out of the page's folder", {}, () =>
  withRecording(async (server) => {
    for (
      const path of [
        "../secret.txt",
        "assets/../../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "..\\secret.txt",
        "assets",
        "assets/",
        "files.json",
        "index.html%00",
        "/etc/passwd",
      ]
    ) {
      const { status, text } = await ask(server, below(server, path));
      assert.deepEqual([status, text.includes("secret")], [404, false], path);
    }
  }));

test("other methods are refused, with those that are allowed", {}, () =>
  withRecording(async (server) => {
    for (
      const [path, method] of [["", "POST"], ["api/source", "DELETE"], ["assets/main.js", "PUT"], [
        "api/recording",
        "POST",
      ]] as const
    ) {
      const { status, headers } = await ask(server, below(server, path), { method });
      assert.deepEqual([status, headers.allow], [405, "GET, HEAD"], path);
    }
    assert.equal((await ask(server, below(server, "api/source"), { method: "OPTIONS" })).status, 405);
    assert.equal((await ask(server, below(server, "api/configuration"), { body: {} })).status, 404);
  }));

test("a recording is described, and given whole and by ranges", {}, () =>
  withRecording(async (server) => {
    const { json } = await ask(server, below(server, "api/source"));
    const { modifiedMs, ...facts } = json as { readonly modifiedMs: number };
    assert.deepEqual(facts, { kind: "recording", name: "a.raw", size: content.length });
    assert.ok(Math.abs(modifiedMs - Date.now()) < 3_600_000);
    const bytesOf = async (range?: string) => {
      const { hostname, port } = new URL(server.url);
      const url = `http://${hostname}:${port}${below(server, "api/recording")}`;
      const response = await fetch(url, range === undefined ? {} : { headers: { range } });
      return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
    };
    const whole = await bytesOf();
    assert.equal(whole.response.status, 200);
    assert.deepEqual(whole.bytes, content);
    for (
      const [range, start, end] of [
        ["bytes=0-0", 0, 1],
        ["bytes=1000-200999", 1000, 201_000],
        ["bytes=299990-", 299_990, 300_000],
        ["bytes=-10", 299_990, 300_000],
        ["bytes=299990-999999", 299_990, 300_000],
      ] as const
    ) {
      const { response, bytes } = await bytesOf(range);
      assert.deepEqual([response.status, response.headers.get("content-range")], [
        206,
        `bytes ${start}-${end - 1}/300000`,
      ]);
      assert.deepEqual(bytes, content.subarray(start, end));
    }
    const { response } = await bytesOf("bytes=300000-");
    assert.deepEqual([response.status, response.headers.get("content-range")], [416, "bytes */300000"]);
    assert.equal((await bytesOf("bytes=1-2,5-6")).response.status, 200);
  }));

test("a ticket leads to the page once", {}, () =>
  withRecording(async (server) => {
    const ticket = new URL(server.makeTicketUrl());
    assert.ok(!server.url.includes(ticket.pathname));
    const first = await ask(server, ticket.pathname);
    assert.deepEqual([first.status, first.headers.location], [303, below(server, "")]);
    assert.equal((await ask(server, ticket.pathname)).status, 403);
  }));

test(
  "two servers have two tokens, and a port that is taken is told",
  {},
  () =>
    withRecording((first) =>
      withSite(async (site, folder) => {
        const recording = await RecordingFile.open(join(folder, "secret.txt"));
        const { port } = new URL(first.url);
        await assert.rejects(serveViewer({ site, served: { recording }, port: Number(port) }), {
          code: "busy",
          message: /^port \d+ of 127\.0\.0\.1 is in use; give another one by --port/,
        });
        const second = await serveViewer({ site, served: { recording }, port: 0 });
        assert.notEqual(new URL(second.url).pathname, new URL(first.url).pathname);
        assert.ok(new URL(second.url).pathname.length >= 32);
        await second.close();
        await recording.close();
      })
    ),
);

test(
  "a connection that is cut in the middle of a request leaves the server as it was",
  {},
  () =>
    withRecording(async (server) => {
      const port = Number(new URL(server.url).port);
      for (
        const part of [
          "GET /",
          "GET / HTTP/1.1\r\nHost: x\r\n",
          "\0\x01garbage\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n",
        ]
      ) {
        await new Promise<void>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => socket.write(part, () => socket.destroy()));
          socket.on("error", () => {});
          socket.on("close", () => resolve());
        });
      }
      assert.equal((await ask(server, below(server, ""))).status, 200);
    }),
);
