/** Memory for transfers that is short: the system has one account for the stream and the commands. */

import assert from "node:assert/strict";
import {
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  open,
  type OpenOptions,
  type VirtualCameraOptions,
} from "../../mod.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { test } from "../support/test_on_bus.ts";

async function openWith(
  camera: VirtualCameraOptions,
  usbConfiguration: OpenOptions["usbConfiguration"] = {},
): Promise<Device<"prophesee-evk4">> {
  await configureVirtualBus([camera]);
  return await open({ libusb: "virtual", type: "prophesee-evk4", usbConfiguration });
}

test("memory for fewer transfers than asked: the stream works with fewer; for none: a clear error", async () => {
  await using half = await openWith({ memoryLimitBytes: 10 * 131_072 });
  for await (const { status } of half) {
    // One was taken back, so that commands find memory.
    if (status.missingTransfers !== 23) continue;
    const { transfersRequested, transfersInFlight } = half.statistics;
    assert.deepEqual({ transfersRequested, transfersInFlight }, { transfersRequested: 32, transfersInFlight: 9 });
    half.updateConfiguration({ biases: { diffOn: 10 } });
    break;
  }
  half.close();
  await assertNothingLeft(); // the sensor was told to stop
  await assert.rejects(openWith({ memoryLimitBytes: 131_072 + 1000 }), /LIBUSB_ERROR_NO_MEM/);
  await assertNothingLeft();
  const refused = { kind: "error", function: "libusb_submit_transfer", code: -11, times: 0 } as const;
  await assert.rejects(
    openWith({ faults: [refused] }),
    /: Prophesee EVK4 .*: start stream: .*LIBUSB_ERROR_NO_MEM.*32 of 131072 bytes.*usbfs_memory_mb/,
  );
});

test("a command that finds no memory takes one transfer back, once; the last transfer stays", async () => {
  // It sends next to nothing: a transfer that ends has no memory until it is submitted again, and a command might find it.
  const full = { source: { kind: "pattern" }, bytesPerSecond: 8, memoryLimitBytes: 4 * 131_072 } as const;
  await using device = await openWith(full, { transferQueueLength: 4 });
  assert.equal(device.statistics.transfersInFlight, 4);
  for (const diffOn of [10, 11]) {
    device.updateConfiguration({ biases: { diffOn } });
    assert.ok(device.sensors.temperatureCelsius() > -56);
    assert.equal(device.statistics.transfersInFlight, 3);
  }
  device.close();
  await assertNothingLeft(); // the sensor was told to stop
  await using single = await openWith({ ...full, memoryLimitBytes: 131_072 }, { transferQueueLength: 1 });
  assert.equal(single.statistics.transfersInFlight, 1);
  assert.throws(() => single.sensors.temperatureCelsius(), /LIBUSB_ERROR_NO_MEM/);
  assert.equal(single.statistics.transfersInFlight, 1);
});

test("no memory for commands after the opening: closing stops the transfers, and then the sensor all the same", async () => {
  const registersAfter = async (
    camera: VirtualCameraOptions,
    whileOpen: (device: Device<"prophesee-evk4">) => void,
  ) => {
    await using device = await openWith(camera, { transferQueueLength: 1 });
    whileOpen(device);
    device.close();
    const { registersWritten, registersHash, streaming } = (await describeVirtualBus()).cameras[0]!;
    return { registersWritten, registersHash, streaming };
  };
  const ordinary = await registersAfter({}, () => {});
  assert.equal(ordinary.streaming, false);
  // It sends next to nothing: a transfer that ends has no memory until it is submitted again, and a command might find it.
  const silent = { source: { kind: "pattern" }, bytesPerSecond: 8 } as const;
  const full = await registersAfter({ ...silent, memoryLimitBytes: 131_072 }, (device) => {
    assert.equal(device.statistics.transfersInFlight, 1);
    assert.throws(() => device.sensors.temperatureCelsius(), /LIBUSB_ERROR_NO_MEM/);
  });
  assert.deepEqual(full, ordinary);
  // Memory that goes in the middle of the shutdown: the command that found none is sent again. Where it was the reply
  // that found none, the camera has written once more than usual.
  await using device = await openWith({});
  const opening = (await describeVirtualBus()).cameras[0]!.commands;
  device.close();
  const more: number[] = [];
  for (const after of [2 * opening + 20, 2 * opening + 21]) {
    const none = { kind: "error", function: "libusb_bulk_transfer", code: -11, after } as const;
    const { streaming, registersWritten } = await registersAfter({ faults: [none] }, () => {});
    assert.equal(streaming, false, `after ${after} transfers`);
    more.push(registersWritten - ordinary.registersWritten);
  }
  assert.deepEqual(more.sort(), [0, 1]);
});
