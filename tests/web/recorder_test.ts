/** Recordings in a page: the file and its receipt, judged by the readers of files. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configureVirtualBus, describeVirtualBus, openRecording, verifyRecording } from "../../mod.ts";
import { open, type StreamItem, type WebRecordingResult } from "../../src/web/mod.ts";
import { parseReceipt, type Receipt } from "../../src/recording/receipt.ts";
import { eventually } from "../support/eventually.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { firstDevice, hasCode, openWith } from "./testing/opened.ts";
import { TestUsb } from "./testing/usb_device.ts";

const scene = { bytesPerSecond: 1_000_000 } as const;

/** Checks a file by its receipt and by its events; gives its bytes and the receipt. */
async function judge(
  { receipt, polarityEvents, triggerEvents, bytes, gaps }: WebRecordingResult,
  file: Uint8Array,
): Promise<{ readonly receipt: Receipt; readonly headerBytes: number }> {
  const receiptBytes = new Uint8Array(await receipt.arrayBuffer());
  assert.equal(file.length, bytes);
  await inFolder(async (folder) => {
    const path = join(folder, "page.raw");
    await writeFile(path, file);
    await writeFile(`${path}.receipt.jsonl`, receiptBytes);
    const { verdict } = await verifyRecording(path);
    assert.equal(verdict, gaps === 0 ? "complete" : "gaps");
    const recording = await openRecording(path);
    let [polarity, trigger] = [0, 0];
    for await (const { packet } of recording) {
      polarity += packet.polarityEvents?.t.length ?? 0;
      trigger += packet.triggerEvents?.t.length ?? 0;
    }
    await recording.close();
    assert.deepEqual([polarity, trigger], [polarityEvents, triggerEvents]);
  });
  const parsed = parseReceipt(receiptBytes, "receipt");
  return { receipt: parsed, headerBytes: parsed.start.headerBytes };
}

/** Whether a part of the bytes that a loop got, from a place at the beginning on, is the recording without its header. */
function isPartOf(words: Uint8Array, all: Uint8Array): boolean {
  return Buffer.from(all.buffer, all.byteOffset, all.length).includes(Buffer.from(words));
}

test("a recording is what a loop gets beside it, with a receipt that a reader finds complete", slow, async () => {
  await using usb = await TestUsb.open();
  for (const model of ["evk4", "evk3-genx320"] as const) {
    await configureVirtualBus([{ ...scene, model, triggerHz: model === "evk4" ? 500 : 0 }]);
    const device = await open(await firstDevice(usb), { usb, raw: true });
    const recorder = device.recordTo();
    const parts: Uint8Array[] = [];
    for await (const { packet } of device) {
      parts.push(packet);
      if (recorder.statistics.bytes > 600_000) break;
    }
    const result = await recorder.stop();
    for await (const { packet, status } of device) {
      parts.push(packet);
      if (status.backlog === 0) break;
    }
    await device.close();
    const file = new Uint8Array(await result.file!.arrayBuffer());
    const { headerBytes, receipt } = await judge(result, file);
    assert.ok(isPartOf(file.subarray(headerBytes), new Uint8Array(Buffer.concat(parts))));
    assert.ok(result.polarityEvents > 1000);
    assert.equal(result.reason, "stopped");
    assert.deepEqual([result.gaps, result.droppedBytes], [0, 0]);
    assert.ok(receipt.blocks.length >= 2);
    if (model === "evk4") assert.ok(result.triggerEvents > 0);
  }
});

test("a recording ends by size, time, signal and with its device, and says so", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, scene);
  const controller = new AbortController();
  const [size, time, signal, closed] = [
    device.recordTo(undefined, { bytes: 100_000 }),
    device.recordTo(undefined, { seconds: 0.2 }),
    device.recordTo(undefined, { signal: controller.signal }),
    device.recordTo(),
  ];
  const bySize = await size.finished;
  assert.equal(bySize.reason, "size");
  assert.ok(bySize.bytes <= 100_000 && bySize.bytes > 99_990, `${bySize.bytes}`);
  await judge(bySize, new Uint8Array(await bySize.file!.arrayBuffer()));
  assert.equal((await time.finished).reason, "time");
  controller.abort();
  assert.equal((await signal.finished).reason, "signal");
  await device.close();
  const byClosing = await closed.finished;
  assert.equal(byClosing.reason, "closed");
  await judge(byClosing, new Uint8Array(await byClosing.file!.arrayBuffer()));
  assert.throws(() => device.recordTo(), hasCode("closed"));
});

