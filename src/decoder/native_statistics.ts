import { blockIndex, blockLength, type Library } from "../native/library.ts";
import { kindIndex } from "../packets/kinds.ts";
import type { DecoderStatistics } from "./decoder.ts";
import { knownNumber } from "./decoding_report.ts";

const index = blockIndex("decoder_statistics");

/** Reads the totals of a decoder in the native library. */
export function readDecoderStatistics({ symbols, check }: Library, handle: number): DecoderStatistics {
  const block = new Float64Array(blockLength("decoder_statistics"));
  check(symbols.nd_decoder_statistics(handle, block), "read statistics");
  const at = (field: keyof typeof index): number => block[index[field]]!;
  const eventsOf = (kind: keyof typeof kindIndex): number => block[index.events + kindIndex[kind]]!;
  return {
    words: at("words"),
    polarityEvents: eventsOf("polarity"),
    triggerEvents: eventsOf("trigger"),
    imuEvents: eventsOf("imu"),
    frames: eventsOf("frame"),
    wordsByKind: {
      addressY: at("address_y_words"),
      addressX: at("address_x_words"),
      vectorBase: at("vector_base_words"),
      vector: at("vector_words"),
      timeLow: at("time_low_words"),
      timeHigh: at("time_high_words"),
      trigger: at("trigger_words"),
      others: at("others_words"),
      continued: at("continued_words"),
      unknown: at("unknown_words"),
      padding: at("padding_words"),
    },
    outOfSensor: at("out_of_sensor"),
    skippedWords: at("skipped_words"),
    timeDiscontinuities: at("time_discontinuities"),
    timeWraps: at("time_wraps"),
    rateControllerInput: knownNumber(at("rate_controller_input")),
    rateControllerOutput: knownNumber(at("rate_controller_output")),
  };
}
