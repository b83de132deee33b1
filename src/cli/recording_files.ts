/** Recordings that are named on the command line. */

import { resolve } from "node:path";
import process from "node:process";
import { type Geometry, type RecordingFormat, recordingFormats } from "../../mod.ts";
import { nearest } from "../nearest.ts";
import type { World } from "./command.ts";

/** What stands for standard input and output. */
const dash = "-";

/** A recording that is read: its path, or standard input for `-`. */
export function sourceOf(file: string, { folder }: Pick<World, "folder">): string | ReadableStream<Uint8Array> {
  return file === dash ? standardInput() : resolve(folder, file);
}

/** A recording that is written: its path, or `-`, which the library knows as standard output. */
export function targetOf(file: string, { folder }: Pick<World, "folder">): string {
  return file === dash ? dash : resolve(folder, file);
}

function standardInput(): ReadableStream<Uint8Array> {
  const chunks = process.stdin[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel() {
      process.stdin.destroy();
    },
  });
}

/** The format of a name; undefined stays so. Throws a `RangeError` with the names that there are. */
export function formatOf(option: string, name: string | undefined): RecordingFormat | undefined {
  if (name === undefined) return undefined;
  const found = recordingFormats.find((format) => format.name === name);
  if (found !== undefined) return found;
  const names = recordingFormats.map((format) => format.name);
  const meant = nearest(name, names);
  const help = meant === undefined ? "" : `; did you mean ${meant}?`;
  throw new RangeError(`${option} must be one of ${names.join(", ")}, not "${name}"${help}`);
}

/** The formats with their endings and what can be done with them, for a help of 80 columns. */
export function formatsHelp(): string {
  const columns = recordingFormats.map(({ name, endings, openReader, openWriter }) => {
    const can = [openReader && "read", openWriter && "write"].filter((word) => word !== undefined);
    return [name, endings.join(" "), can.join(", ")] as const;
  });
  const widths = [0, 1].map((index) => Math.max(...columns.map((cells) => cells[index]!.length)));
  return columns
    .map(([name, endings, can]) => `  ${name.padEnd(widths[0]!)}  ${endings.padEnd(widths[1]!)}  ${can}`)
    .join("\n");
}

/** The largest side of a sensor. */
const maximumSide = 2048;

/** Reads a sensor's size such as `1280x720`; undefined stays so. Throws a `RangeError` that names the option. */
export function parseGeometry(option: string, text: string | undefined): Geometry | undefined {
  if (text === undefined) return undefined;
  const [width, height] = /^([1-9]\d*)x([1-9]\d*)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (width! <= maximumSide && height! <= maximumSide) return { width: width!, height: height! };
  throw new RangeError(`${option} must be a size such as 1280x720, at most 2048x2048, not "${text}"`);
}
