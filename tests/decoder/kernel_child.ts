/** Prints, as JSON, the kernels and what a decoder and a device make of them. `kernel_test.ts` runs it. */

import { createDecoder, decoderInfo, NeuromorphicError, open } from "../../mod.ts";
import { bytesOf16 } from "./evt3_words.ts";

/** What the child prints: what each call gave, or the error that it threw. */
export interface KernelReport {
  readonly info: unknown;
  /** Columns of the events, as arrays. */
  readonly events: unknown;
  /** Whether a device opens. */
  readonly device: unknown;
}

async function decodeSample(): Promise<unknown> {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  // TIME_HIGH, ADDR_Y, and enough of ADDR_X, VECT_BASE_X, VECT_12 and TIME_LOW for several blocks of a kernel.
  const words = [0x8001, 0x0064];
  for (let i = 0; i < 100; i++) words.push(0x6000 | i, 0x2800 | i, 0x3000 | 8 * i, 0x4a01);
  const events = [...decoder.decode(bytesOf16(words))].flatMap(({ polarityEvents }) => {
    const { t, x, y, on } = polarityEvents!;
    return Array.from(t, (_, i) => [t[i], x[i], y[i], on[i]]);
  });
  decoder.close();
  return events;
}

async function openDevice(): Promise<unknown> {
  const device = await open({ libusb: "virtual" });
  device.close();
  return "opened";
}

async function outcome(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const report: KernelReport = {
  info: await outcome(decoderInfo),
  events: await outcome(decodeSample),
  device: await outcome(openDevice),
};
console.log(JSON.stringify(report));
