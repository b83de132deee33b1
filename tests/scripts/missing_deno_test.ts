import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { getMissing, type Part } from "../../scripts/setup/missing.ts";
import { eventually } from "../support/eventually.ts";

/** A part that counts how often it was got. */
function part(name: string, isThere: boolean): Part & { got: number } {
  return {
    name,
    got: 0,
    isThere: () => isThere,
    get() {
      isThere = true;
      ++this.got;
      return Promise.resolve();
    },
  };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_missing_"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("only missing parts are got, under the lock", async () => {
  await inFolder(async (folder) => {
    const [there, missing] = [part("a", true), part("b", false)];
    await getMissing([there, missing], join(folder, "tools"));
    assert.deepEqual([there.got, missing.got], [0, 1]);
    assert.ok(existsSync(join(folder, "tools", "setup.lock")));
  });
});

test("where nothing is missing, nothing is written", async () => {
  await inFolder(async (folder) => {
    await getMissing([part("a", true)], join(folder, "tools"));
    assert.equal(existsSync(join(folder, "tools")), false);
  });
});

test("of two setups at once, one gets what is missing", async () => {
  await inFolder(async (folder) => {
    const missing = part("a", false);
    let looks = 0;
    const slow: Part = {
      name: "a",
      isThere: () => {
        ++looks;
        return missing.isThere();
      },
      get: async () => {
        await eventually("the other setup finds it missing, too", () => looks >= 3 ? true : undefined);
        await missing.get();
      },
    };
    await Promise.all([getMissing([slow], folder), getMissing([slow], folder)]);
    assert.equal(missing.got, 1);
  });
});

/** The tools of another user: a folder that this user may not write to, with a lock that this user may not open. */
async function runWithReadOnlyTools(isThere: boolean): Promise<{ exitStatus: number; output: string }> {
  let result = { exitStatus: -1, output: "" };
  await inFolder(async (folder) => {
    const tools = join(folder, ".tools");
    mkdirSync(tools);
    await getMissing([part("a", false)], tools);
    chmodSync(join(tools, "setup.lock"), 0o444);
    chmodSync(tools, 0o555);
    const script = `
      import { getMissing } from ${JSON.stringify(import.meta.resolve("../../scripts/setup/missing.ts"))};
      const part = { name: "koffi", isThere: () => ${isThere}, get: () => Promise.resolve() };
      try {
        await getMissing([part], ${JSON.stringify(tools)});
        console.log("everything is there");
      } catch (error) {
        console.log(error.message);
      }`;
    // Root may write everywhere, unless it gives its capabilities away.
    const asUser = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
    const [program, ...parameters] = [...asUser, Deno.execPath(), "eval", script];
    result = await runCommand(program!, parameters);
    chmodSync(tools, 0o755);
  });
  return result;
}

const skip = process.platform === "linux" ? false : "folders are made read-only as Linux does it";

test("a finished clone needs no right to write", { skip }, async () => {
  assert.deepEqual(await runWithReadOnlyTools(true), { exitStatus: 0, output: "everything is there\n" });
});

test("a user who may not write is told what is missing and who may get it", { skip }, async () => {
  const { output } = await runWithReadOnlyTools(false);
  assert.match(
    output,
    /^missing: koffi\. This user may not write to .*setup\.lock.*owner, run `npx .*task setup` once\n$/,
  );
});
