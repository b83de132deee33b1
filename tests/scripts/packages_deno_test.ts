/** What is published: one version everywhere, the sources and nothing else, a README that fits its registry. */

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publishedFiles, stageJsrPackage } from "../../scripts/packages/jsr.ts";
import { entryPoints, modulesWithEffects } from "../../scripts/packages/npm_table.ts";
import { reachedSources } from "../../scripts/packages/sources.ts";
import { tarballName } from "../../scripts/packages/pack.ts";
import { packageReadme } from "../../scripts/packages/readme.ts";
import { differences } from "../../scripts/packages/reproducible.ts";
import { agreedVersion, readVersions, setVersion } from "../../scripts/packages/version.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { version } from "../../src/version.ts";
import { test } from "../support/test.ts";

async function inFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("all files name one version, which the library has", {}, () => assert.equal(agreedVersion(), version));

test("a new version is set in all files but the CHANGELOG, whose text a person writes", {}, () =>
  inFolder((folder) => {
    for (const { path } of readVersions()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(projectDirectory, path), join(folder, path));
    }
    assert.throws(() => setVersion("1.0", folder), /1\.0 is no version/);
    setVersion("9.8.7-rc.1", folder);
    assert.throws(() => agreedVersion(folder), /CHANGELOG\.md names version .*, deno\.json 9\.8\.7-rc\.1/);
    writeFileSync(join(folder, "CHANGELOG.md"), "# Changes\n\n## 9.8.7-rc.1\n\n## 0.1.0\n");
    assert.equal(agreedVersion(folder), "9.8.7-rc.1");
    assert.equal(JSON.parse(readFileSync(join(folder, "deno.json"), "utf8")).name, "@neuromorphic/drivers");
  }));

test("a README without links to what the package lacks, with the registry's name", {}, () => {
  const readme = [
    "[how](CONTRIBUTING.md), [where](https://zadig.akeo.ie), [below](#recipes)",
    "",
    "![a picture](src/cli/demo.png)",
    "",
    "**A recipe** ([events.ts](scripts/examples/events.ts))",
    "",
    "<!-- clone only -->",
    "",
    "Clone it.",
    "",
    "<!-- end -->",
    "",
    'import { open } from "@neuromorphic/drivers";',
  ].join("\n");
  assert.equal(
    packageReadme(readme, "neuromorphic-drivers"),
    [
      "how, [where](https://zadig.akeo.ie), [below](#recipes)",
      "",
      "**A recipe**",
      "",
      'import { open } from "neuromorphic-drivers";',
    ].join("\n"),
  );
});

test("the README's parts for clones are well formed, and packages say nothing of clones", {}, () => {
  const readme = readFileSync(join(projectDirectory, "README.md"), "utf8");
  for (const name of ["@neuromorphic/drivers", "neuromorphic-drivers"]) {
    const text = packageReadme(readme, name);
    assert.ok(text.includes(`import { open } from "${name}";`));
    assert.doesNotMatch(text, /<!--|From a clone|#from-a-clone|deno task|scripts\//);
  }
});

test("JSR gets the sources, and natives from npm; no test, script or Zig", {}, () =>
  inFolder(async (folder) => {
    await stageJsrPackage(folder);
    const files = publishedFiles();
    assert.ok(files.includes("mod.ts") && files.includes("ffi/locate.ts") && files.includes("LICENSE"));
    assert.deepEqual(files.filter((path) => /^(tests|scripts|zig|node_modules)\//.test(path)), []);
    for (const path of files) assert.ok(existsSync(join(folder, path)), path);
    assert.ok(existsSync(join(folder, "viewer", "index.html")));
    assert.ok(existsSync(join(folder, "src", "web", "virtual", "neuromorphic_virtual_camera.wasm")));
    const configuration = JSON.parse(readFileSync(join(folder, "deno.json"), "utf8"));
    const native = configuration.imports["neuromorphic-drivers-native"];
    assert.equal(native, `npm:neuromorphic-drivers-native@${version}`);
  }));

test("two builds differ where a file differs, is missing or is new", {}, () =>
  inFolder((folder) => {
    const [one, other] = ["one", "other"].map((name) => join(folder, name)) as [string, string];
    for (const path of [join(one, "linux-x64"), join(other, "linux-x64")]) mkdirSync(path, { recursive: true });
    for (const side of [one, other]) writeFileSync(join(side, "linux-x64", "same.so"), "same");
    assert.deepEqual(differences(one, other), []);
    writeFileSync(join(one, "linux-x64", "changed.so"), "a");
    writeFileSync(join(other, "linux-x64", "changed.so"), "b");
    writeFileSync(join(one, "missing.so"), "");
    writeFileSync(join(other, "new.so"), "");
    assert.deepEqual(differences(one, other), [join("linux-x64", "changed.so"), "missing.so", "new.so"]);
  }));

test("a tarball is named as npm pack names it", {}, () => {
  assert.equal(tarballName({ name: "@scope/made-up", version: "1.2.3" }), "scope-made-up-1.2.3.tgz");
});

test("modules that provide something are named as having an effect, so that bundlers keep them", {}, () => {
  const sources = reachedSources(entryPoints.map(({ source }) => source));
  const providers = [...sources].filter(([, source]) => /^provide[A-Z]\w+\(/m.test(source)).map(([path]) => path);
  assert.deepEqual([...modulesWithEffects].sort(), providers.sort());
});
