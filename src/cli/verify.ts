/** `verify`: whether a recording is what its receipt says. */

import { resolve } from "node:path";
import { gapMessage, type RecordingProgress, repairReceipt, type Verification, verifyRecording } from "../../mod.ts";
import { counted, scaled } from "./amounts.ts";
import type { Command, World } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { readOptionsAndFiles } from "./options.ts";
import { withProgress } from "./progress.ts";

/** The command. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "check a recording against its receipt",
  help: `Reads the recording FILE and compares it with its receipt, FILE.receipt.jsonl:
its size, and the hash of each 256 KiB. Says that it is complete, where data is
missing, where bytes were changed, or that one of the two goes on after the
other's end.

  verify [OPTIONS] FILE

  --repair   complete the receipt from the file first, after the recording's
             program was killed, or make one where there is none; bytes that
             were changed are no reason to
  --json     print an object instead of text

Exit status: 0 if FILE is complete; 1 if data is missing or was changed, if
there is no receipt, or if FILE cannot be read.`,
  needsNativeCode: true,
  parse(parameters) {
    const { values, files: [file] } = readOptionsAndFiles(
      parameters,
      { repair: { type: "boolean" }, json: { type: "boolean" } },
      ["FILE"],
    );
    if (file === "-") throw new TypeError("standard input has no receipt beside it");
    return (world) => verify(file, { repair: values.repair === true, json: values.json === true }, world);
  },
};

interface VerifyCommandOptions {
  readonly repair: boolean;
  readonly json: boolean;
}

function verify(file: string, { repair, json }: VerifyCommandOptions, world: World): Promise<number> {
  return interruptible(async (signal) => {
    const path = resolve(world.folder, file);
    const found = await withProgress(world, async (bar) => {
      const showing = (title: string) => ({
        signal,
        onProgress: (done: RecordingProgress) => bar.update(title, done),
      });
      if (repair) {
        const { addedBytes, lostBytes } = await repairReceipt(path, showing("repairing"));
        bar.clear();
        world.errors.print(repairLine(addedBytes, lostBytes));
      }
      return await verifyRecording(path, showing("checking"));
    });
    world.output.print(json ? JSON.stringify(found, undefined, 2) : `${file}: ${verificationText(found)}`);
    return found.verdict === "complete" ? 0 : 1;
  });
}

function repairLine(addedBytes: number, lostBytes: number): string {
  if (addedBytes > 0) return `the receipt now tells of ${counted(addedBytes, "more byte", "more bytes")}`;
  if (lostBytes > 0) return `the receipt no longer tells of ${counted(lostBytes, "byte")} that the file does not have`;
  return "the receipt told of each byte already";
}

/** What to do about it. */
const advice: Readonly<Partial<Record<Verification["verdict"], string>>> = {
  "no-receipt": "verify --repair makes one from the file",
  shorter: "verify --repair shortens the receipt",
  longer: "verify --repair completes the receipt, where a killed program left it so",
  unfinished: "verify --repair completes the receipt of a killed program",
};

/** What was found, for people: a sentence, the facts, a line for each gap. */
export function verificationText(found: Verification): string {
  const { verdict, message, gaps, start, bytes, polarityEvents, triggerEvents } = found;
  const facts = [scaled(bytes, "B"), counted(polarityEvents, "event")];
  if (triggerEvents > 0) facts.push(counted(triggerEvents, "trigger"));
  const camera = start === undefined ? "" : [start.camera.name, start.camera.serial].filter((word) => word).join(" ");
  if (camera !== "") facts.push(camera);
  const hint = advice[verdict];
  return [
    message,
    ...(start === undefined ? [] : [`  ${facts.join(", ")}`]),
    ...gaps.map((gap) => `  ${gapMessage(gap)}`),
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ].join("\n");
}
