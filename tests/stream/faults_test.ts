/** What goes wrong on the bus, and what the program sees of it: on the virtual camera, through all layers. */

import assert from "node:assert/strict";
import process from "node:process";
import {
  type AnyPacket,
  type CommonOpenOptions,
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  listDevices,
  NeuromorphicError,
  open,
  type UsbConfiguration,
  type VirtualCameraOptions,
  type VirtualFault,
} from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { test } from "../support/test_on_bus.ts";
import { runtime, slow } from "../support/test.ts";

type Evk4 = Device<"prophesee-evk4", AnyPacket | undefined>;

const events = 0x81;
const replies = 0x82;

async function openWith(camera: VirtualCameraOptions, options: CommonOpenOptions = {}): Promise<Evk4> {
  await configureVirtualBus([camera]);
  return await open({ ...options, libusb: "virtual", type: "prophesee-evk4" });
}

/**
 * A camera whose bytes are consecutive 64-bit numbers, and something that goes wrong on its event endpoint. It is slow
 * enough to lose nothing itself when it is not served for half a second, as on a busy machine.
 */
function patternWith(fault: Omit<VirtualFault, "endpoint">): VirtualCameraOptions {
  return { source: { kind: "pattern" }, bytesPerSecond: 1e6, faults: [{ ...fault, endpoint: events }] };
}

/** What came of reading a pattern. */
interface PatternResult {
  /** Bytes of the numbers that are missing. */
  readonly missing: number;
  /** Bytes reported as dropped. */
  readonly dropped: number;
  /** Bytes of each packet. */
  readonly lengths: readonly number[];
}

/** After this many raw packets every fault of a pattern has struck. */
const enoughRawPackets = 40;

/** Reads raw packets until enough bytes came; in however few on a busy machine, never before all has gone wrong. */
async function readPattern(device: Evk4, bytes: number): Promise<PatternResult> {
  let next: bigint | undefined;
  let missing = 0n;
  let dropped = 0;
  let read = 0;
  let rawPackets = 0;
  const lengths: number[] = [];
  for await (const { status, packet } of device) {
    assert.ok(packet instanceof Uint8Array);
    const words = new BigUint64Array(packet.buffer, packet.byteOffset, packet.length / 8);
    for (const word of words) {
      if (next !== undefined) missing += word - next;
      next = word + 1n;
    }
    dropped += status.droppedBytes;
    read += packet.length;
    rawPackets += status.rawPackets;
    lengths.push(packet.length);
    if (read >= bytes && rawPackets >= enoughRawPackets) break;
  }
  return { missing: Number(missing) * 8, dropped, lengths };
}

function hasCode(...codes: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof NeuromorphicError, String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  };
}

test('unplugged while streaming: the loop ends with "disconnected" after what was received', async () => {
  await using device = await openWith(patternWith({ kind: "unplug", after: 50 }), { raw: true });
  let bytes = 0;
  await assert.rejects(async () => {
    for await (const { packet } of device) bytes += (packet as Uint8Array).length;
  }, hasCode("disconnected"));
  assert.ok(bytes > 0);
  assert.equal(device.closed, true);
  assert.deepEqual(await listDevices({ libusb: "virtual" }), []);
  await configureVirtualBus();
  const again = await open({ libusb: "virtual" });
  again.close();
});

test("unplugged while a synchronous loop waits: the same", async () => {
  await using device = await openWith(patternWith({ kind: "unplug", after: 20 }), { raw: true });
  assert.throws(() => {
    for (const _ of device);
  }, hasCode("disconnected"));
});

test("STALL on the event endpoint: cleared, counted, and the stream goes on; only what the halt drops is lost", async () => {
  await using device = await openWith(patternWith({ kind: "stall", after: 20 }), { raw: true });
  const { missing, dropped } = await readPattern(device, 300_000);
  const { bytesLostInCamera } = (await describeVirtualBus()).cameras[0]!;
  assert.deepEqual(
    { missing, dropped, stalls: device.statistics.stalls },
    { missing: bytesLostInCamera, dropped: 0, stalls: 1 },
  );
});

