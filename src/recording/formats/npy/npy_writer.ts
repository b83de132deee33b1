import type { PolarityEvents } from "../../../packets/columns.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink, SinkFiles } from "../../sink.ts";
import { LimitCheck } from "../shared/limits.ts";
import { arrayHeaderBytes } from "./array_bytes.ts";
import { type NpyLayout, npyWith } from "./format.ts";

/** Where the fields of a record stand. */
interface RecordLayout {
  readonly descr: string;
  readonly bytes: number;
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly p: number;
}

const layouts: Readonly<Record<NpyLayout, RecordLayout>> = {
  metavision: {
    descr: "[('x', '<u2'), ('y', '<u2'), ('p', '<i2'), ('', '|V2'), ('t', '<i8')]",
    ...{ bytes: 16, x: 0, y: 2, p: 4, t: 8 },
  },
  tonic: {
    descr: "[('x', '<i2'), ('y', '<i2'), ('t', '<i8'), ('p', '|b1')]",
    ...{ bytes: 13, x: 0, y: 2, t: 4, p: 12 },
  },
  "neuromorphic-drivers": {
    descr: "[('t', '<u8'), ('x', '<u2'), ('y', '<u2'), ('on', '|b1')]",
    ...{ bytes: 13, t: 0, x: 8, y: 10, p: 12 },
  },
  expelliarmus: {
    descr: "[('t', '<i8'), ('x', '<i2'), ('y', '<i2'), ('p', '|u1')]",
    ...{ bytes: 13, t: 0, x: 8, y: 10, p: 12 },
  },
  evio: {
    descr: "[('x', '<u2'), ('y', '<u2'), ('t', '<i8'), ('p', '|i1')]",
    ...{ bytes: 13, x: 0, y: 2, t: 4, p: 12 },
  },
};

/** Room for a number of events of any length. */
const headerBytes = 192;

/** Begins a recording. */
export async function openNpyWriter(
  { main }: SinkFiles,
  { geometry }: FormatWriteOptions,
  name: NpyLayout,
): Promise<FormatWriter> {
  const layout = layouts[name];
  const kept: Uint8Array[] = [];
  let count = 0;
  const header = () => arrayHeaderBytes(layout.descr, [count], headerBytes);
  try {
    const check = new LimitCheck(npyWith({ layout: name }), { path: main.name, geometry });
    if (main.isSeekable) await main.write(header());
    return {
      async write(packet) {
        check.check(packet);
        if (packet.polarityEvents === undefined) return;
        const bytes = recordsOf(packet.polarityEvents, layout);
        count += packet.polarityEvents.t.length;
        if (main.isSeekable) await main.write(bytes);
        else kept.push(bytes);
      },
      close: () => main.isSeekable ? closeFile(main, header()) : closeStream(main, header(), kept),
      abort: () => main.abort(),
    };
  } catch (error) {
    await main.abort();
    throw error;
  }
}

async function closeFile(main: ByteSink, header: Uint8Array): Promise<void> {
  await main.writeAt(0, header);
  await main.close();
}

async function closeStream(main: ByteSink, header: Uint8Array, records: readonly Uint8Array[]): Promise<void> {
  await main.write(header);
  for (const bytes of records) await main.write(bytes);
  await main.close();
}

function recordsOf({ t, x, y, on }: PolarityEvents, layout: RecordLayout): Uint8Array {
  const bytes = new Uint8Array(t.length * layout.bytes);
  const { t: time, x: column, y: row, p: polarity } = layout;
  for (let i = 0, at = 0; i < t.length; i++, at += layout.bytes) {
    putUint32(bytes, at + time, t[i]! | 0);
    putUint32(bytes, at + time + 4, t[i]! / 2 ** 32 | 0);
    bytes[at + column] = x[i]!;
    bytes[at + column + 1] = x[i]! >> 8;
    bytes[at + row] = y[i]!;
    bytes[at + row + 1] = y[i]! >> 8;
    bytes[at + polarity] = on[i]!;
  }
  return bytes;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value >> 16;
  bytes[at + 3] = value >> 24;
}
