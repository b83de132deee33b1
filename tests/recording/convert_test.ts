import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  convert,
  NeuromorphicError,
  openRecording,
  rawEvt3,
  repairReceipt,
  summarizeRecording,
  verifyRecording,
} from "../../mod.ts";
import { MemoryFiles } from "../../src/recording/memory_sink.ts";
import { test } from "../support/test.ts";
import { eventsAt, evt3File, usualHeader } from "./testing/made_recording.ts";
import { headerBytes, inFolder, rawFile, spreadEvents, writeRawFile } from "./testing/raw_recording.ts";
import { packetsIn, rowBytes, rowFormat, type RowPacket } from "./testing/row_format.ts";

const whole = rowFormat("whole");
const small = rowFormat("small", { maximumTime: 100, maximumX: 9, triggers: { maximumId: 0, pulses: false } });

const sample: readonly RowPacket[] = [
  { events: [[5, 1, 2, 1], [6, 9, 719, 0]], triggers: [[5, 0, 1]] },
  { events: [[100, 10, 3, 1], [101, 1, 1, 1]], triggers: [[50, 1, 0], [60, 0, 2]] },
];

/** A stream that comes in small parts. */
function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream();
}

test("a RAW file becomes another format with the same events", {}, async () => {
  const events = spreadEvents(3000, { start: 5000 });
  const files = new MemoryFiles("all.rows");
  const result = await convert(rawFile(events), files, { format: rowFormat("raw-rows") });
  assert.deepEqual(
    [result.polarityEvents, result.triggerEvents, result.losses, result.sourceFormat],
    [events.length, 0, [], rawEvt3],
  );
  const packets = packetsIn(files.complete.get("all.rows")!);
  assert.deepEqual(packets.flatMap(({ events = [] }) => events), events);
  assert.deepEqual(packets[0]!.geometry, { width: 1280, height: 720 });
});

test("from and to cut out the events between them, the later end not included", {}, async () => {
  const events = spreadEvents(3000);
  const files = new MemoryFiles("part.rows");
  await convert(rawFile(events), files, { format: whole, from: 1000, to: 1050 });
  assert.deepEqual(
    packetsIn(files.complete.get("part.rows")!).flatMap(({ events = [] }) => events),
    events.filter(([t]) => t >= 1000 && t < 1050),
  );
});

test("a header's t0 is in the times, and is not added to them again by the next reader", {}, async () => {
  const source = evt3File(eventsAt([5, 60_000]), usualHeader.replace("% end", "% t0 11718656\n% end"));
  const files = new MemoryFiles("part.raw");
  await convert(source, files);
  await using recording = await openRecording(files.complete.get("part.raw")!);
  assert.deepEqual(await recording.timeRange(), { first: 11_718_661, last: 11_778_656 });
});

test("what the target cannot hold is listed before anything is written", {}, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.rows");
    const phases = new Set<string>();
    const options = {
      format: small,
      sourceFormat: whole,
      onProgress: ({ phase }: { readonly phase: string }) => void phases.add(phase),
    };
    await assert.rejects(convert(rowBytes(sample), path, options), (error) => {
      assert.ok(error instanceof NeuromorphicError);
      assert.equal(error.code, "unsupported");
      assert.equal(
        error.message,
        "bytes: small cannot hold 1 event later than its largest time, 1 event beyond its largest column or row, " +
          "1 trigger of an input with a larger number, 1 trigger that is a whole pulse; `allowLoss` leaves them out",
      );
      return true;
    });
    assert.deepEqual([...phases], ["check"]);
    assert.deepEqual(readdirSync(folder), []);
    const { losses, polarityEvents, triggerEvents } = await convert(rowBytes(sample), path, {
      ...options,
      allowLoss: true,
    });
    assert.deepEqual([polarityEvents, triggerEvents], [2, 1]);
    assert.deepEqual(
      Object.fromEntries(losses.map(({ kind, count }) => [kind, count])),
      { times: 1, coordinates: 1, "trigger-ids": 1, pulses: 1 },
    );
    const [first, second] = packetsIn(readFileSync(path));
    assert.deepEqual(first, { geometry: { width: 10, height: 720 }, ...sample[0] });
    assert.deepEqual([second!.events, second!.triggers], [[], []]);
  }));

test(
  "a stream is read once: what does not fit is met on the way, and no file appears",
  {},
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.rows");
      const options = { format: small, sourceFormat: whole, geometry: { width: 10, height: 720 } };
      await assert.rejects(convert(streamOf(rowBytes(sample)), path, options), { code: "unsupported" });
      assert.deepEqual(readdirSync(folder), []);
      const { losses } = await convert(streamOf(rowBytes(sample)), path, { ...options, allowLoss: true });
      assert.equal(losses.length, 4);
      // Nothing tells how large the sensor is, before all was read.
      const without = convert(streamOf(rowBytes(sample)), join(folder, "b.rows"), {
        format: whole,
        sourceFormat: whole,
      });
      await assert.rejects(without, { code: "unsupported", message: /size is not known/ });
      assert.deepEqual(readdirSync(folder), ["a.rows"]);
    }),
);

