/**
 * What goes wrong on the bus, on a real kernel: one open camera on which most of it happens, one after the other, since
 * an opening takes long. After how many transfers is told to the camera, and so is the same under all runtimes.
 *
 * The virtual host controller hands on the statuses that the camera gives (EPIPE, EPROTO, EOVERFLOW). What a real
 * controller does of its own accord to an endpoint after an error cannot be seen here.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after } from "node:test";
import type { Runtime } from "../../ffi/adapter.ts";
import { type Device, open, type VirtualFault } from "../../mod.ts";
import { PatternReader } from "../support/pattern.ts";
import { eventually } from "../support/eventually.ts";
import { runtime, test } from "../support/test.ts";
import { hasCode, openingCommands } from "./expectations.ts";
import { onceUnder, type PluggedCamera, plugIn, plugInAll, skipOutsideGuest } from "./guest.ts";

const options = { skip: skipOutsideGuest };
const serial = "00000FA1";
const source = { kind: "pattern" } as const;
const [commands, events, replies] = [0x02, 0x81, 0x82];
const usbfsLimitPath = "/sys/module/usbcore/parameters/usbfs_memory_mb";

/** Of the event endpoint, all within its first 150 transfers. */
const eventFaults: readonly VirtualFault[] = [
  { kind: "stall", endpoint: events, after: 20 },
  { kind: "zero-length", endpoint: events, after: 40, times: 5 },
  { kind: "short", endpoint: events, after: 60, times: 5, length: 16 },
  { kind: "protocol-error", endpoint: events, after: 80, times: 3, length: 1024 },
  { kind: "overflow", endpoint: events, after: 100, times: 3, length: 1024 },
];

/** Of replies, each with the error that it is, and what the message says. */
const replyFaults = [
  ["protocol-error", "io", /LIBUSB_ERROR_IO/],
  ["overflow", "io", /LIBUSB_ERROR_OVERFLOW/],
  ["stall", "io", /LIBUSB_ERROR_PIPE/],
  ["short", "protocol", /6 bytes/],
  ["wrong-command", "protocol", /answer to property/],
  ["failure-flag", "protocol", /refused/],
] as const;

/** How the camera ends, differently under each runtime, which has no part in it. */
const lastFaults: Readonly<Record<Runtime, VirtualFault>> = {
  deno: { kind: "stall", endpoint: commands, times: 0 },
  bun: { kind: "unplug", endpoint: replies },
  node: { kind: "unplug", endpoint: commands },
};

/** How many replies come between two faults: enough for the commands that show that the camera is usable again. */
const interval = 10;

const lateMs = 300;

async function allFaults(): Promise<VirtualFault[]> {
  const opening = await openingCommands();
  const at = (position: number) => ({ after: opening + position * interval });
  return [
    ...eventFaults,
    { kind: "delay", endpoint: replies, ...at(1), delayMs: lateMs },
    ...replyFaults.map(([kind], index) => ({ kind, endpoint: replies, ...at(2 + index), length: 6 })),
    { ...lastFaults[runtime], ...at(3 + replyFaults.length) },
  ];
}

let camera: PluggedCamera | undefined;
let device: Device<"prophesee-evk4", Uint8Array> | undefined;
const reader = new PatternReader();
/** Bytes that the camera dropped when the halt of its event endpoint was cleared. */
let lostWithHalt = 0;
after(() => {
  device?.close();
  return camera?.unplug();
});

test(
  "STALL, empty, short and failed transfers: counted, what failed is marked, the stream goes on",
  options,
  async () => {
    // So slow that it loses nothing itself while its transfers are held up, and that the ring never fills.
    [camera] = await plugInAll([{ serial, source, bytesPerSecond: 200_000, faults: await allFaults() }]);
    const usbConfiguration = { bufferBytes: 16_384, ringLength: 32_768, transferQueueLength: 48 };
    device = await open({ type: "prophesee-evk4", serial, raw: true, usbConfiguration });
    let rawPackets = 0;
    const told = { transfers: 0, bytes: 0 };
    for await (const { status, packet } of device) {
      reader.take(packet, status.gaps);
      rawPackets += status.rawPackets;
      told.transfers += status.droppedTransfers;
      told.bytes += status.droppedBytes;
      if (rawPackets >= 300) break;
    }
    const { stalls, errors, zeroLengthTransfers, droppedTransfers, droppedBytes } = device.statistics;
    assert.deepEqual({ stalls, errors, zeroLengthTransfers }, { stalls: 1, errors: 6, zeroLengthTransfers: 5 });
    assert.equal(droppedTransfers, 6);
    assert.deepEqual(told, { transfers: 6, bytes: droppedBytes });
    assert.equal(reader.marked, droppedBytes);
    lostWithHalt = reader.unmarked;
    assert.ok(reader.gaps >= 2);
  },
);

test(
  "a reply that is late is waited for; one that fails or is wrong is an error, and the next one is right",
  options,
  () => {
    const startMs = performance.now();
    for (const [kind, code, message] of replyFaults) {
      const error = firstFailure(() => device!.sensors.temperatureCelsius());
      assert.ok(performance.now() - startMs >= lateMs, "the late one came first");
      assert.ok(hasCode(code)(error), kind);
      assert.match((error as Error).message, message);
      assert.match((error as Error).message, /(read|write) register adc/);
      assert.ok(device!.sensors.temperatureCelsius() > 0, kind);
    }
  },
);

/** Does it, which takes two commands or more, until it throws: the next fault is at most two intervals away. */
function firstFailure(action: () => void): unknown {
  for (let times = 0; times <= interval; times++) {
    try {
      action();
    } catch (error) {
      return error;
    }
  }
  assert.fail("nothing failed");
}

