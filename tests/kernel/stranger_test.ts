/** PyPI's neuromorphic-drivers, which brings its own libusb, on a camera that the kernel knows. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { atRandom } from "../support/random.ts";
import { test } from "../support/test.ts";
import {
  changedPhases,
  checkReport,
  makeKnownEvents,
  readEvents,
  recordKnownEvents,
  wholePhases,
  windowUs,
} from "../strangers/known_events.ts";
import { assertTold } from "../strangers/told.ts";
import { onceUnder, plugInAll, run } from "./guest.ts";

const client = fileURLToPath(new URL("../strangers/python/client.py", import.meta.url));
const { python, folder: packages, obstacle } = JSON.parse(process.env.NEUROMORPHIC_DRIVERS_STRANGERS_PYTHON ?? "{}");
const { skip } = onceUnder("bun");

test("the Python package sees all that an EVK4 sends, and what it changes", { skip: skip ?? obstacle }, async () => {
  await atRandom(async (random) => {
    const serial = "00050ABC";
    const known = makeKnownEvents(random);
    const recording = recordKnownEvents(known);
    const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_stranger_"));
    const [camera] = await plugInAll([{ serial, source: { kind: "recording", path: recording.path } }]);
    try {
      const environment = [`PYTHONPATH=${packages}`];
      const text = await run("env", [...environment, python, client, serial, String(windowUs), folder]);
      checkReport(text, { serial, name: "Prophesee EVK4" });
      for (const { name, check } of [wholePhases[0]!, ...changedPhases]) {
        check(readEvents(readFileSync(join(folder, `${name}.events`))), known);
      }
    } finally {
      await camera!.unplug();
      recording.remove();
      rmSync(folder, { recursive: true });
    }
  });
  const driver = "neuromorphic-drivers 0.18.2 (Python)";
  assertTold(driver, "kernel", "`evk4`", "as opened, masked", "biases, rate limiter");
});