test("empty and short packets lose nothing", async () => {
  for (const fault of [{ kind: "zero-length", times: 5 }, { kind: "short", length: 104, times: 5 }] as const) {
    await using device = await openWith(patternWith({ ...fault, after: 10 }), {
      raw: true,
      iteratorMaximumRawPackets: 1,
    });
    const { missing, dropped, lengths } = await readPattern(device, 300_000);
    const short = lengths.filter((length) => length === 104).length;
    const empty = device.statistics.zeroLengthTransfers;
    const struck = fault.kind === "short" ? { short: 5, empty: 0 } : { short: 0, empty: 5 };
    assert.deepEqual({ missing, dropped, short, empty }, { missing: 0, dropped: 0, ...struck }, fault.kind);
  }
});

test("failed transfers are counted as losses, and the stream goes on", async () => {
  for (const kind of ["protocol-error", "overflow"] as const) {
    await using device = await openWith(patternWith({ kind, after: 10, times: 3 }), { raw: true });
    await readPattern(device, 300_000);
    const { errors, droppedTransfers } = device.statistics;
    assert.deepEqual({ errors, droppedTransfers }, { errors: 3, droppedTransfers: 3 }, kind);
  }
});

test('transfers that never stop failing end the loop with "io"', async () => {
  await using device = await openWith(patternWith({ kind: "protocol-error", after: 10, times: 0 }), { raw: true });
  await assert.rejects(readPattern(device, 1e9), hasCode("io"));
});

test("a stream that breaks tells of every loss before it ends, of those at the very end, too", async () => {
  const fault = { kind: "protocol-error", after: 5, times: 0, length: 512, endpoint: events } as const;
  for (const raw of [true, false]) {
    const source = raw ? { kind: "pattern" } as const : { kind: "scene" } as const;
    await using device = await openWith({ source, bytesPerSecond: 1e6, faults: [fault] }, { raw });
    const told = { transfers: 0, bytes: 0 };
    await assert.rejects(async () => {
      for await (const { status } of device) {
        told.transfers += status.droppedTransfers;
        told.bytes += status.droppedBytes;
      }
    }, hasCode("io"));
    const { droppedTransfers, droppedBytes } = device.statistics;
    assert.ok(droppedTransfers > 0);
    assert.deepEqual(told, { transfers: droppedTransfers, bytes: droppedBytes });
  }
});

/** Each of 700 openings under Bun, which needs the least time for it; some of them under the others. */
const stepOfUnplugging = runtime === "bun" ? 1 : 7;

for (const [endpoint, name] of [[0, "control requests"], [0x02, "commands"], [replies, "replies"]] as const) {
  test(
    `unplugged after any number of ${name} of the bring-up: "disconnected", and nothing stays open`,
    slow,
    async () => {
      let after = 0;
      const step = endpoint === 0 ? 1 : stepOfUnplugging;
      for (; await failsToOpen({ kind: "unplug", endpoint, after }); after += step) await assertNothingLeft();
      assert.ok(endpoint === 0 ? after > 0 : after > 700, `${after} ${name}`);
    },
  );
}

/** False when the bring-up is over before the fault strikes. */
async function failsToOpen(fault: VirtualFault): Promise<boolean> {
  try {
    (await openWith({ source: { kind: "pattern" }, faults: [fault] }, { raw: true })).close();
    return false;
  } catch (error) {
    return hasCode("disconnected", "device-not-found")(error);
  }
}

test('unplugged as a control request or a command is under way: "disconnected"', async () => {
  await assert.rejects(openWith({ faults: [{ kind: "unplug", endpoint: 0 }] }), hasCode("disconnected"));
  const faults = [{ kind: "unplug", endpoint: replies, after: await openingReplies() } as const];
  await using device = await openWith({ faults });
  assert.throws(() => device.sensors.temperatureCelsius(), hasCode("disconnected"));
  device.close();
});

test("unplugged after any number of commands of the closing: it closes without an error", slow, async () => {
  await using device = await openWith({ source: { kind: "pattern" } }, { raw: true });
  const commands = async () => (await describeVirtualBus()).cameras[0]!.commands;
  const opening = await commands();
  device.close();
  const closing = await commands() - opening;
  assert.ok(closing > 10);
  for (let after = opening; after < opening + closing; after++) {
    for (const endpoint of [0x02, replies]) {
      const camera = { source: { kind: "pattern" }, faults: [{ kind: "unplug", endpoint, after }] } as const;
      (await openWith(camera, { raw: true })).close();
      assert.deepEqual((await describeVirtualBus()).cameras, [], `after ${after} passages of ${endpoint}`);
      await assertNothingLeft();
    }
  }
});

