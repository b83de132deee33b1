/** A loop borrows the device: what its end leaves behind, and how the next one goes on. */

import assert from "node:assert/strict";
import {
  type AnyPacket,
  type CameraType,
  configureVirtualBus,
  type Device,
  NeuromorphicError,
  open,
  type VirtualFault,
} from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { test } from "../support/test_on_bus.ts";

type AnyDevice = Device<CameraType, AnyPacket | undefined>;

const raw = { libusb: "virtual", raw: true } as const;
const counting = { source: { kind: "pattern" }, bytesPerSecond: 1e6 } as const;
/** One transfer in many seconds. */
const silent = { source: { kind: "pattern" }, bytesPerSecond: 8 } as const;

/** Ways to leave a loop. Each reads one packet. */
const leavings: Readonly<
  Record<string, (device: Device<CameraType, Uint8Array>, reader: PatternReader) => Promise<void>>
> = {
  async break(device, reader) {
    for await (const { status, packet } of device) {
      reader.take(packet, status.gaps);
      break;
    }
  },
  async return(device, reader) {
    for await (const { status, packet } of device) return reader.take(packet, status.gaps);
  },
  async throw(device, reader) {
    const enough = new Error("enough");
    await assert.rejects(async () => {
      for await (const { status, packet } of device) {
        reader.take(packet, status.gaps);
        throw enough;
      }
    }, enough);
  },
  async "break of a loop that blocks"(device, reader) {
    for (const { status, packet } of device) {
      reader.take(packet, status.gaps);
      break;
    }
    return await Promise.resolve();
  },
  async "return() of an iterator"(device, reader) {
    const iterator = device[Symbol.asyncIterator]();
    const { status, packet } = (await iterator.next()).value!;
    reader.take(packet, status.gaps);
    assert.deepEqual(await iterator.return!(), { done: true, value: undefined });
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  },
  async "throw() of an iterator"(device, reader) {
    const iterator = device[Symbol.asyncIterator]();
    const { status, packet } = (await iterator.next()).value!;
    reader.take(packet, status.gaps);
    const enough = new Error("enough");
    await assert.rejects(iterator.throw!(enough), enough);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  },
  async "throw() of an iterator that blocks"(device, reader) {
    const iterator = device[Symbol.iterator]();
    const { status, packet } = iterator.next().value!;
    reader.take(packet, status.gaps);
    const enough = new Error("enough");
    assert.throws(() => iterator.throw!(enough), enough);
    assert.deepEqual(iterator.next(), { done: true, value: undefined });
    return await Promise.resolve();
  },
};

test("a loop goes on where the one before it was left, in each way; every byte comes once", async () => {
  await configureVirtualBus([counting]);
  const device: Device<CameraType, Uint8Array> = await open(raw);
  const reader = new PatternReader();
  for (const [way, leave] of Object.entries(leavings)) {
    for (let times = 0; times < 3; times++) await leave(device, reader);
    assert.equal(device.closed, false, way);
  }
  device.close();
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  assert.deepEqual([reader.unmarked, reader.read], [0, bytes - droppedBytes - backlogBytes]);
});

test("between two loops the camera streams on, and clearBacklog throws that away", async () => {
  await configureVirtualBus([counting]);
  await using device = await open(raw);
  const reader = new PatternReader();
  await leavings.break!(device, reader);
  await eventually("a backlog", () => device.statistics.backlog > 10 || undefined);
  const { bytes, droppedBytes } = device.clearBacklog();
  assert.ok(bytes > 0);
  reader.leaveOut(bytes + droppedBytes);
  await leavings.break!(device, reader);
  assert.equal(reader.unmarked, 0);
});

test("a sweep over biases: short loops over one device, its configuration changed in between", async () => {
  await configureVirtualBus([{ bytesPerSecond: 5e6 }]);
  await using device = await open({ libusb: "virtual", type: "prophesee-evk4" });
  const share: number[] = [];
  let time = 0;
  for (const diffOn of [0, 140, 0]) {
    device.updateConfiguration({ biases: { diffOn } });
    device.clearBacklog();
    const startUs = time;
    let [on, all] = [0, 0];
    for await (const { status, packet } of device) {
      for (const value of packet.polarityEvents?.on ?? []) on += value;
      all += packet.polarityEvents?.on.length ?? 0;
      assert.ok((packet.polarityEvents?.t[0] ?? time) >= time);
      time = packet.polarityEvents?.t.at(-1) ?? time;
      if (status.backlog === 0 && time > startUs + 100_000) break;
    }
    share.push(on / all);
  }
  assert.ok(share[1]! < 0.8 * share[0]! && share[1]! < 0.8 * share[2]!, `share of ON events: ${share}`);
});

test("a loop with a timeout is left and begun again: items without a packet come in both", async () => {
  await configureVirtualBus([silent]);
  await using device = await open({ ...raw, iteratorTimeoutMs: 5 });
  for (let loop = 0; loop < 3; loop++) {
    for await (const { packet } of device) if (packet === undefined) break;
    for (const { packet } of device) if (packet === undefined) break;
  }
});

