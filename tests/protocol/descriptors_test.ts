import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../src/errors.ts";
import { escapeControls, quote, readDeviceDescriptor, readDeviceName } from "../../src/protocol/descriptors.ts";
import type { Transfer } from "../../src/protocol/exchange.ts";
import { runSync } from "../../src/protocol/run.ts";
import { descriptorOf, type DescriptorOptions, stringDescriptor } from "../cameras/testing/descriptors.ts";
import { brokenCable, MadeUpBus, MadeUpSettling, unplugged } from "./testing/made_up_bus.ts";

const settling = new MadeUpSettling();

const valueOf = (transfer: Transfer) => transfer.kind === "control-in" ? transfer.value : assert.fail(transfer.kind);

/** A device with these strings; some of its descriptors may fail. */
function deviceWith(options: DescriptorOptions, failing: ReadonlyMap<number, () => Error> = new Map()): MadeUpBus {
  return new MadeUpBus((transfer) => {
    const value = valueOf(transfer);
    const error = failing.get(value);
    if (error !== undefined) throw error();
    return descriptorOf(value, options);
  });
}

const nameOf = (bus: MadeUpBus) => runSync(readDeviceName(), { bus, settling });

test("a device's name is its manufacturer and its product, which are asked for in whole length", () => {
  const bus = deviceWith({ manufacturer: "CenturyArks", product: "SilkyEvCam HD v03.09.00C" });
  assert.equal(nameOf(bus), "CenturyArks SilkyEvCam HD v03.09.00C");
  assert.deepEqual(
    bus.transfers.map((transfer) =>
      transfer.kind === "control-in" && [transfer.value, transfer.index, transfer.length]
    ),
    [[0x0100, 0, 18], [0x0300, 0, 255], [0x0302, 0x0409, 255], [0x0301, 0x0409, 255]],
  );
});

test("a product that names its manufacturer is the whole name, and so is one without a manufacturer", () => {
  assert.equal(nameOf(deviceWith({ product: "PROPHESEE EVK4" })), "PROPHESEE EVK4");
  assert.equal(nameOf(deviceWith({ manufacturer: "" })), "EVK4");
  assert.equal(nameOf(deviceWith({ manufacturer: "  " })), "EVK4");
  assert.equal(nameOf(deviceWith({}, new Map([[0x0301, brokenCable]]))), "EVK4");
});

test("a device without a product, without languages or without strings has no name", () => {
  assert.equal(nameOf(deviceWith({ product: "" })), undefined);
  assert.equal(nameOf(deviceWith({ product: " \0\0" })), undefined);
  assert.equal(nameOf(deviceWith({ product: Uint8Array.of(4, 2, 69, 0) })), undefined, "another descriptor");
  assert.equal(nameOf(deviceWith({ product: Uint8Array.of(4) })), undefined);
  assert.equal(nameOf(deviceWith({ product: undefined })), undefined);
  assert.equal(nameOf(deviceWith({ languages: [] })), undefined);
  const nameless = new MadeUpBus(() => Uint8Array.of(18, 1, 0, 3, 0, 0, 0, 9, 0xb4, 4, 0xf5, 0, 9, 3, 0, 0, 0, 1));
  assert.equal(nameOf(nameless), undefined);
  assert.equal(nameless.transfers.length, 1);
});

test("a descriptor that stalls ends the asking; a device that is gone is an error", () => {
  for (const [value, asked] of [[0x0100, 1], [0x0300, 2], [0x0302, 3]] as const) {
    const bus = deviceWith({}, new Map([[value, brokenCable]]));
    assert.equal(nameOf(bus), undefined);
    assert.equal(bus.transfers.length, asked);
    assert.throws(() => nameOf(deviceWith({}, new Map([[value, unplugged]]))), { code: "disconnected" });
  }
  const bug = () => new TypeError("a bug");
  assert.throws(() => nameOf(deviceWith({}, new Map([[0x0302, bug]]))), TypeError);
});

test("a device that speaks no English is asked in its own language", () => {
  const languages = (spoken: readonly number[]) => {
    const bus = deviceWith({ languages: spoken });
    assert.equal(nameOf(bus), "Prophesee EVK4");
    return bus.transfers.slice(2).map((transfer) => transfer.kind === "control-in" && transfer.index);
  };
  assert.deepEqual(languages([0x0411, 0x0804]), [0x0411, 0x0411]);
  assert.deepEqual(languages([0x0411, 0x0409]), [0x0409, 0x0409]);
});

test("a string ends where its descriptor ends, and half a character at the end is left out", () => {
  const long = "x".repeat(126);
  assert.equal(nameOf(deviceWith({ manufacturer: "", product: `${long}yz` })), long);
  const short = stringDescriptor("EVK4 and rubbish");
  short[0] = 10;
  assert.equal(nameOf(deviceWith({ product: short })), "Prophesee EVK4");
  assert.equal(nameOf(deviceWith({ product: stringDescriptor("EVK4").subarray(0, 9) })), "Prophesee EVK");
  // The first half of a pair is no text of its own.
  assert.equal(
    nameOf(deviceWith({ product: stringDescriptor("EVK\u{1f600}").subarray(0, 10) })),
    "Prophesee EVK\ufffd",
  );
});

test("what a terminal would obey is escaped in a name, the end of a line, too", () => {
  const name = nameOf(deviceWith({ manufacturer: "\u001b]0;owned\u0007", product: "EVK4\r\nno camera found\u202e" }));
  assert.equal(name, "\\u001b]0;owned\\u0007 EVK4\\u000d\\u000ano camera found\\u202e");
});

test("a device tells its ids and its release", () => {
  const bus = deviceWith({ ids: [0x31f7, 0x0004], release: 0x0307 });
  assert.deepEqual(runSync(readDeviceDescriptor(), { bus, settling }), {
    vendorId: 0x31f7,
    productId: 0x0004,
    release: 0x0307,
    manufacturerString: 1,
    productString: 2,
  });
  for (const answer of [Uint8Array.of(18, 1, 0), new Uint8Array(18), new Uint8Array(0)]) {
    assert.equal(runSync(readDeviceDescriptor(), { bus: new MadeUpBus(() => answer), settling }), undefined);
  }
  const error = new NeuromorphicError("io", "timeout");
  const silent = deviceWith({}, new Map([[0x0100, () => error]]));
  assert.equal(runSync(readDeviceDescriptor(), { bus: silent, settling }), undefined);
});

test("what a terminal would obey is escaped", () => {
  assert.equal(quote("EVK4"), '"EVK4"');
  assert.equal(quote('\u001b]0;owned\u0007"'), '"\\u001b]0;owned\\u0007\\""');
  assert.equal(quote("\u009b2J\u007f"), '"\\u009b2J\\u007f"');
  assert.equal(quote("\u202egnp.exe\u2066\u200b"), '"\\u202egnp.exe\\u2066\\u200b"');
});

test("of a text that is not quoted, the same is escaped, but for the ends of lines", () => {
  assert.equal(escapeControls('a "text"\n of two lines'), 'a "text"\n of two lines');
  assert.equal(escapeControls("\u001b[2J\r\t\u0000"), "\\u001b[2J\\u000d\\u0009\\u0000");
});