test("unplugged at rest and plugged again: listed no more, then listed with a new address, and opened", async () => {
  await configureVirtualBus([{}]);
  const [before] = await listDevices({ libusb: "virtual" });
  await configureVirtualBus([]);
  assert.deepEqual(await listDevices({ libusb: "virtual" }), []);
  await assert.rejects(open({ libusb: "virtual" }), hasCode("device-not-found"));
  await configureVirtualBus([{}]);
  const [after] = await listDevices({ libusb: "virtual" });
  assert.equal(after!.serial, before!.serial);
  assert.notEqual(after!.address, before!.address);
  await using device = await open({ libusb: "virtual" });
  for await (const { status } of device) if (status.bytes > 0) break;
});

test('replies of another command, and replies that say "failed", are "protocol"', async () => {
  for (const kind of ["wrong-command", "failure-flag", "short"] as const) {
    for (const after of [0, 12, 300]) {
      // Always from then on: a single wrong reply to the first question is asked again, as a stale one may be in the pipe.
      const faults = [{ kind, endpoint: replies, after, times: 0, ...(kind === "short" && { length: 6 }) }];
      await assert.rejects(openWith({ faults }), hasCode("protocol"), `${kind} after ${after}`);
      await assertNothingLeft();
    }
  }
});

test('a camera that does not answer: "io" after the timeout', async () => {
  await assert.rejects(openWith({ faults: [{ kind: "hang", endpoint: replies, after: 30 }] }), hasCode("io"));
});

test('no permission: "permission-denied" with what to do', async () => {
  await assert.rejects(openWith({ permission: false }), (error) => {
    assert.ok(hasCode("permission-denied")(error));
    assert.match((error as Error).message, /LIBUSB_ERROR_ACCESS/);
    if (process.platform === "linux") assert.match((error as Error).message, /udev/);
    return true;
  });
  const [listed] = await listDevices({ libusb: "virtual" });
  assert.equal(listed!.serial, undefined);
  assert.equal(listed!.error!.code, "permission-denied");
});

test('a camera in use: "busy", and the list says so', async () => {
  await using device = await openWith({});
  await assert.rejects(open({ libusb: "virtual" }), hasCode("busy"));
  const [listed] = await listDevices({ libusb: "virtual" });
  assert.equal(listed!.error!.code, "busy");
  device.close();
});

test("two cameras: each is found by its serial, in any case; the same serial twice is refused", async () => {
  await configureVirtualBus([{ serial: "00050abc" }, { serial: "00050ABD", model: "silkyevcam-hd" }]);
  await using first = await open({ libusb: "virtual", serial: "00050ABC" });
  await using second = await open({ libusb: "virtual", serial: "00050abd" });
  assert.deepEqual([first.serial, second.serial], ["00050ABC", "00050ABD"]);
  for await (const { status } of first) if (status.bytes > 0) break;
  for await (const { status } of second) if (status.bytes > 0) break;
  first.close();
  second.close();
  await configureVirtualBus([{ serial: "00000007" }, { serial: "00000007" }]);
  await assert.rejects(open({ libusb: "virtual", serial: "7".padStart(8, "0") }), (error) => {
    assert.match((error as Error).message, /two cameras have the serial 00000007: bus \d+, address \d+ and bus/);
    return true;
  });
});

test("DMA memory: used slot by slot where the kernel gives it, and the statistics tell how many slots have it", async () => {
  const usbConfiguration = { allowDma: true, ringLength: 64, transferQueueLength: 8 };
  // Of 10 slots 9 are given back: memory for 8 ordinary buffers and a command.
  for (const [after, expected] of [[10, 1], [1000, 64]] as const) {
    const faults = [{ kind: "error", function: "libusb_dev_mem_alloc", after, times: 0 } as const];
    const camera = { source: { kind: "pattern" }, bytesPerSecond: 0, faults } as const;
    await using device = await openWith(camera, { raw: true, usbConfiguration });
    assert.equal(device.statistics.dmaSlots, expected);
    const { missing, dropped } = await readPattern(device, 10_000_000);
    assert.equal(missing, dropped);
    device.close();
    assert.equal((await describeVirtualBus()).deviceMemoryBytes, 0);
  }
});

