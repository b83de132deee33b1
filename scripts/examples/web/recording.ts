/**
 * Record, and read the file
 *
 * `recordTo` writes the bytes as they come, while the loop goes on: into memory, or into a file of the page that may grow
 * larger than that. Its receipt tells what the file holds and what it lacks. `openRecording` reads it, or a file that a
 * user has dropped, in any format of the library.
 */

import { createVirtualUsb, open, openRecording } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb({ bytesPerSecond: 5_000_000 });
const device = await open(await usb.requestDevice({ filters: [] }), { usb });
const recorder = device.recordTo();
for await (const _ of device) if (recorder.statistics.bytes > 2_000_000) break;
const { file, bytes, polarityEvents, gaps } = await recorder.stop();
await device.close();
console.log(`${bytes} bytes, ${polarityEvents} events, ${gaps} gaps`);

if (file === undefined) throw new Error("the file is in memory where recordTo got no other place");
const recording = await openRecording(new File([file], "star.raw"));
let read = 0;
for await (const { packet } of recording) read += packet.polarityEvents?.t.length ?? 0;
const range = await recording.timeRange();
console.log(`${recording.format.title}: ${read} events from ${range?.first} to ${range?.last} µs`);
await recording.close();
