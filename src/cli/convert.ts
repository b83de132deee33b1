/** `convert` and `cut`: a recording in another format, or a part of it. */

import {
  type Conversion,
  convert,
  type ConvertOptions,
  type ConvertProgress,
  lossesMessage,
  NeuromorphicError,
  openRecording,
  type OpenRecordingOptions,
  type RecordingSource,
} from "../../mod.ts";
import { counted } from "./amounts.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { inOptionWords } from "./option_words.ts";
import { readOptionsAndFiles } from "./options.ts";
import { withProgress } from "./progress.ts";
import { formatOf, formatsHelp, parseGeometry, sourceOf, targetOf } from "./recording_files.ts";
import { absoluteTime, parseTime, type RecordingTime } from "./times.ts";

/** The options that both commands have. */
const commonOptions = {
  format: { type: "string" },
  "source-format": { type: "string" },
  geometry: { type: "string" },
  force: { type: "boolean" },
  "allow-loss": { type: "boolean" },
} as const;

const commonHelp = `  --format F         write this format, whatever the ending of B is; of several
                     with its ending, A's or else the first is written
  --source-format F  A is of this format, which neither its first bytes nor its
                     name tell
  --geometry WxH     size of the sensor, where A does not tell it: 1280x720
  --force            overwrite B
  --allow-loss       leave out what B cannot hold and what lies behind damage of
                     A, and tell of it; otherwise nothing is written then`;

/** The command that changes the format. */
export const convertCommand: Command = {
  name: "convert",
  summary: "write a recording in another format",
  help: `Writes the recording A as B, whose ending tells the format, such as b.csv.
Either may be - for standard input and output. Times stay as they are.

  convert [OPTIONS] A B

${commonHelp}

${formatsHelp()}

Exit status: 0 if B was written, 1 if not; no part of it is left then.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, files } = readOptionsAndFiles(parameters, commonOptions, ["A", "B"]);
    return runConversion({ files, options: conversionOptions(values) });
  },
};

/** The command that takes a part. */
export const cutCommand: Command = {
  name: "cut",
  summary: "write a part of a recording",
  help: `Writes the events of the recording A from one time to another as B, in the
format of B's ending. Either may be - for standard input and output.

  cut --from T --to T [OPTIONS] A B

  --from T           the first time: 1.5s, 200ms, 300us, of the recording's own
                     clock, as info shows it; +1.5s counts from its first event
  --to T             the first time that is not wanted any more
${commonHelp}

Exit status: 0 if B was written, 1 if not; no part of it is left then.`,
  needsNativeCode: true,
  parse(parameters) {
    const options = { ...commonOptions, from: { type: "string" }, to: { type: "string" } } as const;
    const { values, files } = readOptionsAndFiles(parameters, options, ["A", "B"]);
    const [from, to] = [parseTime("--from", values.from), parseTime("--to", values.to)];
    if (from === undefined && to === undefined) throw new TypeError("--from or --to is missing");
    if (from !== undefined && to !== undefined) {
      if (from.isFromStart !== to.isFromStart) throw new TypeError("--from and --to must both have a +, or neither");
      if (from.us >= to.us) throw new RangeError("--to must be later than --from");
    }
    if (files[0] === "-" && (from?.isFromStart || to?.isFromStart)) {
      throw new TypeError("times from the first event on (+) need a file: standard input can be read only once");
    }
    return runConversion({ files, options: conversionOptions(values), from, to });
  },
};

interface Parsed {
  readonly files: readonly [a: string, b: string];
  readonly options: ConvertOptions;
  readonly from?: RecordingTime | undefined;
  readonly to?: RecordingTime | undefined;
}

function conversionOptions(values: {
  readonly format?: string | undefined;
  readonly "source-format"?: string | undefined;
  readonly geometry?: string | undefined;
  readonly force?: boolean | undefined;
  readonly "allow-loss"?: boolean | undefined;
}): ConvertOptions {
  return {
    format: formatOf("--format", values.format),
    sourceFormat: formatOf("--source-format", values["source-format"]),
    geometry: parseGeometry("--geometry", values.geometry),
    force: values.force,
    allowLoss: values["allow-loss"],
  };
}

const phases = { check: "checking", write: "writing" } as const;

function runConversion({ files: [a, b], options, from, to }: Parsed): (world: World) => Promise<number> {
  return (world) =>
    interruptible(async (signal) => {
      const source = sourceOf(a, world);
      const { sourceFormat: format, geometry } = options;
      const isFromStart = (from ?? to)?.isFromStart === true;
      const first = isFromStart ? await firstTime(source, { format, geometry, signal }) : 0;
      const times = { from: absoluteTime(from, first), to: absoluteTime(to, first) };
      const result = await withProgress(world, async (bar) => {
        const onProgress = ({ phase, ...done }: ConvertProgress) => bar.update(phases[phase], done);
        const running = convert(source, targetOf(b, world), { ...options, ...times, signal, onProgress });
        return await inOptionWords(running.catch(withDamageHint));
      });
      world.errors.print(`${b === "-" ? "standard output" : b}: ${conversionLine(result)}`);
      if (isEmpty(result) && (from ?? to)?.isFromStart === false) {
        world.errors.print(
          "nothing lies between these times of the recording's own clock (see info); +1s counts from its first event",
        );
      }
      return 0;
    });
}

/** The time of the first event. */
async function firstTime(source: RecordingSource, options: OpenRecordingOptions): Promise<number> {
  const recording = await openRecording(source, options);
  try {
    for await (const { packet: { polarityEvents, triggerEvents, imuEvents, frames } } of recording) {
      const times = [polarityEvents?.t[0], triggerEvents?.t[0], imuEvents?.t[0], frames?.[0]?.t];
      const first = Math.min(...times.map((time) => time ?? Infinity));
      if (first < Infinity) return first;
    }
    return 0;
  } finally {
    await recording.close();
  }
}

function isEmpty({ polarityEvents, triggerEvents, imuEvents, frames }: Conversion): boolean {
  return polarityEvents + triggerEvents + imuEvents + frames === 0;
}

function withDamageHint(error: unknown): never {
  if (!(error instanceof NeuromorphicError && error.code === "damaged")) throw error;
  const { code, message, path = "", offset } = error;
  const details = { path, ...(offset === undefined ? {} : { offset }), cause: error };
  throw new NeuromorphicError(code, `${message}; --allow-loss writes what comes before`, details);
}

/** What was written, and what was not. */
export function conversionLine(
  { format, polarityEvents, triggerEvents, imuEvents, frames, outOfSensor, losses, damage }: Conversion,
): string {
  const held = [
    counted(polarityEvents, "event"),
    ...(triggerEvents > 0 ? [counted(triggerEvents, "trigger")] : []),
    ...(imuEvents > 0 ? [counted(imuEvents, "IMU sample")] : []),
    ...(frames > 0 ? [counted(frames, "frame")] : []),
  ];
  const left = losses.length === 0 ? "" : `; left out: ${lossesMessage(losses)}`;
  const cut = damage === undefined ? "" : `; the source is damaged, what lies behind is lost: ${damage.message}`;
  const beyond = outOfSensor === 0 ? "" : `; left out: ${counted(outOfSensor, "event")} beyond the sensor`;
  return `${held.join(", ")} as ${format.title}${left}${beyond}${cut}`;
}