test("a slow reader with DMA memory: transfers find ordinary memory when a backlog has all of it", async () => {
  const usbConfiguration = { allowDma: true, ringLength: 64, transferQueueLength: 4 };
  const camera = { source: { kind: "pattern" }, bytesPerSecond: 0, memoryLimitBytes: 20 * 131_072 } as const;
  await using device = await openWith(camera, { raw: true, usbConfiguration });
  assert.equal(device.statistics.dmaSlots, 15);
  await eventually("a full ring", () => device.statistics.droppedBytes > 0 || undefined);
  const { missing, dropped } = await readPattern(device, 10_000_000);
  assert.ok(dropped > 0);
  assert.equal(missing, dropped);
});

test("a reply that comes late, but within the timeout, is waited for", async () => {
  const faults = [300, 600].map((after) => ({ kind: "delay", endpoint: replies, after, delayMs: 50 }) as const);
  const startedMs = performance.now();
  await using device = await openWith({ faults });
  assert.ok(performance.now() - startedMs >= 100);
  for await (const { status } of device) if (status.bytes > 0) break;
});

test('a command whose transfer fails: "io" that names it; a single one while streaming leaves the camera usable', async () => {
  for (const kind of ["protocol-error", "overflow", "stall"] as const) {
    await assert.rejects(openWith({ faults: [{ kind, endpoint: replies, after: 300 }] }), hasCode("io"), kind);
    await assertNothingLeft();
  }
  const opening = await openingReplies();
  await using device = await openWith({ faults: [{ kind: "protocol-error", endpoint: replies, after: opening }] });
  assert.throws(() => device.sensors.temperatureCelsius(), hasCode("io"));
  assert.ok(device.sensors.temperatureCelsius() > 0);
  for await (const { status } of device) if (status.bytes > 0) break;
});

test("STALL of a command's or a reply's endpoint: the halt is cleared, so the camera is usable at once", async () => {
  const opening = await openingReplies();
  for (const endpoint of [0x02, replies]) {
    await using device = await openWith({ faults: [{ kind: "stall", endpoint, after: opening }] });
    assert.throws(() => device.sensors.temperatureCelsius(), hasCode("io"));
    assert.ok(device.sensors.temperatureCelsius() > 0);
    device.close();
    await assertNothingLeft(); // the sensor was told to stop
  }
});

test("STALL of any endpoint while opening: the next opening succeeds", async () => {
  for (const [endpoint, after] of [[0x02, 0], [0x02, 300], [replies, 12], [replies, 700]] as const) {
    const opening = openWith({ faults: [{ kind: "stall", endpoint, after }] });
    if (after === 0) (await opening).close(); // the first question is asked again
    else await assert.rejects(opening, /LIBUSB_ERROR_PIPE/);
    await assertNothingLeft();
    await using device = await open({ libusb: "virtual" });
    for await (const { status } of device) if (status.bytes > 0) break;
  }
});

/** Replies of a bring-up without faults. */
async function openingReplies(): Promise<number> {
  await using device = await openWith({ source: { kind: "pattern" } }, { raw: true });
  const [camera] = (await describeVirtualBus()).cameras;
  device.close();
  return camera!.commands;
}

test('event handling that fails ends the native reader thread: the loop ends with "io" after what was received', async () => {
  const faults = [{ kind: "error", function: "libusb_handle_events_timeout_completed", after: 50, code: -99 } as const];
  await using device = await openWith({ source: { kind: "pattern" }, bytesPerSecond: 20e6, faults }, { raw: true });
  let bytes = 0;
  await assert.rejects(async () => {
    for await (const { packet } of device) bytes += (packet as Uint8Array).length;
  }, hasCode("io"));
  assert.ok(bytes > 0);
  assert.equal(device.closed, true);
});

