/** Recordings whose files somebody else wants, too: another recorder, a repair, another recording. */

import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { configureVirtualBus, open, openRecording, record, repairReceipt, verifyRecording } from "../../mod.ts";
import { lossesOf } from "../../src/recording/formats/raw/losses.ts";
import { openFiles } from "../../src/recording/file_source.ts";
import { parseReceipt, receiptPathOf } from "../../src/recording/receipt.ts";
import { rawFile, spreadEvents } from "../recording/testing/raw_recording.ts";
import { runChild } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { assertReceiptFits, readRecorded } from "../support/recorded.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";

async function openSequence() {
  await configureVirtualBus([{ source: { kind: "sequence", intervalUs: 4 } }]);
  return await open({ libusb: "virtual" });
}

test(
  "a second recorder of one file is refused, also with force, and the first one goes on",
  slow,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      await using device = await openSequence();
      const first = device.recordTo(path);
      await eventually("events", () => first.statistics.bytes > 6000 || undefined);
      assert.throws(() => device.recordTo(path, { force: true }), { name: "NeuromorphicError", code: "busy", path });
      await assert.rejects(record(device, path, { force: true }), { code: "busy" });
      const { bytes, countedBytes } = await first.stop();
      assert.equal(countedBytes, bytes);
      const recorded = readRecorded(path);
      assert.equal(recorded.file.length, bytes);
      await assertReceiptFits(recorded);
      await record(device, path, { force: true, bytes: 10_000 });
      await assertReceiptFits(readRecorded(path));
    }),
);

test("a file by another name of it, and a receipt that is another recording's, are refused as well", {
  ...slow,
  skip: process.platform === "win32" ? "links need rights there" : undefined,
}, () =>
  inFolder(async (folder) => {
    const [path, link] = [join(folder, "a.raw"), join(folder, "b.raw")];
    await using device = await openSequence();
    const first = device.recordTo(path);
    symlinkSync(path, link);
    assert.throws(() => device.recordTo(link, { force: true }), { code: "busy", path: link });
    assert.ok(!existsSync(receiptPathOf(link)), "nothing stays of what was refused");
    await eventually("events", () => first.statistics.bytes > 6000 || undefined);
    await first.stop();
    await assertReceiptFits(readRecorded(path));
    // Both are there; the program has named the recording.
    assert.throws(() => device.recordTo(path), { code: "file-exists", path });
  }));

test(
  "of two programs that record to one file at once, one does, and the other is told",
  slow,
  () =>
    inFolder(async (folder) => {
      const rounds = 6;
      const path = join(folder, "a.raw");
      const child = new URL("./recording_rival_child.ts", import.meta.url);
      const names = ["one", "other"];
      const ended = Promise.all(names.map((name) => runChild(child, { parameters: [folder, name, String(rounds)] })));
      for (let round = 0; round < rounds; round++) {
        const fileOf = (what: string) => join(folder, `${what}-${round}`);
        const all = (what: string) => names.every((name) => existsSync(fileOf(`${name}-${what}`))) || undefined;
        await eventually("both programs", () => all("ready"));
        // In half of the rounds neither file is there, so both programs make them.
        if (round % 2 === 1) { for (const each of [path, receiptPathOf(path)]) rmSync(each); }
        writeFileSync(fileOf("go"), "");
        await eventually("both answers", () => all("said"));
        const said = names.map((name) => readFileSync(fileOf(`${name}-said`), "utf8"));
        assert.deepEqual(said.toSorted(), ["busy", "recording"], `round ${round}`);
        writeFileSync(fileOf("stop"), "");
        const recording = names[said.indexOf("recording")]!;
        await eventually("the recording's end", () => existsSync(fileOf(`${recording}-stopped`)) || undefined);
        await assertReceiptFits(readRecorded(path));
      }
      for (const { status, output } of await ended) assert.equal(status, 0, output);
    }),
);

test("a receipt is not repaired while it is written", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await using device = await openSequence();
    const recorder = device.recordTo(path);
    await eventually("events", () => recorder.statistics.bytes > 6000 || undefined);
    await assert.rejects(repairReceipt(path), { name: "NeuromorphicError", code: "busy", path });
    const { bytes, polarityEvents } = await recorder.stop();
    assert.deepEqual(await repairReceipt(path), { path, addedBytes: 0, addedPolarityEvents: 0, lostBytes: 0 });
    const found = await verifyRecording(path);
    assert.deepEqual([found.verdict, found.bytes, found.polarityEvents], ["complete", bytes, polarityEvents]);
  }));

