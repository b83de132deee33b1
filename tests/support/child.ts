import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { childLimits, watch } from "../../scripts/watchdog.ts";
import { runtime } from "./test.ts";

/** How a child process ended. */
export interface ChildResult {
  /** Exit status; null where a signal ended it, as where it hangs. */
  readonly status: number | null;
  /** Standard output, and standard error behind it. */
  readonly output: string;
  /** Standard error alone. */
  readonly errors: string;
}

/** What a child gets besides its file. */
export interface ChildOptions {
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Deno; everything by default. */
  readonly denoPermissions?: readonly string[];
  /** Under Deno and Node the child has a global function `gc`; Bun always has one of its own. */
  readonly exposesGarbageCollector?: boolean;
}

/** How to run a module in a process of its own, under this runtime. */
export function childCommand(module: URL, options: ChildOptions = {}): { command: string; parameters: string[] } {
  const { parameters = [] } = options;
  return { command: process.execPath, parameters: [...runtimeOptions(options), fileURLToPath(module), ...parameters] };
}

/** Runs a module in a process of its own, under this runtime. */
export function runChild(module: URL, options: ChildOptions = {}): Promise<ChildResult> {
  const { environment = {} } = options;
  const { command, parameters } = childCommand(module, options);
  return new Promise((settle) => {
    const child = execFile(
      command,
      parameters,
      { env: { ...process.env, NO_COLOR: "1", ...environment } },
      (_error, stdout, stderr) => {
        endWatch();
        settle({ status: child.exitCode, output: stdout + stderr, errors: stderr });
      },
    );
    const endWatch = watch(fileURLToPath(module), child.pid!, () => childLimits, () => child.kill("SIGKILL"));
  });
}

function runtimeOptions(
  { denoPermissions = ["--allow-all"], exposesGarbageCollector = false }: ChildOptions,
): string[] {
  const collector = exposesGarbageCollector ? ["--expose-gc"] : [];
  switch (runtime) {
    case "deno":
      return [
        "run",
        "--no-prompt",
        "--quiet",
        ...denoPermissions,
        ...collector.map((option) => `--v8-flags=${option}`),
      ];
    case "node":
      return collector;
    case "bun":
      return [];
  }
}
