import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { showAs } from "../src/shown.ts";
import { runChild } from "./support/child.ts";

test("console.log shows what a device, a watcher and a decoder are, and not their functions", async () => {
  const { status, output } = await runChild(new URL("shown_child.ts", import.meta.url));
  assert.equal(status, 0, output);
  const camera = `name: "Prophesee EVK4", type: "prophesee-evk4", serial: "00000001", speed: "super"`;
  const format = `format: "evt3", width: 1280, height: 720`;
  // Bun writes an object over several lines.
  assert.deepEqual(output.trim().replace(/\{\s+device: (.*?\}),?\s+\}/, "{ device: $1 }").split("\n").slice(0, 7), [
    `Device { ${camera}, closed: false }`,
    `{ device: Device { ${camera}, closed: false } }`,
    "DeviceWatcher { devices: 1, closed: false }",
    `Decoder { ${format}, currentTime: undefined, closed: false }`,
    `Device { ${camera}, closed: true }`,
    "DeviceWatcher { devices: 1, closed: true }",
    `Decoder { ${format}, currentTime: 4103, closed: true }`,
  ]);
});

test("texts are shown with quotes, and cannot move a terminal's cursor", () => {
  class Camera {
    readonly name = 'EVK4 "\u001b[2J"\n';
  }
  showAs(Camera, "Camera", ({ name }) => ({ name, width: 1280 }));
  assert.equal(inspect(new Camera()), String.raw`Camera { name: "EVK4 \"\u001b[2J\"\n", width: 1280 }`);
});
