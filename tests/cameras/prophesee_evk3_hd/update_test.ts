/** What changes while an EVK3 HD streams, and what is taken back where a change fails. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PropheseeEvk3HdChanges } from "../../../src/cameras/prophesee_evk3_hd/configuration.ts";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { carryOutByHand, failByHand } from "../testing/by_hand.ts";
import { condense } from "../testing/transcript.ts";
import { ioError } from "../testing/transcript_camera.ts";
import { evk3HdModel } from "./testing/evk3_hd.ts";

function open(changes: PropheseeEvk3HdChanges) {
  const model = evk3HdModel();
  const camera = carryOutByHand(propheseeEvk3Hd.open(propheseeEvk3Hd.checkConfiguration(changes)), model).result;
  const written = (changes: PropheseeEvk3HdChanges) => condense(carryOutByHand(camera.update(changes), model).lines);
  return { camera, model, written };
}

test("an update writes what changed and nothing else", () => {
  const { camera, written } = open({});
  assert.deepEqual(written({}), []);
  assert.deepEqual(written({ biases: { diffOn: 115 }, xMask: "", pixelMask: [] }), []);
  assert.deepEqual(written({ biases: { refr: 60, foN: 1 } }), [
    "write biasFoN (0x1008) = 0x01210001",
    "write biasRefr (0x1020) = 0x01a9cd3c",
  ]);
  assert.deepEqual(written({ maskIntersectionOnly: true }), ["write roiCtrl (0x0004) = 0xf0005422"]);
  assert.deepEqual(written({ output: false, packetPeriodUs: 1_008 }), [
    "write roCtrl (0x9028) = 0x00000002",
    "write mipiFramePeriod (0xB028) = 0x000003f0",
  ]);
  assert.deepEqual([camera.configuration.biases.refr, camera.configuration.output], [60, false]);
});

test("the trigger is switched by its field, and its pad chosen; their other bits stay", () => {
  const { model, written } = open({ externalTrigger: false });
  assert.equal(model.registers.get(0x7004), 0);
  model.registers.set(0x7004, 0xc1ff).set(0x0044, 0xccfc_0ccf);
  assert.deepEqual(written({ externalTrigger: true }), [
    "read digPad2Ctrl (0x0044)",
    "write digPad2Ctrl (0x0044) = 0xccfcfccf",
    "read edfReserved7004 (0x7004)",
    "write edfReserved7004 (0x7004) = 0x0000c5ff",
  ]);
  assert.deepEqual(written({ externalTrigger: false }), [
    "read edfReserved7004 (0x7004)",
    "write edfReserved7004 (0x7004) = 0x0000c1ff",
  ]);
});

test("the trail filter has two types, and not the bit that the IMX636 has", () => {
  const { camera, model, written } = open({});
  assert.ok(written({ trailFilter: { type: "stc-cut-trail", thresholdUs: 1_000 } }).length > 5);
  assert.equal(model.registers.get(0xd00c), 0x3ec);
  assert.equal(model.registers.get(0xd000), 1);
  const kept = { trailFilter: { type: "stc-keep-trail", thresholdUs: 1_000 } } as unknown as PropheseeEvk3HdChanges;
  const message = /^configuration\.trailFilter\.type must be one of "trail", "stc-cut-trail", not "stc-keep-trail"/;
  assert.throws(() => written(kept), { name: "RangeError", message });
  assert.deepEqual(written({ trailFilter: null }), ["write stcPipelineControl (0xD000) = 0x00000005"]);
  assert.equal(camera.configuration.trailFilter, null);
});

test("clock and format are fixed while the camera is open", () => {
  const { written } = open({});
  for (const changes of [{ clock: "external" }, { eventFormat: "evt2.1" }] as const) {
    assert.throws(() => written(changes), { code: "unsupported", operation: "update configuration" });
  }
});

const EVERYTHING: PropheseeEvk3HdChanges = {
  biases: { fo: 60, foN: 1, blk: 3 },
  xMask: "0-9",
  pixelMask: [{ x: 1, y: 2 }],
  digitalCrop: { x: 0, y: 0, width: 64, height: 32 },
  antiFlicker: {},
  trailFilter: { type: "trail", thresholdUs: 2_000 },
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 100 },
  externalTrigger: false,
  output: false,
};

test("an update that fails at any exchange is taken back; its error names the register", () => {
  const { camera, model } = open({});
  const { configuration } = camera;
  const switches = [0x0004, 0x9028, 0x1004, 0x1008, 0x104c, 0x2000, 0x9100, 0x900c, 0xc000, 0xd000, 0x6050, 0x7004];
  const words = () => switches.map((address) => model.registers.get(address)! & ~(address === 0x0004 ? 0x20 : 0));
  const before = words();
  let failures = 0;
  for (;; ++failures) {
    const failed = failByHand(camera.update(EVERYTHING), model, { at: failures, error: ioError() });
    if (failed === undefined) break;
    const { thrown } = failed;
    assert.ok(thrown instanceof NeuromorphicError && thrown.code === "io", String(thrown));
    assert.match(thrown.operation!, /^(write|read) register \w+(\[\d+\])? \(0x[0-9A-F]{4}\)$/);
    assert.deepEqual(camera.configuration, configuration);
    assert.deepEqual(words(), before, `exchange ${failures}`);
  }
  assert.ok(failures > 200, `${failures} exchanges`);
  assert.deepEqual(camera.configuration.digitalCrop, { x: 0, y: 0, width: 64, height: 32, resetOrigin: false });
});
