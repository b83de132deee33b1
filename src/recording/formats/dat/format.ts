import type { RecordingFormat } from "../../format.ts";
import { startsWith } from "../shared/starts_with.ts";

/**
 * Prophesee's DAT: records of 8 bytes, as in the automotive datasets (N-CARS, Gen1, 1 Mpx). Versions 1 and 2 are read, and
 * version 2 is written. Triggers stand in a file beside: those of `a_cd.dat` and `a_td.dat` in `a_trigger.dat`. It is opened
 * with the recording, and can be opened alone.
 *
 * A time that falls by more than half of 2^32 µs is a wrap, any other one becomes the greatest before it. The line `% T0` of
 * faery is added to the times.
 */
export const dat: RecordingFormat = {
  name: "dat",
  title: "Prophesee DAT",
  endings: [".dat"],
  limits: {
    maximumTime: Infinity,
    maximumX: 16_383,
    maximumY: 16_383,
    triggers: { maximumId: 63, pulses: false },
    imu: false,
    frames: false,
    geometry: true,
  },
  matches(head, fileName) {
    if (!startsWith(head, "% ")) return false;
    const { lines, end } = headerLines(head);
    // RAW files begin alike, and say what their words are.
    if (lines.some((line) => /^% *(evt|format|geometry|plugin_name|system_ID) /.test(line))) return false;
    return fileName.toLowerCase().endsWith(".dat") ||
      [0x00, 0x0c, 0x0e, 0x28].includes(head[end]!) && head[end + 1] === 8;
  },
  async openReader(files, options) {
    return await (await import("./reader.ts")).openDatReader(files, options);
  },
  async openWriter(files, options) {
    return await (await import("./writer.ts")).openDatWriter(files, options);
  },
};

/** The lines that begin with `% `, and where the bytes behind them begin. */
function headerLines(head: Uint8Array): { readonly lines: readonly string[]; readonly end: number } {
  const lines: string[] = [];
  let at = 0;
  while (head[at] === 0x25 && head[at + 1] === 0x20) {
    const end = head.indexOf(0x0a, at);
    if (end < 0) break;
    lines.push(String.fromCharCode(...head.subarray(at, end)));
    at = end + 1;
  }
  return { lines, end: at };
}

/** The name of the file with the triggers; undefined for that file itself. */
export function triggerFileName(fileName: string): string | undefined {
  if (/_trigger\.dat$/i.test(fileName)) return undefined;
  return fileName.replace(/(_[ct]d)?(\.dat)?$/i, "_trigger.dat");
}
