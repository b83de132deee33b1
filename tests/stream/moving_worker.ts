/** A Worker of `moving_test.ts`: answers each packet that is moved to it with what is in it. */

import { parentPort } from "node:worker_threads";
import type { PolarityEvents } from "../../mod.ts";

parentPort!.on("message", (packet: PolarityEvents | Uint8Array) => {
  const columns = packet instanceof Uint8Array ? [packet] : [packet.t, packet.x, packet.y, packet.on];
  parentPort!.postMessage(columns.map((column) => ({ length: column.length, last: column.at(-1) })));
});
