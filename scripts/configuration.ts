/** deno.json, as scripts read it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "./project.ts";

/** What the scripts read of deno.json. */
export interface ProjectConfiguration {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  /** Patterns of files, and folders without which they are published: what is published in a bundle. */
  readonly publish: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly compilerOptions: unknown;
}

/** deno.json of the clone. */
export function readConfiguration(): ProjectConfiguration {
  return JSON.parse(readFileSync(join(projectDirectory, "deno.json"), "utf8"));
}

/** The version of koffi that deno.json pins. */
export function koffiVersion(): string {
  const specifier = readConfiguration().imports.koffi ?? "";
  const version = /^npm:koffi@(\d+\.\d+\.\d+)$/.exec(specifier)?.[1];
  if (version === undefined) throw new Error(`deno.json imports "${specifier}" as koffi, and not npm:koffi@X.Y.Z`);
  return version;
}
