import assert from "node:assert/strict";
import { test } from "node:test";
import { driversFor } from "../../../src/cameras/cameras.ts";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";

test("both vendor and product ids are known", () => {
  const names = (vendorId: number, productId: number) =>
    driversFor(vendorId, productId).map(({ type, usbId }) => [type, usbId.name]);
  assert.deepEqual(names(0x31f7, 0x0002), [["centuryarks-vga", "CenturyArks SilkyEvCam VGA"]]);
  assert.deepEqual(names(0x03fd, 0x5832), [["centuryarks-vga", "Prophesee EVK3 Gen3.1"]]);
});

test("the system id decides; another board is left alone", () => {
  const model = new Gen31Model();
  assert.deepEqual(model.carryOut(centuryarksVga.identify()), { isOurs: true, serial: "00050ABC" });
  assert.deepEqual(model.takeLines(), ["R 0 0x00000800 0x00000028"]);
  // Bits above the lowest eight are not part of the id.
  assert.ok(new Gen31Model({ systemId: 0x1228 }).carryOut(centuryarksVga.identify()).isOurs);
  // EVK2 with a Gen4.1, EVK2 with a Gen3.1, a board without the register.
  for (
    const [systemId, said] of [[0x27, "system id 0x27"], [0x29, "system id 0x29"], [undefined, "no system id"]] as const
  ) {
    const other = new Gen31Model({ systemId });
    const identity = other.carryOut(centuryarksVga.identify());
    assert.deepEqual(identity, { isOurs: false, said: `${said}, not 0x28 (Gen3.1)` });
    assert.ok(other.takeLines().every((line) => line.startsWith("R")));
  }
});

test("a board that has become another one since is not opened, and nothing is written to it", () => {
  const model = new Gen31Model({ systemId: 0x29 });
  const configuration = centuryarksVga.checkConfiguration(undefined);
  assert.throws(() => model.carryOut(centuryarksVga.open(configuration)), {
    code: "unsupported",
    message: "check the system id: system id 0x29, not 0x28 (Gen3.1)",
  });
  assert.deepEqual(model.takeLines(), ["R 0 0x00000800 0x00000029"]);
});

test("an opened camera says what it is", () => {
  const model = new Gen31Model();
  const camera = model.carryOut(centuryarksVga.open(centuryarksVga.checkConfiguration(undefined)));
  assert.deepEqual(camera.properties, { width: 640, height: 480, sensor: "Prophesee Gen3.1" });
  assert.deepEqual([camera.serial, camera.eventFormat, camera.firmware.version], ["00050ABC", "evt3", "3.9.0"]);
});
