import assert from "node:assert/strict";
import { test } from "node:test";
import { configureVirtualBus, listDevices, open, type OpenOptions, printDeviceList, watchDevices } from "../../mod.ts";
import { cameraTypes } from "../../src/cameras/cameras.ts";

const types = cameraTypes.map((type) => `"${type}"`);

/** A libusb that is not there: what is refused before any USB traffic is refused before that is noticed. */
const libusb = "/nonexistent/libusb.so";

test("a configuration without the type of its camera is refused before any USB traffic", async () => {
  const options = { libusb, configuration: { biases: { diffOn: 10 } } } as unknown as OpenOptions;
  await assert.rejects(open(options), {
    name: "TypeError",
    message: `configuration must come with the type of its camera: type: ${types.join(" or ")}`,
  });
});

test("a type that does not exist is refused, and the near one named", async () => {
  const options = { libusb, type: "prophesee_evk4" } as unknown as OpenOptions;
  await assert.rejects(open(options), {
    name: "RangeError",
    message: `type must be one of ${types.join(", ")}, not "prophesee_evk4"; did you mean "prophesee-evk4"?`,
  });
});

test("a configuration that its type does not have is refused before any USB traffic", async () => {
  const options = { libusb, type: "prophesee-evk4", configuration: { gain: 2 } } as unknown as OpenOptions;
  await assert.rejects(open(options), { name: "TypeError", message: /configuration.*"gain"/ });
});

test("a configuration is taken as it is when `open` is called, also where the program changes the object then", async () => {
  await configureVirtualBus([{ serial: "1" }, { serial: "2" }]);
  const configuration = { biases: { diffOn: 10 }, xMask: new Uint8Array(1280) };
  const opening = ["1", "2"].map((serial, index) => {
    configuration.biases.diffOn = 10 + index;
    configuration.xMask[index] = 1;
    return open({ libusb: "virtual", serial, type: "prophesee-evk4", configuration });
  });
  const devices = await Promise.all(opening);
  const found = devices.map(({ configuration: { biases, xMask } }) => [biases.diffOn, JSON.stringify(xMask)]);
  for (const device of devices) device.close();
  await configureVirtualBus();
  assert.deepEqual(found, [[10, '"0"'], [11, '"0-1"']]);
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

test("ids of cameras are checked before any USB traffic, by every function that takes them", async () => {
  const id = { vendorId: 0x1234, productId: 0xabcd, type: "prophesee-evk4" };
  const functions = [open, listDevices, printDeviceList, watchDevices] as ((options: object) => Promise<unknown>)[];
  const refused: readonly (readonly [usbIds: unknown, message: RegExp])[] = [
    [id, /^TypeError: usbIds must be an array, not an object/],
    [[0x1234], /^TypeError: usbIds\[0\] must be an object with vendorId, productId, type, not 4660/],
    [[id, { ...id, vendorId: 0x1_0000 }], /^RangeError: usbIds\[1\]\.vendorId must be a whole number from 0 to 65535/],
    [[{ ...id, productId: -1 }], /^RangeError: usbIds\[0\]\.productId must be .* not -1/],
    [[{ ...id, productId: NaN }], /^RangeError: usbIds\[0\]\.productId must be .* not NaN/],
    [[{ ...id, vendorId: "1234" }], /^TypeError: usbIds\[0\]\.vendorId must be .* not "1234"/],
    [[{ ...id, vendorId: undefined }], /^TypeError: usbIds\[0\]\.vendorId must be/],
    [[{ vendorId: 1, productId: 2 }], /^TypeError: usbIds\[0\]\.type must be one of "prophesee-evk4"/],
    [[{ ...id, type: "evk4" }], /^RangeError: usbIds\[0\]\.type must be one of "prophesee-evk4", .*, not "evk4"/],
    [[{ ...id, name: "mine" }], /^TypeError: usbIds\[0\] has no option "name"/],
    [[id, { ...id, productId: 1 }, { ...id }], /^RangeError: usbIds\[2\] must not be the same as usbIds\[0\]/],
  ];
  for (const [usbIds, message] of refused) {
    for (const run of functions) {
      await assert.rejects(run({ libusb, usbIds }), (error) => message.test(String(error)), String(message));
    }
  }
  // Right ones are checked no further: the library is looked for.
  for (const run of functions) {
    await assert.rejects(run({ libusb, usbIds: [id, { ...id, productId: 1 }] }), { code: "native-library" });
  }
});

test("ids that no device has leave the other cameras to be found", async () => {
  const usbIds = [{ vendorId: 0x1234, productId: 0xabcd, type: "prophesee-evk4" }] as const;
  await using device = await open({ libusb: "virtual", usbIds });
  assert.equal(device.name, "Prophesee EVK4");
});

test("a type alone opens the first camera of it, with its default configuration", async () => {
  await using device = await open({ libusb: "virtual", type: "prophesee-evk4" });
  assert.equal(device.type, "prophesee-evk4");
  assert.equal(device.configuration.biases.diffOn, 0);
});
