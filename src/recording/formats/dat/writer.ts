import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink, SinkFiles } from "../../sink.ts";
import { bytesOf } from "../shared/header_text.ts";
import { firstWrongTime, LimitCheck } from "../shared/limits.ts";
import { SiblingSink } from "../shared/sibling_sink.ts";
import { dat, triggerFileName } from "./format.ts";

/** Begins a recording. */
export async function openDatWriter(files: SinkFiles, { geometry }: FormatWriteOptions): Promise<FormatWriter> {
  const { main } = files;
  let triggers: SiblingSink | undefined;
  try {
    const check = new LimitCheck(dat, { path: main.name, geometry, times: { firstWrong, holds } });
    triggers = await SiblingSink.open(files, (name) => triggerFileName(name) ?? `${name}_trigger.dat`);
    const header = `% Height ${geometry.height}\n% Version 2\n% Width ${geometry.width}\n% end\n`;
    await main.write(bytesOf(`${header}\x0c\x08`));
    await triggers.begin(bytesOf(`${header}\x0e\x08`));
    return writer(main, triggers, check);
  } catch (error) {
    await triggers?.abort();
    await main.abort();
    throw error;
  }
}

function writer(main: ByteSink, triggers: SiblingSink, check: LimitCheck): FormatWriter {
  return {
    async write(packet) {
      const { polarityEvents, triggerEvents } = packet;
      if (triggerEvents !== undefined && !triggers.isThere) {
        throw triggers.missing(main.name, "dat");
      }
      check.check(packet);
      if (polarityEvents !== undefined) {
        const { t, x, y, on } = polarityEvents;
        const words = new Uint32Array(2 * t.length);
        for (let i = 0; i < t.length; i++) {
          words[2 * i] = t[i]!;
          words[2 * i + 1] = x[i]! | y[i]! << 14 | on[i]! << 28;
        }
        await main.write(new Uint8Array(words.buffer));
      }
      if (triggerEvents !== undefined) {
        const { t, id, edge } = triggerEvents;
        const words = new Uint32Array(2 * t.length);
        for (let i = 0; i < t.length; i++) {
          words[2 * i] = t[i]!;
          words[2 * i + 1] = edge[i]! | id[i]! << 26;
        }
        await triggers.write(new Uint8Array(words.buffer));
      }
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

const holds =
  "whole µs that never decrease, the first below 2^32, and none 2^31 or more after the one before it when it " +
  "passes a multiple of 2^32";

/** Of a time only its lowest 32 bits are stored, and a reader takes a fall by more than 2^31 for a wrap. */
function firstWrong(t: Float64Array, before: number, largest: number): number {
  const wrong = firstWrongTime(t, before, largest);
  const end = wrong < 0 ? t.length : wrong;
  let last = before;
  for (let i = 0; i < end; i++) {
    const time = t[i]!;
    if (time - last >= 2 ** 31 && Math.floor(time / 2 ** 32) !== Math.floor(last / 2 ** 32)) return i;
    last = time;
  }
  return wrong;
}
