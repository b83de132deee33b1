/** `record`: writes what a camera sends to a file, with a receipt. */

import { resolve } from "node:path";
import process from "node:process";
import {
  type CameraType,
  configureVirtualBus,
  type Device,
  NeuromorphicError,
  open,
  type Packet,
  type Recorder,
  type RecorderStatistics,
  type RecordingResult,
} from "../../mod.ts";
import { openSink } from "../recording/open_sink.ts";
import { checkRecordName } from "../recording/record_name.ts";
import { rawHeaderText, wordBytes } from "../recording/raw_header_text.ts";
import { WordFilter } from "../recording/word_filter.ts";
import { counted, scaled } from "./amounts.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { LiveView } from "./live_view.ts";
import { inOptionWords } from "./option_words.ts";
import { readOptionsAndFiles } from "./options.ts";
import { pictureStyleOf } from "./picture_style.ts";
import { formatDuration } from "./times.ts";

/** The command. */
export const recordCommand: Command = {
  name: "record",
  summary: "write what a camera sends to a file, with a receipt",
  help: `Writes what a camera sends to the RAW file FILE, until Ctrl-C, and beside it the
receipt, FILE.receipt.jsonl, which tells what is in it and what is missing (see
verify). - is standard output, without a receipt.

  record [OPTIONS] FILE

  --seconds N      end after N seconds
  --bytes N        end before FILE has more than N bytes; 500k, 500M, 5G and 1T
                   are thousands, millions and so on
  --serial SERIAL  record this camera and no other
  --virtual        record the virtual camera
  --force          overwrite FILE and its receipt
  --no-picture     print only the line of each second

A slow disk does not delay the picture; what it does not take is counted and
marked in the receipt.

Exit status: 0 if FILE was written and nothing is missing in it, 1 if not.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, files: [file] } = readOptionsAndFiles(parameters, {
      seconds: { type: "string" },
      bytes: { type: "string" },
      serial: { type: "string" },
      virtual: { type: "boolean" },
      force: { type: "boolean" },
      "no-picture": { type: "boolean" },
    }, ["FILE"]);
    if (file !== "-") checkRecordName(file, "FILE");
    const { serial, virtual = false, force = false } = values;
    if (virtual && serial !== undefined) {
      throw new TypeError("--serial chooses a real camera; --virtual the virtual one");
    }
    const options: RecordCommandOptions = {
      file,
      seconds: parseSeconds(values.seconds),
      bytes: parseBytes(values.bytes),
      serial,
      virtual,
      force,
      picture: !values["no-picture"],
    };
    return (world) => file === "-" ? recordToOutput(options, world) : recordToFile(options, world);
  },
};

interface RecordCommandOptions {
  readonly file: string;
  readonly seconds: number | undefined;
  readonly bytes: number | undefined;
  readonly serial: string | undefined;
  readonly virtual: boolean;
  readonly force: boolean;
  readonly picture: boolean;
}

/** As the library's `record` takes them. */
const secondsRange = { minimum: 0.001, maximum: 1e9 };
const bytesRange = { minimum: 4096, maximum: Number.MAX_SAFE_INTEGER };

function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (seconds >= secondsRange.minimum && seconds <= secondsRange.maximum) return seconds;
  throw new RangeError(`--seconds must be a number from 0.001 to 1e9, not "${text}"`);
}

const multiples: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function parseBytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, multiple] = /^(\d+(?:\.\d+)?)([kMGT]?)$/.exec(text) ?? [];
  const bytes = number === undefined ? Number.NaN : Math.round(Number(number) * multiples[multiple!]!);
  if (bytes >= bytesRange.minimum && bytes <= bytesRange.maximum) return bytes;
  throw new RangeError(`--bytes must be a number of at least 4096, with k, M, G or T behind it, not "${text}"`);
}

/** Waiting for events is cut into pieces of this length, so that lines come while no events do. */
const waitMs = 50;

/** Between pictures, and between lines where there is none. */
const [pictureIntervalMs, lineIntervalMs] = [1000 / 15, 1000];

type RecordedDevice = Device<CameraType, Packet | undefined>;

function recordToFile(options: RecordCommandOptions, world: World): Promise<number> {
  return inOptionWords(interruptible(async (signal) => {
    const { serial, seconds, bytes, force, virtual } = options;
    if (virtual) await configureVirtualBus();
    const libusb = virtual ? "virtual" : "system";
    const device = await open({ libusb, serial, iteratorTimeoutMs: waitMs, reuseBuffers: true });
    try {
      signal.throwIfAborted();
      const recorder = device.recordTo(resolve(world.folder, options.file), { seconds, bytes, force, signal });
      await watch(device, recorder, options, world).catch(unlessUnplugged);
      const result = await recorder.stop();
      return tell(result, options.file, world);
    } finally {
      device.close();
    }
  }));
}

/** What was recorded before is told all the same. */
function unlessUnplugged(error: unknown): void {
  if (!(error instanceof NeuromorphicError && error.code === "disconnected")) throw error;
}

/** Shows pictures and lines until the recording has ended; a reader of the output that ends early does not end it. */
async function watch(device: RecordedDevice, recorder: Recorder, options: RecordCommandOptions, world: World) {
  const { stdout, errors } = world;
  const style = options.picture && stdout.isTTY === true ? pictureStyleOf(process.env, process.platform) : undefined;
  const title = `recording ${device.name} ${device.serial} to ${options.file}; Ctrl-C ends`;
  if (style === undefined) errors.print(title);
  const view = style && new LiveView(stdout, device.properties, style, title);
  let [pictureMs, lineMs] = [performance.now(), performance.now()];
  let last = recorder.statistics;
  let line = "";
  try {
    for await (const { packet } of device) {
      const now = performance.now();
      const statistics = recorder.statistics;
      if (packet?.polarityEvents !== undefined) view?.add(packet.polarityEvents, now);
      if (now - lineMs >= lineIntervalMs) {
        line = recordingLine(statistics, last, (now - lineMs) / 1000, options);
        if (view === undefined) errors.print(line);
        [last, lineMs] = [statistics, now];
      }
      if (view !== undefined && now - pictureMs >= pictureIntervalMs) {
        view.draw(line, now);
        pictureMs = now;
      }
      if (statistics.reason !== undefined) return;
    }
  } finally {
    view?.close();
    if (view !== undefined) world.output.print("");
  }
}

/** The line of a second: rate, size, events, losses, and what is left of the size or the time. */
export function recordingLine(
  now: RecorderStatistics,
  before: RecorderStatistics,
  spanSeconds: number,
  { seconds, bytes }: { readonly seconds: number | undefined; readonly bytes: number | undefined },
): string {
  const rate = (now.bytes - before.bytes) / spanSeconds;
  const events = (now.polarityEvents - before.polarityEvents) / spanSeconds;
  return [
    `${now.seconds.toFixed(0).padStart(3)} s`,
    scaled(events, "ev/s"),
    scaled(rate, "B/s"),
    scaled(now.bytes, "B"),
    `dropped ${scaled(now.droppedBytes, "B")}`,
    ...(now.queuedBytes > 1e6 ? [`waiting ${scaled(now.queuedBytes, "B")}`] : []),
    ...(now.bytes - now.countedBytes > rate ? [`not counted yet ${scaled(now.bytes - now.countedBytes, "B")}`] : []),
    ...(seconds === undefined ? [] : [`${formatDuration(1e6 * Math.max(0, Math.ceil(seconds - now.seconds)))} left`]),
    ...(bytes === undefined ? [] : [`${scaled(Math.max(0, bytes - now.bytes), "B")} left`]),
  ].join("  ");
}

/** Why it ended, where that is no wish of the user. */
const reasons: Readonly<Record<string, string>> = {
  disconnected: "the camera was unplugged",
  "no-space": "the disk is full",
  io: "writing failed",
};

function tell(result: RecordingResult, file: string, { output, errors }: World): number {
  const { bytes, seconds, polarityEvents, triggerEvents, gaps, droppedBytes, reason, error } = result;
  const facts = [counted(polarityEvents, "event"), ...(triggerEvents > 0 ? [counted(triggerEvents, "trigger")] : [])];
  const size = `${scaled(bytes, "B")} in ${formatDuration(1e6 * seconds)}`;
  const lost = gaps === 0 ? "nothing lost" : `${counted(gaps, "gap")}, ${counted(droppedBytes, "byte")} lost`;
  output.print(`${file}: ${facts.join(", ")}, ${size}; ${lost}`);
  const failure = error?.message ?? reasons[reason];
  if (failure !== undefined) errors.print(`record: ${failure}; the file has what was written before`);
  return failure === undefined && gaps === 0 ? 0 : 1;
}

/** Raw bytes for another program. What it does not take in time is lost, and told at the end. */
function recordToOutput({ serial, virtual, seconds, bytes, file }: RecordCommandOptions, world: World) {
  return interruptible(async (signal) => {
    if (virtual) await configureVirtualBus();
    const device = await open({ libusb: virtual ? "virtual" : "system", serial, raw: true, iteratorTimeoutMs: waitMs });
    const { main } = await openSink(file);
    try {
      const { format, width, height } = device.decoderOptions;
      const fields = { serial_number: device.serial.toLowerCase(), sensor_name: device.properties.sensor };
      const header = new TextEncoder().encode(rawHeaderText({ format, geometry: { width, height }, fields }));
      await main.write(header);
      // It ends with a whole word.
      const size = bytes === undefined ? Infinity : bytes - (bytes - header.length) % wordBytes[format];
      const endMs = performance.now() + 1000 * (seconds ?? Infinity);
      const filter = new WordFilter(format, 0);
      for await (const { status, packet } of device) {
        for (const words of filter.takePacket(packet ?? new Uint8Array(0), status.gaps)) {
          await main.write(words.subarray(0, size - main.position));
        }
        if (signal.aborted || performance.now() >= endMs || main.position === size) break;
      }
      await main.close();
      const { droppedBytes } = device.statistics;
      if (droppedBytes > 0) {
        world.errors.print(`record: ${counted(droppedBytes, "byte")} lost: the reader was too slow`);
      }
      return droppedBytes > 0 ? 1 : 0;
    } catch (error) {
      await main.abort();
      throw error;
    } finally {
      device.close();
    }
  });
}
