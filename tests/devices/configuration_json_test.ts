/** A configuration goes through JSON, structured clones and messages, and opens a camera again. */

import assert from "node:assert/strict";
import { MessageChannel } from "node:worker_threads";
import { configureVirtualBus, open, type PropheseeEvk4Changes, type PropheseeEvk4Configuration } from "../../mod.ts";
import { test } from "../support/test.ts";

const virtual = { libusb: "virtual", type: "prophesee-evk4" } as const;

const changes: PropheseeEvk4Changes = {
  biases: { diffOn: 10, hpf: 3 },
  xMask: new Uint8Array(1280).fill(1, 0, 100).fill(1, 1200),
  yMask: "0-9,700",
  maskIntersectionOnly: true,
  masksEnabled: false,
  pixelMask: [{ x: 1, y: 2 }, { x: 1279, y: 719 }],
  digitalCrop: { x: 32, y: 10, width: 640, height: 360, resetOrigin: true },
  antiFlicker: { minimumHz: 80, maximumHz: 130, dutyCyclePercent: 40 },
  trailFilter: { type: "stc-cut-trail", thresholdUs: 23_400 },
  rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 5000 },
  clock: "internal-with-output",
  externalTrigger: false,
  eventFormat: "evt2.1",
  packetPeriodUs: 1008,
};

async function inForce(configuration: PropheseeEvk4Changes): Promise<PropheseeEvk4Configuration> {
  await configureVirtualBus();
  using device = await open({ ...virtual, configuration });
  return device.configuration;
}

function posted(value: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const received = new Promise((resolve) => port2.once("message", resolve));
  port1.postMessage(value);
  return received.finally(() => port1.close());
}

const ways: readonly (readonly [name: string, way: (value: PropheseeEvk4Configuration) => unknown])[] = [
  ["JSON", (value) => JSON.parse(JSON.stringify(value))],
  ["JSON of a copy with changes", (value) => JSON.parse(JSON.stringify({ ...value }))],
  ["a structured clone", (value) => structuredClone(value)],
  ["JSON of a structured clone", (value) => JSON.parse(JSON.stringify(structuredClone(value)))],
  ["a message", posted],
];
for (const [name, way] of ways) {
  test(`what is in force opens a camera again after ${name}`, {}, async () => {
    for (const given of [changes, {}]) {
      const before = await inForce(given);
      assert.deepEqual(await inForce(await way(before) as PropheseeEvk4Changes), before);
    }
  });
}

test("the JSON is short and readable", {}, async () => {
  const json = JSON.stringify(await inForce(changes));
  assert.ok(json.length < 1100, `${json.length} characters`);
  assert.match(json, /"xMask":"0-99,1200-1279","yMask":"0-9,700"/);
});

test("a plain program's changes go through JSON, too", {}, async () => {
  assert.deepEqual(await inForce(JSON.parse(JSON.stringify(changes))), await inForce(changes));
});

test("parsed JSON of a configuration without limit, crop and filters takes them away", {}, async () => {
  const json = JSON.stringify(await inForce({}));
  const { rateLimiter, digitalCrop, antiFlicker, trailFilter } = changes;
  using device = await open({ ...virtual, configuration: { rateLimiter, digitalCrop, antiFlicker, trailFilter } });
  device.updateConfiguration({ ...JSON.parse(json) });
  assert.equal(JSON.stringify(device.configuration), json);
});
