import assert from "node:assert/strict";
import { test } from "node:test";
import { configureVirtualBus, open, type OpenOptions } from "../../mod.ts";

/** A libusb that is not there: what is refused before any USB traffic is refused before that is noticed. */
const libusb = "/nonexistent/libusb.so";

test("a configuration without the type of its camera is refused before any USB traffic", async () => {
  const options = { libusb, configuration: { biases: { diffOn: 10 } } } as unknown as OpenOptions;
  await assert.rejects(open(options), {
    name: "TypeError",
    message: 'configuration must come with the type of its camera: type: "prophesee-evk4"',
  });
});

test("a type that does not exist is refused, and the near one named", async () => {
  const options = { libusb, type: "prophesee_evk4" } as unknown as OpenOptions;
  await assert.rejects(open(options), {
    name: "RangeError",
    message: 'type must be one of "prophesee-evk4", not "prophesee_evk4"; did you mean "prophesee-evk4"?',
  });
});

test("a configuration that its type does not have is refused before any USB traffic", async () => {
  const options = { libusb, type: "prophesee-evk4", configuration: { gain: 2 } } as unknown as OpenOptions;
  await assert.rejects(open(options), { name: "TypeError", message: /configuration.*"gain"/ });
});

test("a serial may be written as Metavision writes it, and without its leading zeros", async () => {
  await configureVirtualBus([{}, { serial: "50ABC" }]);
  for (const serial of ["Prophesee:hal_plugin_imx636_evk4:00050abc", "plugin:50ABC", "50abc", " 00050ABC\n"]) {
    await using device = await open({ libusb: "virtual", serial });
    assert.equal(device.serial, "00050ABC", serial);
  }
  await configureVirtualBus();
});

test("a serial that is no text, empty, or missing after the colon is refused before any USB traffic", async () => {
  const refused = (serial: unknown, name: string, message: string) =>
    assert.rejects(open({ libusb, serial } as OpenOptions), { name, message });
  const expected = "serial must be the serial of a camera, for example 00050ABC, not ";
  await refused("", "RangeError", `${expected}""`);
  await refused(" ", "RangeError", `${expected}" "`);
  await refused("Prophesee:hal_plugin_imx636_evk4:", "RangeError", `${expected}"Prophesee:hal_plugin_imx636_evk4:"`);
  await refused(0x50abc, "TypeError", `${expected}330428`);
});

test("a type alone opens the first camera of it, with its default configuration", async () => {
  await using device = await open({ libusb: "virtual", type: "prophesee-evk4" });
  assert.equal(device.type, "prophesee-evk4");
  assert.equal(device.configuration.biases.diffOn, 0);
});
