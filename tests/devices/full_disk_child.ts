/**
 * A program of `recorder_faults_test.ts`: records to a path until the limit of its files' size, in bytes, and tells how that
 * ends. The device goes on.
 */

import { execFileSync } from "node:child_process";
import process from "node:process";
import { configureVirtualBus, NeuromorphicError, open } from "../../mod.ts";

await configureVirtualBus([{ bytesPerSecond: 20e6 }]);
await using device = await open({ libusb: "virtual" });
const [path, limit] = process.argv.slice(2);
// Not before all modules are loaded: Deno's own caches are files beyond the limit.
if (limit !== undefined) execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${limit}`]);
const recorder = device.recordTo(path!);
const { error, reason, bytes } = await recorder.finished;
for await (const { packet } of device) if (packet.polarityEvents !== undefined) break;
if (!(error instanceof NeuromorphicError)) throw new Error(`ended by ${reason}`);
console.log(JSON.stringify({ code: error.code, offset: error.offset, reason, bytes }));
