import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { configureVirtualBus, verifyRecording } from "../../mod.ts";
import { view, type ViewOptions } from "../../src/cli/view.ts";
import { runCli } from "../../src/cli/run_cli.ts";
import { browserCommand, openBrowser } from "../../src/viewer/server/open_browser.ts";
import { eventually } from "../support/eventually.ts";
import { emitSignal } from "../support/signal.ts";
import { slow, test } from "../support/test.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { withSite } from "../viewer/testing/served.ts";
import { type FakeWorld, makeWorld } from "./testing/world.ts";

interface Viewing {
  readonly world: FakeWorld;
  readonly folder: string;
  /** The printed address. */
  readonly url: string;
  /** Addresses that the browser was opened with. */
  readonly opened: readonly string[];
  readonly ended: Promise<number>;
}

/** Runs the command with a stand-in page and browser, and ends it by Ctrl-C where it has not ended. */
function withView(
  options: Partial<ViewOptions>,
  use: (viewing: Viewing) => Promise<void>,
  browser: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  return withSite(async (site, folder) => {
    const world = makeWorld({ folder });
    const opened: string[] = [];
    writeFileSync(join(folder, "a.raw"), "% format EVT3\n% end\n");
    const tools = {
      openSite: () => Promise.resolve(site),
      openBrowser: (url: string) => {
        opened.push(url);
        return browser();
      },
    };
    const complete = { file: undefined, serial: undefined, virtual: false, port: 0, opensBrowser: true, ...options };
    let hasEnded = false;
    const ended = view(complete, world, tools).finally(() => hasEnded = true);
    const url = await eventually("the address", () => /http:\S+/.exec(world.stdout.text)?.[0]);
    try {
      await use({ world, folder, url, opened, ended });
    } finally {
      if (!hasEnded) emitSignal("SIGINT");
      await ended;
    }
  });
}

test(
  "view serves the camera until Ctrl-C, and closes it",
  slow,
  () =>
    withView({ virtual: true }, async ({ world, url, opened, ended }) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
      const source = await (await fetch(new URL("api/source", url))).json();
      assert.deepEqual([source.kind, source.isVirtual], ["camera", true]);
      await eventually("the browser", () => opened[0]);
      assert.equal(opened.length, 1);
      assert.ok(!opened[0]!.startsWith(url), "the browser gets a ticket, and not the token");
      assert.equal((await fetch(opened[0]!)).url, url);
      const stream = await fetch(new URL("api/stream", url));
      emitSignal("SIGINT");
      assert.equal(await ended, 0, world.text());
      await stream.arrayBuffer(); // ends, and is not cut
      await assert.rejects(fetch(url));
      await assertNothingLeft();
      await configureVirtualBus();
    }),
);

test(
  "a recording that runs at Ctrl-C is completed, and told",
  slow,
  () =>
    withView({ virtual: true }, async ({ world, folder, url, ended }) => {
      const body = JSON.stringify({ path: "b.raw" });
      const post = { method: "POST", headers: { "content-type": "application/json" }, body };
      assert.equal((await fetch(new URL("api/record", url), post)).status, 200);
      emitSignal("SIGINT");
      assert.equal(await ended, 0, world.text());
      assert.match(world.stdout.text, /b\.raw: [\d,]+ events, [\d.]+ .?B; nothing lost\n/);
      const { verdict, endReason } = await verifyRecording(join(folder, "b.raw"));
      assert.deepEqual([verdict, endReason], ["complete", "stopped"]);
      await configureVirtualBus();
    }),
);

test(
  "a camera that is unplugged ends it with status 1",
  slow,
  () =>
    withView({ virtual: true }, async ({ world, ended }) => {
      await configureVirtualBus([]);
      assert.equal(await ended, 1);
      assert.match(world.stderr.text, /^view: Prophesee EVK4 00000001.*disconnected|unplugged/);
      await configureVirtualBus();
    }),
);

test(
  "view FILE serves the recording; a browser that cannot be opened is told",
  slow,
  () =>
    withView({ file: "a.raw" }, async ({ world, url }) => {
      const source = await (await fetch(new URL("api/source", url))).json();
      assert.deepEqual([source.kind, source.name], ["recording", "a.raw"]);
      assert.equal(await (await fetch(new URL("api/recording", url))).text(), "% format EVT3\n% end\n");
      await eventually("the message", () => /No browser could be opened/.exec(world.stderr.text)?.[0]);
    }, () => Promise.resolve(false)),
);

test(
  "--no-open opens no browser",
  slow,
  () =>
    withView({ file: "a.raw", opensBrowser: false }, async ({ url, opened }) => {
      assert.equal((await fetch(url)).status, 200);
      assert.deepEqual(opened, []);
    }),
);

test("a file that is missing, or is none, is told", slow, () =>
  withSite(async (site, folder) => {
    const tools = { openSite: () => Promise.resolve(site), openBrowser: () => Promise.resolve(true) };
    const options = { serial: undefined, virtual: false, port: 0, opensBrowser: false };
    const refused = (file: string, code: string) =>
      assert.rejects(view({ ...options, file }, makeWorld({ folder }), tools), { code });
    await refused("missing.raw", "file-not-found");
    await refused(".", "unsupported");
  }));

test("wrong options are refused before anything is done", {}, async () => {
  const mistakes: readonly string[][] = [
    ["--port", "65536"],
    ["--port", "x"],
    ["--virtual", "--serial", "1"],
    ["--virtual", "a.raw"],
    ["--serial", "1", "a.raw"],
    ["-"],
    ["a.raw", "b.raw"],
    ["--opne"],
  ];
  for (const parameters of mistakes) {
    const { stdout, stderr, folder } = makeWorld();
    assert.equal(await runCli(["view", ...parameters], { stdout, stderr, folder }), 2, parameters.join(" "));
    assert.match(stderr.text, /^view: .* \(view --help shows the options\)\n$/);
  }
});

test("each system's own way opens the browser, without a shell", {}, () => {
  const url = "http://127.0.0.1:1/a&b/";
  assert.deepEqual(browserCommand(url, "linux"), ["xdg-open", url]);
  assert.deepEqual(browserCommand(url, "darwin"), ["open", url]);
  assert.deepEqual(browserCommand(url, "win32"), ["rundll32", "url.dll,FileProtocolHandler", url]);
});

test("a browser that is missing or fails is known", {}, async () => {
  assert.equal(await openBrowser("http://127.0.0.1:1/", ["/no/such/program"]), false);
  assert.equal(await openBrowser("", [process.execPath, "/no/such/script.mjs"]), false);
  assert.equal(await openBrowser("", [process.execPath, "--version"]), true);
});
