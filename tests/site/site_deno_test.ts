import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Files } from "../../scripts/site/bundle.ts";
import { siteFiles, viewFiles } from "../../scripts/site/site.ts";
import { withStandIn } from "./stand_in.ts";

function textOf(files: Files, path: string): string {
  const bytes = files.get(path);
  assert.ok(bytes !== undefined, `${path} is missing among ${[...files.keys()].join(", ")}`);
  return new TextDecoder().decode(bytes);
}

/** The folder of the assets. */
function assetsOf(files: Files): string {
  const [folder] = new Set([...files.keys()].flatMap((path) => /^assets\/[0-9a-f]{16}\//.exec(path)?.[0] ?? []));
  return folder!;
}

test("the page names its files where they are, and only by relative addresses", () =>
  withStandIn(async (page) => {
    const files = await siteFiles(page);
    const html = textOf(files, "index.html");
    const named = Array.from(html.matchAll(/(?:href|src)="([^"]*)"/g), ([, path]) => path!);
    assert.deepEqual(
      named.map((path) => path.slice(path.lastIndexOf("/") + 1)),
      ["icon.svg", "viewer.css", "main.js", "register.js"],
    );
    for (const path of named) assert.ok(files.has(path), path);
  }));

test("a Worker is bundled, too, and started by its name in the bundle", () =>
  withStandIn(async (page) => {
    const files = await siteFiles(page);
    const assets = assetsOf(files);
    assert.match(textOf(files, `${assets}main.js`), /new URL\("\.\/answering\.js",import\.meta\.url\)/);
    assert.match(textOf(files, `${assets}answering.js`), /of a Worker/);
  }));

test("a change of any file changes the folder of the assets and the service worker; nothing else does", () =>
  withStandIn(async (page) => {
    const before = await siteFiles(page);
    assert.deepEqual(await siteFiles(page), before);
    writeFileSync(join(page, "shared.ts"), 'export const answer: string = "another answer";\n');
    const after = await siteFiles(page);
    assert.notEqual(assetsOf(after), assetsOf(before));
    assert.notEqual(textOf(after, "service_worker.js"), textOf(before, "service_worker.js"));
    writeFileSync(join(page, "index.html"), '<!doctype html>\n<html lang="en">\n  <head>\n  </head>\n</html>\n');
    const other = await siteFiles(page);
    assert.equal(assetsOf(other), assetsOf(after));
    assert.notEqual(textOf(other, "service_worker.js"), textOf(after, "service_worker.js"));
  }));

test("the page of view says so, has no service worker, and a list of its files", () =>
  withStandIn(async (page) => {
    const files = await viewFiles(page);
    assert.match(textOf(files, "index.html"), /^<!doctype html>\n<html data-served-by="view" lang="en">\n/);
    assert.ok([...files.keys()].every((path) => !/register|service_worker/.test(path)));
    const listed = JSON.parse(textOf(files, "files.json")).files;
    assert.deepEqual(listed, [...files.keys()].filter((path) => path !== "files.json").sort());
  }));

test("the viewer itself is bundled without a module of node", async () => {
  for (const [path, bytes] of await siteFiles()) {
    if (!path.endsWith(".js")) continue;
    assert.doesNotMatch(new TextDecoder().decode(bytes), /(from|import)\s*\(?["']node:|\brequire\(/, path);
  }
});
