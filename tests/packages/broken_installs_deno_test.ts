/** Installations that are not whole: the error says what to type, and that helps. */

import assert from "node:assert/strict";
import { appendFileSync, globSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { runOrThrow } from "../../scripts/commands.ts";
import { assertEvents, firstScript } from "./first_script.ts";
import { skip, workbenchForTests } from "./open_for_tests.ts";
import type { ProgramSet, User } from "./workbench.ts";

const bench = workbenchForTests();

/** How a runtime's users install and run, and where the package of the native libraries is then. */
interface Way {
  readonly install: string;
  readonly run: string;
  /** From the user's folder, as a pattern. */
  readonly place: string;
  /** The script's name for the library. */
  readonly imported?: string;
}

const platform = `${process.platform}-${process.arch}`;
const inModules = "node_modules/neuromorphic-drivers-native";
const ways: Readonly<Partial<Record<ProgramSet, Way>>> = {
  node: { install: "npm init -y && npm install neuromorphic-drivers", run: "node first.mjs", place: inModules },
  bun: { install: "bun add neuromorphic-drivers", run: "bun first.mjs", place: inModules },
  deno: {
    install: "deno cache first.mjs",
    run: "deno run --no-prompt --allow-ffi --allow-read first.mjs",
    place: "../deno/npm/*/neuromorphic-drivers-native/*",
    imported: "npm:neuromorphic-drivers",
  },
};

async function installed(runtime: ProgramSet, install = ways[runtime]!.install): Promise<User> {
  const user = bench().user(runtime);
  user.write("first.mjs", firstScript(ways[runtime]!.imported ?? "neuromorphic-drivers"));
  await user.run(install);
  return user;
}

/** Runs the script, which fails with an error of the library that has certain words. Returns the error's message. */
async function failure(user: User, run: string, words: RegExp): Promise<string> {
  const { exitStatus, output } = await user.try(["sh", "-c", run]);
  assert.notEqual(exitStatus, 0);
  const [message] = /NeuromorphicError: [^]*?(?=\n +at |\n operation)/.exec(output) ?? [];
  assert.ok(message !== undefined, output);
  assert.match(message, words);
  return message;
}

/** What the message says to type: what stands behind its last colon, up to a comma. */
function typed(message: string): string {
  const [, command] = /(?:again|dependency): ([^,\n]+)/.exec(message) ?? [];
  assert.ok(command !== undefined, message);
  return command;
}

for (const [runtime, { run, place }] of Object.entries(ways) as [ProgramSet, Way][]) {
  test(`${runtime}: a library with a byte too many, one that is cut, one with another byte`, { skip }, async () => {
    const user = await installed(runtime);
    const damage = [
      (path: string) => appendFileSync(path, "x"),
      (path: string) => truncateSync(path, 1000),
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ];
    for (const harm of damage) {
      const [folder] = globSync(place, { cwd: user.folder });
      harm(join(user.folder, folder!, platform, "libneuromorphic_drivers.so"));
      const message = await failure(user, run, /altered \(it(s SHA-256 is| has \d+ bytes)/);
      const [, remove] = /Remove the folder (.*?) and/.exec(message) ?? [];
      if (remove !== undefined) rmSync(remove, { recursive: true });
      await user.run(typed(message));
      assertEvents(await user.run(run));
    }
  });
}

for (const runtime of ["node", "bun"] as const) {
  test(`${runtime}: no package of the native libraries, and one of another version`, { skip }, async () => {
    const { run, place } = ways[runtime]!;
    const user = await installed(runtime);
    rmSync(join(user.folder, place), { recursive: true });
    await user.run(typed(await failure(user, run, /neuromorphic-drivers-native: missing/)));
    assertEvents(await user.run(run));
    for (const name of ["index.js", "package.json"]) {
      const path = join(user.folder, place, name);
      writeFileSync(path, readFileSync(path, "utf8").replace(/0\.\d+\.\d+/, "0.0.1"));
    }
    await failure(user, run, /another version \(0\.0\.1, and \d+\.\d+\.\d+ is needed\)/);
  });
}

test("node: without optional packages there is no binary of koffi", { skip }, async () => {
  const user = await installed(
    "node",
    "npm init -y && npm install --omit=optional --ignore-scripts neuromorphic-drivers",
  );
  await user.run(typed(await failure(user, "node first.mjs", /koffi could not be loaded/)));
  assertEvents(await user.run("node first.mjs"));
});

test("node: a home and a folder that may only be read", { skip }, async () => {
  const user = await installed("node");
  const home = dirname(user.folder);
  await runOrThrow("chmod", ["-R", "a-w", home]);
  try {
    assert.notEqual((await user.try(["sh", "-c", "echo > file"])).exitStatus, 0);
    assertEvents(await user.run("node first.mjs"));
  } finally {
    await runOrThrow("chmod", ["-R", "u+w", home]);
  }
});
