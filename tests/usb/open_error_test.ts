import assert from "node:assert/strict";
import { test } from "node:test";
import { openError } from "../../src/usb/open_error.ts";

const device = { vendorId: 0x04b4, productId: 0x00f5, bus: 2, address: 7 };
const describe = (result: number, platform = "linux") => openError(result, device, "Prophesee EVK4", platform);

test("no access on Linux: the udev rule stands in the message, as a line for the shell", () => {
  const { code, operation, message } = describe(-3);
  assert.deepEqual([code, operation], ["permission-denied", "open"]);
  const rule = 'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="04b4", ATTR{idProduct}=="00f5", ';
  assert.ok(message.includes(`echo '${rule}TAG+="uaccess", MODE="0660"' | sudo tee`), message);
  assert.match(
    message,
    /for users who are not at the machine, as over SSH, with MODE="0666" in place of the tag and the mode\)$/,
  );
  assert.match(
    message,
    /^Prophesee EVK4: open: the system refuses access to \/dev\/bus\/usb\/002\/007 \(LIBUSB_ERROR_ACC/,
  );
  assert.match(
    message,
    /sudo tee \/etc\/udev\/rules\.d\/65-neuromorphic-drivers\.rules && sudo udevadm control --reload/,
  );
});

test("a node that is missing on Linux: the message tells what a container needs", () => {
  const { code, message, device: name } = describe(-4);
  assert.deepEqual([code, name], ["disconnected", "Prophesee EVK4"]);
  assert.match(message, /unplugged just now, or \/dev\/bus\/usb\/002\/007 is missing \(LIBUSB_ERROR_NO_DEVICE\)/);
  assert.match(message, /container.*--device \/dev\/bus\/usb$/);
});

test("a cgroup that refuses on Linux is no permission, and the message tells what a container needs", () => {
  const { code, message } = describe(-1);
  assert.equal(code, "permission-denied");
  assert.match(message, /\(LIBUSB_ERROR_IO\)\. .*container.*--device-cgroup-rule 'c 189:\* rmw'/);
});

test("other errors, and other systems, are told as everywhere", () => {
  assert.equal(
    describe(-6).message,
    "Prophesee EVK4: open: another program, or another open() of this one, uses the device (LIBUSB_ERROR_BUSY)",
  );
  assert.equal(describe(-1, "darwin").code, "io");
  assert.equal(describe(-4, "win32").message, "Prophesee EVK4: open: the device is gone (LIBUSB_ERROR_NO_DEVICE)");
  assert.match(describe(-3, "darwin").message, /Another program or a driver holds the camera/);
});
