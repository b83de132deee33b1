/** An opening and an update that fail, or are aborted, at any of their exchanges. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Genx320Changes } from "../../../src/cameras/genx320/configuration.ts";
import { propheseeEvk3Genx320 } from "../../../src/cameras/prophesee_evk3_genx320/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling, promising } from "../../protocol/testing/made_up_bus.ts";
import { Genx320Model } from "../genx320/testing/genx320_model.ts";
import { ioError } from "../testing/transcript_camera.ts";

const LAST_WRITE_OF_SHUTDOWN = "W 0 0x00000214 0x000184A0";

const open = () => propheseeEvk3Genx320.open(propheseeEvk3Genx320.checkConfiguration(undefined));
const isShutDown = (model: Genx320Model) => model.takeLines().at(-1) === LAST_WRITE_OF_SHUTDOWN;

/** A bus to a model. The transfer of one number fails, or all from it on. */
function failing(at: number, error: () => Error, extent: "once" | "from-then-on" = "once") {
  const model = new Genx320Model();
  const bus = new MadeUpBus((transfer, number) => {
    if (extent === "once" ? number === at : number >= at) throw error();
    return model.answer(transfer);
  });
  return { model, bus };
}

const reference = failing(Infinity, ioError);
runSync(open(), { bus: reference.bus, settling: new MadeUpSettling() });
const TRANSFERS = reference.bus.transfers.length;
/** The descriptor, the alternate setting, six questions and the chip id. */
const ASKED = 2 + 2 * 7;
/** A board without an alternate setting to select is no other board. */
const OPTIONAL = 2;
const STEP = 5;

test("an opening that fails at any transfer tells why, and shuts the sensor down", () => {
  for (let at = OPTIONAL; at < TRANSFERS; at += at < ASKED + STEP ? 1 : STEP) {
    const { model, bus } = failing(at, ioError);
    assert.throws(() => runSync(open(), { bus, settling: new MadeUpSettling() }), {
      code: "io",
      device: "made-up device",
    });
    assert.equal(isShutDown(model), at >= ASKED, `transfer ${at}`);
  }
});

test("a camera that is unplugged at any transfer of its opening is left alone", () => {
  const gone = () => new NeuromorphicError("disconnected", "bulk transfer: LIBUSB_ERROR_NO_DEVICE");
  for (let at = 0; at < TRANSFERS; at += STEP) {
    const { bus } = failing(at, gone, "from-then-on");
    assert.throws(() => runSync(open(), { bus, settling: new MadeUpSettling() }), { code: "disconnected" });
    assert.equal(bus.transfers.length, at + 1);
  }
});

test("an abort at any transfer shuts the sensor down and rejects with its reason", async () => {
  for (let at = 0; at < TRANSFERS; at += 7) {
    const aborting = new AbortController();
    const reason = new Error("changed my mind");
    const model = new Genx320Model();
    const bus = new MadeUpBus((transfer, number) => {
      if (number === at) aborting.abort(reason);
      return model.answer(transfer);
    });
    const opening = run(open(), { bus: promising(bus), settling: new MadeUpSettling(), signal: aborting.signal });
    await assert.rejects(opening, (error) => error === reason);
    assert.equal(isShutDown(model), at >= ASKED, `transfer ${at}`);
  }
});

const CHANGES: Genx320Changes = {
  biases: { diffOn: 50 },
  regionOfInterest: { x: 10, y: 20, width: 30, height: 40 },
  digitalCrop: { x: 10, y: 20, width: 30, height: 40 },
  antiFlicker: {},
  trailFilter: { type: "trail", thresholdUs: 10_000 },
  activityFilter: {},
  rateLimiter: { maximumEventsPerSecond: 1e6 },
  externalTrigger: false,
};

/** Registers, and the bits of them, that tell what is in force. */
const IN_FORCE: readonly (readonly [address: number, bits: number])[] = [
  [0x1104, 0x7f],
  [0x0400, 0xffff_ffff],
  [0x0404, 0xffff_ffff],
  [0x0034, 0xff],
  [0x900c, 0x11],
  [0xc000, 0x7],
  [0xd000, 0x7],
  [0xe000, 0x7],
  [0x6014, 0x4],
  [0x0608, 0x4000],
];

const inForce = ({ registers }: Genx320Model) =>
  IN_FORCE.map(([address, bits]) => [address, ((registers.get(address) ?? 0) & bits) >>> 0]);

/** An open camera whose registers are known, and how to reach it. */
function openCamera() {
  const model = new Genx320Model();
  const working = { bus: new MadeUpBus((transfer) => model.answer(transfer)), settling: new MadeUpSettling() };
  const camera = runSync(open(), working);
  runSync(camera.update({ regionOfInterest: CHANGES.regionOfInterest }), working);
  runSync(camera.update({ regionOfInterest: null }), working);
  model.takeLines();
  return { model, camera, working };
}

test("an update that fails half-way is undone: the sensor holds what the configuration says", () => {
  const { model, camera, working } = openCamera();
  const before = inForce(model);
  const configuration = JSON.stringify(camera.configuration);
  let isDone = false;
  for (let at = 0; !isDone; at += 3) {
    let number = 0;
    const bus = new MadeUpBus((transfer) => {
      if (number++ === at) throw ioError();
      return model.answer(transfer);
    });
    try {
      runSync(camera.update(CHANGES), { ...working, bus });
      isDone = true;
    } catch (error) {
      assert.match((error as Error).message, /(read|write) register \w+(\[\d+\])? \(0x/);
      assert.equal(JSON.stringify(camera.configuration), configuration);
      assert.deepEqual(inForce(model), before, `transfer ${at}`);
    }
  }
  assert.notDeepEqual(inForce(model), before);
  assert.equal(camera.configuration.biases.diffOn, 50);
});

test("after an update that could not be undone, the next one writes everything", () => {
  const { model, camera, working } = openCamera();
  const before = inForce(model);
  const dead = { ...working, bus: failing(0, ioError, "from-then-on").bus };
  assert.throws(() => runSync(camera.update({ externalTrigger: false }), dead), { code: "io" });
  assert.equal(camera.configuration.externalTrigger, true);
  runSync(camera.update({}), working);
  const written = new Set(model.takeLines().map((line) => line.split(" ")[2]));
  for (const [address] of IN_FORCE) assert.ok([...written].some((register) => Number(register) === address));
  assert.deepEqual(inForce(model), before);
  runSync(camera.update({}), working);
  assert.deepEqual(model.takeLines(), []);
});

test("clock and format are fixed while the camera is open", () => {
  const { camera, working } = openCamera();
  for (const changes of [{ clock: "external" }, { eventFormat: "evt2" }] as const) {
    assert.throws(() => runSync(camera.update(changes), working), { code: "unsupported" });
  }
});

test("a light meter without value is an error, and is switched off", () => {
  const { model, camera, working } = openCamera();
  model.alwaysSet.delete(0x0010);
  assert.throws(() => runSync(camera.sensors.illuminance(), working), { code: "io", message: /no value ready/ });
  assert.equal(model.registers.get(0x0008), 2);
});
