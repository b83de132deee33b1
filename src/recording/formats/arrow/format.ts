import type { RecordingFormat } from "../../format.ts";

const mark = new TextEncoder().encode("ARROW1\0\0");

/**
 * Apache Arrow's IPC file (Feather 2) with columns t (int64, µs), x, y (uint16) and on (uint8), for pandas, Polars and
 * DuckDB. Written only; it has no place for triggers. The size of the sensor stands in the schema's metadata.
 */
export const arrow: RecordingFormat = {
  name: "arrow",
  title: "Apache Arrow IPC",
  endings: [".arrow", ".feather"],
  limits: {
    maximumTime: Infinity,
    maximumX: 65_535,
    maximumY: 65_535,
    triggers: undefined,
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => mark.every((byte, index) => head[index] === byte),
  async openWriter(files, options) {
    return (await import("./writer.ts")).writeArrow(files.main, options);
  },
};
