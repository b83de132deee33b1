/** What users begin with: the first script of the README, and its commands. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageReadme } from "../../scripts/packages/readme.ts";
import { projectDirectory } from "../../scripts/project.ts";

const projectReadme = () => readFileSync(join(projectDirectory, "README.md"), "utf8");

/** A command that stands in the README as it is here. */
export function readmeCommand(command: string): string {
  assert.ok(projectReadme().includes(command), `the README says how to begin: ${command}`);
  return command;
}

/** The script, importing the library by a name. It is TypeScript and JavaScript alike. */
export function firstScript(name: string): string {
  const readme = packageReadme(projectReadme(), name);
  const [, script] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? [];
  assert.ok(
    script !== undefined && script.includes(`import { open } from "${name}";`),
    "the README's first example imports the library",
  );
  return script;
}

/** Fails where the output is not that of the script, which streams from the virtual camera. */
export function assertEvents(output: string): void {
  assert.match(output, /^Prophesee EVK4 \S+$/m);
  assert.match(output, /^[1-9]\d* events, \d+\.\d ms old, \(\d+, \d+\) (ON|OFF)$/m);
}
