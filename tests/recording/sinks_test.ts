import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { MemoryFiles } from "../../src/recording/memory_sink.ts";
import "../../src/recording/file_system.ts";
import { openSink } from "../../src/recording/open_sink.ts";
import { atRandom } from "../support/random.ts";
import { test } from "../support/test.ts";

const text = (bytes: string) => new TextEncoder().encode(bytes);

/** Runs with an empty folder, and fails when something of it is left that the test does not know. */
async function inFolder(run: (folder: string) => Promise<readonly string[]>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sinks-"));
  try {
    const left = await run(folder);
    assert.deepEqual(readdirSync(folder).sort(), [...left].sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a file has its name when it is complete, and not before", {}, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a_cd.dat");
    const files = await openSink(path);
    await files.main.write(text("some bytes"));
    await files.main.writeAt(0, text("S"));
    assert.equal(files.main.position, 10);
    assert.equal(existsSync(path), false);
    assert.match(readdirSync(folder)[0]!, /^a_cd\.dat\.[0-9a-f]{8}\.part$/);
    await files.main.close();
    await files.main.close();
    await files.main.abort();
    assert.equal(readFileSync(path, "utf8"), "Some bytes");
    await assert.rejects(files.main.write(text("x")), { code: "closed", path });
    return ["a_cd.dat"];
  }));

test("what was aborted leaves nothing, and siblings lie beside the file", {}, () =>
  inFolder(async (folder) => {
    const files = await openSink(pathToFileURL(join(folder, "a_cd.dat")).href);
    const sibling = await files.sibling((name) => name.replace("_cd", "_trigger"));
    await files.main.write(text("main"));
    await sibling!.write(text("sibling"));
    await sibling!.close();
    await files.main.abort();
    await files.main.abort();
    await files.main.close();
    assert.equal(readFileSync(join(folder, "a_trigger.dat"), "utf8"), "sibling");
    return ["a_trigger.dat"];
  }));

test(
  "a file that is there is refused, when beginning and at the end, and taken the place of by force",
  {},
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.csv");
      const [first, second] = [await openSink(path), await openSink(path)];
      await first.main.write(text("first"));
      await second.main.write(text("second"));
      await first.main.close();
      await assert.rejects(second.main.close(), { code: "file-exists", path });
      await assert.rejects(openSink(path), { code: "file-exists", path });
      assert.equal(readFileSync(path, "utf8"), "first");
      assert.deepEqual(readdirSync(folder), ["a.csv"]);

      const forced = await openSink(path, { force: true });
      assert.equal(forced.main.replaces, true);
      await forced.main.write(text("third"));
      assert.equal(readFileSync(path, "utf8"), "first");
      await forced.main.close();
      assert.equal(readFileSync(path, "utf8"), "third");
      return ["a.csv"];
    }),
);

test("a link stays a link, and one that leads nowhere is refused", {
  skip: process.platform === "win32" ? "links need rights on Windows" : undefined,
}, () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "real"), "before");
    symlinkSync("real", join(folder, "link"));
    symlinkSync("nothing", join(folder, "broken"));
    await assert.rejects(openSink(join(folder, "broken")), { code: "file-exists" });
    const { main } = await openSink(join(folder, "link"), { force: true });
    await main.write(text("after"));
    await main.close();
    assert.equal(readlinkSync(join(folder, "link")), "real");
    assert.equal(readFileSync(join(folder, "real"), "utf8"), "after");
    return ["real", "link", "broken"];
  }));

test("no folder, a folder and a file as a folder are typed errors with the path", {}, () =>
  inFolder(async (folder) => {
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "file"), "");
    const nowhere = join(folder, "nowhere", "a.csv");
    await assert.rejects(openSink(""), /^RangeError: target must be the path of a file, not ""$/);
    await assert.rejects(openSink("https://example.org/a.csv"), /^RangeError: target must be a path or an URL/);
    await assert.rejects(openSink(nowhere), { code: "file-not-found", path: nowhere });
    await assert.rejects(openSink(join(folder, "sub")), { code: "io", message: /is a folder/ });
    await assert.rejects(openSink(join(folder, "sub"), { force: true }), { code: "io" });
    const inFile = join(folder, "file", "a.csv");
    await assert.rejects(openSink(inFile), { name: "NeuromorphicError", path: inFile });
    return ["sub", "file"];
  }));

