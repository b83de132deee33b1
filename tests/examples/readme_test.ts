/** The recipes of the two READMEs are what the examples run: the lines of a recipe stand in its example, in this order. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

interface Recipe {
  readonly name: string;
  readonly lines: readonly string[];
}

/** A page's recipes: each begins with a title in bold and a link to its example, and ends with code. */
function recipesOf(page: string): readonly Recipe[] {
  return read(page).split(/^(?=\*\*)/m).flatMap((text) => {
    const name = /\((?:scripts\/examples\/)?(\w+\.ts)\)/.exec(text)?.[1];
    const code = /^```ts ignore\n([^]*?)^```$/m.exec(text)?.[1];
    return name === undefined || code === undefined ? [] : [{ name, lines: linesOf(code) }];
  });
}

const recipes = recipesOf("scripts/examples/README.md");

/** What each recipe teaches, in the order of its calls, beginning with what it opens or makes. */
const taught: Readonly<Record<string, readonly string[]>> = {
  "bias_sweep.ts": ["open(", "updateConfiguration({ biases", "clearBacklog("],
  "region_of_interest.ts": ["open(", "updateConfiguration({ regionOfInterest"],
  "hot_pixels.ts": ["open(", "updateConfiguration({ pixelMask"],
  "rate_limit.ts": ["open(", "updateConfiguration({ rateLimiter"],
  "decode_bytes.ts": ["open(", "createDecoder(device.decoderOptions", "decoder.decode(", "status.gaps", "decoder.gap("],
  "worker.ts": ["open(", "new Worker(", "for await", "postMessage("],
  "two_consumers.ts": ["open(", "readable.tee("],
  "two_cameras.ts": ["listDevices(", 'clock: "external"', 'clock: "internal-with-output"'],
  "watch.ts": ["watchDevices(", 'addEventListener("connect"'],
  "record.ts": ["open(", "record(device, path", "verifyRecording("],
  "trigger_cuts.ts": ["openRecording(", "recording.triggers()", "convert(path, to, { from"],
  "notebook.ts": ["events.npz", "convert(path, to, { allowLoss"],
  "time_surface.ts": ["createAccumulator(", "accumulator.add(packet", "accumulator.image("],
  "replay.ts": ['{ kind: "recording", path }', "open("],
};

function linesOf(code: string): string[] {
  return code.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** The first of the wanted ones that does not come after those before it; undefined where all do. */
function missingIn(
  lines: readonly string[],
  wanted: readonly string[],
  has = (line: string, one: string) => line === one,
) {
  let next = 0;
  return wanted.find((one) => {
    const at = lines.findIndex((line, index) => index >= next && has(line, one));
    next = at + 1;
    return at < 0;
  });
}

test("each recipe has its place in the table of what it teaches", () => {
  assert.deepEqual(recipes.map(({ name }) => name), Object.keys(taught));
});

for (const { name, lines } of recipes) {
  test(`the recipe with ${name} is code of that example, in its order, and teaches what it is for`, () => {
    const strange = missingIn(linesOf(read(`scripts/examples/${name}`)), lines);
    assert.equal(strange, undefined, `the example has no such line, or earlier: ${strange}`);
    const forgotten = missingIn(lines, taught[name]!, (line, part) => line.includes(part));
    assert.equal(forgotten, undefined, `the recipe lacks it, or has it earlier: ${forgotten}`);
    for (const [index, line] of lines.entries()) {
      assert.ok(!(line.endsWith("{") && lines[index + 1]?.startsWith("}")), `an empty block: ${line}`);
    }
  });
}

test("the project's README has some of the recipes, as they are", () => {
  const some = recipesOf("README.md");
  assert.ok(some.length > 0);
  for (const recipe of some) assert.deepEqual(recipe, recipes.find(({ name }) => name === recipe.name));
});

test("the recipes' page links to each example", () => {
  const readme = read("scripts/examples/README.md");
  for (const name of readdirSync(new URL("scripts/examples/", root))) {
    if (name.endsWith(".ts") && name !== "worker_thread.ts") {
      assert.ok(readme.includes(`](${name})`), name);
    }
  }
});
