import { boolean, type Checks, instanceOf, number, options as optionsOf, wholeNumber } from "../../checks.ts";

/** How a recording is written, and when it ends. */
export interface RecordOptions {
  /** Ends it after this time on the host's clock, in seconds, from 0.001 to 1e9. Default: no limit. */
  readonly seconds?: number | undefined;
  /**
   * Ends it before the file, its header included, has more bytes, from 4096 to 2^53 - 1. It ends with a whole word.
   * Default: no limit.
   */
  readonly bytes?: number | undefined;
  /** True: files that exist are overwritten. Default false: they are refused. */
  readonly force?: boolean | undefined;
  /** Aborting it ends the recording, as `stop()` does, and is no error. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The most bytes that wait for the disk, from 1,048,576 to 2^36; two transfers always may. Memory is used as far as a
   * slow disk needs it. Default 268,435,456 (256 MiB).
   */
  readonly bufferBytes?: number | undefined;
}

/** {@link RecordOptions.bufferBytes} unless something else is asked for. */
export const defaultRecordBufferBytes = 256 << 20;

/** The checks of all options but {@link RecordOptions.force}, which only files of a disk have. */
export const recordChecks: Checks<Omit<RecordOptions, "force">> = {
  seconds: number(0.001, 1e9),
  bytes: wholeNumber(4096, Number.MAX_SAFE_INTEGER),
  signal: instanceOf(AbortSignal, "an AbortSignal"),
  bufferBytes: wholeNumber(1 << 20, 2 ** 36),
};

/** Checks the options of a function. */
export function checkRecordOptions(functionName: string, given: unknown): RecordOptions {
  return optionsOf<RecordOptions>(functionName, { ...recordChecks, force: boolean })(given);
}
