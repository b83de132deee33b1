/**
 * `deno task virtual-camera`: builds what is missing and serves virtual cameras over USB/IP until Ctrl-C. The options
 * are the program's own: `deno task virtual-camera -- --help`.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { withoutSeparator } from "./arguments.ts";
import { zigDirectory } from "./build_native.ts";
import { say } from "./progress.ts";
import { setUp } from "./setup.ts";

try {
  if (process.platform !== "linux") throw new Error("it runs on Linux only, because it uses Linux's sockets");
  await setUp();
  const program = join(zigDirectory, "zig-out", "bin", "neuromorphic_virtual_camera");
  const camera = spawn(program, withoutSeparator(process.argv.slice(2)), { stdio: "inherit" });
  // Ctrl-C reaches the camera by itself; a signal to this process alone is handed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => camera.kill("SIGTERM"));
  camera.on("close", (status) => process.exitCode = status ?? 0);
} catch (error) {
  say(`virtual-camera: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
