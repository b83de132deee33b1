/** Forgets a device and a decoder, and says when the garbage collector has closed them. */

import { createDecoder, open } from "../../mod.ts";
import { countFreeDecoders } from "../support/decoders.ts";
import { eventually } from "../support/eventually.ts";
import { assertNothingLeft } from "../support/virtual.ts";

const globals = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
const collectGarbage = globals.gc ?? (() => globals.Bun!.gc(true));

const free = await countFreeDecoders();
await forget();
await eventually("the garbage collector's work", async () => {
  collectGarbage();
  return await assertNothingLeft().then(() => true, () => undefined);
});
await eventually("the same for the decoders", async () => {
  collectGarbage();
  return await countFreeDecoders() === free || undefined;
});
console.log("closed");

/** A function of its own, so that no variable keeps them. */
async function forget(): Promise<void> {
  await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const device = await open({ libusb: "virtual" });
  await device[Symbol.asyncIterator]().next();
}