test("marks of missing data are lost in other formats than RAW", {}, async () => {
  // The time jumps by more than one step of TIME_HIGH.
  const bytes = rawFile([...spreadEvents(2000), ...spreadEvents(2000, { start: 500_000 })]);
  await assert.rejects(convert(bytes, new MemoryFiles(), { format: whole }), {
    message: /cannot hold 1 mark of missing/,
  });
  const { losses } = await convert(bytes, new MemoryFiles(), { format: whole, allowLoss: true });
  assert.deepEqual(losses, [{ kind: "gaps", count: 1 }]);
  assert.deepEqual((await convert(bytes, new MemoryFiles(), { format: rowFormat("raw-rows") })).losses, []);
});

test(
  "gaps that only the receipt knows are lost, too, as far as they lie in the part that is wanted",
  {},
  () =>
    inFolder(async (folder) => {
      const path = writeRawFile(folder, spreadEvents(2000));
      await repairReceipt(path);
      const lines = readFileSync(`${path}.receipt.jsonl`, "utf8").trimEnd().split("\n");
      const gap = {
        kind: "gap",
        at: headerBytes + 400,
        t: 5000,
        cause: "usb",
        droppedTransfers: 1,
        droppedBytes: 8,
        timeJumpUs: 0,
      };
      lines.splice(1, 0, JSON.stringify({ ...gap, silenceUs: 0 }));
      writeFileSync(`${path}.receipt.jsonl`, lines.slice(0, -1).map((line) => `${line}\n`).join(""));
      await assert.rejects(convert(path, new MemoryFiles(), { format: whole }), { message: /cannot hold 1 mark of/ });
      const { losses } = await convert(path, new MemoryFiles(), { format: whole, allowLoss: true });
      assert.deepEqual(losses, [{ kind: "gaps", count: 1 }]);
      assert.deepEqual((await convert(path, new MemoryFiles(), { format: whole, to: 480 })).losses, []);
    }),
);

test("a file that is there stays as it is without force", {}, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.rows");
    writeFileSync(path, "mine");
    const source = writeRawFile(folder, spreadEvents(10));
    await assert.rejects(convert(source, path, { format: whole }), { code: "file-exists", path });
    assert.equal(readFileSync(path, "utf8"), "mine");
    await convert(source, path, { format: whole, force: true });
    assert.equal(packetsIn(readFileSync(path)).flatMap(({ events = [] }) => events).length, 10);
  }));

test(
  "an older receipt is refused without force, and does not vouch for a file that takes its place",
  {},
  () =>
    inFolder(async (folder) => {
      const path = writeRawFile(folder, spreadEvents(2000), "old.raw");
      await repairReceipt(path);
      const receipt = `${path}.receipt.jsonl`;
      rmSync(path);
      const source = writeRawFile(folder, spreadEvents(100));
      await assert.rejects(convert(source, path), { code: "file-exists", path: receipt });
      assert.deepEqual(readdirSync(folder).sort(), ["events.raw", "old.raw.receipt.jsonl"]);
      await convert(source, path, { force: true });
      assert.deepEqual(readdirSync(folder).sort(), ["events.raw", "old.raw"]);
      assert.equal((await verifyRecording(path)).verdict, "no-receipt");
    }),
);

test(
  "a source that breaks off leaves no file; with allowLoss all before the damage is written",
  {},
  () =>
    inFolder(async (folder) => {
      const events = spreadEvents(3000);
      const source = writeRawFile(folder, events);
      writeFileSync(source, readFileSync(source).subarray(0, -1));
      const to = join(folder, "a.rows");
      await assert.rejects(convert(source, to, { format: whole }), { code: "damaged", path: source });
      assert.deepEqual(readdirSync(folder), ["events.raw"]);
      const { damage, polarityEvents } = await convert(source, to, { format: whole, allowLoss: true });
      assert.deepEqual([damage?.code, polarityEvents], ["damaged", events.length - 1]);
      assert.deepEqual(packetsIn(readFileSync(to)).flatMap(({ events = [] }) => events), events.slice(0, -1));
    }),
);

test("an abort ends it with its reason, and leaves no file", {}, () =>
  inFolder(async (folder) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = convert(rawFile(spreadEvents(200_000)), join(folder, "a.rows"), {
      format: whole,
      signal: controller.signal,
      onProgress: ({ phase }) => phase === "write" && controller.abort(reason),
    });
    await assert.rejects(running, reason);
    assert.deepEqual(readdirSync(folder), []);
  }));

test("mistakes in options and targets are told by their names, before anything is read", {}, async () => {
  const source = join("missing", "a.raw");
  const rejects = (options: object, message: RegExp) => assert.rejects(convert(source, "b.dat", options), message);
  await rejects({ alowLoss: true }, /^TypeError: convert has no option "alowLoss"; did you mean "allowLoss"/);
  await rejects({ force: "yes" }, /^TypeError: force must be a boolean, not "yes"/);
  await rejects({ onProgress: 1 }, /^TypeError: onProgress must be a function, not 1/);
  await assert.rejects(convert(source, undefined as never), /^TypeError: target must be a path, .*, not undefined/);
  for (const to of ["", "https://example.org/b.dat", new URL("https://example.org/b.dat")]) {
    await assert.rejects(convert(source, to), /^RangeError: target must be /);
  }
  for (const call of [summarizeRecording, verifyRecording, repairReceipt]) {
    await assert.rejects(call(source, { sigal: 1 } as object), /^TypeError: \w+ has no option "sigal"; did you mean/);
  }
});

test("a name whose ending no format has is refused before anything is read", {}, async () => {
  const source = rawFile(spreadEvents(10));
  for (const to of ["events.xyz", "events", "-"]) {
    await assert.rejects(convert(source, to), { code: "unsupported" }, to);
  }
});
