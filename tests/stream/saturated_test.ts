/** A loop that finds a packet whenever it asks for one leaves the rest of the program its turns. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { configureVirtualBus } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { fastCamera, openFast, readSlowly } from "./testing/saturation.ts";

/** Work that needs the event loop again and again; each step begins when the one before is done. */
const others: Readonly<Record<string, (steps: number) => Promise<void>>> = {
  async "timers run"(steps) {
    for (let step = 0; step < steps; step++) await new Promise((resolve) => setTimeout(resolve, 1));
  },
  async "files are read"(steps) {
    const path = fileURLToPath(import.meta.url);
    for (let step = 0; step < steps; step++) assert.ok((await readFile(path)).length > 0);
  },
  async "sockets answer"(steps) {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    try {
      for (let step = 0; step < steps; step++) {
        const answer = once(socket, "data");
        socket.write("?");
        assert.equal(String((await answer)[0]), "?");
      }
    } finally {
      socket.destroy();
      server.close();
    }
  },
};

/** Many times the packets that are read until such work is done; less than Deno reads where it starves sockets. */
const tooMany = 5_000;

for (const [what, work] of Object.entries(others)) {
  test(`while a loop finds a packet whenever it asks, ${what}`, slow, async () => {
    await configureVirtualBus([fastCamera]);
    await using device = await openFast();
    let done = false;
    const working = work(20).finally(() => done = true);
    const gaveWay = await readSlowly(device, tooMany, () => done);
    assert.ok(gaveWay, "a loop of very many packets lets others starve");
    await working;
  });
}

const child = new URL("saturated_child.ts", import.meta.url);

for (const [way, cameras] of [["throw", 1], ["reject", 1], ["throw", 3], ["reject", 3]] as const) {
  test(
    `an uncaught error (${way}) ends a program whose ${cameras} loops find packets whenever they ask`,
    slow,
    async () => {
      const { status, output } = await runChild(child, { parameters: [way, String(cameras)] });
      assert.equal(status, 1, output);
      assert.match(output, /on purpose/);
      assert.doesNotMatch(output, /went on/);
    },
  );
}
