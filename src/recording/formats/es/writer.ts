import type { PolarityEvents } from "../../../packets/columns.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink, SinkFiles } from "../../sink.ts";
import { bytesOf } from "../shared/header_text.ts";
import { LimitCheck } from "../shared/limits.ts";
import { es, magic } from "./format.ts";

/** Begins a recording. */
export async function openEsWriter({ main }: SinkFiles, { geometry }: FormatWriteOptions): Promise<FormatWriter> {
  try {
    const check = new LimitCheck(es, { path: main.name, geometry });
    const { width, height } = geometry;
    const header = [...bytesOf(magic), 2, 0, 0, 1, width & 0xff, width >> 8, height & 0xff, height >> 8];
    await main.write(new Uint8Array(header));
    const encoder = new EventEncoder(main, height - 1);
    return {
      async write(packet) {
        check.check(packet);
        if (packet.polarityEvents !== undefined) await encoder.write(packet.polarityEvents);
      },
      close: () => main.close(),
      abort: () => main.abort(),
    };
  } catch (error) {
    await main.abort();
    throw error;
  }
}

/** A byte that stands for so many µs without an event. */
const [pauseByte, pauseUs] = [0xff, 127];

class EventEncoder {
  readonly #sink: ByteSink;
  readonly #lowestRow: number;
  readonly #bytes = new Uint8Array(2 ** 18);
  #time = 0;

  constructor(sink: ByteSink, lowestRow: number) {
    this.#sink = sink;
    this.#lowestRow = lowestRow;
  }

  async write({ t, x, y, on }: PolarityEvents): Promise<void> {
    const bytes = this.#bytes;
    let at = 0;
    let time = this.#time;
    for (let i = 0; i < t.length; i++) {
      let difference = t[i]! - time;
      time = t[i]!;
      for (let pauses = difference < pauseUs ? 0 : Math.floor(difference / pauseUs); pauses > 0;) {
        if (at === bytes.length) at = await this.#flush(at);
        const count = Math.min(pauses, bytes.length - at);
        bytes.fill(pauseByte, at, at + count);
        at += count;
        pauses -= count;
      }
      if (at + 5 > bytes.length) at = await this.#flush(at);
      if (difference >= pauseUs) difference %= pauseUs;
      const row = this.#lowestRow - y[i]!;
      bytes[at] = difference << 1 | on[i]!;
      bytes[at + 1] = x[i]!;
      bytes[at + 2] = x[i]! >> 8;
      bytes[at + 3] = row;
      bytes[at + 4] = row >> 8;
      at += 5;
    }
    this.#time = time;
    await this.#flush(at);
  }

  async #flush(count: number): Promise<number> {
    await this.#sink.write(this.#bytes.subarray(0, count));
    return 0;
  }
}
