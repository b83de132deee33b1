/** Opening recordings: kinds of sources, formats by their first bytes, options, and what cannot be opened. */

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { NeuromorphicError, openRecording, rawEvt2, rawEvt3, type RecordingSource } from "../../mod.ts";
import { test as testWith } from "../support/test.ts";
import { eventsAt, evt3File, rawFile, readAll } from "./testing/made_recording.ts";

const events = eventsAt([5, 17, 17, 4100, 60_000]);
const file = evt3File(events);

/** A folder for one test. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectCode(code: string, message: RegExp, offset?: number) {
  return (error: unknown) => {
    assert.ok(error instanceof NeuromorphicError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.equal(error.offset, offset);
    return true;
  };
}

test("a path, an URL, bytes, a Blob, a File and a stream have the same events", () =>
  withFolder(async (folder) => {
    const path = join(folder, "odd name é %20.raw");
    writeFileSync(path, file);
    const sources: readonly (readonly [RecordingSource, string])[] = [
      [path, path],
      [pathToFileURL(path), path],
      [file, "bytes"],
      [new Uint8Array([...file, 7]).subarray(0, file.length), "bytes"],
      [new Blob([file]), "blob"],
      [new File([file], "a.raw"), "a.raw"],
      [new Blob([file]).stream(), "stream"],
    ];
    for (const [source, name] of sources) {
      await using recording = await openRecording(source);
      assert.equal(recording.name, name);
      assert.equal(recording.format, rawEvt3);
      assert.deepEqual(recording.geometry, { width: 1280, height: 720 });
      assert.equal(recording.header.geometry, "1280x720");
      assert.equal(recording.camera, undefined);
      assert.deepEqual(await readAll(recording), { polarity: events, triggers: [], error: undefined }, name);
    }
  }));

test("a stream may come in pieces of any size", async () => {
  for (const size of [1, 2, 3, 7, 64]) {
    let at = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= file.length) return controller.close();
        controller.enqueue(file.slice(at, at += size));
      },
    });
    await using recording = await openRecording(stream);
    assert.deepEqual((await readAll(recording)).polarity, events);
  }
});

test("a stream that fails hands over what came before, and then throws", async () => {
  let pulls = 0;
  const cause = new Error("the wire broke");
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(new Uint8Array([...file, ...new Uint8Array(1 << 17)]));
      else controller.error(cause);
    },
  });
  const recording = await openRecording(stream);
  const { polarity, error } = await readAll(recording);
  assert.deepEqual(polarity, events);
  expectCode("io", /^stream: the stream fails/, file.length + (1 << 17))(error);
  assert.equal((error as Error).cause, cause);
});

test("the receipt beside a recording tells the camera", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.raw");
    writeFileSync(path, file);
    const start = { kind: "start", version: 1, camera: { type: "prophesee-evk4", serial: "00050ABC" } };
    writeFileSync(`${path}.receipt.jsonl`, `${JSON.stringify(start)}\n{"kind":"bl`);
    await using recording = await openRecording(path);
    assert.deepEqual(recording.camera, start.camera);
    writeFileSync(`${path}.receipt.jsonl`, "torn");
    await using other = await openRecording(path);
    assert.equal(other.camera, undefined);
  }));

test("what is no recording is refused by what it is", async () => {
  const cases: readonly (readonly [number[] | string, string, RegExp, number?])[] = [
    [[], "damaged", /^bytes: is empty/, 0],
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], "unsupported", /is a PNG image/],
    [[0x1f, 0x8b, 8, 0], "unsupported", /is compressed with gzip: unpack it first/],
    [[0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70], "unsupported", /is a video/],
    [new Array(5000).fill(0), "damaged", /begins with zeros only/, 0],
    ["% format HISTO3D;height=320;width=320\n% end\n", "unsupported", /is a RAW file of "HISTO3D"/],
    ["hello, world", "unsupported", /is no recording of a known format.*raw-evt3/],
  ];
  for (const [content, code, message, offset] of cases) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
    await assert.rejects(openRecording(bytes), expectCode(code, message, offset));
    await assert.rejects(
      openRecording(new Blob([bytes]).stream()),
      expectCode(code, new RegExp(message.source.replace("^bytes", "")), offset),
    );
  }
});

test("a file that is not there, a folder and a path through a file have their errors", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.raw");
    writeFileSync(path, file);
    await assert.rejects(
      openRecording(join(folder, "b.raw")),
      expectCode("file-not-found", /b\.raw: there is no such file/),
    );
    await assert.rejects(openRecording(folder), expectCode("unsupported", /is a folder, not a file/));
    await assert.rejects(openRecording(join(path, "c.raw")), expectCode("file-not-found", /not a folder|no such file/));
    await assert.rejects(
      openRecording(new URL("https://example.org/a.raw")),
      /^RangeError: source must be a path or an URL with "file:"/,
    );
    await assert.rejects(
      openRecording("https://example.org/a.raw"),
      /^RangeError: source must be a path or an URL with "file:" \(fetch others, .*\), not "https:\/\/example.org\/a.raw"/,
    );
    await assert.rejects(openRecording(""), /^RangeError: source must be the path of a file, not ""/);
  }));

test("a file is opened by its URL as a string, and bytes as an ArrayBuffer", () =>
  withFolder(async (folder) => {
    const path = join(folder, "ä 1.raw");
    writeFileSync(path, file);
    await using byUrl = await openRecording(pathToFileURL(path).href);
    await using byBuffer = await openRecording(file.slice().buffer);
    assert.deepEqual([byUrl.name, byUrl.geometry, byBuffer.name, byBuffer.geometry], [
      path,
      byUrl.geometry,
      "bytes",
      byUrl.geometry,
    ]);
    assert.ok(byUrl.geometry !== undefined);
    const text = inspect(byUrl).replaceAll(/\s+/g, " ");
    const { width, height } = byUrl.geometry;
    assert.ok(
      text.includes(`format: "raw-evt3", geometry: { width: ${width}, height: ${height} }, closed: false`),
      text,
    );
  }));

test("the folder of a ROS 2 bag stands for the one file in it", () =>
  withFolder(async (folder) => {
    writeFileSync(join(folder, "metadata.yaml"), "");
    await assert.rejects(openRecording(folder), expectCode("unsupported", /is a ROS 2 bag of 0 files/));
    writeFileSync(join(folder, "a_0.mcap"), file); // the first bytes tell the format
    await using recording = await openRecording(folder);
    assert.equal(recording.name, join(folder, "a_0.mcap"));
    writeFileSync(join(folder, "a_1.db3"), file);
    await assert.rejects(openRecording(folder), expectCode("unsupported", /2 files: open one of them.*, a_1\.db3/));
  }));

const isRoot = process.getuid?.() === 0 || process.platform === "win32";
testWith(
  "a file that may not be read",
  { skip: isRoot ? "root may read everything" : undefined },
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "a.raw");
      writeFileSync(path, file);
      chmodSync(path, 0);
      await assert.rejects(openRecording(path), expectCode("permission-denied", /does not allow to read it/));
    }),
);

test("mistakes in options are told by their names", async () => {
  const rejects = (options: object, message: RegExp) => assert.rejects(openRecording(file, options), message);
  await rejects({ fron: 1 }, /^TypeError: openRecording has no option "fron"; did you mean "from"/);
  await rejects({ speed: 0 }, /^RangeError: speed must be a number from 0.001 to 1000, not 0/);
  await rejects({ speed: "fast" }, /^RangeError: speed must be one of "as-fast-as-possible", not "fast"/);
  await rejects({ from: 10, to: 5 }, /^RangeError: to must be at least from \(10\), not 5/);
  await rejects(
    { format: "evt3" },
    /^TypeError: format must be a format, such as rawEvt3, which the package exports, not "evt3"/,
  );
  await rejects(
    { geometry: { width: 0, height: 5 } },
    /^RangeError: geometry.width must be a whole number from 1 to 2048/,
  );
  await assert.rejects(openRecording(5 as never), /^TypeError: source must be a path, a file: URL, a Blob/);
  await using recording = await openRecording(file);
  await assert.rejects(
    openRecording(recording as never),
    /^TypeError: source must be .*, not an object \(FileRecording\)$/,
  );
  await assert.rejects(recording.seek("1s" as never), /^TypeError: time must be a number of µs, not "1s"$/);
  const stream = new Blob([file]).stream();
  await assert.rejects(
    openRecording(stream, { loop: true }),
    /^TypeError: loop must not be given together with a stream/,
  );
  await rejects({ format: rawEvt2 }, /header says EVT3, not EVT2/);
});

test("a file without a header is opened as what the program says", async () => {
  const words = file.subarray(file.length - 5 * 6 - 3 * 2);
  await using recording = await openRecording(words, { format: rawEvt3, geometry: { width: 640, height: 480 } });
  assert.deepEqual(recording.geometry, { width: 640, height: 480 });
  assert.deepEqual((await readAll(recording)).polarity, events);
  await using unknown = await openRecording(words, { format: rawEvt3 });
  assert.equal(unknown.geometry, undefined);
  assert.deepEqual((await readAll(unknown)).polarity, events);
});

test("events beyond the sensor are left out and counted", async () => {
  await using recording = await openRecording(file, { geometry: { width: 20, height: 720 } });
  let outOfSensor = 0;
  let polarity = 0;
  for await (const { status, packet } of recording) {
    outOfSensor += status.outOfSensor;
    polarity += packet.polarityEvents?.t.length ?? 0;
  }
  assert.deepEqual({ outOfSensor, polarity }, { outOfSensor: 2, polarity: 3 });
});

test("truncated at every byte, the events before are handed over and the place is told", async () => {
  const small = evt3File(eventsAt([5, 17, 4100]));
  const headerBytes = small.length - 11 * 2;
  for (let length = 0; length < small.length; length++) {
    const bytes = small.slice(0, length);
    const isAtLineEnd = bytes.at(-1) === 0x0a;
    if (length < headerBytes && !isAtLineEnd) {
      await assert.rejects(openRecording(bytes), (error) => {
        assert.ok(error instanceof NeuromorphicError && ["damaged", "unsupported"].includes(error.code), String(error));
        return error.path === "bytes";
      });
      continue;
    }
    await using recording = await openRecording(bytes);
    const { polarity, error } = await readAll(recording);
    // The first event ends with the fourth word, the others three and, behind a time word, four words on.
    const words = Math.floor((length - headerBytes) / 2);
    assert.equal(polarity.length, [4, 7, 11].filter((end) => words >= end).length);
    if (length < headerBytes || length % 2 === headerBytes % 2) assert.equal(error, undefined);
    else expectCode("damaged", /is truncated: 1 byte is left of its last word/, length - 1)(error);
  }
});

test("words of another encoding than the header's, and words without a time", async () => {
  const evt2 = Uint32Array.from(
    { length: 4000 },
    (_, index) =>
      index % 10 === 0
        ? 0x8000_0000 | index
        : 0x1000_0000 | (index % 64) << 22 | (index * 37 % 1280) << 11 | index * 11 % 720,
  );
  await using recording = await openRecording(rawFile("% evt 3.0\n% end\n", new Uint8Array(evt2.buffer)));
  const { error } = await readAll(recording);
  expectCode("damaged", /holds no EVT3, as its header says: \d+ of 8000 words are unknown/, 16)(error);
  const timeless = rawFile("% evt 3.0\n% end\n", new Uint8Array(Uint16Array.of(0x0064, 0x2801, 0x2802).buffer));
  const { polarity, error: noTime } = await readAll(await openRecording(timeless));
  assert.deepEqual(polarity, []);
  expectCode("damaged", /has no time: none of its 3 words of EVT3 is a TIME_HIGH/, 16)(noTime);
});