test(
  "the receipt of another recording is none of a file; one of an earlier version is believed",
  slow,
  () =>
    inFolder(async (folder) => {
      const [path, other] = [join(folder, "a.raw"), join(folder, "b.raw")];
      await configureVirtualBus([{ serial: "50ABC" }, { serial: "50ABD" }]);
      for (const [serial, file] of [["00050ABC", path], ["00050ABD", other]] as const) {
        await using device = await open({ libusb: "virtual", serial });
        await record(device, file, { bytes: 20_000 });
      }
      const cameraOf = async (file: string) => {
        await using recording = await openRecording(file);
        return recording.camera;
      };
      assert.equal((await cameraOf(path))?.serial, "00050ABC");
      const gap =
        '{"kind":"gap","at":9999,"t":1,"cause":"usb","droppedTransfers":1,"droppedBytes":2,"timeJumpUs":0,"silenceUs":3}';
      const [start, ...rest] = readFileSync(receiptPathOf(path), "utf8").trimEnd().split("\n");
      const receipt = [start, gap, ...rest].join("\n") + "\n";
      const lossesBeside = async (file: string) => {
        const files = await openFiles(file);
        try {
          return (await lossesOf(files)).length;
        } finally {
          await files.main.close();
        }
      };
      writeFileSync(receiptPathOf(path), receipt);
      writeFileSync(receiptPathOf(other), receipt);
      assert.equal(await lossesBeside(path), 1);
      assert.equal(await lossesBeside(other), 0);
      assert.equal((await cameraOf(other))?.serial, undefined);
      const { headerHash: _, ...old } = JSON.parse(start!);
      writeFileSync(receiptPathOf(other), [JSON.stringify(old), gap, ...rest].join("\n") + "\n");
      assert.equal(await lossesBeside(other), 1);
      assert.equal((await cameraOf(other))?.serial, "00050ABC");
      // The receipt of a recording that was killed before its first block was counted.
      writeFileSync(receiptPathOf(other), `${start}\n`);
      assert.equal((await verifyRecording(other)).verdict, "damaged");
      await assert.rejects(repairReceipt(other), { code: "damaged", offset: 0 });
      copyFileSync(receiptPathOf(other), receiptPathOf(path));
      await repairReceipt(path);
      assert.equal((await verifyRecording(path)).verdict, "complete");
    }),
);

test(
  "a loss that was not counted when the program was killed stays in the repaired receipt, with its time",
  slow,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      await configureVirtualBus([{
        source: { kind: "sequence", intervalUs: 4 },
        bytesPerSecond: 0, // a busy machine makes it lose nothing
        faults: [{ kind: "protocol-error", endpoint: 0x81, after: 1, length: 3000 }],
      }]);
      // It sends nothing, and the fault does not strike, before the recorder is there.
      await using device = await open({
        type: "prophesee-evk4",
        libusb: "virtual",
        configuration: { output: false },
      });
      const recorder = device.recordTo(path, { bytes: 300_000 });
      device.updateConfiguration({ output: true });
      await recorder.finished;
      const receiptPath = receiptPathOf(path);
      const readLosses = () => {
        const { gaps, blocks } = parseReceipt(readFileSync(receiptPath), receiptPath);
        return { losses: gaps, blocks };
      };
      const before = readLosses();
      assert.deepEqual(before.losses.map(({ cause }) => cause), ["usb"]);
      const lines = readFileSync(receiptPath, "utf8").split("\n").filter((line) => /"(start|loss)"/.test(line));
      assert.equal(lines.length, 2);
      writeFileSync(receiptPath, lines.join("\n") + "\n");
      const [gap] = (await verifyRecording(path)).gaps;
      assert.deepEqual(gap, { ...before.losses[0], t: null });
      await repairReceipt(path);
      assert.deepEqual(readLosses(), before);
      // Behind the end of a file that lost its last bytes there is no gap.
      truncateSync(path, before.losses[0]!.at - 2);
      writeFileSync(receiptPath, lines.join("\n") + "\n");
      await repairReceipt(path);
      assert.deepEqual(readLosses().losses, []);
    }),
);

test(
  "jumps of the sensor's clock that were not counted when the program was killed stay in the repaired receipt",
  slow,
  () =>
    inFolder(async (folder) => {
      const [played, path] = [join(folder, "played.raw"), join(folder, "a.raw")];
      // Half a second is missing, then 50 ms, and again each time that the camera begins anew.
      const events = [
        ...spreadEvents(20_000),
        ...spreadEvents(20_000, { start: 700_000 }),
        ...spreadEvents(20_000, { start: 950_000 }),
      ];
      writeFileSync(played, rawFile(events));
      await configureVirtualBus([{ source: { kind: "recording", path: played }, bytesPerSecond: 0 }]);
      await using device = await open({ libusb: "virtual" });
      await record(device, path, { bytes: 2_000_000 });
      const receiptPath = receiptPathOf(path);
      const recorded = parseReceipt(readFileSync(receiptPath), receiptPath);
      const jumps = recorded.gaps.filter(({ timeJumpUs }) => timeJumpUs > 0);
      assert.ok(jumps.length >= 4, `${jumps.length} jumps`);
      const lines = readFileSync(receiptPath, "utf8").trimEnd().split("\n");
      for (let kept = 1; kept < lines.length; kept++) {
        writeFileSync(receiptPath, lines.slice(0, kept).join("\n") + "\n");
        await repairReceipt(path);
        const repaired = parseReceipt(readFileSync(receiptPath), receiptPath);
        assert.deepEqual(repaired.gaps, recorded.gaps, `${kept} lines were left`);
        assert.deepEqual(repaired.blocks, recorded.blocks);
      }
      assert.equal((await verifyRecording(path)).verdict, "gaps");
    }),
);