test("no memory for all transfers: fewer do; for none: a clear error", onceUnder("bun"), async () => {
  // The camera that is open has three quarters of the memory.
  const limitBefore = readFileSync(usbfsLimitPath, "utf8");
  writeFileSync(usbfsLimitPath, "1");
  const broken = { kind: "protocol-error", endpoint: events, after: 200, times: 0, length: 512 } as const;
  const [poor, poorest] = await plugInAll([
    { serial: "00000FA2", source, bytesPerSecond: 200_000, faults: [broken] },
    { serial: "00000FA3", source },
  ]);
  try {
    const tooLarge = { bufferBytes: 1 << 19, transferQueueLength: 2, ringLength: 8 };
    await Promise.all([
      streamWithFewer(poor!),
      // Either its transfers are refused, or, where the other one is up before it, the last read of its bring-up.
      assert.rejects(open({ serial: poorest!.serial, usbConfiguration: tooLarge }), (error) => {
        assert.ok(hasCode("io")(error));
        assert.match((error as Error).message, /LIBUSB_ERROR_NO_MEM/);
        assert.match((error as Error).message, /usbfs_memory_mb/);
        return true;
      }),
    ]);
  } finally {
    writeFileSync(usbfsLimitPath, limitBefore);
    await poor!.unplug();
    await poorest!.unplug();
  }
});

/** Looks while the camera sends nothing yet; then reads until its transfers fail for ever. */
async function streamWithFewer(camera: PluggedCamera): Promise<void> {
  const device = await open({
    serial: camera.serial,
    raw: true,
    type: "prophesee-evk4",
    configuration: { output: false },
    iteratorTimeoutMs: 10,
    usbConfiguration: { bufferBytes: 16_384, ringLength: 32_768, transferQueueLength: 32 },
  });
  for await (const { status, packet } of device) {
    assert.equal(packet, undefined);
    assert.ok(status.missingTransfers > 0 && status.missingTransfers < 32, `${status.missingTransfers} are missing`);
    break;
  }
  device.updateConfiguration({ output: true }); // commands find memory, too
  const reader = new PatternReader();
  await assert.rejects(async () => {
    for await (const { status, packet } of device) if (packet !== undefined) reader.take(packet, status.gaps);
  }, hasCode("io"));
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  assert.equal(bytes, reader.read + droppedBytes + backlogBytes);
  assert.equal(reader.unmarked, 0);
  camera.detach();
  assert.equal((await camera.account()).bytesSent, bytes);
}

test(
  "DMA memory: as much as the kernel gives, and a backlog that has all of it does not end the stream",
  onceUnder("node"),
  async () => {
    const limitBefore = readFileSync(usbfsLimitPath, "utf8");
    writeFileSync(usbfsLimitPath, "2");
    const camera = await plugIn("00000FA4", ["--pattern", "--rate", "200000"]);
    const usbConfiguration = { allowDma: true, bufferBytes: 16_384, ringLength: 256, transferQueueLength: 8 };
    try {
      const device = await open({ serial: camera.serial, raw: true, usbConfiguration });
      const { dmaSlots } = device.statistics;
      assert.ok(dmaSlots > 0 && dmaSlots < 128, `${dmaSlots} slots`);
      await eventually("a backlog in ordinary memory", () => device.statistics.backlog > dmaSlots + 32 || undefined);
      const reader = new PatternReader();
      for await (const { status, packet } of device) {
        assert.equal(status.missingTransfers, 0);
        reader.take(packet, status.gaps);
        if (reader.read > 500_000) break;
      }
      device.close();
      const { bytes, droppedBytes, backlogBytes } = device.statistics;
      assert.equal(bytes, reader.read + droppedBytes + backlogBytes);
      assert.equal(reader.unmarked, 0);
    } finally {
      writeFileSync(usbfsLimitPath, limitBefore);
      await camera.unplug();
    }
  },
);

test("a camera that refuses to stop: what cancelled transfers bring is counted, too", onceUnder("deno"), async () => {
  assert.ok(hasCode("io")(firstFailure(() => device!.sensors.temperatureCelsius())));
  await readTheRest();
  camera!.detach();
  // It was still sending when the transfers were cancelled.
  const { bytesSent, bytesLost } = await camera!.account();
  assert.deepEqual({ bytesSent, bytesLost }, { bytesSent: device!.statistics.bytes, bytesLost: lostWithHalt });
  await camera!.unplug();
});

test("unplugged while its sensor is being stopped: it closes without an error", onceUnder("bun"), async () => {
  await readTheRest();
  await camera!.account(); // it has unplugged itself
  await camera!.unplug();
});

test('unplugged as a command is under way: "disconnected", of the loop, too', onceUnder("node"), async () => {
  assert.ok(hasCode("disconnected")(firstFailure(() => device!.sensors.temperatureCelsius())));
  await assert.rejects(async () => {
    for await (const { status, packet } of device!) reader.take(packet, status.gaps);
  }, hasCode("disconnected"));
  checkAccount();
  await camera!.unplug();
});

/** Reads what waits, and closes the device. */
async function readTheRest(): Promise<void> {
  for await (const { status, packet } of device!) {
    reader.take(packet, status.gaps);
    if (status.backlog === 0) break;
  }
  device!.close();
  checkAccount();
}

/** After the end: every byte received was read, is reported as dropped, or was left. */
function checkAccount(): void {
  const { bytes, droppedBytes, backlogBytes } = device!.statistics;
  assert.equal(bytes, reader.read + droppedBytes + backlogBytes);
  assert.equal(reader.unmarked, lostWithHalt);
  assert.equal(device!.closed, true);
}
