/** From one format to another. */

import { boolean, options as optionsOf } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import type { Packet } from "../packets/packet.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import type { Geometry } from "../types.ts";
import { recordingError } from "./errors.ts";
import type { FormatWriter, RecordingFormat } from "./format.ts";
import { formatForWriting } from "./format_for_writing.ts";
import { canHoldAll, type Loss, lossesMessage, LossFilter } from "./loss_filter.ts";
import { openRecording, type RecordingSource } from "./open_recording.ts";
import { checkSinkTarget, openSink, type SinkTarget } from "./open_sink.ts";
import { anyFormat, anyGeometry, anySignal, anyTime, callback } from "./option_checks.ts";
import type { RecordingProgress } from "./progress.ts";
import type { Recording } from "./recording.ts";

/** How far {@link convert} is. */
export interface ConvertProgress extends RecordingProgress {
  /** First the whole recording is looked at, to see whether the target can hold it; then it is written. */
  readonly phase: "check" | "write";
}

/** Options of {@link convert}. */
export interface ConvertOptions {
  /** Format of the target. Default: that of its ending; of `.raw`, EVT3, or that of the source where it is RAW, too. */
  readonly format?: RecordingFormat | undefined;
  /** Format of the source. Default: as its first bytes say. */
  readonly sourceFormat?: RecordingFormat | undefined;
  /** The size of the sensor. Default: as the source says, or as its events need. */
  readonly geometry?: Geometry | undefined;
  /** The first time that is wanted, in µs. Default: all from the beginning. */
  readonly from?: number | undefined;
  /** The first time that is not wanted any more, in µs. Default: all to the end. */
  readonly to?: number | undefined;
  /** Whether to take the place of a file that is there. Default: false. */
  readonly force?: boolean | undefined;
  /**
   * Whether to leave out what the target cannot hold, and what lies behind damage of the source. Default: false, so that
   * both are errors.
   */
  readonly allowLoss?: boolean | undefined;
  /** Ends it: it rejects with the signal's reason, and no file appears. */
  readonly signal?: AbortSignal | undefined;
  /** Is called after each packet. */
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

/** What {@link convert} wrote. */
export interface Conversion {
  /** Format of the source. */
  readonly sourceFormat: RecordingFormat;
  /** Format of the target. */
  readonly format: RecordingFormat;
  /** Polarity events written. */
  readonly polarityEvents: number;
  /** Triggers written. */
  readonly triggerEvents: number;
  /** Samples of an inertial measurement unit written. */
  readonly imuEvents: number;
  /** Frames written. */
  readonly frames: number;
  /** Events of the source that were left out because they lie outside of its sensor, or of the option `geometry`. */
  readonly outOfSensor: number;
  /** What was left out, with `allowLoss`. */
  readonly losses: readonly Loss[];
  /** Why the source could not be read to its end, with `allowLoss`; undefined where it could. */
  readonly damage: NeuromorphicError | undefined;
}

/**
 * Writes a recording in another format, or a part of it: with `from` and `to` it cuts. Times stay those of the source.
 *
 * What the target cannot hold, such as triggers or times above 2^32 µs, is found before anything is written: the recording
 * is read once for that, where its format can hold more than the target's. A stream can be read only once; there it is
 * found on the way. In both cases no file appears. With `allowLoss` it is left out and counted, and of a source that is
 * damaged all that comes before the damage is written.
 *
 * @param from As for {@link openRecording}: a path, a `Blob`, bytes or a stream.
 * @param to A path (`"-"` is standard output), a web stream, or another place.
 * @throws {TypeError | RangeError} for a wrong source, target or option.
 * @throws {NeuromorphicError} "unsupported" for what the target cannot hold, and where no format has such an ending;
 *   "damaged" where the source breaks off, after the target was thrown away; "file-not-found", "file-exists",
 *   "permission-denied", "no-space", "io".
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { convert, csv } from "@neuromorphic/drivers";
 *
 * const header = "% format EVT3;height=720;width=1280\n% end\n";
 * // TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON
 * const words = [0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28];
 * const bytes = new Uint8Array([...new TextEncoder().encode(header), ...words]);
 * const text = new WritableStream({ write: (part) => console.log(new TextDecoder().decode(part)) });
 * await convert(bytes, text, { format: csv, from: 4000, to: 5000 }); // t,x,y,p and 4103,200,100,1
 * ```
 */
export async function convert(
  from: RecordingSource,
  to: SinkTarget,
  given: ConvertOptions = {},
): Promise<Conversion> {
  const options = checkOptions(given);
  checkSinkTarget(to);
  const recording = await openSourceOf(from, options);
  try {
    const format = formatForWriting(to, options.format, recording.format);
    const found = await look(from, recording, format, options);
    if (found !== undefined && options.allowLoss !== true) refuse(found.losses, format, recording.name);
    return await write(recording, to, { ...options, format, geometry: recording.geometry ?? found?.geometry });
  } finally {
    await recording.close();
  }
}

const checkOptions = optionsOf<ConvertOptions>("convert", {
  format: anyFormat,
  sourceFormat: anyFormat,
  geometry: anyGeometry,
  from: anyTime,
  to: anyTime,
  force: boolean,
  allowLoss: boolean,
  signal: anySignal,
  onProgress: callback(),
});

function openSourceOf(
  from: RecordingSource,
  { sourceFormat, geometry, from: begin, to: end, signal }: ConvertOptions,
): Promise<Recording> {
  return openRecording(from, { format: sourceFormat, geometry, from: begin, to: end, signal, reuseBuffers: true });
}

/** What a first reading found. */
interface Found {
  readonly losses: readonly Loss[];
  /** As large as the events need. */
  readonly geometry: Geometry;
}

/** Reads a recording that can be read again, where it is not known without that what the target can hold of it. */
async function look(
  from: RecordingSource,
  recording: Recording,
  target: RecordingFormat,
  options: ConvertOptions,
): Promise<Found | undefined> {
  if (recording.size === undefined) return undefined;
  if (recording.geometry !== undefined && canHoldAll(target, recording.format)) return undefined;
  const filter = new LossFilter(target);
  const geometry = { width: 1, height: 1 };
  const progress = progressOf("check", recording, options);
  const first = await openSourceOf(from, options);
  try {
    for await (const { status, packet } of upToDamage(first, options)) {
      const { x = [], y = [] } = filter.filter(packet, status.gaps).polarityEvents ?? {};
      if (recording.geometry === undefined) {
        for (let index = 0; index < x.length; index++) {
          if (x[index]! >= geometry.width) geometry.width = x[index]! + 1;
          if (y[index]! >= geometry.height) geometry.height = y[index]! + 1;
        }
      }
      progress(status.bytes);
    }
  } finally {
    await first.close();
  }
  return { losses: filter.losses, geometry };
}

function refuse(losses: readonly Loss[], { name }: RecordingFormat, path: string): void {
  if (losses.length === 0) return;
  const what = `${name} cannot hold ${lossesMessage(losses)}; \`allowLoss\` leaves them out`;
  throw recordingError("unsupported", what, { operation: "convert", path });
}

async function write(
  recording: Recording,
  to: SinkTarget,
  options: ConvertOptions & { readonly format: RecordingFormat },
): Promise<Conversion> {
  const { format, geometry, force, allowLoss } = options;
  if (geometry === undefined) {
    const what = 'its sensor\'s size is not known; tell it (option "geometry")';
    throw recordingError("unsupported", what, { operation: "convert", path: recording.name });
  }
  const filter = new LossFilter(format);
  const progress = progressOf("write", recording, options);
  let damage: NeuromorphicError | undefined;
  const counts = { polarityEvents: 0, triggerEvents: 0, imuEvents: 0, frames: 0, outOfSensor: 0 };
  const files = await openSink(to, { force });
  const writer: FormatWriter = await format.openWriter!(files, { geometry, header: recording.header });
  try {
    for await (const { status, packet } of upToDamage(recording, options, (error) => damage = error)) {
      const held = filter.filter(packet, status.gaps);
      if (allowLoss !== true) refuse(filter.losses, format, recording.name);
      await writer.write(held);
      counts.polarityEvents += held.polarityEvents?.t.length ?? 0;
      counts.triggerEvents += held.triggerEvents?.t.length ?? 0;
      counts.imuEvents += held.imuEvents?.t.length ?? 0;
      counts.frames += held.frames?.length ?? 0;
      counts.outOfSensor += status.outOfSensor;
      progress(status.bytes);
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return { sourceFormat: recording.format, format, ...counts, losses: filter.losses, damage };
}

/** The items before damage, where what lies behind may be lost. */
async function* upToDamage(
  recording: Recording,
  { allowLoss }: ConvertOptions,
  onDamage: (error: NeuromorphicError) => void = () => {},
): AsyncGenerator<StreamItem<Packet>> {
  try {
    yield* recording;
  } catch (error) {
    if (allowLoss !== true || !(error instanceof NeuromorphicError && error.code === "damaged")) throw error;
    onDamage(error);
  }
}

/** Adds up the bytes that were read. */
function progressOf(
  phase: ConvertProgress["phase"],
  { size: totalBytes }: Recording,
  { onProgress }: ConvertOptions,
): (bytes: number) => void {
  let sum = 0;
  return (bytes) => onProgress?.({ phase, bytes: sum += bytes, totalBytes });
}
