import assert from "node:assert/strict";
import { configureVirtualBus, listDevices, type ListedDevice, NeuromorphicError, open } from "../../mod.ts";
import { describeCameras, listCommand, printList } from "../../src/cli/list.ts";
import { readUsbDevices } from "../../src/cli/system/usb_devices.ts";
import { test } from "../support/test_on_bus.ts";
import { fakeFiles, usbTree } from "./testing/fake_files.ts";
import { makeWorld } from "./testing/world.ts";

/** Runs `list`. */
async function list(...parameters: string[]) {
  const world = makeWorld();
  const exitStatus = await listCommand.parse(parameters)(world);
  return { exitStatus, stdout: world.stdout.text, stderr: world.stderr.text };
}

test("cameras are a table, by what they call themselves", async () => {
  await configureVirtualBus([{ model: "silkyevcam-hd", serial: "00050ABC" }, { model: "ueye-xcpe" }]);
  const { exitStatus, stdout, stderr } = await list("--virtual");
  assert.deepEqual({ exitStatus, stderr }, { exitStatus: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0]!, /^name +serial +speed +usb +port +state +type$/);
  assert.match(lines[2]!, /^CenturyArks SilkyEvCam HD v03\.09\.00C +00050ABC +super +1:\d+ +- +free +prophesee-evk4$/);
  assert.match(lines[3]!, /^IDS Imaging Development Systems GmbH UE-39B0XCP +00000002 +super/);
});

test("--json tells the same as data", async () => {
  await configureVirtualBus([{ serial: "00050ABC" }, { permission: false }, { speed: "high" }]);
  await using device = await open({ libusb: "virtual", serial: "00050ABC" });
  const { exitStatus, stdout, stderr } = await list("--virtual", "--json");
  assert.equal(exitStatus, 0);
  const cameras = JSON.parse(stdout);
  assert.deepEqual(cameras.map(({ state }: { state: string }) => state), ["busy", "not-permitted", "free"]);
  assert.deepEqual(cameras[2], {
    name: "Prophesee EVK4",
    vendorId: 0x04b4,
    productId: 0x00f5,
    bus: 1,
    address: cameras[2].address,
    speed: "high",
    type: "prophesee-evk4",
    serial: "00000003",
    port: null,
    state: "free",
    error: null,
  });
  assert.equal(cameras[0].error.code, "busy");
  assert.equal(cameras[1].serial, null);
  assert.match(stderr, /another program, or another open\(\) of this one, uses the device/);
  assert.match(stderr, /Prophesee EVK4 \(bus 1, address \d+\): USB 2 or slower loses the events of busy scenes/);
  assert.equal(device.closed, false);
});

test("the port is that of the kernel, where it tells one", async () => {
  const devices = await listDevices({ libusb: "virtual" });
  const { address } = devices[0]!;
  const usbDevices = readUsbDevices(fakeFiles(usbTree([
    { port: "1-2.3", id: "04b4:00f5", address: address + 1 },
    { port: "1-2.4", id: "04b4:00f5", address },
    { port: "2-1", id: "04b4:00f5", address },
  ])));
  const [camera] = describeCameras(devices, usbDevices);
  assert.equal(camera?.port, "1-2.4");
});

test("without a camera the status is 1, and JSON is still JSON", () => {
  for (const [json, stdout] of [[true, "[]\n"], [false, ""]] as const) {
    const world = makeWorld();
    assert.equal(printList([], json, world), 1);
    assert.equal(world.stdout.text, stdout);
    assert.equal(world.stderr.text, json ? "" : "no camera found; doctor tells more\n");
  }
});

test("any other error is a state, too, and its text is escaped", () => {
  const device: ListedDevice = {
    name: "Prophesee EVK4",
    type: undefined,
    vendorId: 0x04b4,
    productId: 0x00f4,
    bus: 2,
    address: 7,
    speed: "super",
    serial: undefined,
    error: new NeuromorphicError("protocol", "it answers \x1b[2J"),
  };
  const world = makeWorld();
  assert.equal(printList(describeCameras([device], []), false, world), 0);
  assert.match(world.stdout.text, /^Prophesee EVK4 +- +super +2:7 +- +failed +-$/m);
  assert.equal(world.stderr.text, "it answers \\u001b[2J\n");
});
