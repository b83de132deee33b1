/** A program of `recorder_faults_test.ts`: records until that fails, and tells how. The device goes on. */

import process from "node:process";
import { configureVirtualBus, NeuromorphicError, open } from "../../mod.ts";

await configureVirtualBus([{ bytesPerSecond: 20e6 }]);
await using device = await open({ libusb: "virtual" });
const recorder = device.recordTo(process.argv[2]!);
const { error, reason, bytes } = await recorder.finished;
for await (const { packet } of device) if (packet.polarityEvents !== undefined) break;
if (!(error instanceof NeuromorphicError)) throw new Error(`ended by ${reason}`);
console.log(JSON.stringify({ code: error.code, offset: error.offset, reason, bytes }));
