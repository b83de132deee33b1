/**
 * `deno task bench:web-opening`: how long an EVK4 takes to open over WebUSB, where each transfer's end is told late, as a
 * browser does. With one request at a time, and with those that a page sends ahead of their replies. The camera is the
 * virtual one of a page. Its sensor's settling times, 2.5 s, do not pass.
 */

import { readFileSync } from "node:fs";
import { propheseeEvk4 } from "../../src/cameras/prophesee_evk4/driver.ts";
import { run } from "../../src/protocol/run.ts";
import { skippedSettling } from "../../src/web/page_settling.ts";
import { UsbHandle } from "../../src/web/usb_handle.ts";
import type { UsbDevice } from "../../src/web/usb_types.ts";
import { createVirtualUsb } from "../../src/web/virtual/virtual_usb.ts";
import { table } from "./measure.ts";

const path = new URL("../../zig/zig-out/wasm/neuromorphic_virtual_camera.wasm", import.meta.url);
const module = await WebAssembly.compile(readFileSync(path));

/** Milliseconds by which the end of each transfer is told late. */
const delaysMs = [0, 2];
const aheads = [undefined, 1, 4, 16, 64];

/** The device, with transfers that end later. */
function delayed(device: UsbDevice, delayMs: number): UsbDevice {
  const later = async <Result>(result: Promise<Result>): Promise<Result> => {
    const ended = await result;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return ended;
  };
  return new Proxy(device, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const isTransfer = /[tT]ransfer(In|Out)$/.test(String(name)) && delayMs > 0;
      return (...parameters: unknown[]) => {
        const result = member.apply(target, parameters);
        return isTransfer ? later(result) : result;
      };
    },
  });
}

async function openingMs(delayMs: number, ahead: number | undefined): Promise<number> {
  const usb = await createVirtualUsb({}, { module });
  const [device] = await usb.getDevices();
  const handle = await UsbHandle.open(delayed(device!, delayMs), "camera");
  await handle.claimInterface(0);
  Object.assign(handle, { requestsAhead: ahead });
  const startMs = performance.now();
  await run(propheseeEvk4.open(propheseeEvk4.checkConfiguration(undefined)), {
    bus: handle,
    settling: skippedSettling,
  });
  const tookMs = performance.now() - startMs;
  await handle.close();
  usb.close();
  return tookMs;
}

const rows: string[][] = [];
for (const delayMs of delaysMs) {
  const row = [`${delayMs} ms`];
  for (const ahead of aheads) row.push((await openingMs(delayMs, ahead)).toFixed(0));
  rows.push(row);
}
const header = ["told late by", ...aheads.map((ahead) => ahead === undefined ? "transfers in turn" : `${ahead} ahead`)];
console.log(`ms to open, without settling times\n${table(header, rows)}`);
