/** The guide: a page for each example of `scripts/examples/web/`, with its text, which can be changed and run there. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { topComment } from "../arguments.ts";
import { names } from "../packages/names.ts";
import { projectDirectory } from "../project.ts";
import type { Files } from "./bundle.ts";

const folder = join(projectDirectory, "scripts", "examples", "web");

/** What the pages load. */
export const guideEntries: readonly string[] = ["guide.ts", "guide.css", "web.ts"].map((name) =>
  `src/viewer/guide/${name}`
);

/** An example, in the order of the guide. */
export interface Example {
  /** Of its file and its page. */
  readonly name: string;
  readonly title: string;
  /** Paragraphs; what stands between backticks is code. */
  readonly text: readonly string[];
  readonly code: string;
}

/** The first is what all others build on; then as they are listed. */
const first = "events";

/** Reads the examples. */
export function readExamples(): Example[] {
  return readdirSync(folder).map((file) => file.slice(0, -".ts".length))
    .sort((one, other) => one === first ? -1 : other === first ? 1 : one.localeCompare(other))
    .map((name) => exampleOf(name, readFileSync(join(folder, `${name}.ts`), "utf8")));
}

function exampleOf(name: string, source: string): Example {
  const [title = "", ...text] = topComment(source).split("\n\n");
  const code = source.slice(source.indexOf("*/") + "*/".length)
    .replace(/^\/\/\/ <reference .*$/m, "").trimStart().replace("../../../src/web/mod.ts", `${names.jsr}/web`);
  return { name, title, text: text.map((paragraph) => paragraph.replaceAll("\n", " ")), code };
}

/** The guide's pages; `assets` is the folder of the site's assets. */
export function guidePages(assets: string, examples: readonly Example[] = readExamples()): Files {
  const page = (title: string, body: string, script: string) =>
    new TextEncoder().encode(pageOf({ title, body, script, assets }));
  const list = examples.map(({ name, title }) => `<li><a href="${name}.html">${escaped(title)}</a></li>`).join("\n");
  const about =
    "<p>Each page has an example that runs in this browser, with a camera that is made in it. Change it and run it.</p>";
  return new Map([
    ["guide/index.html", page("Guide", `${about}\n<ul>\n${list}\n</ul>`, "")],
    ...examples.map((example) =>
      [`guide/${example.name}.html`, page(example.title, bodyOf(example), "guide.js")] as const
    ),
  ]);
}

function bodyOf({ text, code }: Example): string {
  const rows = code.split("\n").length;
  return `${text.map((paragraph) => `<p>${withCode(paragraph)}</p>`).join("\n")}
<textarea id="code" rows="${rows}" spellcheck="false" autocapitalize="off" autocomplete="off" aria-label="The example">
${escaped(code)}</textarea>
<p>
  <button type="button" id="run">Run</button>
  <button type="button" id="reset">As it was</button>
  <span class="hint">Ctrl + Enter runs it.</span>
</p>
<div id="picture"></div>
<pre id="output" role="log" aria-label="What it prints"></pre>`;
}

/** No inline script; the example, which its reader may change, is a module that is made in the page. */
const policy = "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

interface Page {
  readonly title: string;
  readonly body: string;
  /** Among the assets; empty for none. */
  readonly script: string;
  readonly assets: string;
}

function pageOf({ title, body, script, assets }: Page): string {
  const scripts = [script, "register.js"].filter((name) => name !== "")
    .map((name) => `<script type="module" src="../${assets}${name}"></script>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}: neuromorphic-drivers</title>
<link rel="icon" href="../${assets}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../${assets}guide.css">
${scripts.join("\n")}
</head>
<body>
<nav><a href="../">Viewer</a> <a href="./">Guide</a> <a href="../api/index.html">API</a></nav>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function withCode(text: string): string {
  return escaped(text).replace(/\`([^\`]+)\`/g, "<code>$1</code>");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
