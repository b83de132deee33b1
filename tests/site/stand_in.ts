/** A page that stands in for the viewer's: a module with a Worker, a style and a picture. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const files: Readonly<Record<string, string>> = {
  "index.html": `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="icon.svg" />
    <link rel="stylesheet" href="viewer.css" />
    <script type="module" src="main.js"></script>
  </head>
  <body></body>
</html>
`,
  "viewer.css": "body { color: rgb(1, 2, 3) }\n",
  "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  "shared.ts": 'export const answer: string = "an answer";\n',
  "main.ts": `import { answer } from "./shared.ts";
const worker = new Worker(new URL("./answering.ts", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => document.body.textContent = [answer, data].join(", ");
`,
  "answering.ts": `import { answer } from "./shared.ts";
postMessage(answer + " of a Worker");
`,
};

/** Runs with the page's folder. */
export async function withStandIn(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
