/**
 * Writes what the camera sends to a file for a second: `record_raw.ts PATH`.
 * The argument `virtual` takes the virtual camera.
 */

import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { finished } from "node:stream/promises";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
const path = process.argv.slice(2).find((argument) => argument !== "virtual") ?? join(tmpdir(), "events.evt3");
const file = createWriteStream(path);
await using device = await open({ libusb, raw: true });

const end = Date.now() + 1000;
for await (const { status, packet } of device) {
  file.write(packet); // the packet's memory is the program's: it may wait in the stream
  if (status.droppedBytes > 0) console.log(`${status.droppedBytes} bytes lost`);
  if (status.receivedMs > end) break;
}
await finished(file.end());
console.log(`${file.bytesWritten} bytes of EVT3 in ${path}`);
