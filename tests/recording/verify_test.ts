import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { repairReceipt, verifyRecording } from "../../mod.ts";
import { gapMessage } from "../../src/recording/verification.ts";
import { atRandom, type Random } from "../support/random.ts";
import { slow, test } from "../support/test.ts";
import { headerBytes, inFolder, spreadEvents, writeRawFile } from "./testing/raw_recording.ts";

const blockBytes = 262_144;

/** Three blocks, the last of them short. */
const events = spreadEvents(80_000);

interface Sealed {
  readonly path: string;
  readonly receiptPath: string;
  readonly bytes: number;
  readonly receipt: string;
}

/** Runs with a recording of three blocks and its receipt. */
function withReceipt(run: (sealed: Sealed) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const path = writeRawFile(folder, events);
    const receiptPath = `${path}.receipt.jsonl`;
    await repairReceipt(path);
    await run({ path, receiptPath, bytes: statSync(path).size, receipt: readFileSync(receiptPath, "utf8") });
  });
}

function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

test("a receipt is made from a file that has none, and tells what is in it", slow, () =>
  inFolder(async (folder) => {
    const path = writeRawFile(folder, events);
    const before = await verifyRecording(path);
    assert.deepEqual([before.verdict, before.receiptBytes], ["no-receipt", 0]);
    const bytes = statSync(path).size;
    assert.deepEqual(await repairReceipt(path), {
      path,
      addedBytes: bytes,
      addedPolarityEvents: events.length,
      lostBytes: 0,
    });
    const shown: number[] = [];
    const found = await verifyRecording(path, { onProgress: ({ bytes }) => shown.push(bytes) });
    assert.equal(found.verdict, "complete");
    assert.deepEqual(
      [found.bytes, found.receiptBytes, found.polarityEvents, found.triggerEvents, found.endReason],
      [bytes, bytes, events.length, 0, "repaired"],
    );
    const { format, width, height, headerBytes: told, camera } = found.start!;
    assert.deepEqual([format, width, height, told, camera.serial], ["evt3", 1280, 720, headerBytes, "00050ABC"]);
    assert.deepEqual(shown, [blockBytes, 2 * blockBytes, bytes]);
  }));

test(
  "bytes that were changed are found, with the block that they are in",
  slow,
  () =>
    withReceipt(async ({ path, bytes }) => {
      changeByte(path, 2 * blockBytes + 5);
      const one = await verifyRecording(path);
      assert.equal(one.verdict, "damaged");
      assert.deepEqual(one.damage, [{ from: 2 * blockBytes, to: bytes }]);
      changeByte(path, 0);
      changeByte(path, 2 * blockBytes - 1);
      const all = await verifyRecording(path);
      assert.deepEqual(all.damage, [{ from: 0, to: bytes }]);
      assert.equal(all.message, `damaged between bytes 0 and ${bytes}`);
      await assert.rejects(repairReceipt(path), { code: "damaged", offset: 0 });
    }),
);

test(
  "a file that is longer or shorter than its receipt is told, with the bytes",
  slow,
  () =>
    withReceipt(async ({ path, bytes }) => {
      const content = readFileSync(path);
      writeFileSync(path, new Uint8Array([...content, 1, 2, 3]));
      const longer = await verifyRecording(path);
      assert.deepEqual([longer.verdict, longer.bytes - longer.receiptBytes], ["longer", 3]);
      assert.equal(longer.message, `the file goes on after its receipt, from byte ${bytes} to ${bytes + 3}`);
      // What was put behind a recording that had ended is none of it.
      await assert.rejects(repairReceipt(path), { code: "damaged", offset: bytes });
      truncateSync(path, bytes - 1);
      const shorter = await verifyRecording(path);
      assert.deepEqual([shorter.verdict, shorter.damage], ["shorter", []]);
      const { lostBytes, addedBytes } = await repairReceipt(path);
      assert.deepEqual([lostBytes, addedBytes], [1, 0]);
      assert.equal((await verifyRecording(path)).verdict, "complete");
    }),
);

test(
  "a receipt that was cut anywhere is completed to what it was",
  slow,
  () => atRandom((random) => withReceipt((sealed) => cutAndRepair(sealed, random))),
);

async function cutAndRepair({ path, receiptPath, bytes, receipt }: Sealed, random: Random): Promise<void> {
  const firstLine = receipt.indexOf("\n") + 1;
  const blockLines = (text: string) => text.split("\n").filter((line) => line.startsWith('{"kind":"block"'));
  for (let round = 0; round < 6; round++) {
    const length = random.whole(firstLine, receipt.length - 1);
    writeFileSync(receiptPath, receipt.slice(0, length));
    const cut = await verifyRecording(path);
    assert.equal(cut.verdict, cut.receiptBytes < bytes ? "longer" : "unfinished", `cut at ${length}`);
    await repairReceipt(path);
    const repaired = readFileSync(receiptPath, "utf8");
    assert.deepEqual(blockLines(repaired), blockLines(receipt), `cut at ${length}`);
    assert.equal((await verifyRecording(path)).verdict, "complete");
  }
}

