import type { EncodedFormat } from "./encoder.ts";

/** What an encoder's format can hold; `zig/src/encoder/` has the same numbers. */
export interface EncoderLimits {
  /** The largest time, µs. */
  readonly maximumTime: number;
  /** The largest number of a trigger's input. */
  readonly maximumTriggerId: number;
}

const evt2: EncoderLimits = { maximumTime: 2 ** 34 - 1, maximumTriggerId: 31 };

/** What each format can hold. */
export const encoderLimits: Readonly<Record<EncodedFormat, EncoderLimits>> = {
  evt3: { maximumTime: 2 ** 42 - 1, maximumTriggerId: 15 },
  evt2,
  evt21: evt2,
  "evt21-legacy": evt2,
};
