import assert from "node:assert/strict";
import { test } from "node:test";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import type { RecordingCameraOptions } from "../testing/transcript_camera.ts";
import { recordingEvk3Hd } from "./testing/evk3_hd.ts";

function open(options: RecordingCameraOptions) {
  const bus = recordingEvk3Hd(options);
  const configuration = propheseeEvk3Hd.checkConfiguration(undefined);
  return { bus, opening: run(propheseeEvk3Hd.open(configuration), { bus, settling: bus.settling }) };
}

test("the system byte tells the board, and one with another is asked nothing else", () => {
  for (const [byte, isOurs] of [[0x30, true], [0x31, false], [0x35, false], [0x28, false]] as const) {
    const bus = recordingEvk3Hd({ system: Uint8Array.of(byte, 0) });
    const identity = runSync(propheseeEvk3Hd.identify(), { bus, settling: bus.settling });
    const said = `system byte 0x${byte.toString(16)} instead of 0x30 (Gen4.1)`;
    assert.deepEqual(identity, isOurs ? { isOurs, serial: "00050ABC" } : { isOurs, said });
    assert.equal(bus.transfers, isOurs ? 3 : 1);
  }
});

test("both chip ids of a Gen4.1 are accepted, wherever the sensor stands", async () => {
  const thermometer = { name: "temperature sensor", compatible: ["ti,tmp103"] };
  const sensor = { name: "", compatible: ["psee,ccam5_gen41"] };
  for (const chipId of [0xa030_1002, 0xa030_1003]) {
    const { opening } = open({ chipId, devices: [thermometer, sensor], sensor: 1 });
    assert.deepEqual((await opening).properties, { width: 1280, height: 720, sensor: "Prophesee Gen4.1" });
  }
});

test("a board with another sensor is refused with what it tells, and nothing is written to it", async () => {
  const { bus, opening } = open({ chipId: 0xa040_1806 });
  const message = /device 0 "psee,ccam5_gen41", .*, chip id 0xa0401806; a Gen4\.1 is needed$/;
  await assert.rejects(opening, { code: "unsupported", operation: "find the sensor", message });
  assert.deepEqual(bus.lines.filter((line) => line.startsWith("BULK_OUT 0x02 02010140")), []);
});
