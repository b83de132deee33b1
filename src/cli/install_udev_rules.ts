/** `install-udev-rules`: lets users of a Linux machine open the cameras. */

import { execFileSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { cameras } from "../cameras/cameras.ts";
import { NeuromorphicError } from "../errors.ts";
import {
  formatUdevRules,
  reloadUdevRules,
  type UdevAccess,
  udevRulesFile,
  udevRulesFolder,
} from "../usb/udev_rules.ts";
import type { Command, World } from "./command.ts";
import { readOptions } from "./options.ts";
import { invocation, shellWord } from "./system/invocation.ts";
import { replaceFile } from "./system/replace_file.ts";

/** Where the rules are installed. */
export const installedRulesPath = `${udevRulesFolder}/${udevRulesFile}`;

/** The command. */
export const installUdevRulesCommand: Command = {
  name: "install-udev-rules",
  summary: "let users open the cameras (Linux)",
  help: `Writes udev rules that let the users who sit at this machine open the supported
cameras, and makes the system read them. That takes root; to other users the
line to type is printed. Afterwards plug the camera in again.

  --everybody     let every user and every service of the machine open them:
                  for users who log in over SSH, and systems without systemd
  --output PATH   write the rules to another file, or to standard output: -
  --dry-run       print what would be done, and do nothing

The file is ${installedRulesPath}.

Exit status: 0 if the rules are in place (or none are needed, as on macOS and
Windows), 1 if they could not be written, or the system did not read them.`,
  needsNativeCode: false,
  parse(parameters) {
    const options = readOptions(parameters, {
      everybody: { type: "boolean" },
      output: { type: "string" },
      "dry-run": { type: "boolean" },
    });
    if (options.output === "") throw new RangeError("--output must be a path, or - for standard output");
    return (world) => {
      const path = options.output === undefined ? undefined : pathFrom(world.folder, options.output);
      const access = options.everybody ? "everybody" : "seat";
      return Promise.resolve(installUdevRules({ path, access, dryRun: options["dry-run"] === true }, world));
    };
  },
};

function pathFrom(folder: string, output: string): string {
  return output === "-" ? output : resolve(folder, output);
}

/** What to install, and where. */
export interface InstallOptions {
  /** Another file than the system's; `"-"` is standard output. */
  readonly path: string | undefined;
  readonly access: UdevAccess;
  readonly dryRun: boolean;
}

/** The machine to install on. */
export interface Machine {
  readonly platform: string;
  /** The file that the system reads. */
  readonly systemPath: string;
  /** Writes a file; returns false where it was as it should be, and throws the system's error. */
  readonly write: typeof replaceFile;
  /** Makes the system read its rules again; throws where that fails. */
  readonly reload: () => void;
}

const thisMachine: Machine = {
  platform: process.platform,
  systemPath: installedRulesPath,
  write: replaceFile,
  reload() {
    const [command, ...parameters] = reloadUdevRules;
    execFileSync(command, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  },
};

/** Systems that have no udev. */
const otherSystems: Readonly<Record<string, string>> = { darwin: "macOS", win32: "Windows" };

/** Installs the rules and returns the exit status. */
export function installUdevRules(options: InstallOptions, world: World, machine: Machine = thisMachine): number {
  const { path = machine.systemPath, access, dryRun } = options;
  const { output } = world;
  const text = formatUdevRules(Object.values(cameras).flatMap(({ usbIds }) => usbIds), access);
  if (options.path === undefined && machine.platform !== "linux") {
    output.print(`${otherSystems[machine.platform] ?? machine.platform} needs no udev rules.`);
    return 0;
  }
  if (path === "-") {
    output.print(text.trimEnd());
    return 0;
  }
  const isSystem = path === machine.systemPath;
  if (dryRun) {
    output.print(`${path} would be:\n\n${text}`);
    if (isSystem) output.print(`Then as root: ${reloadUdevRules.join(" ")}`);
    return 0;
  }
  let isNew: boolean;
  try {
    isNew = machine.write(path, { text, mode: 0o644 });
  } catch (error) {
    return explain(error as NodeJS.ErrnoException, path, options, world);
  }
  output.print(isNew ? `${path} is written.` : `${path} is up to date.`);
  return isSystem ? reload(machine, world) : 0;
}

/** Why the rules could not be written, and what to type. Returns the exit status. */
function explain(error: NodeJS.ErrnoException, path: string, options: InstallOptions, { errors }: World): number {
  const { code } = error;
  if (code === "EACCES" || code === "EPERM") {
    const everybody = options.access === "everybody" ? " --everybody" : "";
    errors.print(
      `Only root may write ${path}. Type:\n\n` +
        `${invocation()} install-udev-rules${everybody} --output - | sudo tee ${shellWord(path)} >/dev/null && ` +
        `sudo ${reloadUdevRules.join(" ")}`,
    );
    return 1;
  }
  const operation = "install udev rules";
  const message = code === "ENOENT" && options.path === undefined
    ? `this system has no udev: ${dirname(path)} is missing; in a container, install them on its host`
    : `the rules cannot be written: ${error.message}`;
  const help = code === "EISDIR" ? `; give it a file: ${join(path, udevRulesFile)}` : "";
  throw new NeuromorphicError("io", message + help, { operation, cause: error });
}

/** A system without udev, as a container is, reads the rules when it has one. */
function reload({ reload }: Machine, { output, errors }: World): number {
  try {
    reload();
  } catch (error) {
    errors.print(
      `The system has not read the rules (${reloadUdevRules.join(" ")}: ${firstLine(error)}): ` +
        "start the machine again, or in a container install them on its host.",
    );
    return 1;
  }
  output.print("Plug the camera in again.");
  return 0;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1)!;
}