test("return() ends a call of next() that waits; the device stays open, and nothing is lost", async () => {
  await configureVirtualBus([silent]);
  await using device = await open(raw);
  const iterator = device[Symbol.asyncIterator]();
  await iterator.next();
  const waiting = [iterator.next(), iterator.next()];
  const results = await Promise.all([...waiting, iterator.return!()]);
  assert.deepEqual(results, Array(3).fill({ done: true, value: undefined }));
  assert.equal(device.closed, false);

  await configureVirtualBus([{ ...counting, serial: "2" }]);
  const second: Device<CameraType, Uint8Array> = await open({ ...raw, serial: "00000002" });
  const reader = new PatternReader();
  for (let round = 0; round < 100; round++) {
    const iterator = second[Symbol.asyncIterator]();
    const call = iterator.next();
    if (round % 3 > 0) await new Promise((resolve) => setTimeout(resolve, round % 3));
    const [{ value }] = await Promise.all([call, iterator.return!()]);
    if (value !== undefined) reader.take(value.packet, value.status.gaps);
  }
  second.close();
  const { bytes, droppedBytes, backlogBytes } = second.statistics;
  assert.deepEqual([reader.unmarked, reader.read], [0, bytes - droppedBytes - backlogBytes]);
});

/** What a loop of each kind over the device throws. */
async function loopErrors(device: AnyDevice): Promise<unknown[]> {
  const errors: unknown[] = [];
  const loops = [
    async () => {
      for await (const _ of device) assert.fail("an item");
    },
    async () => {
      for (const _ of device) assert.fail("an item");
      await Promise.resolve();
    },
    async () => {
      for await (const _ of device.readable) assert.fail("an item");
    },
  ];
  for (const loop of loops) await loop().then(() => errors.push("nothing"), (error) => errors.push(error));
  return errors;
}

/** Ways to close a device, and the message of a loop over it. */
const closings: readonly (readonly [way: string, close: (device: AnyDevice) => unknown, message: RegExp])[] = [
  [
    "close()",
    (device) => device.close(),
    /^Prophesee EVK4 \w+ \(bus \d+, address \d+\): [a-z ]+: the device is closed, because close\(\) was called$/,
  ],
  ["the end of `using`", (device) => device[Symbol.dispose](), /`using` scope ended/],
  ["the end of `await using`", (device) => device[Symbol.asyncDispose](), /`using` scope ended/],
];

for (const [way, close, message] of closings) {
  test(`a loop over a device that ${way} has closed throws "closed", and says so`, async () => {
    const device = await open(raw);
    const before = device[Symbol.asyncIterator](); // begins when the device is closed
    await close(device);
    for (const error of [...await loopErrors(device), await before.next().catch((error) => error)]) {
      assert.ok(error instanceof NeuromorphicError, String(error));
      assert.equal(error.code, "closed");
      assert.match(error.message, message);
      assert.match(error.device!, /Prophesee EVK4/);
    }
    assert.throws(() => device.clearBacklog(), { code: "closed", message });
  });
}

test("a loop over a device that its signal has closed throws the signal's reason", async () => {
  const controller = new AbortController();
  const device = await open({ ...raw, signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  assert.deepEqual(await loopErrors(device), [reason, reason, reason]);
  assert.throws(() => device.clearBacklog(), { code: "closed", message: /signal was aborted/, cause: reason });
});

for (
  const [what, fault, code, message] of [
    ["was unplugged", { kind: "unplug", after: 20 }, "disconnected", /unplugged/],
    ["lost its transfers", { kind: "protocol-error", after: 20, times: 0 }, "io", /transfers kept failing/],
  ] as const
) {
  test(`every loop over a camera that ${what} throws "${code}"`, async () => {
    const faults: VirtualFault[] = [{ ...fault, endpoint: 0x81 }];
    await configureVirtualBus([{ ...counting, faults }]);
    const device = await open(raw);
    await assert.rejects(async () => {
      for await (const _ of device);
    }, { code });
    for (const error of await loopErrors(device)) {
      assert.equal((error as NeuromorphicError).code, code);
      assert.match(String(error), /: Prophesee EVK4 \w+ \(bus \d+, address \d+\): read events: the /);
    }
    assert.throws(() => device.clearBacklog(), { code: "closed", message });
  });
}

test("a loop that closes its device ends quietly, and so does one that waits", async () => {
  await configureVirtualBus([counting]);
  for (const close of [(device: AnyDevice) => device.close(), (device: AnyDevice) => device[Symbol.dispose]()]) {
    const device = await open(raw);
    for await (const _ of device) close(device);
    const blocking = await open(raw);
    for (const _ of blocking) close(blocking);
    const waiting = await open(raw);
    setTimeout(() => close(waiting), 5);
    for await (const _ of waiting);
    for (const { closed } of [device, blocking, waiting]) assert.equal(closed, true);
  }
});

test("a device whose loop was left, or that was read in another way, is closed by the garbage collector", async () => {
  const child = new URL("forgotten_child.ts", import.meta.url);
  const { output } = await runChild(child, { exposesGarbageCollector: true });
  assert.equal(output, "closed\n");
});
