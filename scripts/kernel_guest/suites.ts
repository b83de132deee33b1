/** The tests that run in the guest, under each runtime. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { countJUnit, type Counts, countsOfRun } from "../testing/counts.ts";
import { guestSharedDirectory } from "./initramfs.ts";
import { quote } from "./run.ts";

/** The runtimes, by the names of their reports. */
export const guestRuntimes = ["deno", "bun", "node"] as const;

type GuestRuntime = (typeof guestRuntimes)[number];

const testFiles = ["./tests/kernel/camera_test.ts"];

/** What a test may take in Bun, which otherwise ends it after five seconds: opening takes longer. */
const testTimeoutMs = 120_000;

/** The command that runs the tests under a runtime and leaves a JUnit report. */
function testCommand(runtime: GuestRuntime, { bun, node }: TestTools, report: string): string[] {
  switch (runtime) {
    case "deno":
      // Types are checked outside. There is no network to look for npm packages, which only Node needs.
      return [
        Deno.execPath(),
        "test",
        "--allow-all",
        "--no-check",
        "--cached-only",
        `--junit-path=${report}`,
        ...testFiles,
      ];
    case "bun": {
      const timeout = ["--timeout", String(testTimeoutMs)];
      return [bun, "test", ...timeout, "--reporter=junit", `--reporter-outfile=${report}`, ...testFiles];
    }
    case "node": {
      const spec = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
      const junit = ["--test-reporter=junit", `--test-reporter-destination=${report}`];
      // A process for each file would start slowly here.
      const oneProcess = ["--test-isolation=none", "--disable-warning=ExperimentalWarning"];
      return [node, "--test", ...oneProcess, ...spec, ...junit, ...testFiles];
    }
  }
}

/** The shell command for the guest: all suites one after the other, so that each has the processors for itself. */
export function guestCommand(tools: TestTools): string {
  const lines = guestRuntimes.map((runtime) => {
    const path = `${guestSharedDirectory}/${runtime}`;
    return `${testCommand(runtime, tools, `${path}.xml`).map(quote).join(" ")}; echo $? > ${path}.status`;
  });
  return [
    `cd ${quote(projectDirectory)} || exit 1`,
    "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    // The only folder to write to.
    "export HOME=/run TMPDIR=/run DENO_DIR=/run/deno NODE_COMPILE_CACHE=/run/node",
    "export NO_COLOR=1 DENO_NO_UPDATE_CHECK=1",
    `export NEUROMORPHIC_DRIVERS_KERNEL_GUEST=${quote(tools.bun)}`,
    ...lines,
  ].join("\n");
}

/** What a runtime's suite came to; a suite without a report has failed. */
export function readCounts(runtime: GuestRuntime, sharedDirectory: string): Counts {
  try {
    const status = Number(readFileSync(join(sharedDirectory, `${runtime}.status`), "utf8"));
    return countsOfRun(status, countJUnit(readFileSync(join(sharedDirectory, `${runtime}.xml`), "utf8")));
  } catch {
    return countsOfRun(1, undefined);
  }
}
