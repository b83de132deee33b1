import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { condense } from "./transcript.ts";

/**
 * Fails unless lines are those of a file; transfers are condensed, register accesses stand as they are. With the environment variable of
 * `snapshot_test.ts`, writes it.
 */
export function assertSnapshot(path: URL, lines: readonly string[]): void {
  const condensed = condense(lines);
  if (process.env.NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS === "1") {
    mkdirSync(new URL(".", path), { recursive: true });
    writeFileSync(path, condensed.join("\n") + "\n");
  }
  const recorded = readFileSync(path, "utf-8").trimEnd().split("\n");
  const name = path.pathname.split("/").at(-1);
  condensed.forEach((line, index) => assert.equal(line, recorded[index], `line ${index + 1} of ${name}`));
  assert.equal(condensed.length, recorded.length, `number of lines of ${name}`);
}
