/** An update that fails at any of its exchanges is taken back: what is set is what `configuration` says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { REGISTERS } from "../../../src/cameras/imx636/registers.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { describeRegister } from "../../../src/protocol/registers.ts";
import { carryOutByHand, failByHand } from "../testing/by_hand.ts";
import { Evk4Model, type Evk4ModelOptions } from "../testing/evk4_model.ts";
import { condense } from "../testing/transcript.ts";
import { ioError } from "../testing/transcript_camera.ts";

/** Two configurations that differ in all that a running sensor takes. */
const ONE: PropheseeEvk4Changes = {
  biases: Object.fromEntries(
    ["pr", "fo", "hpf", "diffOn", "diff", "diffOff", "inv", "refr", "reqpuy", "reqpux", "sendreqpdy", "unknown1"]
      .map((name, index) => [name, index + 1]),
  ),
  xMask: "0-99,1279",
  yMask: "700-719",
  maskIntersectionOnly: true,
  pixelMask: [{ x: 0, y: 0 }, { x: 1279, y: 719 }],
  masksEnabled: false,
  digitalCrop: { x: 32, y: 10, width: 640, height: 100, resetOrigin: true },
  antiFlicker: { minimumHz: 90, maximumHz: 110, mode: "band-pass" },
  trailFilter: { type: "stc-keep-trail", thresholdUs: 5_000 },
  rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 5_000 },
  packetPeriodUs: 1_008,
  externalTrigger: false,
  output: false,
};
const OTHER: PropheseeEvk4Changes = {
  biases: { unknown2: 1 },
  xMask: "100-199",
  yMask: "0-9",
  pixelMask: [{ x: 5, y: 6 }],
};
const FILTERED: PropheseeEvk4Changes = {
  digitalCrop: { x: 1, y: 2, width: 3, height: 4 },
  antiFlicker: {},
  trailFilter: { type: "trail", thresholdUs: 10_000 },
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 1_000 },
};

/** In both directions, each from a camera that was opened with the first one. */
const DIRECTIONS: readonly (readonly [name: string, from: PropheseeEvk4Changes, to: PropheseeEvk4Changes])[] = [
  ["there", OTHER, { ...OTHER, ...ONE }],
  ["back", ONE, complete(OTHER)],
  ["filters that stay on", FILTERED, { ...FILTERED, ...ONE }],
];

/** A complete configuration, as changes that leave nothing as it was. */
function complete(changes: PropheseeEvk4Changes): PropheseeEvk4Changes {
  return propheseeEvk4.checkConfiguration(changes);
}

/** The board's framing does that after a reply that did not come or did not fit. */
const LOOK_FOR_A_LATE_REPLY = "BULK_IN 0x82 max=1024 timeout_ms=50";

function open(changes: PropheseeEvk4Changes, options: Evk4ModelOptions = {}) {
  const model = new Evk4Model(options);
  const camera = carryOutByHand(propheseeEvk4.open(propheseeEvk4.checkConfiguration(changes)), model).result;
  const accessesOf = (protocol: Protocol<unknown>) =>
    condense(carryOutByHand(protocol, model).lines.filter((line) => line !== LOOK_FOR_A_LATE_REPLY));
  return { camera, model, accessesOf };
}

/** The figures of features that may be off, and of what: limiter, crop, anti-flicker filter, trail filter. */
const FIGURES: readonly { readonly address: number; readonly off: number; readonly figures: readonly number[] }[] = [
  { address: 0x6050, off: 0, figures: [0x6004, 0x6008, 0x600c, 0x6028] },
  { address: 0x900c, off: 0, figures: [0x9010, 0x9014] },
  { address: 0xc000, off: 5, figures: [0xc004, 0xc008, 0xc0c0] },
  { address: 0xd000, off: 5, figures: [0xd004, 0xd008, 0xd00c, 0xd0c0, 0xd0c4] },
];

/** What is in force: no figures of what is off. The trigger that commits masks holds nothing. */
function inForce({ registers }: Evk4Model): ReadonlyMap<number, number> {
  const effective = new Map(registers);
  effective.set(0x0004, registers.get(0x0004)! & ~0x20);
  for (const { address, off, figures } of FIGURES) {
    if ((registers.get(address) ?? 0) === off) { for (const figure of figures) effective.delete(figure); }
  }
  return new Map([...effective].filter(([, word]) => word !== 0));
}

/** Whether the error names a register with its address. */
const namesRegister = /^(write|read) register \w+(\[\d+\])? \(0x[0-9A-F]{4}\)$/;

