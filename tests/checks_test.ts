import assert from "node:assert/strict";
import { test } from "node:test";
import {
  configureVirtualBus,
  createDecoder,
  type Device,
  listDevices,
  open,
  printDeviceList,
  regionOfInterest,
  watchDevices,
} from "../mod.ts";
import {
  arrayOf,
  boolean,
  type Check,
  instanceOf,
  number,
  object,
  oneOf,
  options,
  text,
  textOf,
  wholeNumber,
} from "../src/checks.ts";

/** A libusb that is not there: what is refused before any USB traffic is refused before that is noticed. */
const missing = "/nonexistent/libusb.so";

const type = "prophesee-evk4";

const evt3 = { format: "evt3", width: 1280, height: 720 };

/** What takes options of a caller, from the outside. */
const doors: Readonly<Record<string, (given: never) => unknown>> = {
  open,
  "open's configuration": (configuration: never) => open({ libusb: missing, type, configuration }),
  "open's biases": (biases: never) => open({ libusb: missing, type, configuration: { biases } }),
  "open's rate limiter": (rateLimiter: never) => open({ libusb: missing, type, configuration: { rateLimiter } }),
  "open's USB configuration": (usbConfiguration: never) => open({ libusb: missing, usbConfiguration }),
  listDevices,
  printDeviceList,
  watchDevices,
  createDecoder,
  "a rectangle": (rectangle: never) => regionOfInterest(rectangle, { width: 1280, height: 720 }),
  configureVirtualBus,
  "a virtual camera": (camera: never) => configureVirtualBus([camera]),
  "a virtual source": (source: never) => configureVirtualBus([{ source }]),
  "a virtual fault": (fault: never) => configureVirtualBus([{ faults: [fault] }]),
  "a device's configuration": onDevice((device, given) => device.updateConfiguration(given)),
  "a device's backlog": onDevice((device, given) => device.clearBacklog(given)),
  "a decoder's bytes": async (bytes: never) => {
    using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
    decoder.decode(bytes);
  },
};

function onDevice(act: (device: Device, given: never) => void): (given: never) => Promise<void> {
  return async (given) => {
    using device = await open({ libusb: "virtual" });
    act(device, given);
  };
}

const biasNames = "pr, fo, hpf, diffOn, diff, diffOff, inv, refr, reqpuy, reqpux, sendreqpdy, unknown1, unknown2";

