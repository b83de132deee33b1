/**
 * `deno task build:npm`: builds the npm package in npm-build/neuromorphic-drivers.
 *
 *   --with typescript   with npm's TypeScript (default)
 *   --with dnt          with dnt, for a release; fails where its files are not those of TypeScript alone
 */

import process from "node:process";
import { readOptions } from "./arguments.ts";
import { buildNpmPackage } from "./packages/build_npm_package.ts";
import { say } from "./progress.ts";

const { with: compiler } = readOptions(import.meta, { with: { type: "string", default: "typescript" } });
if (compiler !== "typescript" && compiler !== "dnt") {
  say(`--with takes typescript or dnt, not ${compiler}`);
  process.exit(2);
}
say(`built ${await buildNpmPackage(compiler)}`);
