/** A program that is stopped for a while, as by Ctrl-Z and `fg`, while its camera goes on. Prints what it sees then. */

import { spawn } from "node:child_process";
import process from "node:process";
import { configureVirtualBus, describeVirtualBus, open } from "../../mod.ts";

/** A gap, and by how much the time of the next event is later than that of the one before it. */
interface Jump {
  readonly missingUs: number;
  readonly steppedUs: number;
}

const stopSeconds = 1.5;
/** The transfers hold 0.7 s of the sequence, and the rest of the time is lost. */
const leastMissingUs = 400_000;

await configureVirtualBus([{ source: { kind: "sequence" } }]);
await using device = await open({ libusb: "virtual" });
const jumps: Jump[] = [];
let last = NaN;
let stopped = false;
for await (const { status, packet } of device) {
  const { t } = packet.polarityEvents ?? { t: new Float64Array() };
  for (const { timeJumpUs, polarityEventIndex: index } of status.gaps) {
    if (index < t.length) jumps.push({ missingUs: timeJumpUs, steppedUs: t[index]! - (t[index - 1] ?? last) });
  }
  last = t.at(-1) ?? last;
  if (jumps.some(({ missingUs }) => missingUs >= leastMissingUs)) break;
  if (!stopped && last > 100_000) {
    stopped = true;
    spawn("sh", ["-c", `sleep ${stopSeconds}; kill -CONT ${process.pid}`], { stdio: "ignore" });
    process.kill(process.pid, "SIGSTOP");
  }
}
const { bytesLostInCamera } = (await describeVirtualBus()).cameras[0]!;
console.log(JSON.stringify({ jumps, bytesLostInCamera, droppedBytes: device.statistics.droppedBytes }));
