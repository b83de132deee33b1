import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { test as anyTest } from "node:test";
import { invocation, shellWord } from "../../../src/cli/system/invocation.ts";
import { version } from "../../../src/version.ts";
import { test } from "../../support/test.ts";

const node = { isDeno: false, isClone: false, runtimePath: "/usr/bin/node", moduleUrl: "file:///p/esm/src/cli/x.js" };
const deno = { isDeno: true, runtimePath: "/opt/deno", programPath: "/x/$deno$node.mjs" };

anyTest("a package's bin is started by its link, a module by its runtime", () => {
  assert.equal(
    invocation({ ...node, programPath: "/home/u/.npm/_npx/05b6/node_modules/.bin/neuromorphic-drivers" }),
    "/home/u/.npm/_npx/05b6/node_modules/.bin/neuromorphic-drivers",
  );
  assert.equal(invocation({ ...node, programPath: "/p/esm/src/cli/main.js" }), "/usr/bin/node /p/esm/src/cli/main.js");
});

anyTest("Deno starts a clone's script, or its package by the registry that this code is from", () => {
  assert.equal(
    invocation({ ...deno, isClone: true, programPath: "/a clone/scripts/cli.ts", moduleUrl: "file:///a%20clone/x.ts" }),
    "/opt/deno run --allow-all '/a clone/scripts/cli.ts'",
  );
  assert.equal(
    invocation({ ...deno, isClone: false, moduleUrl: `https://jsr.io/@neuromorphic/drivers/${version}/src/cli/x.ts` }),
    `/opt/deno run --allow-all jsr:@neuromorphic/drivers@${version}/cli`,
  );
  assert.equal(
    invocation({ ...deno, isClone: false, moduleUrl: "file:///cache/npm/x.js" }),
    `/opt/deno run --allow-all npm:neuromorphic-drivers@${version}`,
  );
});

const skip = process.platform === "win32" ? "there is no POSIX shell" : undefined;

test("a shell takes each word as it was", { skip }, () => {
  const words = ["plain-1.0/@x", "a b", "it's", "", "$HOME", "`id`", "ä\\n", "a;b|c&d", '"', "*"];
  const line = `printf '%s\\n' ${words.map(shellWord).join(" ")}`;
  assert.equal(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }), words.map((word) => `${word}\n`).join(""));
});
