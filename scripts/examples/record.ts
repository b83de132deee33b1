/**
 * Records a camera for a second, and checks the recording: `record.ts PATH`. The argument `virtual` takes the virtual
 * camera.
 */

import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { open, record, verifyRecording } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
const path = process.argv.slice(2).find((argument) => argument !== "virtual") ?? join(tmpdir(), "events.raw");

await using device = await open({ libusb });
const { bytes, polarityEvents, gaps } = await record(device, path, { seconds: 1, force: true });
console.log(`${polarityEvents} events in ${bytes} bytes, ${gaps} gaps`);
const { message } = await verifyRecording(path); // compares it with the receipt beside it
console.log(`${path}: ${message}`);