test(
  "gaps are the verdict, and stay when the receipt is completed",
  slow,
  () =>
    withReceipt(async ({ path, receiptPath, receipt }) => {
      const lines = receipt.trimEnd().split("\n");
      const at = headerBytes + 8 * 37_000; // between two events, in the second block
      const gap = { kind: "gap", at, t: 4567, cause: "disk", droppedTransfers: 2, droppedBytes: 131_072 };
      const gapLine = JSON.stringify({ ...gap, timeJumpUs: 0, silenceUs: 20 });
      const end = { ...JSON.parse(lines.at(-1)!), gaps: 1, droppedBytes: 131_072 };
      writeFileSync(
        receiptPath,
        [...lines.slice(0, 2), gapLine, ...lines.slice(2, -1), JSON.stringify(end), ""].join("\n"),
      );
      const found = await verifyRecording(path);
      assert.deepEqual([found.verdict, found.message], ["gaps", "intact, with one gap"]);
      assert.equal(gapMessage(found.gaps[0]!), `at 0.004567 s (byte ${at}): 131072 bytes lost before the disk`);
      writeFileSync(receiptPath, [...lines.slice(0, 2), gapLine, ""].join("\n"));
      await repairReceipt(path);
      const repaired = await verifyRecording(path);
      assert.deepEqual([repaired.verdict, repaired.gaps], ["gaps", found.gaps]);
    }),
);

test(
  "a halt during which the sensor's clock wrapped is known where a receipt is completed",
  slow,
  () =>
    inFolder(async (folder) => {
      const silenceUs = 20e6; // 16.8 s are a wrap
      const before = spreadEvents(1000);
      const start = before.at(-1)![0] + silenceUs;
      const path = writeRawFile(folder, [...before, ...spreadEvents(1000, { start })]);
      await repairReceipt(path);
      const receiptPath = `${path}.receipt.jsonl`;
      const [startLine] = readFileSync(receiptPath, "utf8").split("\n");
      const gap = { kind: "gap", at: headerBytes + 8 * before.length, t: null, cause: "usb", timeJumpUs: 0, silenceUs };
      const gapLine = JSON.stringify({ ...gap, droppedTransfers: 1, droppedBytes: 0 });
      writeFileSync(receiptPath, `${startLine}\n${gapLine}\n`);
      await repairReceipt(path);
      const block = readFileSync(receiptPath, "utf8").split("\n").find((line) => line.startsWith('{"kind":"block"'));
      assert.equal(JSON.parse(block!).t, start + 9990);
    }),
);

test(
  "a receipt whose sums disagree, and one that is none, are damaged themselves",
  slow,
  () =>
    withReceipt(async ({ path, receiptPath, receipt }) => {
      const lines = receipt.trimEnd().split("\n");
      writeFileSync(receiptPath, [lines[0], ...lines.slice(2), ""].join("\n"));
      await assert.rejects(verifyRecording(path), { code: "damaged", path: receiptPath });
      for (const wrong of [{ polarityEvents: 1 }, { triggerEvents: 1 }, { gaps: 1 }, { bytes: 1 }]) {
        const end = { ...JSON.parse(lines.at(-1)!), ...wrong };
        writeFileSync(receiptPath, [...lines.slice(0, -1), JSON.stringify(end), ""].join("\n"));
        await assert.rejects(verifyRecording(path), { code: "damaged", path: receiptPath, message: /the sums/ });
      }
      writeFileSync(receiptPath, "no receipt\n");
      await assert.rejects(verifyRecording(path), { code: "damaged", path: receiptPath });
      rmSync(path);
      await assert.rejects(verifyRecording(path), { code: "file-not-found", path });
    }),
);

test("a receipt that cannot be read is not taken for none, and is not replaced", {}, () =>
  inFolder(async (folder) => {
    const path = writeRawFile(folder, events.slice(0, 100));
    const receiptPath = `${path}.receipt.jsonl`;
    mkdirSync(receiptPath);
    await assert.rejects(verifyRecording(path), { code: "unsupported", path: receiptPath });
    await assert.rejects(repairReceipt(path), { code: "unsupported", path: receiptPath });
  }));

test(
  "an abort ends both with its reason, and leaves the receipt as it was",
  slow,
  () =>
    withReceipt(async ({ path, receiptPath, receipt }) => {
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      await assert.rejects(verifyRecording(path, { signal }), reason);
      const cut = receipt.slice(0, receipt.indexOf("\n") + 1);
      writeFileSync(receiptPath, cut);
      await assert.rejects(repairReceipt(path, { signal }), reason);
      assert.equal(readFileSync(receiptPath, "utf8"), cut);
    }),
);
