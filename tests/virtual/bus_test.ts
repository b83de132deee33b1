import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus } from "../../src/virtual/bus.ts";
import type { VirtualCameraOptions } from "../../src/virtual/camera.ts";
import { test } from "../support/test.ts";

const wrong: readonly (readonly [unknown, "TypeError" | "RangeError", RegExp])[] = [
  [{ sereal: "1" }, "TypeError", /^cameras\[0\] has no option "sereal"; did you mean "serial"\?$/],
  [{ serial: "xyz" }, "RangeError", /^cameras\[0\]\.serial must be one to eight hexadecimal digits, not "xyz"$/],
  [
    { model: "evk5" },
    "RangeError",
    /^cameras\[0\]\.model must be one of "evk4", .*, not "evk5"; did you mean "evk4"\?$/,
  ],
  [
    { source: { kind: "film" } },
    "RangeError",
    /source\.kind must be one of "scene", "recording", "sequence", "pattern", not "film"/,
  ],
  [{ source: { kind: "recording" } }, "TypeError", /source\.path must be a string/],
  [
    { source: { kind: "scene", seed: 0.5 } },
    "RangeError",
    /source\.seed must be a whole number from 0 to 9007199254740991, not 0.5/,
  ],
  [
    { source: { kind: "scene", flickerHz: 1001 } },
    "RangeError",
    /source\.flickerHz must be a whole number from 0 to 1000, not 1001/,
  ],
  [{ source: { kind: "sequence", intervalUs: 3 } }, "RangeError", /source\.intervalUs must be one of 1, 2, .*, not 3/],
  [{ bytesPerSecond: -1 }, "RangeError", /bytesPerSecond must be a number from 0 to 100000000000, not -1/],
  [{ bytesPerSecond: Number.NaN }, "RangeError", /bytesPerSecond/],
  [{ triggerHz: "1" }, "TypeError", /triggerHz/],
  [{ permission: 1 }, "TypeError", /permission must be a boolean/],
  [
    { faults: [{ kind: "fire", endpoint: 0 }] },
    "RangeError",
    /faults\[0\]\.kind must be one of "unplug", .*, not "fire"/,
  ],
  [
    { faults: [{ kind: "stall", endpoint: 3 }] },
    "RangeError",
    /faults\[0\]\.endpoint must be one of 0, 2, 129, 130, not 3/,
  ],
  [{ faults: [{ kind: "stall" }] }, "TypeError", /faults\[0\] must have either an endpoint or a function$/],
  [
    { faults: [{ kind: "unplug", endpoint: 0, function: "libusb_open" }] },
    "TypeError",
    /must have either an endpoint or a function$/,
  ],
  [
    { faults: [{ kind: "error", endpoint: 0x81 }] },
    "RangeError",
    /kind must be one of "unplug", .* at this place, not "error"$/,
  ],
  [
    { faults: [{ kind: "short", endpoint: 2 }] },
    "RangeError",
    /kind must be one of .*"protocol-error" at this place, not "short"$/,
  ],
  [
    { faults: [{ kind: "delay", function: "libusb_open" }] },
    "RangeError",
    /must be one of "unplug", "error" at this place, not /,
  ],
  [{ bytesPerSecond: 1 }, "RangeError", /bytesPerSecond must be 0 or from 10000 to 500000000 with a scene, not 1$/],
  [{ source: { kind: "pattern" }, triggerHz: 1 }, "RangeError", /triggerHz must be 0 with a pattern, not 1$/],
  [{ product: "x".repeat(127) }, "RangeError", /product must be at most 126 characters, not "x+…"$/],
  [{ firmware: "3.9" }, "RangeError", /firmware must be three numbers up to 99, as "3.9.0", not "3.9"$/],
  [{ biasCodes: [1, 2] }, "RangeError", /biasCodes must have a length of 13, not 2$/],
  [{ biasCodes: Array(13).fill(256) }, "RangeError", /biasCodes\[0\] must be a whole number from 0 to 255, not 256$/],
  [{ unreadReply: "drop" }, "RangeError", /unreadReply must be one of "wait", "replace", not "drop"$/],
  // The functions are the native library's to know.
  [{ faults: [{ kind: "error", function: "libusb_fly" }] }, "RangeError", /function: unknown: "libusb_fly"$/],
];
for (const [camera, name, message] of wrong) {
  test(`${JSON.stringify(camera)} is refused with name, value and range`, {}, async () => {
    await assert.rejects(configureVirtualBus([camera as VirtualCameraOptions]), { name, message });
  });
}

test("the bus has the cameras that it was given, and one EVK4 by default", {}, async () => {
  await configureVirtualBus([{ serial: "0005abcd", model: "silkyevcam-hd" }, {}]);
  const { cameras, contexts, handles, claims, transfersAllocated } = await describeVirtualBus();
  assert.deepEqual(cameras.map(({ serial, model, streaming }) => ({ serial, model, streaming })), [
    { serial: "0005ABCD", model: "silkyevcam-hd", streaming: false },
    { serial: "00000002", model: "evk4", streaming: false },
  ]);
  assert.deepEqual([contexts, handles, claims, transfersAllocated], [0, 0, 0, 0]);
  await configureVirtualBus();
  assert.deepEqual((await describeVirtualBus()).cameras.map(({ serial }) => serial), ["00000001"]);
});

test("a recording that is not there is told by its path", {}, async () => {
  await assert.rejects(configureVirtualBus([{ source: { kind: "recording", path: "/nowhere/a.raw" } }]), {
    code: "io",
    operation: "configure virtual bus",
    message: /nowhere/,
  });
});
