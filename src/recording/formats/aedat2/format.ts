import { oneOf, options as checked } from "../../../checks.ts";
import type { RecordingFormat } from "../../format.ts";
import { startsWith } from "../shared/starts_with.ts";

/** What an AEDAT 2 file does not say of itself, and how it is read. */
export interface Aedat2Options {
  /** How its addresses are made up. Default: as the chip that it names. */
  readonly layout?: "davis" | "dvs128" | undefined;
  /**
   * `"as-stored"`: the fields of the addresses as they are, as most readers give them. `"as-shown"`: as jAER shows them, with
   * both axes turned, and in files of the DVS128 the polarity, whose 0 means ON there. Default: `"as-stored"`.
   */
  readonly orientation?: "as-stored" | "as-shown" | undefined;
}

const checkOptions = checked<Aedat2Options>("aedat2With", {
  layout: oneOf(["davis", "dvs128"]),
  orientation: oneOf(["as-stored", "as-shown"]),
});

/**
 * AEDAT 2 of which something is known that it does not say.
 *
 * ```ts
 * import { aedat2With, openRecording } from "@neuromorphic/drivers";
 *
 * const bytes = new TextEncoder().encode("#!AER-DAT2.0\r\n");
 * const format = aedat2With({ layout: "davis", orientation: "as-shown" });
 * await using recording = await openRecording(bytes, { format, geometry: { width: 346, height: 260 } });
 * for await (const { packet } of recording) console.log(packet.polarityEvents); // nothing: it is a header only
 * ```
 */
export function aedat2With(options: Aedat2Options): RecordingFormat {
  const reading = checkOptions(options);
  return {
    name: "aedat2",
    title: "AEDAT 2.0",
    endings: [".aedat2", ".aedat"],
    limits: {
      maximumTime: Infinity,
      maximumX: 1023,
      maximumY: 511,
      triggers: { maximumId: 0, pulses: false },
      imu: false,
      frames: false,
      geometry: true,
    },
    // Version 1 is refused by name.
    matches: (head) => startsWith(head, "#!AER-DAT") && head[9] !== 0x33 && head[9] !== 0x34,
    async openReader(files, options) {
      return await (await import("./reader.ts")).openAedat2Reader(files, options, reading);
    },
  };
}

/**
 * AEDAT 2.0, as jAER wrote it: files of DAVIS cameras and of the DVS128. Frames and samples of the IMU are passed over. Times
 * are 32 bits of µs, of which wraps are counted. The fields are read as they are stored; {@link aedat2With} has jAER's view.
 */
export const aedat2: RecordingFormat = aedat2With({});