/** Each door with each mistake: an unknown name, a wrong type, a value out of its range, and no object at all. */
const mistakes: readonly (readonly [door: string, given: unknown, message: string])[] = [
  ["open", "virtual", 'TypeError: the options of open must be an object, not "virtual"'],
  ["open", true, "TypeError: the options of open must be an object, not true"],
  ["open", null, "TypeError: the options of open must be an object, not null"],
  ["open", [], "TypeError: the options of open must be an object, not an array"],
  [
    "open",
    new Map([["type", "prophesee-evk4"]]),
    "TypeError: the options of open must be an object, not an object (Map)",
  ],
  ["open", { serail: "1" }, 'TypeError: open has no option "serail"; did you mean "serial"?'],
  [
    "open",
    { ringConfiguration: {} },
    'TypeError: open has no option "ringConfiguration"; did you mean "usbConfiguration"?',
  ],
  ["open", { timeout: 1 }, 'TypeError: open has no option "timeout"; did you mean "iteratorTimeoutMs"?'],
  [
    "open",
    { toString: 1 },
    'TypeError: open has no option "toString"; it has type, usbIds, configuration, raw, ' +
    "iteratorTimeoutMs, iteratorMaximumRawPackets, reuseBuffers, signal, serial, libusb, usbConfiguration",
  ],
  [
    "open",
    JSON.parse('{ "__proto__": {} }'),
    'TypeError: open has no option "__proto__"; it has type, usbIds, configuration, raw, ' +
    "iteratorTimeoutMs, iteratorMaximumRawPackets, reuseBuffers, signal, serial, libusb, usbConfiguration",
  ],
  ["open", { serial: 5 }, "TypeError: serial must be the serial of a camera, for example 00050ABC, not 5"],
  ["open", { serial: null }, "TypeError: serial must be the serial of a camera, for example 00050ABC, not null"],
  ["open", { libusb: 5 }, 'TypeError: libusb must be "system", "virtual" or the path of a library, not 5'],
  ["open", { raw: "yes" }, 'TypeError: raw must be a boolean, not "yes"'],
  ["open", { signal: {} }, "TypeError: signal must be an AbortSignal, not an object"],
  ["open", { iteratorTimeoutMs: "1" }, 'TypeError: iteratorTimeoutMs must be a number from 0 to 2147483647, not "1"'],
  ["open", { iteratorTimeoutMs: -1 }, "RangeError: iteratorTimeoutMs must be a number from 0 to 2147483647, not -1"],
  [
    "open",
    { iteratorMaximumRawPackets: 1.5 },
    "RangeError: iteratorMaximumRawPackets must be a whole number from 0 " +
    "to 4294967295, not 1.5",
  ],
  ["open's configuration", "fast", 'TypeError: configuration must be an object, not "fast"'],
  ["open's configuration", { bias: {} }, 'TypeError: configuration has no option "bias"; did you mean "biases"?'],
  ["open's configuration", { output: "yes" }, 'TypeError: configuration.output must be a boolean, not "yes"'],
  [
    "open's configuration",
    { xMask: [] },
    "TypeError: configuration.xMask must be a Uint8Array of length 1280, or ranges from 0 to 1279, such as " +
    '"0-9,15", not an array',
  ],
  [
    "open's configuration",
    { xMask: new Uint8Array(720) },
    "RangeError: configuration.xMask must have a length of 1280, " +
    "not 720",
  ],
  [
    "open's configuration",
    { pixelMask: [{ x: 1280, y: 0 }] },
    "RangeError: configuration.pixelMask[0].x must be a " +
    "whole number from 0 to 1279, not 1280",
  ],
  [
    "open's configuration",
    { pixelMask: [{ x: 0 }] },
    "TypeError: configuration.pixelMask[0].y must be a whole number " +
    "from 0 to 719, not undefined",
  ],
  [
    "open's configuration",
    { pixelMask: [{ x: 0, y: 0, z: 0 }] },
    'TypeError: configuration.pixelMask[0] has no option "z"; it has x, y',
  ],
  [
    "open's configuration",
    { clock: "externl" },
    'RangeError: configuration.clock must be one of "internal", ' +
    '"internal-with-output", "external", not "externl"; did you mean "external"?',
  ],
  ["open's biases", 5, "TypeError: configuration.biases must be an object, not 5"],
  ["open's biases", { diff_on: 1 }, 'TypeError: configuration.biases has no option "diff_on"; did you mean "diffOn"?'],
  ["open's biases", { threshold: 1 }, `TypeError: configuration.biases has no option "threshold"; it has ${biasNames}`],
  [
    "open's biases",
    { diffOn: "80" },
    "TypeError: configuration.biases.diffOn must be a whole number (an offset), or { code: a whole number }, " +
    'not "80"',
  ],
  [
    "open's biases",
    { diffOn: 300 },
    "RangeError: configuration.biases.diffOn must be a whole number from -255 to 255, " +
    "not 300",
  ],
  [
    "open's biases",
    { diffOn: NaN },
    "RangeError: configuration.biases.diffOn must be a whole number from -255 to 255, " +
    "not NaN",
  ],
  ["open's rate limiter", false, "TypeError: configuration.rateLimiter must be an object, not false"],
  [
    "open's rate limiter",
    { referencePeriodUs: 1 },
    "TypeError: configuration.rateLimiter.maximumEventsPerPeriod must " +
    "be a whole number from 0 to 4194303, not undefined",
  ],
  [
    "open's rate limiter",
    { period: 1 },
    'TypeError: configuration.rateLimiter has no option "period"; did you mean ' +
    '"referencePeriodUs"?',
  ],
  ["open's USB configuration", null, "TypeError: usbConfiguration must be an object, not null"],
  [
    "open's USB configuration",
    { ringlength: 1 },
    'TypeError: usbConfiguration has no option "ringlength"; did you ' +
    'mean "ringLength"?',
  ],
  [
    "open's USB configuration",
    { allowDma: "yes" },
    'TypeError: usbConfiguration.allowDma must be a boolean, not "yes"',
  ],
  [
    "open's USB configuration",
    { ringLength: 0 },
    "RangeError: usbConfiguration.ringLength must be a whole number from " +
    "1 to 1048576, not 0",
  ],
  [
    "open's USB configuration",
    { ringLength: 2 },
    "RangeError: usbConfiguration.ringLength must be greater than " +
    "transferQueueLength (32), not 2",
  ],
  ["listDevices", 5, "TypeError: the options of listDevices must be an object, not 5"],
  ["listDevices", { libsub: "" }, 'TypeError: listDevices has no option "libsub"; did you mean "libusb"?'],
  ["listDevices", { libusb: null }, 'TypeError: libusb must be "system", "virtual" or the path of a library, not null'],
  ["watchDevices", { libusb: " " }, 'RangeError: libusb must be "system", "virtual" or the path of a library, not " "'],
  ["printDeviceList", { libsub: "" }, 'TypeError: printDeviceList has no option "libsub"; did you mean "libusb"?'],
  ["printDeviceList", { libusb: 5 }, 'TypeError: libusb must be "system", "virtual" or the path of a library, not 5'],
  ["watchDevices", () => {}, "TypeError: the options of watchDevices must be an object, not a function"],
  ["watchDevices", { interval: 1 }, 'TypeError: watchDevices has no option "interval"; did you mean "intervalMs"?'],
  ["watchDevices", { keepAlive: 1 }, "TypeError: keepAlive must be a boolean, not 1"],
  ["watchDevices", { intervalMs: 1 }, "RangeError: intervalMs must be a number from 10 to 2147483647, not 1"],
  [
    "createDecoder",
    undefined,
    "TypeError: the options of createDecoder must be an object with format, width, height, not undefined",
  ],
  ["createDecoder", { ...evt3, heigth: 2 }, 'TypeError: createDecoder has no option "heigth"; did you mean "height"?'],
  ["createDecoder", { ...evt3, width: "1280" }, 'TypeError: width must be a whole number from 1 to 2048, not "1280"'],
  ["createDecoder", { ...evt3, width: 1280n }, "TypeError: width must be a whole number from 1 to 2048, not 1280n"],
  [
    "createDecoder",
    { format: "evt3", width: 1 },
    "TypeError: height must be a whole number from 1 to 2048, not " +
    "undefined",
  ],
  ["createDecoder", { ...evt3, height: 0 }, "RangeError: height must be a whole number from 1 to 2048, not 0"],
  [
    "createDecoder",
    { ...evt3, format: "EVT3" },
    'RangeError: format must be one of "evt3", "evt2", "evt21", ' +
    '"evt21-legacy", "evt4", not "EVT3"; did you mean "evt3"?',
  ],
  [
    "createDecoder",
    { ...evt3, format: 3 },
    'TypeError: format must be one of "evt3", "evt2", "evt21", "evt21-legacy", "evt4", ' +
    "not 3",
  ],
  [
    "a rectangle",
    { x: 0, y: 0, w: 1, height: 1 },
    'TypeError: rectangle has no option "w"; did you mean "width"?',
  ],
  ["configureVirtualBus", {}, "TypeError: cameras must be an array, not an object"],
  ["a virtual camera", "evk4", 'TypeError: cameras[0] must be an object, not "evk4"'],
  ["a virtual camera", { serail: "1" }, 'TypeError: cameras[0] has no option "serail"; did you mean "serial"?'],
  [
    "a virtual camera",
    { serial: "xyz" },
    "RangeError: cameras[0].serial must be one to eight hexadecimal digits, not " +
    '"xyz"',
  ],
  ["a virtual camera", { permission: "yes" }, 'TypeError: cameras[0].permission must be a boolean, not "yes"'],
  [
    "a virtual camera",
    { bytesPerSecond: "yes" },
    "TypeError: cameras[0].bytesPerSecond must be a number from 0 to " +
    '100000000000, not "yes"',
  ],
  [
    "a virtual camera",
    { triggerHz: 2000 },
    "RangeError: cameras[0].triggerHz must be a number from 0 to 1000, not 2000",
  ],
  ["a virtual source", null, "TypeError: cameras[0].source must be an object, not null"],
  [
    "a virtual source",
    { kind: "film" },
    'RangeError: cameras[0].source.kind must be one of "scene", "recording", ' +
    '"sequence", "pattern", not "film"',
  ],
  ["a virtual source", { kind: "pattern", seed: 1 }, 'TypeError: cameras[0].source has no option "seed"; it has kind'],
  ["a virtual source", { kind: "recording" }, "TypeError: cameras[0].source.path must be a string, not undefined"],
  [
    "a virtual source",
    { kind: "scene", seed: 0.5 },
    "RangeError: cameras[0].source.seed must be a whole number from 0 " +
    "to 9007199254740991, not 0.5",
  ],
  [
    "a virtual fault",
    {},
    'TypeError: cameras[0].faults[0].kind must be one of "unplug", "stall", "hang", ' +
    '"protocol-error", "overflow", "zero-length", "short", "delay", "wrong-command", "failure-flag", "error", not ' +
    "undefined",
  ],
  [
    "a virtual fault",
    { kind: "stall", endpoint: 3 },
    "RangeError: cameras[0].faults[0].endpoint must be one of 0, 2, " +
    "129, 130, not 3",
  ],
  ["a device's configuration", null, "TypeError: configuration must be an object, not null"],
  [
    "a device's configuration",
    { biases: { fo: 256 } },
    "RangeError: configuration.biases.fo must be a whole number " +
    "from -255 to 255, not 256",
  ],
  ["a device's backlog", 5, "TypeError: the options of clearBacklog must be an object, not 5"],
  ["a device's backlog", { untill: 1 }, 'TypeError: clearBacklog has no option "untill"; did you mean "until"?'],
  ["a device's backlog", { until: -1 }, "RangeError: until must be a whole number from 0 to 4294967295, not -1"],
  ["a decoder's bytes", "8005", 'TypeError: bytes must be a Uint8Array, not "8005"'],
  ["a decoder's bytes", new Int8Array(4), "TypeError: bytes must be a Uint8Array, not an object (Int8Array)"],
];
for (const [door, given, message] of mistakes) {
  test(`${door}: ${message}`, async () => {
    await assert.rejects(async () => await doors[door]!(given as never), (error) => {
      assert.equal(String(error), message);
      return true;
    });
  });
}

