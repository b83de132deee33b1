/**
 * Drops a reader without ending it: an iterator, or, where the first parameter says so, a reader of `device.readable`.
 * Tells when the next loop is refused and when it reads.
 */

import process from "node:process";
import { configureVirtualBus, open } from "../../mod.ts";
import { collectGarbage } from "../support/garbage.ts";
import { eventually } from "../support/eventually.ts";

await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 1e6 }]);
await using device = await open({ libusb: "virtual", raw: true });
await drop();
console.log(await read());
await eventually("the reader's collection", async () => {
  collectGarbage();
  return await read() === "read" || undefined;
});
console.log("read");

/** A function of its own, so that no variable keeps the reader. */
async function drop(): Promise<void> {
  if (process.argv[2] === "readable") await device.readable.getReader().read();
  else await device[Symbol.asyncIterator]().next();
}

/** Both kinds of loops: a stream whose reader was dropped must not stay the device's stream. */
async function read(): Promise<"read" | "refused"> {
  try {
    for await (const _ of device) break;
    for await (const _ of device.readable) return "read";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return "refused";
}
