/** What modules of a page may use. A bundler translates syntax, and adds no function that a browser lacks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reachedSources } from "../../scripts/packages/sources.ts";

/** Functions that one of the browsers lacks which `scripts/site/bundle.ts` names. */
const missing = new RegExp(
  [
    String.raw`\bPromise\.(withResolvers|try)\b`, // Chrome 119 and 128
    String.raw`\bURL\.(canParse|parse)\b`, // Chrome 120 and 126
    String.raw`\b(Object|Map)\.groupBy\b`, // Chrome 117
    String.raw`\bArray\.fromAsync\b`, // Chrome 121
    String.raw`\bAbortSignal\.any\b`, // Chrome 116
    String.raw`\bReadableStream\.from\b`, // no Chrome
    String.raw`\bUint8Array\.from(Base64|Hex)\b`, // Chrome 140
    String.raw`\.(values|keys|entries)\(\)\.(map|filter|flatMap|take|drop|some|every|find|reduce|toArray)\(`, // Chrome 122
  ].join("|"),
  "g",
);

test("modules of a page use no function that one of its browsers lacks", () => {
  const entries = ["src/web/mod.ts", "src/viewer/page/main.ts", "src/viewer/page/renderer/renderer_worker.ts"];
  const found = Array.from(
    reachedSources(entries),
    ([path, source]) => Array.from(source.matchAll(missing), ([name]) => `${path}: ${name}`),
  );
  assert.deepEqual(found.flat(), []);
});
