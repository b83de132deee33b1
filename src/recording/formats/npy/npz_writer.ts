import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { SinkFiles } from "../../sink.ts";
import { LimitCheck } from "../shared/limits.ts";
import { arrayHeaderBytes, int64Bytes } from "./array_bytes.ts";
import { npz } from "./format.ts";
import { ZipWriter } from "./zip_writer.ts";

/** Begins a recording. */
export async function openNpzWriter({ main }: SinkFiles, { geometry }: FormatWriteOptions): Promise<FormatWriter> {
  try {
    const check = new LimitCheck(npz, { path: main.name, geometry });
    const t = new ColumnBytes("<i8", 8);
    const [x, y, p] = [new ColumnBytes("<u2", 2), new ColumnBytes("<u2", 2), new ColumnBytes("|u1", 1)];
    const triggers = [new ColumnBytes("<i8", 8), new ColumnBytes("|u1", 1), new ColumnBytes("|u1", 1)] as const;
    return {
      // deno-lint-ignore require-await -- what cannot be held rejects, as with other writers
      async write(packet) {
        check.check(packet);
        const { polarityEvents, triggerEvents } = packet;
        if (polarityEvents !== undefined) {
          t.append(int64Bytes(polarityEvents.t));
          x.append(bytesIn(polarityEvents.x));
          y.append(bytesIn(polarityEvents.y));
          p.append(polarityEvents.on);
        }
        if (triggerEvents !== undefined) {
          triggers[0].append(int64Bytes(triggerEvents.t));
          triggers[1].append(triggerEvents.id);
          triggers[2].append(triggerEvents.edge);
        }
      },
      async close() {
        const zip = new ZipWriter(main);
        const members = { t, x, y, p, ...(triggers[0].count === 0 ? {} : triggerMembers(triggers)) };
        for (const [name, column] of Object.entries(members)) {
          await zip.add(`${name}.npy`, [arrayHeaderBytes(`'${column.descr}'`, [column.count]), ...column.parts()]);
        }
        for (const name of ["width", "height"] as const) {
          await zip.add(`${name}.npy`, [arrayHeaderBytes("'<i8'", []), int64Bytes([geometry[name]])]);
        }
        await zip.end();
        await main.close();
      },
      abort: () => main.abort(),
    };
  } catch (error) {
    await main.abort();
    throw error;
  }
}

function triggerMembers([t, id, p]: readonly [ColumnBytes, ColumnBytes, ColumnBytes]): Record<string, ColumnBytes> {
  return { trigger_t: t, trigger_id: id, trigger_p: p };
}

function bytesIn({ buffer, byteOffset, byteLength }: Uint16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const blockBytes = 2 ** 20;

/** A column that grows, in blocks: one array of its size would be copied whenever it becomes too small. */
class ColumnBytes {
  readonly descr: string;
  readonly #elementBytes: number;
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  #used = blockBytes;

  constructor(descr: string, elementBytes: number) {
    this.descr = descr;
    this.#elementBytes = elementBytes;
  }

  /** How many elements there are. */
  get count(): number {
    return ((this.#blocks.length - 1) * blockBytes + this.#used) / this.#elementBytes;
  }

  /** Copies elements. */
  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === blockBytes) {
        this.#blocks.push(new Uint8Array(blockBytes));
        this.#used = 0;
      }
      const part = bytes.subarray(at, at + blockBytes - this.#used);
      this.#blocks.at(-1)!.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
  }

  /** What was appended. */
  parts(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#blocks.map((block, index) => index < this.#blocks.length - 1 ? block : block.subarray(0, this.#used));
  }
}
