/**
 * Where users of the packages are played: each in an empty folder outside the clone, with the programs that a user has,
 * without privileges, with empty caches, and with a registry on this machine.
 */

import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import process from "node:process";
import { type CommandResult, runCommand, runOrThrow } from "../../scripts/commands.ts";
import { getRuntime } from "../../scripts/setup/runtimes.ts";
import { childLimits } from "../../scripts/watchdog.ts";
import { type OurTarballs, packOurs } from "./packed.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { fetchTarballs, type Tarball } from "./tarballs.ts";
import { programPackages, thirdPartyPackages } from "./third_party.ts";

/** A user that has nothing on any system. */
const unprivileged = 65534;
const isRoot = process.getuid?.() === 0;

/** Why no user can be played here; undefined where one can. */
export const obstacle: string | undefined = programPackages.length > 0
  ? undefined
  : `the programs are pinned for Linux on x64 and arm64, and this is ${process.platform} on ${process.arch}`;

/** What all users share. */
export class Workbench {
  readonly npm: Tarball;
  readonly native: Tarball;
  readonly registry: Registry;
  readonly #folder: string;
  #users = 0;

  private constructor(folder: string, ours: OurTarballs, registry: Registry) {
    this.#folder = folder;
    this.npm = ours.npm;
    this.native = ours.native;
    this.registry = registry;
  }

  /** Builds our packages, gets the programs, and starts the registry. */
  static async open(): Promise<Workbench> {
    const thirdParty = await fetchTarballs(thirdPartyPackages());
    const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_packages_"));
    chmodSync(folder, 0o755);
    const ours = await packOurs(folder);
    await installPrograms(folder, thirdParty);
    return new Workbench(folder, ours, await startRegistry([ours.npm, ours.native, ...thirdParty]));
  }

  /**
   * A user with an empty folder who has nothing but some programs and a shell. A space and a letter beyond ASCII are in
   * its path, which programs often do not expect; `npm init` takes a folder's name for that of a package, so it has no
   * such letter itself.
   */
  user(...programs: readonly ProgramSet[]): User {
    const home = join(this.#folder, `Grüße ${++this.#users}`);
    const folder = join(home, "my project");
    for (const path of [home, folder]) {
      mkdirSync(path);
      if (isRoot) chownSync(path, unprivileged, unprivileged);
    }
    return new User(home, folder, this.pathOf(...programs), this.registry.url);
  }

  /** `PATH` of a user with some programs and a shell. */
  pathOf(...programs: readonly ProgramSet[]): string {
    return [...programs, "shell"].map((set) => join(this.#folder, "bin", set)).join(delimiter);
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await this.registry.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** A user of the packages. */
export class User {
  readonly folder: string;
  readonly #environment: Record<string, string>;

  constructor(home: string, folder: string, path: string, registry: string) {
    this.folder = folder;
    this.#environment = {
      PATH: path,
      HOME: home,
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      DENO_DIR: join(home, "deno"),
      BUN_INSTALL_CACHE_DIR: join(home, "bun"),
      npm_config_cache: join(home, "npm"),
      npm_config_registry: registry,
      NPM_CONFIG_REGISTRY: registry,
      BUN_CONFIG_REGISTRY: registry,
      pnpm_config_registry: registry,
    };
  }

  /** Writes a file into the user's folder. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a program in the user's folder, with variables of the environment. */
  async try(
    [command, ...parameters]: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const variables = Object.entries({ ...this.#environment, ...environment }).map(([name, value]) =>
      `${name}=${value}`
    );
    const privileges = isRoot
      ? ["setpriv", `--reuid=${unprivileged}`, `--regid=${unprivileged}`, "--clear-groups", "--no-new-privs"]
      : [];
    const [program, ...others] = [...privileges, "env", "-i", ...variables, command, ...parameters];
    return await runCommand(program!, others, { directory: this.folder, limits: () => childLimits });
  }

  /** The same for a command that must succeed, and of which only the output matters. */
  async run(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const { exitStatus, output } = await this.try(["sh", "-c", command], environment);
    if (exitStatus === 0) return output;
    throw new Error(`\`${command}\` in ${this.folder} ended with status ${exitStatus}:\n${output}`);
  }
}

/** What a user may have. The oldest Node is that which `engines` allows; npm comes with Node. */
export type ProgramSet = "node" | "bun" | "deno" | "pnpm" | "oldest-node";

/** Puts programs where every user reaches them: the clone may lie in a folder that is closed to others. */
async function installPrograms(folder: string, thirdParty: readonly Tarball[]): Promise<void> {
  const place = (set: ProgramSet | "shell", program: string) => {
    mkdirSync(join(folder, "bin", set), { recursive: true });
    return join(folder, "bin", set, program);
  };
  linkOrCopy(await getRuntime("node"), place("node", "node"));
  linkOrCopy(await getRuntime("bun"), place("bun", "bun"));
  symlinkSync("bun", place("bun", "bunx"));
  linkOrCopy(Deno.execPath(), place("deno", "deno"));
  symlinkSync("/bin/sh", place("shell", "sh"));
  for (const [set, program, npmPackage, executable] of packagedPrograms) {
    const { name, path } = thirdParty.find(({ name }) => npmPackage.test(name))!;
    const unpacked = join(folder, basename(name));
    if (!existsSync(unpacked)) {
      mkdirSync(unpacked);
      await runOrThrow("tar", ["--extract", "--file", path, "--directory", unpacked, "--strip-components=1"]);
    }
    symlinkSync(join(unpacked, executable), place(set, program));
    chmodSync(join(unpacked, executable), 0o755);
  }
}

/** Programs that are in packages, and where. */
const packagedPrograms: readonly (readonly [ProgramSet, program: string, npmPackage: RegExp, executable: string])[] = [
  ["node", "npm", /^npm$/, "bin/npm-cli.js"],
  ["node", "npx", /^npm$/, "bin/npx-cli.js"],
  ["pnpm", "pnpm", /^@pnpm\/exe/, "pnpm"],
  ["oldest-node", "node", /^node-linux-/, "bin/node"],
];

/** Linked where both are on one file system, as programs are large, and where others may run it as it is. */
function linkOrCopy(source: string, target: string): void {
  try {
    if ((statSync(source).mode & 0o005) !== 0o005) throw new Error("its mode would have to change");
    linkSync(source, target);
  } catch {
    cpSync(source, target);
    chmodSync(target, 0o755);
  }
}
