import type { PolarityEvents, TriggerEvents } from "../../../packets/columns.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { SinkFiles } from "../../sink.ts";
import { bytesOf } from "../shared/header_text.ts";
import { LimitCheck } from "../shared/limits.ts";
import { SiblingSink } from "../shared/sibling_sink.ts";
import { csv, triggerFileName } from "./format.ts";

/** Begins a recording. */
export async function openCsvWriter(files: SinkFiles, { geometry }: FormatWriteOptions): Promise<FormatWriter> {
  const { main } = files;
  let triggers: SiblingSink | undefined;
  try {
    const check = new LimitCheck(csv, { path: main.name, geometry });
    triggers = await SiblingSink.open(files, (name) => triggerFileName(name) ?? `${name}.triggers.csv`);
    await main.write(bytesOf("t,x,y,p\n"));
    await triggers.begin(bytesOf("t,id,p\n"));
    return writer(main, triggers, check);
  } catch (error) {
    await triggers?.abort();
    await main.abort();
    throw error;
  }
}

function writer(main: SinkFiles["main"], triggers: SiblingSink, check: LimitCheck): FormatWriter {
  return {
    async write(packet) {
      const { polarityEvents, triggerEvents } = packet;
      if (triggerEvents !== undefined && !triggers.isThere) throw triggers.missing(main.name, "csv");
      check.check(packet);
      if (polarityEvents !== undefined) await main.write(linesOf(polarityEvents));
      if (triggerEvents !== undefined) await triggers.write(triggerLinesOf(triggerEvents));
    },
    async close() {
      await triggers.close();
      await main.close();
    },
    async abort() {
      await triggers.abort();
      await main.abort();
    },
  };
}

const [comma, lineFeed, zero] = [0x2c, 0x0a, 0x30];
/** The longest line: a time of 16 digits, two numbers of 5, one digit, separators and the end. */
const maximumLineBytes = 31;

function linesOf({ t, x, y, on }: PolarityEvents): Uint8Array {
  const bytes = new Uint8Array(t.length * maximumLineBytes);
  let at = 0;
  // Events of one time are common: its digits are copied.
  let [lastTime, timeStart, timeEnd] = [-1, 0, 0];
  for (let i = 0; i < t.length; i++) {
    const time = t[i]!;
    if (time === lastTime) {
      bytes.copyWithin(at, timeStart, timeEnd);
      at += timeEnd - timeStart;
    } else {
      timeStart = at;
      at = putNumber(bytes, at, time);
      timeEnd = at;
      lastTime = time;
    }
    bytes[at++] = comma;
    at = putNumber(bytes, at, x[i]!);
    bytes[at++] = comma;
    at = putNumber(bytes, at, y[i]!);
    bytes[at++] = comma;
    bytes[at++] = zero + on[i]!;
    bytes[at++] = lineFeed;
  }
  return bytes.subarray(0, at);
}

function triggerLinesOf({ t, id, edge }: TriggerEvents): Uint8Array {
  return bytesOf(Array.from(t, (time, i) => `${time},${id[i]},${edge[i]}\n`).join(""));
}

/** Writes a whole number from 0 on in digits, and returns where they end. */
function putNumber(bytes: Uint8Array, start: number, value: number): number {
  if (value < 100_000) return putShort(bytes, start, value);
  const high = Math.floor(value / 100_000);
  let at = putNumber(bytes, start, high);
  let rest = value - 100_000 * high;
  for (let power = 10_000; power > 0; power = power / 10 | 0) {
    const digit = rest / power | 0;
    bytes[at++] = zero + digit;
    rest -= digit * power;
  }
  return at;
}

/** The same for at most five digits, of which there are the most. */
function putShort(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  if (value >= 10) {
    if (value >= 100) {
      if (value >= 1000) {
        if (value >= 10_000) {
          bytes[at++] = zero + (rest / 10_000 | 0);
          rest %= 10_000;
        }
        bytes[at++] = zero + (rest / 1000 | 0);
        rest %= 1000;
      }
      bytes[at++] = zero + (rest / 100 | 0);
      rest %= 100;
    }
    bytes[at++] = zero + (rest / 10 | 0);
    rest %= 10;
  }
  bytes[at++] = zero + rest;
  return at;
}