for (const [name, from, to] of DIRECTIONS) {
  test(`the registers are those of the configuration after a failure at each exchange of an update: ${name}`, () => {
    const { camera, model, accessesOf } = open(from);
    const before = inForce(model);
    const configuration = camera.configuration;
    let failures = 0;
    for (;; ++failures) {
      const failed = failByHand(camera.update(to), model, { at: failures, error: ioError() });
      if (failed === undefined) break;
      const { thrown } = failed;
      assert.ok(thrown instanceof NeuromorphicError && thrown.code === "io", String(thrown));
      assert.match(thrown.operation!, namesRegister);
      assert.doesNotMatch(thrown.message, /next update/);
      assert.deepEqual(camera.configuration, configuration, `exchange ${failures}`);
      assert.deepEqual(inForce(model), before, `exchange ${failures}`);
    }
    // The update was not carried out to its end: the next one does that, and what it writes is what another camera has.
    assert.ok(failures > 250, `${failures} exchanges`);
    accessesOf(camera.update(to));
    assert.deepEqual(inForce(model), inForce(open(camera.configuration).model));
    assert.deepEqual(accessesOf(camera.update({})), []);
  });
}

/** Registers that an update to {@link ONE} writes, from its beginning to its end. */
const SOME_REGISTERS = [REGISTERS.roCtrl, REGISTERS.biasPr, REGISTERS.biasRefr, REGISTERS.tdRoiX, REGISTERS.roiCtrl];

test("a register that the camera refuses is named; the rest goes back, and later updates leave it alone", () => {
  for (const register of [...SOME_REGISTERS, REGISTERS.edfReserved7004]) {
    const { camera, model, accessesOf } = open({});
    const before = inForce(model);
    model.refused.add(register.address);
    const updating = () => carryOutByHand(camera.update(ONE), model);
    const named = describeRegister(register).replace("tdRoiX", "tdRoiX[0]");
    const message = new RegExp(`^write register ${named.replace(/[()[\]]/g, "\\$&")}: the camera refused`);
    assert.throws(updating, { code: "protocol", message, operation: `write register ${named}` });
    assert.deepEqual(inForce(model), before, named);
    assert.deepEqual(accessesOf(camera.update({ biases: { unknown2: 3 } })), [
      "write biasUnknown2 (0x1050) = 0x11a10054",
    ]);
  }
});

test("a write that the camera mangles is written again", () => {
  let mangled = true;
  const { camera, model } = open({}, {
    alterReply: (reply, request) => {
      const [property, , , address] = new Uint32Array(request.slice(0, 16).buffer);
      if (property !== 0x4001_0102 || address !== 0x1014 || mangled) return reply;
      mangled = true;
      return reply.with(12, 0x18); // the answer for another address
    },
  });
  const before = inForce(model);
  mangled = false;
  assert.throws(() => carryOutByHand(camera.update(ONE), model), {
    code: "protocol",
    operation: "write register biasDiff (0x1014)",
  });
  assert.equal(mangled, true);
  assert.deepEqual(inForce(model), before);
});

test("where the way back fails as well, the error says so, and the next update writes everything", () => {
  // The write arrives, its reply does not, and the write back is refused.
  let isBroken = false;
  const { camera, model, accessesOf } = open({}, {
    alterReply: (reply, request) => {
      if (!isBroken) return reply;
      isBroken = false;
      model.refused.add(new Uint32Array(request.slice(0, 16).buffer)[3]!);
      return undefined;
    },
  });
  isBroken = true;
  const note = "; the settings before could not be written again, so the next update writes all of them";
  assert.throws(() => carryOutByHand(camera.update({ biases: { fo: 1 }, output: false }), model), {
    code: "io",
    operation: "write register roCtrl (0x9028)",
    message: `write register roCtrl (0x9028): no reply within 1000 ms${note}`,
  });
  assert.equal(model.registers.get(0x9028), 2);
  assert.equal(camera.configuration.output, true);
  model.refused.clear();
  const lines = accessesOf(camera.update({ biases: { hpf: 2 } }));
  const expected = [
    "write roCtrl (0x9028) = 0x00000000",
    "write biasFo (0x1004) = 0x11a10053",
    "write biasHpf (0x100C) = 0x11a10002",
    "write edfReserved7004 (0x7004) = 0x0000c5ff",
  ];
  assert.deepEqual(lines.filter((line) => expected.includes(line)), expected);
  assert.deepEqual(accessesOf(camera.update({})), []);
  assert.deepEqual(inForce(model), inForce(open({ biases: { hpf: 2 } }).model));
});

test("a camera that answers nothing is not asked for all registers, and one that is gone for none", () => {
  const gone = open({});
  const error = new NeuromorphicError("disconnected", "gone");
  assert.deepEqual(failByHand(gone.camera.update(ONE), gone.model, { at: 9, error })!.after, []);
  assert.equal(gone.camera.configuration.output, true);
  let repliesLeft = Infinity;
  const silent = open({}, { alterReply: (reply) => repliesLeft-- > 0 ? reply : undefined });
  repliesLeft = 10;
  assert.throws(
    () => carryOutByHand(silent.camera.update(ONE), silent.model),
    /write register biasReqpux .*next update/,
  );
  const requests = 10 - repliesLeft;
  assert.equal(requests, 10 + 1 + 3, "ten that were answered, one that failed, three on the way back");
});