test("an option that is undefined is absent", async () => {
  const device = await open({
    type,
    libusb: "virtual",
    serial: undefined,
    raw: undefined,
    iteratorTimeoutMs: undefined,
    iteratorMaximumRawPackets: undefined,
    configuration: { biases: { diffOn: 10, fo: undefined }, clock: undefined, rateLimiter: undefined },
    usbConfiguration: { ringLength: undefined },
    signal: undefined,
  });
  const limiter = { referencePeriodUs: 200, maximumEventsPerPeriod: 1000 };
  device.updateConfiguration({ rateLimiter: limiter });
  device.updateConfiguration({ rateLimiter: undefined, biases: undefined, output: undefined });
  assert.deepEqual(device.configuration.rateLimiter, limiter);
  assert.deepEqual([device.configuration.biases.diffOn, device.configuration.biases.fo], [10, 0]);
  device.clearBacklog({ until: undefined });
  device.close();
  assert.equal((await listDevices({ libusb: "virtual" })).length, 1);
  await configureVirtualBus([{ serial: undefined, source: { kind: "scene", seed: undefined }, faults: undefined }]);
  await configureVirtualBus();
});

const right: readonly (readonly [check: Check, value: unknown])[] = [
  [boolean, false],
  [text, ""],
  [textOf(/^[ab]+$/, "of a and b"), "abba"],
  [wholeNumber(1, 3), 1],
  [wholeNumber(1, 3), 3],
  [number(-0.5, 0.5), -0.5],
  [number(-0.5, 0.5), 0.5],
  [oneOf([1, 2, 4]), 4],
  [oneOf(["one", "two"]), "two"],
  [arrayOf(boolean, 2), [true, false]],
  [object<{ a?: number; b: string }>({ a: wholeNumber(0, 1), b: text }, ["b"]), { b: "x" }],
];
for (const [check, value] of right) {
  test(`${JSON.stringify(value)} passes and comes back`, () => assert.deepEqual(check(value, "value"), value));
}