// In a process of its own: transfers that never come back are leaked, since libusb might still write to them.
test('event handling that fails for good: "io" all the same, and the camera is free again', async () => {
  const { output } = await runChild(new URL("broken_events_child.ts", import.meta.url));
  const free = { closed: true, handles: 0, claims: 0, streaming: false, listed: "00000001" };
  assert.deepEqual(JSON.parse(output), { code: "io", ...free });
});

// In a process of its own, which the limit is for.
test('no thread for the reader: "io" that says what to do, nothing is left, and later it opens', {
  skip: process.platform === "linux" ? undefined : "the limit is Linux's",
}, async () => {
  const { output } = await runChild(new URL("no_thread_child.ts", import.meta.url));
  const { message, ...rest } = JSON.parse(output);
  const left = { contexts: 0, handles: 0, claims: 0, transfersAllocated: 0, streaming: false };
  assert.deepEqual(rest, { code: "io", left, opensAgain: true });
  assert.match(message, /^Prophesee EVK4 .*: start stream: .*starts no further thread.*ulimit -u/);
});

/** A function of libusb, and what its failing means. */
interface Failing {
  readonly name: string;
  /** Calls that fail, one in each opening; beside the first twelve. */
  readonly later?: readonly number[];
  /** No test waits for it. */
  readonly quiet?: boolean;
  /** What makes the library call the function. */
  readonly faults?: readonly VirtualFault[];
  readonly usbConfiguration?: Partial<UsbConfiguration>;
  /** Device memory that the system does not take back. */
  readonly leaks?: number;
}

/** One of the many transfers of an opening is as good as another. */
const every173rd = Array.from({ length: 10 }, (_, index) => 173 * index);
/** Each is cleared by one call. */
const twoStalls = { kind: "stall", endpoint: events, after: 3, times: 2 } as const;
const dma = { allowDma: true };

/** All functions that the virtual bus can let fail. */
const failing: readonly Failing[] = [
  { name: "libusb_init" },
  { name: "libusb_get_device_list" },
  { name: "libusb_get_device_descriptor" },
  { name: "libusb_open" },
  { name: "libusb_set_auto_detach_kernel_driver" },
  { name: "libusb_claim_interface" },
  // The only setting is in force anyway.
  { name: "libusb_set_interface_alt_setting", quiet: true },
  { name: "libusb_control_transfer" },
  { name: "libusb_bulk_transfer", later: every173rd },
  { name: "libusb_alloc_transfer" },
  { name: "libusb_submit_transfer", later: [31, 32, 33, 50] },
  { name: "libusb_handle_events_timeout_completed" },
  { name: "libusb_clear_halt", faults: [twoStalls] },
  { name: "libusb_cancel_transfer", quiet: true },
  { name: "libusb_release_interface", quiet: true },
  { name: "libusb_dev_mem_alloc", quiet: true, usbConfiguration: dma },
  { name: "libusb_dev_mem_free", quiet: true, usbConfiguration: dma, leaks: 131_072 },
];

for (const { name, later = [], quiet = false, faults = [], usbConfiguration = {}, leaks = 0 } of failing) {
  test(`${name} fails at its n-th call: a typed error or none, and nothing is left`, slow, async () => {
    let errors = 0;
    for (const after of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...later]) {
      const fault = { kind: "error", function: name, after, code: -1 } as const;
      const source = { kind: "pattern" } as const;
      await configureVirtualBus([{ source, bytesPerSecond: 20e6, faults: [...faults, fault] }]);
      const { deviceMemoryBytes } = await describeVirtualBus();
      try {
        await using device = await open({ libusb: "virtual", raw: true, usbConfiguration });
        let packets = 0;
        for await (const _ of device) if (++packets === 20) break;
      } catch (error) {
        assert.ok(error instanceof NeuromorphicError, `call ${after}: ${error}`);
        assert.match(error.message, /LIBUSB_ERROR|keep failing|not found|no memory/, `call ${after}`);
        errors += 1;
      }
      await assertNothingLeft();
      assert.equal((await describeVirtualBus()).deviceMemoryBytes - deviceMemoryBytes, leaks, `call ${after}`);
    }
    assert.equal(errors === 0, quiet, `${errors} errors`);
  });
}
