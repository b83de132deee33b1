import assert from "node:assert/strict";
import { test } from "node:test";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { propheseeEvk4Ids } from "../../../src/cameras/prophesee_evk4/usb_ids.ts";
import { propheseeEvk3Genx320 } from "../../../src/cameras/prophesee_evk3_genx320/driver.ts";
import { propheseeEvk3Genx320Ids } from "../../../src/cameras/prophesee_evk3_genx320/usb_ids.ts";
import { Genx320Model } from "../genx320/testing/genx320_model.ts";
import { openModel } from "../genx320/testing/open_model.ts";

test("the ids are shared with the EVK4, and the system byte tells the boards apart", () => {
  for (const { vendorId, productId } of propheseeEvk3Genx320Ids) {
    assert.ok(propheseeEvk4Ids.some((id) => id.vendorId === vendorId && id.productId === productId));
  }
  for (const system of [0x40, 0x3b]) {
    const model = new Genx320Model({ system });
    assert.deepEqual(model.carryOut(propheseeEvk3Genx320.identify()), { isOurs: true, serial: "00050ABC" });
    assert.equal(model.carryOut(propheseeEvk4.identify()).isOurs, false);
    assert.deepEqual(model.takeLines(), []);
  }
  for (const system of [0x30, 0x31]) {
    const identity = new Genx320Model({ system }).carryOut(propheseeEvk3Genx320.identify());
    assert.deepEqual(identity, {
      isOurs: false,
      said: `system byte 0x${system.toString(16)} instead of 0x40 (GenX320) or 0x3b (GenX320MP)`,
    });
  }
});

test("the chip id names the sensor", () => {
  assert.equal(openModel().camera.properties.sensor, "Prophesee GenX320");
  const { properties } = openModel({}, "mp").camera;
  assert.deepEqual(properties, { width: 320, height: 320, sensor: "Prophesee GenX320MP" });
});

test("another sensor is refused before anything is written", () => {
  const model = new Genx320Model({ chipId: 0xa040_1806 });
  const configuration = propheseeEvk3Genx320.checkConfiguration({});
  assert.throws(() => model.carryOut(propheseeEvk3Genx320.open(configuration)), {
    code: "unsupported",
    message: /device 0 "psee,cx3_genx320", "Cx3 GenX320", chip id 0xa0401806; a GenX320 is needed/,
  });
  assert.deepEqual(model.takeLines(), ["R 0 0x00000014 0xA0401806"]);
});

test("EVT3 needs the sensor of production, and an early one is refused before anything is written", () => {
  assert.equal(openModel({ eventFormat: "evt3" }, "mp").camera.eventFormat, "evt3");
  assert.equal(openModel({}, "mp").camera.eventFormat, "evt21");
  assert.equal(openModel({ eventFormat: "evt2" }).camera.eventFormat, "evt2");
  const model = new Genx320Model();
  const configuration = propheseeEvk3Genx320.checkConfiguration({ eventFormat: "evt3" });
  assert.throws(() => model.carryOut(propheseeEvk3Genx320.open(configuration)), {
    name: "RangeError",
    message: /^configuration\.eventFormat must be "evt2" or "evt2\.1" .*, not "evt3"$/,
  });
  assert.deepEqual(model.takeLines().filter((line) => line.startsWith("W")), []);
});

test("the format is always written, with the word order of the decoder's evt21", () => {
  for (const [eventFormat, word] of [["evt2", 0], ["evt3", 1], ["evt2.1", 2]] as const) {
    const { setUp } = openModel({ eventFormat }, "mp");
    const at = setUp.indexOf("W 0 0x00007000 0x00000001");
    assert.equal(setUp[at - 1], `W 0 0x00007044 0x0000000${word}`, eventFormat);
  }
});