test("an instance passes as it is", () => {
  const { signal } = new AbortController();
  assert.equal(instanceOf(AbortSignal, "an AbortSignal")(signal, "signal"), signal);
});

const wrong: readonly (readonly [check: Check, value: unknown, message: string])[] = [
  [boolean, 0, "TypeError: value must be a boolean, not 0"],
  [text, Symbol("a"), "TypeError: value must be a string, not a symbol"],
  [text, new Map(), "TypeError: value must be a string, not an object (Map)"],
  [textOf(/^[ab]+$/, "of a and b"), "abc", 'RangeError: value must be of a and b, not "abc"'],
  [textOf(/^[ab]+$/, "of a and b"), 5, "TypeError: value must be of a and b, not 5"],
  [textOf(/^a$/, "a"), "b".repeat(1000), `RangeError: value must be a, not "${"b".repeat(80)}…"`],
  [textOf(/^a$/, "a"), 'a"\n\u001b', 'RangeError: value must be a, not "a\\"\\n\\u001b"'],
  [wholeNumber(1, 3), 4, "RangeError: value must be a whole number from 1 to 3, not 4"],
  [wholeNumber(1, 3), 1.5, "RangeError: value must be a whole number from 1 to 3, not 1.5"],
  [wholeNumber(0, Infinity), Infinity, "RangeError: value must be a whole number from 0 to Infinity, not Infinity"],
  [number(0, 1), NaN, "RangeError: value must be a number from 0 to 1, not NaN"],
  [number(0, 1), 1.01, "RangeError: value must be a number from 0 to 1, not 1.01"],
  [number(0, 1), new Number(1), "TypeError: value must be a number from 0 to 1, not an object (Number)"],
  [oneOf([1, 2]), "1", 'TypeError: value must be one of 1, 2, not "1"'],
  [oneOf([1, 2]), 3, "RangeError: value must be one of 1, 2, not 3"],
  [arrayOf(boolean), { length: 0 }, "TypeError: value must be an array, not an object"],
  [arrayOf(boolean), [true, 1], "TypeError: value[1] must be a boolean, not 1"],
  [arrayOf(boolean), Array(1), "TypeError: value[0] must be a boolean, not undefined"],
  [arrayOf(boolean, 1), [true, true], "RangeError: value must have a length of at most 1, not 2"],
];
for (const [check, value, message] of wrong) {
  test(message, () => {
    assert.throws(() => check(value, "value"), (error) => {
      assert.equal(String(error), message);
      return true;
    });
  });
}

test("checked options are a frozen copy, without what is undefined and without what is inherited", () => {
  const check = options<{ a?: number; b?: readonly { c?: number }[] }>("make", {
    a: wholeNumber(0, 9),
    b: arrayOf(object<{ c?: number }>({ c: wholeNumber(0, 9) })),
  });
  const b = [{ c: 1 }];
  const checked = check({ a: undefined, b, __proto__: { a: 5 } });
  b[0]!.c = 2;
  assert.deepEqual(checked, { b: [{ c: 1 }] });
  assert.ok(Object.isFrozen(checked) && Object.isFrozen(checked.b) && Object.isFrozen(checked.b![0]));
});

test("each option is read once: what was checked is what is used", () => {
  let reads = 0;
  const given = {
    get a() {
      return reads++;
    },
  };
  assert.deepEqual(options<{ a?: number }>("make", { a: wholeNumber(0, 0) })(given), { a: 0 });
});