test("every byte since its beginning is in the file, dropped, left out or queued", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, scene);
  await eventually("a stream", () => device.statistics.bytes > 100_000 ? true : undefined);
  const before = device.statistics.bytes;
  const recorder = device.recordTo();
  await eventually("bytes", () => recorder.statistics.bytes > 200_000 ? true : undefined);
  await device.close();
  const { bytes, droppedBytes, skippedBytes, queuedBytes, receipt } = await recorder.finished;
  const { start } = parseReceipt(new Uint8Array(await receipt.arrayBuffer()), "receipt");
  const sent = (await describeVirtualBus()).cameras[0]!.bytesEmitted - before;
  assert.equal(bytes - start.headerBytes + droppedBytes + skippedBytes + queuedBytes, sent);
});

test(
  "losses of the bus are gaps of the receipt, and the file goes on with words that have their time",
  slow,
  async () => {
    await using usb = await TestUsb.open();
    const faults = [
      { kind: "protocol-error", endpoint: 0x81, after: 30, length: 1024 },
      { kind: "stall", endpoint: 0x81, after: 60 },
    ] as const;
    const device = await openWith(usb, { ...scene, faults });
    const recorder = device.recordTo();
    await eventually("both losses", () => recorder.statistics.droppedTransfers >= 2 || undefined);
    const { bytes } = recorder.statistics;
    await eventually("bytes behind them", () => recorder.statistics.bytes > bytes + 200_000 || undefined);
    const result = await recorder.stop();
    await device.close();
    const { receipt } = await judge(result, new Uint8Array(await result.file!.arrayBuffer()));
    const usbGaps = receipt.gaps.filter(({ cause }) => cause === "usb");
    assert.equal(usbGaps.length, 2);
    assert.deepEqual(usbGaps.map(({ droppedBytes }) => droppedBytes), [0, 0]);
  },
);

test("a slow target loses what does not wait, counted and marked, and the loop loses nothing", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, { bytesPerSecond: 8_000_000 });
  const written: Uint8Array[] = [];
  let go: () => void = () => {};
  const opened = new Promise<void>((resolve) => go = resolve);
  const target = new WritableStream<Uint8Array>({
    async write(bytes) {
      await opened;
      written.push(bytes);
    },
  });
  const recorder = device.recordTo(target, { bufferBytes: 1 << 20 });
  let dropped = 0;
  for await (const { status } of device as AsyncIterable<StreamItem<unknown>>) {
    dropped += status.droppedBytes;
    if (recorder.statistics.droppedBytes > 500_000) break;
  }
  go();
  await eventually("written", () => recorder.statistics.queuedBytes < 500_000 ? true : undefined);
  const result = await recorder.stop();
  await device.close();
  assert.equal(dropped, 0);
  assert.ok(result.droppedBytes > 500_000);
  const { receipt } = await judge(result, new Uint8Array(Buffer.concat(written)));
  const byDisk = receipt.gaps.filter(({ cause }) => cause === "disk");
  assert.equal(byDisk.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0), result.droppedBytes);
});

test("a target that fails ends the recording with its error, and the stream goes on", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, scene);
  let writes = 0;
  const failing = {
    name: "a.raw",
    createWritable: () =>
      Promise.resolve(
        new WritableStream<Uint8Array>({
          write() {
            if (++writes > 3) throw new DOMException("No room.", "QuotaExceededError");
          },
        }),
      ),
  };
  const { reason, error, bytes } = await device.recordTo(failing).finished;
  assert.equal(reason, "no-space");
  assert.ok(hasCode("no-space")(error));
  assert.ok(bytes > 0);
  for await (const _ of device) break;
  await device.close();
  assert.throws(() => device.recordTo("a.raw" as unknown as WritableStream<Uint8Array>), TypeError);
});
