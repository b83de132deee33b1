/**
 * One of two programs that record to the same file at the same moment: `recording_rival_child.ts FOLDER NAME ROUNDS`. In
 * each round it waits for the file `go`, tells by a file whether it records, and ends its recording for the file `stop`.
 */

import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { configureVirtualBus, NeuromorphicError, open } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";

const [folder, name, rounds] = process.argv.slice(2) as [string, string, string];

/** Makes a file with its text in one step: the test reads a file as soon as there is one. */
function tell(path: string, text: string): void {
  writeFileSync(`${path}.unfinished`, text);
  renameSync(`${path}.unfinished`, path);
}

await configureVirtualBus([{ source: { kind: "sequence", intervalUs: 4 } }]);
await using device = await open({ libusb: "virtual" });
for (let round = 0; round < Number(rounds); round++) {
  const fileOf = (what: string) => join(folder, `${what}-${round}`);
  tell(fileOf(`${name}-ready`), "");
  await eventually("the beginning", () => existsSync(fileOf("go")) || undefined);
  let said = "recording";
  try {
    const recorder = device.recordTo(join(folder, "a.raw"), { force: true });
    tell(fileOf(`${name}-said`), said);
    await eventually("the end", () => existsSync(fileOf("stop")) || undefined);
    await recorder.stop();
    tell(fileOf(`${name}-stopped`), "");
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    said = error.code;
    tell(fileOf(`${name}-said`), said);
  }
}
