/**
 * The project's own record of what goes over the bus, so that no change of the sequences goes unnoticed. When a change
 * is meant, write the files again and read their difference:
 *
 *     NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS=1 node --test tests/cameras/prophesee_evk4/snapshot_test.ts
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { identifyEvk4, openEvk4 } from "../testing/open_evk4.ts";
import { RecordingCamera } from "../testing/transcript_camera.ts";
import { condense } from "../testing/transcript.ts";

/** Everything that a configuration can change. */
const EVERYTHING: PropheseeEvk4Changes = {
  biases: {
    pr: 1,
    fo: -2,
    hpf: 3,
    diffOn: 4,
    diff: -5,
    diffOff: 6,
    inv: 7,
    refr: -8,
    reqpuy: -9,
    reqpux: { code: 10 },
  },
  xMask: new Uint8Array(1280).fill(1, 0, 33),
  yMask: new Uint8Array(720).fill(1, 700, 720),
  maskIntersectionOnly: true,
  masksEnabled: false,
  pixelMask: [{ x: 0, y: 0 }, { x: 1279, y: 719 }],
  digitalCrop: { x: 32, y: 10, width: 640, height: 360, resetOrigin: true },
  antiFlicker: { minimumHz: 80, maximumHz: 130, mode: "band-pass", dutyCyclePercent: 25, startThreshold: 7 },
  trailFilter: { type: "stc-cut-trail", thresholdUs: 23_000 },
  rateLimiter: { referencePeriodUs: 1023, maximumEventsPerPeriod: 4_194_303 },
  clock: "internal-with-output",
  externalTrigger: false,
  output: false,
  eventFormat: "evt2.1",
  packetPeriodUs: 1008,
};

const SCENARIOS: readonly (readonly [name: string, changes: PropheseeEvk4Changes, transfers: number])[] = [
  ["evk4_default", {}, 1_651],
  ["evk4_everything", EVERYTHING, 1_695],
];

for (const [name, changes, transfers] of SCENARIOS) {
  test(`the transfers from the claim to the shutdown are those recorded: ${name}`, async () => {
    const camera = new RecordingCamera();
    await identifyEvk4(camera);
    const opened = await openEvk4({ bus: camera, settling: camera.settling, changes });
    opened.shutdown();
    assertSnapshot(`${name}.txt`, condense(camera.lines));
    assert.equal(camera.transfers, transfers, "number of transfers");
  });
}

function assertSnapshot(name: string, lines: readonly string[]): void {
  const path = new URL(`snapshots/${name}`, import.meta.url);
  if (process.env.NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS === "1") writeFileSync(path, lines.join("\n") + "\n");
  const recorded = readFileSync(path, "utf-8").trimEnd().split("\n");
  lines.forEach((line, index) => assert.equal(line, recorded[index], `line ${index + 1} of ${name}`));
  assert.equal(lines.length, recorded.length, `number of lines of ${name}`);
}
