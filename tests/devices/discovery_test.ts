import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../src/errors.ts";
import { describeDevices } from "../../src/devices/device_list.ts";
import { formatDeviceList } from "../../src/devices/discovery.ts";
import { madeUpDevice, openHandles, serialBytes } from "./made_up_bus.ts";

test("each camera is listed with its serial, or with the error that kept it from being read", async () => {
  const devices = [
    madeUpDevice({ serial: serialBytes(0x50abc) }),
    madeUpDevice({ ids: [0x046d, 0xc077] }),
    madeUpDevice({ ids: [0x31f7, 0x0003], openError: "permission-denied" }),
    madeUpDevice({ ids: [0x04b4, 0x00f4], system: Uint8Array.of(0x28, 0) }),
    madeUpDevice({ ids: [0x1409, 0x8e00], product: "", alterReply: () => undefined }),
  ];
  const listed = await describeDevices(devices);
  assert.deepEqual(listed.map(({ name, serial, error }) => [name, serial, error?.code]), [
    ["Prophesee EVK4", "00050ABC", undefined],
    ["CenturyArks SilkyEvCam HD", undefined, "permission-denied"],
    ["Prophesee EVK4", undefined, "unsupported"],
    ["IDS uEye XCP-E or XLS-E", undefined, "io"],
  ]);
  const { vendorId, productId, bus, address, speed, type } = listed[0]!;
  assert.deepEqual(
    [vendorId, productId, bus, address, speed, type],
    [0x04b4, 0x00f5, 2, devices[0]!.address, "super", "prophesee-evk4"],
  );
  assert.deepEqual(openHandles(devices), []);
});

test("a device is closed before the next one is opened", async () => {
  const devices = [madeUpDevice(), madeUpDevice()];
  const openAtOpening: number[] = [];
  await describeDevices(devices.map((device) => ({
    ...device,
    open: (description) => {
      openAtOpening.push(openHandles(devices).length);
      return device.open(description);
    },
  })));
  assert.deepEqual(openAtOpening, [0, 0]);
});

test("the list is a table, with the errors below", async () => {
  const [evk4, silky] = await describeDevices([
    madeUpDevice({ serial: serialBytes(0x50abc) }),
    madeUpDevice({ ids: [0x31f7, 0x0003], openError: "busy" }),
  ]);
  const devices = [{ ...evk4!, bus: 4, address: 17 }, { ...silky!, bus: 2, address: 3, speed: "high" as const }];
  assert.equal(
    formatDeviceList(devices),
    `
name                       serial    id         bus  address  speed
-------------------------  --------  ---------  ---  -------  -----
Prophesee EVK4             00050ABC  04b4:00f5  4    17       super
CenturyArks SilkyEvCam HD  (busy)    31f7:0003  2    3        high
${silky!.error!.message}
CenturyArks SilkyEvCam HD (bus 2, address 3): USB 2 or slower loses the events of busy scenes; use a port, a cable and \
a hub of USB 3`.trim(),
  );
  for (const speed of ["super", "super-plus", "unknown"] as const) {
    assert.doesNotMatch(formatDeviceList([{ ...evk4!, speed }]), /USB 3/);
  }
  const both = formatDeviceList([{ ...evk4!, speed: "high" }, { ...silky!, speed: "full" }]);
  assert.equal(both.match(/use a port/g)!.length, 1, "one warning for all");
  assert.match(silky!.error!.message, /^CenturyArks SilkyEvCam HD \(bus 2, address \d+\): open: busy$/);
  assert.equal(formatDeviceList([]), "no camera found");
});

test("what is no list of devices is told by its name; a device may have properties of the program's own", async () => {
  const [device] = await describeDevices([madeUpDevice()]);
  const own = { ...device!, place: "left" };
  assert.equal(formatDeviceList([own]), formatDeviceList([device!]));
  const mistakes: readonly (readonly [unknown, string])[] = [
    [undefined, "TypeError: devices must be an array, not undefined"],
    [Promise.resolve([device]), "TypeError: devices must be an array, not an object (Promise)"],
    [[device, undefined], "TypeError: devices[1] must be a device of listDevices(), not undefined"],
    [[{}], "TypeError: devices[0].name must be a string, not undefined"],
    [[{ ...device, speed: 3 }], 'TypeError: devices[0].speed must be one of "unknown", '],
    [[{ ...device, bus: -1 }], "RangeError: devices[0].bus must be a whole number from 0 to 4294967295, not -1"],
  ];
  for (const [devices, message] of mistakes) {
    assert.throws(() => formatDeviceList(devices as never), (error) => {
      assert.ok(String(error).startsWith(message), String(error));
      return true;
    });
  }
});

test("busy cameras are asked once more, after one pause", async () => {
  const asked = madeUpDevice({ serial: serialBytes(0x50abc) });
  let refusals = 1;
  let pauses = 0;
  const devices = [madeUpDevice(), madeUpDevice({ openError: "busy" }), {
    ...asked,
    open: (description: string) => {
      if (refusals-- > 0) throw new NeuromorphicError("busy", description);
      return asked.open(description);
    },
  }];
  const pause = () => Promise.resolve(void pauses++);
  const listed = await describeDevices(devices, { pause });
  assert.deepEqual(listed.map(({ error }) => error?.code), [undefined, "busy", undefined]);
  assert.equal(listed[2]!.serial, "00050ABC");
  assert.deepEqual([pauses, devices[0]!.handles.length], [1, 1]);
  await describeDevices([devices[0]!, madeUpDevice({ openError: "io" })], { pause });
  assert.equal(pauses, 1, "other errors are not worth a pause");
});
