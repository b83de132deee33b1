/** The test suite on a real kernel: Debian's in QEMU, with this machine's files, the system's libusb and usbfs. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { getStrangersPython, type Python } from "../strangers/wheel.ts";
import { readReport, resultOfJUnit } from "../testing/junit.ts";
import type { Placement } from "../testing/placement.ts";
import { lastLines, skippedSuite, type SuiteResult, sumCounts } from "../testing/result.ts";
import { testCommand, testFiles, type TestRuntime, testRuntimes } from "../testing/runtimes.ts";
import { suiteLimits } from "../watchdog.ts";
import { guestSharedDirectory } from "./initramfs.ts";
import { getKernel, type Kernel } from "./kernel.ts";
import { ensureGuestPackages } from "./packages.ts";
import { type GuestResult, quote, runInGuestPatiently } from "./run.ts";

/** What the runtimes are told beside the files: those whose tests are skipped anywhere else. */
const guestParameters: Readonly<Record<TestRuntime, readonly string[]>> = {
  // Types are checked outside. There is no network to look for npm packages, which only Node needs.
  deno: ["--no-check", "--cached-only"],
  bun: [],
  node: [],
};

/**
 * How V8 ends now and then on the emulated processor before it says anything: by SIGTRAP, where a check of its own fails
 * ("it->second.Size() > offset"), or by SIGSEGV. Of 40 starts of Node that only imported TypeScript, 5 ended so. Then it
 * is started again, at most four times. Where a test has run, nothing is forgiven.
 */
const endsOfEngine = [128 + 5, 128 + 11].join("|");

/** Stands in what a runtime prints as soon as a test has passed or failed, for grep. */
const endOfTest = ["✔", "✖", "(pass)", "(fail)", " ok", "FAILED"].join("\\|");

/** Lines of shell that begin a command for the guest. */
export const guestEnvironment: readonly string[] = [
  "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  // The only folder to write to.
  "export HOME=/run TMPDIR=/run DENO_DIR=/run/deno NODE_COMPILE_CACHE=/run/node",
  "export NO_COLOR=1 DENO_NO_UPDATE_CHECK=1",
];

/** The shell command for the guest: all suites one after the other, so that each has the processors for itself. */
export function guestCommand(tools: TestTools, python: Python): string {
  const files = testFiles().filter((path) => path.startsWith("./tests/kernel/"));
  const lines = testRuntimes.flatMap((runtime) => {
    const path = `${guestSharedDirectory}/${runtime}`;
    const command = testCommand(runtime, tools, `${path}.xml`, files, guestParameters[runtime]);
    return [`echo ${quote(heading(runtime))}`, commandStartedAgain(command, path)];
  });
  return [
    `cd ${quote(projectDirectory)} || exit 1`,
    ...guestEnvironment,
    `export NEUROMORPHIC_DRIVERS_KERNEL_GUEST=${quote(tools.bun)}`,
    `export NEUROMORPHIC_DRIVERS_STRANGERS_PYTHON=${quote(JSON.stringify(python))}`,
    ...lines,
  ].join("\n");
}

/**
 * Shell text that runs a command, and again where its engine has ended it before any test had run. Its output is shown
 * and kept in `<path>.log`, its exit status in `<path>.status`.
 */
export function commandStartedAgain(command: readonly string[], path: string): string {
  return [
    "for attempt in 1 2 3 4 5; do",
    `{ ${command.map(quote).join(" ")} 2>&1; echo $? > ${path}.status; } | tee ${path}.log`,
    `case $(cat ${path}.status) in ${endsOfEngine}) grep -q ${quote(endOfTest)} ${path}.log || continue;; esac`,
    "break; done",
  ].join("\n");
}

/** Stands in the output above what a runtime's tests print. */
function heading(runtime: TestRuntime): string {
  return `== ${runtime} in the guest`;
}

/** What the tests came to under all runtimes. One that left no status has not come to its end. */
export function readResult({ output }: GuestResult, sharedDirectory: string): SuiteResult {
  const results = testRuntimes.map((runtime) => {
    const [status, xml] = ["status", "xml"].map((kind) => readReport(join(sharedDirectory, `${runtime}.${kind}`)));
    const printed = output.split(`${heading(runtime)}\n`)[1]?.split(/^== \w+ in the guest\n/m)[0] ?? output;
    const { counts, failures } = resultOfJUnit({ exitStatus: Number(status ?? 1), output: printed }, xml);
    return { counts, failures: failures.map((failure) => ({ ...failure, name: `${runtime}: ${failure.name}` })) };
  });
  return {
    counts: sumCounts(results.map(({ counts }) => counts)),
    failures: results.flatMap(({ failures }) => failures),
  };
}

/** The suite: Debian's kernel in QEMU. Where it cannot run, it says why and skips. */
export async function runKernelSuite(tools: TestTools, placement: Placement): Promise<SuiteResult> {
  const obstacle = await ensureGuestPackages();
  if (obstacle !== undefined) return skippedSuite(obstacle);
  let kernel: Kernel;
  try {
    kernel = await getKernel();
  } catch (error) {
    return skippedSuite(`the guest's kernel cannot be had:\n${lastLines(String(error), 6)}`);
  }
  const sharedDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_shared_"));
  try {
    const command = guestCommand(tools, await getStrangersPython());
    const result = await runInGuestPatiently(kernel, command, { sharedDirectory, limits: suiteLimits, placement });
    return "obstacle" in result ? skippedSuite(result.obstacle) : readResult(result, sharedDirectory);
  } finally {
    rmSync(sharedDirectory, { recursive: true, force: true });
  }
}
