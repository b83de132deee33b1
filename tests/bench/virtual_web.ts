/**
 * Measures the virtual camera of a page: megabytes of events per second of CPU time, from the model to transfers that
 * have ended. `deno run --allow-all tests/bench/virtual_web.ts`, `bun …` or `node …`; an argument names another module.
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { propheseeEvk4 } from "../../src/cameras/prophesee_evk4/driver.ts";
import { run } from "../../src/protocol/run.ts";
import { skippedSettling } from "../../src/web/page_settling.ts";
import { UsbHandle } from "../../src/web/usb_handle.ts";
import type { UsbDevice } from "../../src/web/usb_types.ts";
import { createVirtualUsb } from "../../src/web/virtual/virtual_usb.ts";
import type { VirtualWebOptions } from "../../src/web/virtual/options.ts";

const path = process.argv[2] ??
  new URL("../../zig/zig-out/wasm/neuromorphic_virtual_camera.wasm", import.meta.url);
const file = readFileSync(path);
const module = await WebAssembly.compile(file);

const transferBytes = 128 << 10;
const transfers = 32;
const rounds = 5;

/** Name, camera, configuration, and how many bytes a round has. */
const cases: readonly (readonly [string, VirtualWebOptions, object, number])[] = [
  ["pattern", { source: { kind: "pattern" } }, {}, 200e6],
  ["scene", {}, {}, 200e6],
  ["scene, a bias", {}, { biases: { diffOn: 40 } }, 10e6],
  ["scene, a mask", {}, { yMask: new Uint8Array(720).fill(1, 0, 360) }, 10e6],
  ["scene, trail filter", {}, { trailFilter: { type: "trail", thresholdUs: 10_000 } }, 5e6],
  ["scene, EVT2.1", {}, { eventFormat: "evt2.1" }, 20e6],
];

async function fetchBytes(device: UsbDevice, bytes: number): Promise<number> {
  const start = process.cpuUsage();
  const queue = Array.from({ length: transfers }, () => device.transferIn(1, transferBytes));
  let fetched = 0;
  while (fetched < bytes) {
    fetched += (await queue.shift()!).data!.byteLength;
    queue.push(device.transferIn(1, transferBytes));
  }
  for (const { data } of await Promise.all(queue)) fetched += data!.byteLength;
  const { user, system } = process.cpuUsage(start);
  return fetched / (user + system);
}

console.log(`${file.length} bytes of WebAssembly; MB of events per second of CPU time, median of ${rounds}`);
for (const [name, camera, configuration, bytesOfRound] of cases) {
  const usb = await createVirtualUsb({ bytesPerSecond: 0, ...camera }, { module });
  const [device] = await usb.getDevices();
  const handle = await UsbHandle.open(device!, "camera");
  await handle.claimInterface(0);
  const start = process.cpuUsage();
  const way = { bus: handle, settling: skippedSettling };
  await run(propheseeEvk4.open(propheseeEvk4.checkConfiguration(configuration)), way);
  const { user, system } = process.cpuUsage(start);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(await fetchBytes(device!, bytesOfRound));
  rates.sort((left, right) => left - right);
  console.log(`${name}: ${Math.round(rates[rounds >> 1]!)} MB/s; opened in ${Math.round((user + system) / 1000)} ms`);
  await handle.close();
  usb.close();
}