const withoutFull = existsSync("/dev/full") ? undefined : "this system has no /dev/full";

test("a full disk is no space, whether the write or the close meets it", { skip: withoutFull }, async () => {
  const { main: written } = await openSink("/dev/full");
  await assert.rejects(written.write(new Uint8Array(300_000)), { code: "no-space", path: "/dev/full" });
  await written.abort();
  const { main: closed } = await openSink("/dev/full");
  await closed.write(text("few"));
  await assert.rejects(closed.close(), { code: "no-space", path: "/dev/full" });
});

test("names of 255 bytes can be written", {}, () =>
  inFolder(async (folder) => {
    const name = `${"ü".repeat(120)}${"a".repeat(11)}.dat`;
    const { main } = await openSink(join(folder, name));
    await main.close();
    return [name];
  }));

test(
  "writes of any size and place give the same bytes in a file and in memory",
  {},
  () =>
    atRandom((random) =>
      inFolder(async (folder) => {
        const memory = new MemoryFiles("a");
        const sinks = [memory.main, (await openSink(join(folder, "a"))).main];
        for (let step = 0; step < 40; step++) {
          const bytes = new Uint8Array(random.pick([0, 1, 1000, 262_143, 262_144, 262_145, 400_000])).fill(step);
          const position = random.whole(0, sinks[0]!.position);
          const fits = position + bytes.length <= sinks[0]!.position;
          const isInPlace = fits && random.chance(0.5);
          for (const sink of sinks) await (isInPlace ? sink.writeAt(position, bytes) : sink.write(bytes));
          assert.equal(sinks[0]!.position, sinks[1]!.position);
        }
        await assert.rejects(async () => await sinks[1]!.writeAt(sinks[1]!.position, text("x")), RangeError);
        for (const sink of sinks) await sink.close();
        assert.ok(readFileSync(join(folder, "a")).equals(memory.complete.get("a")!));
        return ["a"];
      })
    ),
);

test("another target is the caller's mistake, and files of a program's own are taken as they are", {}, async () => {
  const files = new MemoryFiles();
  assert.equal(await openSink(files), files);
  for (const wrong of [undefined, null, 7, {}, new ReadableStream()]) {
    await assert.rejects(openSink(wrong as never), { name: "TypeError", message: /^target must be a path/ });
  }
});

test("files in memory appear by their names when they are complete", {}, async () => {
  const files = new MemoryFiles("a_cd.dat");
  const sibling = await files.sibling((name) => name.replace("_cd", "_trigger"));
  await sibling.write(text("t"));
  await sibling.close();
  await files.main.write(text("aborted"));
  await files.main.abort();
  await files.main.close();
  assert.deepEqual([...files.complete.keys()], ["a_trigger.dat"]);
  await assert.rejects(files.main.write(text("x")), { code: "closed", path: "a_cd.dat" });
});

test("a stream gets copies in order, has no siblings and no places, and its failure is told", {}, async () => {
  const parts: Uint8Array[] = [];
  const files = await openSink(new WritableStream<Uint8Array>({ write: (bytes) => void parts.push(bytes) }));
  const bytes = text("ab");
  await files.main.write(bytes);
  bytes.fill(0);
  await files.main.write(text("c"));
  assert.equal(await files.sibling((name) => name), undefined);
  await assert.rejects(files.main.writeAt(0, bytes), { code: "unsupported", path: "stream" });
  await files.main.close();
  assert.deepEqual(parts.map((part) => new TextDecoder().decode(part)), ["ab", "c"]);

  const full = new WritableStream<Uint8Array>({
    write: () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })),
  });
  const { main } = await openSink(full);
  await assert.rejects(main.write(text("x")), { code: "no-space", path: "stream", offset: 0 });
  await main.abort();
});
