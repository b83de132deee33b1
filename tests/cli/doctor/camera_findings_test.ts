import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, type ListedDevice, NeuromorphicError } from "../../../mod.ts";
import { cameraFindings, unaskedFindings, unsupportedFindings } from "../../../src/cli/doctor/camera_findings.ts";
import { formatFinding } from "../../../src/cli/doctor/finding.ts";
import { readUsbDevices } from "../../../src/cli/system/usb_devices.ts";
import { fakeFiles, type FakeTree, type FakeUsbDevice, usbTree } from "../testing/fake_files.ts";

const camera: FakeUsbDevice = { port: "2-1.4", id: "04b4:00f5", address: 7 };

function listed(changes: Partial<ListedDevice> = {}): ListedDevice {
  return {
    name: "Prophesee EVK4",
    type: "prophesee-evk4",
    vendorId: 0x04b4,
    productId: 0x00f5,
    bus: 2,
    address: 7,
    speed: "super",
    serial: "00050ABC",
    error: undefined,
    ...changes,
  };
}

function failed(code: ErrorCode, message: string): ListedDevice {
  return listed({ serial: undefined, error: new NeuromorphicError(code, message) });
}

/** The lines about a camera on a made-up system. */
function find(device: ListedDevice, tree: FakeTree = usbTree([camera])): string[] {
  const files = fakeFiles(tree);
  return cameraFindings(device, readUsbDevices(files), files).map(formatFinding);
}

test("a camera that is well has one line with its link and its port", () => {
  assert.deepEqual(find(listed()), [
    "ok       Prophesee EVK4 00050ABC: connected at 5 Gb/s (USB 3), port 2-1.4, address 7",
  ]);
  assert.deepEqual(find(listed(), {}), [
    "ok       Prophesee EVK4 00050ABC: connected at 5 Gb/s (USB 3), bus 2, address 7",
  ]);
});

test("a slow link is a warning", () => {
  const [line] = find(listed({ speed: "high" }));
  assert.match(line!, /^warning {2}.*connected at 480 Mb\/s \(USB 2\), port 2-1\.4, .* USB 3$/);
  assert.match(find(listed({ speed: "unknown" }))[0]!, /^ok /);
});

test("a kernel's driver is a warning; a program's claim is none", () => {
  const lines = find(listed(), usbTree([{ ...camera, driver: "uvcvideo" }]));
  assert.match(lines[1]!, /^warning {2}.*the kernel's driver uvcvideo has the camera/);
  assert.equal(find(listed(), usbTree([{ ...camera, driver: "usbfs" }])).length, 1);
});

test("a busy camera is a problem, with the programs that have it open", () => {
  const tree = {
    ...usbTree([{ ...camera, driver: "usbfs" }]),
    "/proc/4711/comm": "metavision_view\n",
    "/proc/4711/fd/3": "->/dev/bus/usb/002/007",
    "/proc/4712/comm": "other\n",
    "/proc/4712/fd/3": "->/dev/bus/usb/002/008",
    "/proc/self/fd/3": "->/dev/bus/usb/002/007",
  };
  const lines = find(failed("busy", "it is busy"), tree);
  assert.deepEqual(lines.slice(1), [
    "problem  Prophesee EVK4 (bus 2, address 7): it is busy. It is open in metavision_view (process 4711): end that",
  ]);
  assert.match(find(failed("busy", "it is busy"))[1]!, /: it is busy$/);
  assert.match(find(failed("io", "it fails"), tree)[1]!, /: it fails$/);
});

test("another device with a camera's ids may be one that is known", () => {
  const unsupported = failed("unsupported", "it is another device");
  assert.match(find(unsupported)[1]!, /: it is another device\. A Prophesee EVK3 .* is not supported yet$/);
  assert.match(find({ ...unsupported, vendorId: 0x31f7, productId: 0x0003 })[1]!, /: it is another device$/);
});

test("a message of several lines becomes one", () => {
  assert.match(find(failed("io", "it fails\n  first\n  second"))[1]!, /: it fails \| first \| second$/);
});

test("without libusb the cameras are told by their ids; others that are known are warnings", () => {
  const devices = readUsbDevices(fakeFiles(usbTree([
    camera,
    { port: "1-1", id: "152a:841a", address: 3 },
    { port: "1-2", id: "04b4:00f3", address: 4, speed: "480" },
    { port: "1-3", id: "046d:c077", address: 5, speed: "1.5" },
  ])));
  assert.deepEqual(unaskedFindings(devices).map(formatFinding), [
    "ok       Prophesee EVK4, EVK3 HD or EVK3 GenX320: connected at 5 Gb/s (USB 3), port 2-1.4, address 7",
  ]);
  const lines = unsupportedFindings(devices).map(formatFinding);
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^warning {2}iniVation DAVIS346.* \(bus 1, address 3\): .* is not supported yet$/);
  assert.match(lines[1]!, /^warning {2}Prophesee EVK3 or EVK4 \(bus 1, address 4\): a board without firmware/);
});
