import assert from "node:assert/strict";
import { test } from "node:test";
import { open, type OpenOptions } from "../../mod.ts";

/** A libusb that is not there: what is refused before any USB traffic is refused before that is noticed. */
const libusb = "/nonexistent/libusb.so";

test("a configuration without the type of its camera is refused before any USB traffic", async () => {
  const options = { libusb, configuration: { biases: { diffOn: 110 } } } as unknown as OpenOptions;
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

test("a type alone opens the first camera of it, with its default configuration", async () => {
  await using device = await open({ libusb: "virtual", type: "prophesee-evk4" });
  assert.equal(device.type, "prophesee-evk4");
  assert.equal(device.configuration.biases.diffOn, 102);
});
