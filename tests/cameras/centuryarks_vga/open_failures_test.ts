/** An opening and an update that fail, or are aborted, at any of their exchanges. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling, promising } from "../../protocol/testing/made_up_bus.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";
import { ioError } from "../testing/transcript_camera.ts";

const LAST_WRITE_OF_SHUTDOWN = "W 0 0x0000000C 0x00000001";

const open = () => centuryarksVga.open(centuryarksVga.checkConfiguration(undefined));

/** A bus to a model. The transfer of one number fails, or all from it on. */
function failing(at: number, error: () => Error, extent: "once" | "from-then-on" = "once") {
  const model = new Gen31Model();
  const bus = new MadeUpBus((transfer, number) => {
    if (extent === "once" ? number === at : number >= at) throw error();
    return model.answer(transfer);
  });
  return { model, bus };
}

const reference = failing(Infinity, ioError);
runSync(open(), { bus: reference.bus, settling: new MadeUpSettling() });
const TRANSFERS = reference.bus.transfers.length;
/** The descriptor, the alternate setting, eight questions and the system id. */
const ASKED = 2 + 2 * 9;
/** A board without an alternate setting to select is no other board. */
const OPTIONAL = 2;

test("an opening that fails at any transfer tells why, and shuts the sensor down", () => {
  for (let at = OPTIONAL; at < TRANSFERS; ++at) {
    const { model, bus } = failing(at, ioError);
    assert.throws(() => runSync(open(), { bus, settling: new MadeUpSettling() }), {
      code: "io",
      device: "made-up device",
    });
    assert.equal(model.lines.at(-1) === LAST_WRITE_OF_SHUTDOWN, at >= ASKED, `transfer ${at}`);
  }
});

test("a camera that is unplugged at any transfer of its opening is left alone", () => {
  const gone = () => new NeuromorphicError("disconnected", "bulk transfer: LIBUSB_ERROR_NO_DEVICE");
  for (let at = 0; at < TRANSFERS; ++at) {
    const { bus } = failing(at, gone, "from-then-on");
    assert.throws(() => runSync(open(), { bus, settling: new MadeUpSettling() }), { code: "disconnected" });
    assert.equal(bus.transfers.length, at + 1);
  }
});

test("an abort at any transfer, or in the wait of the start, shuts the sensor down and rejects with its reason", async () => {
  for (let at = 0; at <= TRANSFERS; at += 5) {
    const aborting = new AbortController();
    const reason = new Error("changed my mind");
    const model = new Gen31Model();
    const bus = new MadeUpBus((transfer, number) => {
      if (number === at) aborting.abort(reason);
      return model.answer(transfer);
    });
    const settling = new MadeUpSettling();
    settling.wait = (us, signal) => {
      if (us === 250_000) aborting.abort(reason);
      return MadeUpSettling.prototype.wait.call(settling, us, signal);
    };
    const opening = run(open(), { bus: promising(bus), settling, signal: aborting.signal });
    await assert.rejects(opening, (error) => error === reason);
    assert.equal(model.lines.at(-1) === LAST_WRITE_OF_SHUTDOWN, at >= ASKED, `transfer ${at}`);
  }
});

const CHANGES = {
  biases: { diffOn: 400, hpf: 1_500 },
  yMask: "0-9",
  noiseFilter: { minimumEventsPerSecond: 20_000 },
  externalTrigger: true,
  packetPeriodUs: 1_008,
};

/** An open camera, and buses to it: one that works, one that never does. */
function openCamera() {
  const model = new Gen31Model();
  const working = { bus: new MadeUpBus((transfer) => model.answer(transfer)), settling: new MadeUpSettling() };
  const dead = { bus: failing(0, ioError, "from-then-on").bus, settling: working.settling };
  const camera = runSync(open(), working);
  model.takeLines();
  return { model, camera, working, dead };
}

test("after an update that could not be undone, the next one writes everything", () => {
  const { model, camera, working, dead } = openCamera();
  assert.throws(() => runSync(camera.update({ externalTrigger: true }), dead), { code: "io" });
  assert.equal(camera.configuration.externalTrigger, false);
  runSync(camera.update({}), working);
  assert.equal(model.takeLines().length, 7 + 35 + 2 + 1 + 1 + 1);
  runSync(camera.update({}), working);
  assert.deepEqual(model.takeLines(), []);
});

test("an update that fails half-way is undone: the sensor holds what the configuration says", () => {
  const { model, camera, working, dead } = openCamera();
  assert.throws(() => runSync(camera.update({ externalTrigger: true }), dead), { code: "io" });
  runSync(camera.update({}), working); // writes everything, as the undoing does
  const before = registersInUse(model);
  // 2 biases, 20 + 15 words of masks and their commit, filter, trigger, period.
  for (let at = 0; at < 2 * (2 + 35 + 2 + 2 + 1 + 1); ++at) {
    let number = 0;
    const bus = new MadeUpBus((transfer) => {
      if (number++ === at) throw ioError();
      return model.answer(transfer);
    });
    assert.throws(() => runSync(camera.update(CHANGES), { ...working, bus }), {
      code: "io",
      message: /write register \w+(\[\d+\])? \(0x/,
    });
    assert.equal(camera.configuration.externalTrigger, false);
    assert.deepEqual(registersInUse(model), before, `transfer ${at}`);
  }
  model.takeLines();
  runSync(camera.update({}), working);
  assert.deepEqual(model.takeLines(), [], "what the sensor holds is known");
  runSync(camera.update(CHANGES), working);
  assert.equal(model.registers.get("0 0x00001508"), 1_008);
  assert.notDeepEqual(registersInUse(model), before);
});

/** All but the threshold of a filter that is off. */
function registersInUse({ registers }: Gen31Model): ReadonlyMap<string, number> {
  return new Map([...registers].filter(([register]) => register !== "0 0x0000024C"));
}

test("the clock is fixed while the camera is open", () => {
  const model = new Gen31Model();
  const camera = model.carryOut(open());
  assert.throws(() => model.carryOut(camera.update({ clock: "external" })), { code: "unsupported" });
  assert.equal(camera.configuration.clock, "internal");
});

test("a light meter that has no value is an error after ten reads; temperatures may be below zero", () => {
  const model = new Gen31Model();
  const camera = model.carryOut(open());
  model.takeLines();
  assert.throws(() => model.carryOut(camera.sensors.illuminance()), { code: "io", message: /no value ready/ });
  assert.equal(model.takeLines().length, 3 + 10);
  for (const word of [0xf6, 0xffff_fff6]) {
    model.registers.set("1 0x00000000", word);
    assert.equal(model.carryOut(camera.sensors.temperatureCelsius()), -10);
  }
});
