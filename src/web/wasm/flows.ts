/** Which way the buffers of each function go, in the order of its parameters. */

import type { PortableSymbol } from "../../native/library.ts";

/**
 * What happens to a buffer, in the order of the native declarations (`ffi/symbols.ts`):
 *
 * - `in`: it is read
 * - `out`: all of it is written, where the call succeeds
 * - `part`: some of it is written, and the rest stays as it is
 * - `both`: it is read and written
 */
export type Flow = "in" | "out" | "part" | "both";

/** The flows of all buffers of each function. */
export const flows: Readonly<Record<PortableSymbol, readonly Flow[]>> = {
  nd_abi_version: [],
  nd_abi_layout: ["part"],
  nd_decoder_create: ["in", "out"],
  nd_decoder_decode: ["in", "part", "in", "out"],
  nd_decoder_gap: [],
  nd_decoder_pause: [],
  nd_decoder_statistics: ["out"],
  nd_decoder_reset: [],
  nd_decoder_save: ["part"],
  nd_decoder_restore: ["in"],
  nd_decoder_destroy: [],
  nd_decoder_info: ["part"],
  nd_encoder_encode: ["both", "in", "in", "in", "in", "in", "in", "in", "in", "part", "out"],
  nd_accumulator_create: ["in", "out"],
  nd_accumulator_add: ["in", "in", "in", "in", "out"],
  nd_accumulator_decode: ["in", "part", "out"],
  nd_accumulator_draw: ["in", "in", "out"],
  nd_accumulator_values: ["in", "out"],
  nd_accumulator_clear: [],
  nd_accumulator_reset: [],
  nd_accumulator_destroy: [],
};
