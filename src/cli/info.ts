/** `info`: what is in a recording. */

import process from "node:process";
import {
  NeuromorphicError,
  type RecordingProgress,
  type RecordingSummary,
  summarizeRecording,
  type Verification,
  verifyRecording,
} from "../../mod.ts";
import { counted, grouped, scaled } from "./amounts.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { inOptionWords } from "./option_words.ts";
import { readOptionsAndFiles } from "./options.ts";
import { pictureStyleOf } from "./picture_style.ts";
import { withProgress } from "./progress.ts";
import { formatOf, parseGeometry, sourceOf } from "./recording_files.ts";
import { ratesInParts, sparkline } from "./sparkline.ts";
import { formatDuration, formatSeconds } from "./times.ts";

/** The command. */
export const infoCommand: Command = {
  name: "info",
  summary: "tell what is in a recording",
  help: `Reads the recording FILE (- is standard input) and tells its format, times,
events, triggers, gaps and hot pixels, the rate of the events over time as a
small diagram, and whether it is what its receipt says (see verify).

  info [OPTIONS] FILE

  --json             print an object instead of text
  --source-format F  FILE is of this format, which neither its first bytes nor
                     its name tell (convert --help lists the formats)
  --geometry WxH     size of the sensor, where FILE does not tell it: 1280x720

A pixel is called hot if it has at least 20 events, more than ten times as many
as its third busiest neighbour, and as the median pixel.

Exit status: 0 if FILE could be read to its end, whatever is in it; 1 if not.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, files: [file] } = readOptionsAndFiles(parameters, {
      json: { type: "boolean" },
      "source-format": { type: "string" },
      geometry: { type: "string" },
    }, ["FILE"]);
    const options = {
      format: formatOf("--source-format", values["source-format"]),
      geometry: parseGeometry("--geometry", values.geometry),
    };
    return (world) => info(file, options, values.json === true, world);
  },
};

type ReadOptions = Pick<Parameters<typeof summarizeRecording>[1] & object, "format" | "geometry">;

function info(file: string, options: ReadOptions, json: boolean, world: World): Promise<number> {
  return interruptible(async (signal) => {
    const source = sourceOf(file, world);
    const [summary, verification] = await withProgress(world, async (bar) => {
      const showing = (title: string) => ({ signal, onProgress: (done: RecordingProgress) => bar.update(title, done) });
      const summary = await inOptionWords(summarizeRecording(source, { ...options, ...showing("reading") }));
      const hasReceipt = typeof source === "string";
      return [summary, hasReceipt ? await checkReceipt(source, showing("checking")) : undefined] as const;
    });
    const { output, errors } = world;
    output.print(
      json ? JSON.stringify(asJson(summary, verification), undefined, 2) : asText(file, summary, verification),
    );
    if (summary.damage === undefined) return 0;
    errors.print(`info: ${summary.damage.message}`);
    return 1;
  });
}

/** What the receipt says, or why it cannot be read, which is no fault of the recording. */
type ReceiptFacts = Verification | NeuromorphicError;

async function checkReceipt(...parameters: Parameters<typeof verifyRecording>): Promise<ReceiptFacts> {
  try {
    return await verifyRecording(...parameters);
  } catch (error) {
    if (error instanceof NeuromorphicError) return error;
    throw error;
  }
}

/** What `info --json` prints. What is unknown is null; of a receipt that cannot be read, the message alone is known. */
function asJson({ damage, ...summary }: RecordingSummary, receipt: ReceiptFacts | undefined): unknown {
  const { geometry = null, first = null, last = null, rates = null, ...others } = summary;
  return {
    ...others,
    geometry,
    first,
    last,
    durationUs: first === null ? 0 : last! - first,
    rates,
    damage: damage === undefined ? null : { message: damage.message, offset: damage.offset ?? null },
    receipt: receipt instanceof NeuromorphicError ? { message: receipt.message } : receipt ?? null,
  };
}

/** As wide as a diagram is, so that a line fits 80 columns. */
const diagramWidth = 64;

/** Of hot pixels, so many are shown. */
const shownPixels = 5;

/** The facts as lines with titles. */
export function asText(file: string, summary: RecordingSummary, receipt: ReceiptFacts | undefined): string {
  const lines: [title: string, text: string][] = [
    ["format", summary.title],
    ["size", `${scaled(summary.bytes, "B")} (${counted(summary.bytes, "byte")})`],
    ...cameraLine(summary, receipt),
    ["sensor", summary.geometry === undefined ? "unknown" : `${summary.geometry.width} x ${summary.geometry.height}`],
    ...timeLines(summary),
    ...eventLines(summary),
    ...summary.triggers.map(({ id, rising, falling, pulses }): [string, string] => {
      const kinds = { rising, falling, pulses };
      const told = Object.entries(kinds).filter(([, count]) => count > 0).map(([kind, count]) =>
        `${grouped(count)} ${kind}`
      );
      return ["triggers", `input ${id}: ${told.join(", ")}`];
    }),
    ...(summary.imuEvents > 0 ? [["IMU", counted(summary.imuEvents, "sample")] as [string, string]] : []),
    ...(summary.frames > 0 ? [["frames", grouped(summary.frames)] as [string, string]] : []),
    ...gapLines(summary),
    ["hot pixels", hotPixelText(summary)],
    ...(receipt === undefined ? [] : [["receipt", receipt.message] as [string, string]]),
    ...(summary.damage === undefined ? [] : [["damage", "it could not be read to its end"] as [string, string]]),
  ];
  return [file, ...lines.map(([title, text]) => `  ${title.padEnd(11)} ${text}`)].join("\n");
}

function cameraLine({ header }: RecordingSummary, receipt: ReceiptFacts | undefined): [string, string][] {
  const { name = "", serial = "" } = receipt instanceof NeuromorphicError ? {} : receipt?.start?.camera ?? {};
  const words = [name || header.sensor_name, serial || header.serial_number].filter((word) => word);
  return words.length === 0 ? [] : [["camera", words.join(" ")]];
}

function timeLines({ first, last }: RecordingSummary): [string, string][] {
  if (first === undefined || last === undefined) return [];
  return [["time", `${formatSeconds(first)} to ${formatSeconds(last)} (${formatDuration(last - first)})`]];
}

function eventLines(
  { polarityEvents, onEvents, first, last, rates, outOfSensor }: RecordingSummary,
): [string, string][] {
  if (polarityEvents === 0 || rates === undefined) return [["events", "none"]];
  const seconds = Math.max(last! - first!, 1) / 1e6;
  const onShare = `ON ${(100 * onEvents / polarityEvents).toFixed(1)} %`;
  const parts = ratesInParts(rates, last!, diagramWidth);
  const style = pictureStyleOf(process.env, process.platform);
  const isText = style === undefined || style === "ascii";
  const mean = scaled(polarityEvents / seconds, "ev/s");
  const interval = formatDuration((last! - rates.start) / diagramWidth);
  return [
    ["events", `${grouped(polarityEvents)} (${onShare}), ${mean}`],
    ["rate", sparkline(parts, isText ? "ascii" : "utf8")],
    ["", `${interval} each, up to ${scaled(Math.max(...parts), "ev/s")}`],
    ...(outOfSensor > 0 ? [["", `${counted(outOfSensor, "event")} beyond the sensor`] as [string, string]] : []),
  ];
}

function gapLines({ gaps }: RecordingSummary): [string, string][] {
  if (gaps.length === 0) return [["gaps", "none"]];
  const missingUs = gaps.reduce((sum, { timeJumpUs }) => sum + timeJumpUs, 0);
  const first = gaps[0]!.t;
  const where = first === undefined ? "" : `; the first after ${formatSeconds(first)}`;
  return [["gaps", `${grouped(gaps.length)}, ${formatDuration(missingUs)} of the sensor's time${where}`]];
}

function hotPixelText({ hotPixels }: RecordingSummary): string {
  if (hotPixels.length === 0) return "none";
  const shown = hotPixels.slice(0, shownPixels).map(({ x, y, events }) => `(${x}, ${y}) ${grouped(events)}`);
  const more = hotPixels.length > shownPixels ? ", …" : "";
  return `${grouped(hotPixels.length)}: ${shown.join(", ")}${more}`;
}
