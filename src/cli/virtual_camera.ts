/** `virtual-camera`: serves virtual cameras over USB/IP, for any program on a Linux machine. */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { NeuromorphicError } from "../errors.ts";
import { findVirtualCameraProgram } from "../native/program.ts";
import type { Command } from "./command.ts";
import { readOptions } from "./options.ts";

/** The command. */
export const virtualCameraCommand: Command = {
  name: "virtual-camera",
  summary: "serve virtual cameras over USB/IP (Linux)",
  help: `Serves virtual cameras over USB/IP until Ctrl-C, so that any program on this
machine can open them as if they were plugged in. Linux only.

  --port N           TCP port on 127.0.0.1 (default 3240)
  --attach           plug the cameras into this machine: as root, and with the
                     kernel's module loaded (modprobe vhci-hcd)
  --count N          how many cameras, 1 to 15 (default 1)
  --serial S         of the first one, hexadecimal digits; the others count on
  --model M          evk4 (default), evk4-00f4, silkyevcam-hd,
                     silkyevcam-hd-lite, silkyevcam-vga, evk3-hd,
                     ueye-xcpe, ueye-xlse
  --recording FILE   show a RAW file in EVT3, in a loop
  --pattern          send 64-bit counters instead of events
  --rate N           bytes per second, 0 = as fast as they are fetched
  --cameras JSON     all of it as text, with faults, strings and chips

Without --attach: usbip attach --remote 127.0.0.1 --busid 1-1

Exit status: 0 after Ctrl-C, 1 if they could not be served.`,
  needsNativeCode: true,
  parse(parameters) {
    const options = readOptions(parameters, programOptions);
    const words = Object.entries(options).flatMap(([name, value]) => {
      return typeof value === "string" ? [`--${name}`, value] : [`--${name}`];
    });
    return ({ folder }) => serveVirtualCameras(words, folder);
  },
};

/** The program's own, which it reads itself; here they are checked, so that a mistake is told as with other commands. */
export const programOptions = {
  port: { type: "string" },
  attach: { type: "boolean" },
  count: { type: "string" },
  serial: { type: "string" },
  model: { type: "string" },
  recording: { type: "string" },
  pattern: { type: "boolean" },
  rate: { type: "string" },
  cameras: { type: "string" },
} as const;

/** Runs the program to its end with these parameters, and returns its exit status. */
export async function serveVirtualCameras(parameters: readonly string[], folder: string): Promise<number> {
  checkSystem();
  return await runProgram(await findVirtualCameraProgram(), parameters, folder);
}

/** Throws where the program does not run. */
export function checkSystem(): void {
  if (process.platform === "linux") return;
  const operation = "virtual-camera";
  throw new NeuromorphicError("unsupported", "it runs on Linux only, because it uses Linux's sockets", { operation });
}

/** How long this process waits for the signal that has ended the child, which may have been sent to the child alone. */
const interruptionMs = 500;

/** Runs a program on this one's streams to its end, and returns its exit status. */
function runProgram(path: string, parameters: readonly string[], folder: string): Promise<number> {
  return new Promise((settle, fail) => {
    // Ctrl-C reaches the child by itself; a signal to this process alone is handed on. The listeners come before the
    // child, which may get its signal at once.
    const handOn = (signal: NodeJS.Signals) => void child.kill(signal);
    const interrupted = new Promise<void>((resolve) => process.on("SIGINT", resolve));
    process.on("SIGTERM", handOn).on("SIGHUP", handOn);
    const child = spawn(path, parameters, { stdio: "inherit", cwd: folder });
    child.on("error", (error) => {
      fail(new NeuromorphicError("native-library", `${path} cannot be run: ${error.message}`, { cause: error }));
    });
    child.on("close", async (status, signal) => {
      // Ctrl-C may reach this process after the child's end, and Deno would end it by the signal once it is on its way out.
      if (signal === "SIGINT") await Promise.race([interrupted, setTimeout(interruptionMs)]);
      settle(status ?? (signal === "SIGINT" ? 0 : 128 + constants.signals[signal!]));
    });
  });
}
