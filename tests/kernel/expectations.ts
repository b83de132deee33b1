/** What tests on the real kernel have in common, beside the cameras. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, NeuromorphicError, open } from "../../mod.ts";

/** For assert.rejects and assert.throws. */
export function hasCode(...codes: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof NeuromorphicError, String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  };
}

/** Commands, and replies, of an opening in which nothing goes wrong: as the look-alike of libusb counts them. */
export async function openingCommands(): Promise<number> {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 1e6 }]);
  const device = await open({ libusb: "virtual", serial: "00000001" });
  const [camera] = (await describeVirtualBus()).cameras;
  device.close();
  return camera!.commands;
}
