/** The recording that an example works with: the path in its arguments, or with `virtual` one of the virtual camera. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { configureVirtualBus, open, record } from "../../../mod.ts";

/** A folder for what an example writes. */
export const folder: string = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_example_"));

/** The path of the recording. That of the virtual camera takes half a second, or as long as is said. */
export async function recordingPath(seconds = 0.5): Promise<string> {
  const [argument = "virtual"] = process.argv.slice(2);
  if (argument !== "virtual") return argument;
  await configureVirtualBus([{ triggerHz: 20 }]);
  await using device = await open({ libusb: "virtual" });
  const path = join(folder, "events.raw");
  await record(device, path, { seconds });
  return path;
}
