/** The crate neuromorphic-drivers as a client of the virtual camera, in place of libusb. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../scripts/commands.ts";
import { buildCrateClient, librariesDirectory } from "../../scripts/strangers/crate.ts";
import type { VirtualCameraModel } from "../../mod.ts";
import { atRandom } from "../support/random.ts";
import { slow, test } from "../support/test.ts";
import {
  changedPhases,
  checkReport,
  makeKnownEvents,
  type Phase,
  readEvents,
  recordKnownEvents,
  wholePhases,
  windowUs,
} from "./known_events.ts";
import { assertTold } from "./told.ts";

const stranger = "neuromorphic-drivers 0.18.1 (Rust)";
const built = await buildCrateClient();
const options = { ...slow, skip: "obstacle" in built ? built.obstacle : undefined };

/** Runs the client with a bus as JSON in its environment. */
async function runClient(bus: unknown, parameters: readonly string[]): ReturnType<typeof runCommand> {
  const program = "program" in built ? built.program : assert.fail();
  const environment = {
    LD_LIBRARY_PATH: librariesDirectory,
    NEUROMORPHIC_DRIVERS_VIRTUAL_BUS: typeof bus === "string" ? bus : JSON.stringify(bus),
  };
  return await runCommand(program, parameters, { environment });
}

/** Has the client meet a camera; checks what it saw. */
async function meet(model: VirtualCameraModel, phases: readonly Phase[], parameters: readonly string[]): Promise<void> {
  await atRandom(async (random) => {
    const known = makeKnownEvents(random);
    const recording = recordKnownEvents(known);
    const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_stranger_"));
    try {
      const serial = "00050ABC";
      const bus = { cameras: [{ model, serial, source: { kind: "recording", path: recording.path } }] };
      const result = await runClient(bus, [serial, String(windowUs), folder, ...parameters]);
      assert.equal(result.exitStatus, 0, result.output);
      checkReport(result.output, serial);
      for (const { name, check } of phases) {
        const seen = readEvents(readFileSync(join(folder, `${name}.events`)));
        check(seen, known);
      }
    } finally {
      recording.remove();
      rmSync(folder, { recursive: true });
    }
  });
}

test("the crate sees all that an EVK4 sends, with its own defaults, and what it changes", options, async () => {
  await meet("evk4", [...wholePhases, ...changedPhases], []);
  const events = "as opened, masked, as opened again";
  assertTold(stranger, "look-alike", "`evk4`", events, "biases, rate limiter");
});

// At the same time, as opening is mostly waiting.
const others: readonly VirtualCameraModel[] = [
  "evk4-00f4",
  "silkyevcam-hd",
  "silkyevcam-hd-lite",
  "ueye-xcpe",
  "ueye-xlse",
];

test("the crate opens every other camera with the EVK4's board and sees all that it sends", options, async () => {
  await Promise.all(others.map((model) => meet(model, wholePhases.slice(0, 1), ["brief"])));
  for (const model of others) assertTold(stranger, "look-alike", `\`${model}\``, "as opened", "");
});

test("a bus in the environment that is refused is told, and none is there", options, async () => {
  const { exitStatus, output } = await runClient('{"cameras":[{"model":"evk5"}]}', ["1", "1", "."]);
  assert.notEqual(exitStatus, 0);
  assert.match(output, /^NEUROMORPHIC_DRIVERS_VIRTUAL_BUS: cameras\[0\]\.model: unknown model "evk5"$/m);
  assert.match(output, /InvalidParam/);
});
