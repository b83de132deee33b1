/**
 * Holds the runtime that runs it, with the library or without, and prints as JSON what memory of it is resident.
 * `memory.ts` runs it.
 *
 *     memory_child.ts nothing|imported|owned|reused SECONDS
 */

import { readFileSync } from "node:fs";
import process from "node:process";

/** Resident memory of a process, in bytes. */
export interface Residence {
  /** At the end, of all mappings. */
  readonly bytes: number;
  /** The most there ever was. */
  readonly peakBytes: number;
  /** Of `bytes`: anonymous memory, of engine, library and virtual camera; the rest are pages of files. */
  readonly anonymousBytes: number;
  /** Raw packets that waited at the end. */
  readonly backlog: number;
  readonly droppedBytes: number;
}

/** Megabytes a second of the scene. */
const bytesPerSecond = 10e6;

/** Reads `status` of /proc. */
function residence(backlog: number, droppedBytes: number): Residence {
  const status = readFileSync("/proc/self/status", "utf8");
  const field = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)?.[1]);
  return {
    bytes: field("VmRSS"),
    peakBytes: field("VmHWM"),
    anonymousBytes: field("RssAnon"),
    backlog,
    droppedBytes,
  };
}

async function stream(reuseBuffers: boolean, seconds: number): Promise<Residence> {
  const { configureVirtualBus, open } = await import("../../mod.ts");
  await configureVirtualBus([{ bytesPerSecond }]);
  const device = await open({ libusb: "virtual", reuseBuffers });
  const endMs = performance.now() + 1e3 * seconds;
  for await (const _ of device) if (performance.now() >= endMs) break;
  const { backlog, droppedBytes } = device.statistics;
  const result = residence(backlog, droppedBytes);
  device.close();
  return result;
}

async function rest(seconds: number): Promise<Residence> {
  await new Promise((resolve) => setTimeout(resolve, 1e3 * seconds));
  return residence(0, 0);
}

const [program, seconds] = process.argv.slice(2) as [string, string];
if (program === "imported") await import("../../mod.ts");
const isStreaming = program === "owned" || program === "reused";
const result = isStreaming ? await stream(program === "reused", Number(seconds)) : await rest(Number(seconds));
console.log(JSON.stringify(result));
