/** What a web page loads for a `Blob`, bytes or a stream: nothing that needs a runtime with `node:` modules. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runOrThrow } from "../../scripts/commands.ts";
import { roomOf } from "../../scripts/layers/table.ts";
import { projectDirectory } from "../../scripts/project.ts";

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier?: string };
  }[];
}

test("openRecording loads no node: module before it is given a path", async () => {
  const output = await runOrThrow(Deno.execPath(), ["info", "--json", "src/recording/open_recording.ts"], {
    directory: projectDirectory,
  });
  const { roots, modules } = JSON.parse(output) as {
    readonly roots: readonly string[];
    readonly modules: readonly Module[];
  };
  const waiting = [...roots];
  const loaded = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (loaded.has(next)) continue;
    loaded.add(next);
    const { dependencies = [] } = modules.find(({ specifier }) => specifier === next) ?? {};
    for (const { code, isDynamic } of dependencies) {
      if (code?.specifier !== undefined && isDynamic !== true) waiting.push(code.specifier);
    }
  }
  assert.ok(loaded.size > 10, "the graph is walked");
  const folder = pathToFileURL(`${projectDirectory}/`).href;
  const foreign = [...loaded].filter((specifier) => roomOf(specifier.replace(folder, ""))?.isForPages !== true);
  assert.deepEqual(foreign, []);
});
