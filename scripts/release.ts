/**
 * deno task release -- [--dry-run] [--version X.Y.Z]
 *
 * Builds all that is published into npm-build/, checks it, and prints the commands that publish it, in their order.
 * It publishes nothing itself.
 *
 * --dry-run        without dnt, which comes from JSR: the npm package is compiled by TypeScript alone. The two give the
 *                  same files, and without --dry-run the release fails where they do not.
 * --version X.Y.Z  writes the version into the files that name it, and ends
 */

import process from "node:process";
import { readOptions } from "./arguments.ts";
import { runOrThrow } from "./commands.ts";
import { stageJsrPackage } from "./packages/jsr.ts";
import { agreedVersion, setVersion } from "./packages/version.ts";
import { say, step } from "./progress.ts";

const { "dry-run": _isDryRun, version } = readOptions(import.meta, {
  "dry-run": { type: "boolean", default: false },
  version: { type: "string" },
});

try {
  if (version === undefined) await release();
  else setVersion(version);
} catch (error) {
  say(`release: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function release(): Promise<void> {
  agreedVersion();
  const jsr = stageJsrPackage();
  await step("JSR: deno publish --dry-run", () => {
    return runOrThrow(Deno.execPath(), ["publish", "--dry-run", "--allow-dirty", "--no-check"], { directory: jsr });
  });
}
