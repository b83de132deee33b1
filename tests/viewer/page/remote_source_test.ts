import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configureVirtualBus, createDecoder, type Packet, verifyRecording } from "../../../mod.ts";
import type { Status } from "../../../src/packets/status.ts";
import { LiveDecoder, type RawItem } from "../../../src/viewer/page/renderer/live_decoder.ts";
import type { RecordedInput } from "../../../src/viewer/page/renderer/messages.ts";
import { openRecorded } from "../../../src/viewer/page/renderer/open_input.ts";
import type { ViewerSource } from "../../../src/viewer/page/source.ts";
import { RemoteFile } from "../../../src/viewer/page/sources/remote_file.ts";
import { openRemoteSource } from "../../../src/viewer/page/sources/remote_source.ts";
import { RemoteStream } from "../../../src/viewer/page/sources/remote_stream.ts";
import { RecordingFile } from "../../../src/viewer/server/recording_file.ts";
import { serveViewer } from "../../../src/viewer/server/server.ts";
import { encodeHeader, type StreamHeader } from "../../../src/viewer/wire.ts";
import { eventually } from "../../support/eventually.ts";
import { slow, test } from "../../support/test.ts";
import { type ServedCamera, withCamera, withSite } from "../testing/served.ts";

/** An event each 16 µs that tells its own place: one that is missing, doubled or wrong shows. */
const sequence = { source: { kind: "sequence", intervalUs: 16 }, bytesPerSecond: 1_000_000 } as const;

const noRecording = () => assert.fail("it is a camera");

/** What a Worker makes of an item's bytes: its status, and packets of each part that no gap cuts. */
async function makeReader() {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const live = new LiveDecoder(decoder);
  return (item: RawItem) => {
    const parts: Packet[][] = [];
    const status = live.read(item, (bytes) => void parts.push([...decoder.decode(bytes)]));
    return { status, parts };
  };
}

async function withSource(
  use: (source: ViewerSource, served: ServedCamera) => Promise<void>,
): Promise<void> {
  await withCamera(sequence, async (served) => {
    const source = await openRemoteSource(served.server.url, noRecording);
    try {
      await use(source, served);
    } finally {
      await source.close();
    }
  });
}

test(
  "each event of the camera comes to the page, once and in order, also over two loops",
  slow,
  () =>
    withSource(async (source) => {
      let next: number | undefined;
      let events = 0;
      const read = await makeReader();
      const check = ({ polarityEvents }: Packet, { currentTime }: Status) => {
        const { t, x } = polarityEvents!;
        for (let index = 0; index < t.length; index++) {
          next ??= t[index]!;
          assert.equal(t[index], next);
          assert.equal(x[index], (next / 16) % (2 ** 20 / 16) % 1280);
          next += 16;
        }
        events += t.length;
        assert.ok(currentTime! >= t[t.length - 1]!);
      };
      for (const goal of [50_000, 100_000]) {
        for await (const item of source.live!.items) {
          const { status, parts } = read(item);
          assert.deepEqual([status.droppedBytes, status.outOfSensor, status.timeDiscontinuities], [0, 0, 0]);
          for (const packet of parts.flat()) check(packet, status);
          if (events > goal) break;
        }
      }
      const { bytes, droppedBytes } = source.statistics!();
      assert.ok(bytes > events * 2, `${bytes} bytes`);
      assert.equal(droppedBytes, 0);
    }),
);

test(
  "a page that was busy comes back to the present; what it left out is counted, and marked where it is missing",
  slow,
  () =>
    withSource(async (source, { device }) => {
      let next: number | undefined;
      let [lost, shown, isBusy] = [0, 0, true];
      const read = await makeReader();
      for await (const item of source.live!.items) {
        const { status, parts } = read(item);
        lost += status.gaps.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0);
        shown += status.bytes;
        assert.equal(source.statistics!().bytes, shown);
        assert.equal(source.statistics!().droppedBytes, lost);
        for (const packets of parts) {
          if (status.gaps.length > 0) next = undefined;
          for (const t of packets.flatMap(({ polarityEvents }) => Array.from(polarityEvents!.t))) {
            if (next !== undefined) assert.equal(t, next, "what is missing is marked");
            next = t + 16;
          }
        }
        const { bytes } = device.statistics;
        if (isBusy && shown > 100_000) {
          // Nothing waits at the server: system and page have room for this.
          await eventually("two seconds' data", () => device.statistics.bytes > bytes + 2_000_000 || undefined);
          isBusy = false;
        }
        assert.ok(shown < 3_000_000, "it shows the past");
        if (lost > 0 && status.delayMs < 500 && parts.length > 0) break;
      }
      assert.ok(lost > 500_000, `${lost} bytes left out`);
    }),
);

test(
  "the page tells what it shows, and has the camera's controls",
  slow,
  () =>
    withSource(async (source, { device }) => {
      assert.deepEqual([source.kind, source.name], ["remote", "Prophesee EVK4 (virtual)"]);
      assert.deepEqual(source.properties, { width: 1280, height: 720, sensor: "Prophesee/Sony IMX636" });
      assert.equal(source.details[0], "00000001");
      const controls = source.controls!;
      assert.equal(controls.type, "prophesee-evk4");
      await controls.update({ biases: { diffOn: 7 } });
      assert.equal((controls.configuration().biases as { diffOn: number }).diffOn, 7);
      assert.deepEqual(controls.configuration(), JSON.parse(JSON.stringify(device.configuration)));
      const diffOn = (await controls.biases()).find(({ name }) => name === "diffOn")!;
      assert.equal(diffOn.value, 7);
      assert.ok(diffOn.minimum < 0 && diffOn.maximum > 7);
      const [temperature] = await controls.measure!();
      assert.equal(temperature!.unit, "°C");
      await assert.rejects(controls.update({ biases: { diffOn: 1e9 } }), RangeError);
      await assert.rejects(controls.update({ biasse: {} }), { name: "TypeError", message: /did you mean "biases"/ });
    }),
);

test(
  "a change that another page makes is known here, once its message was read",
  slow,
  () =>
    withSource(async (source, { session }) => {
      const diffOn = () => (source.controls!.configuration().biases as { diffOn: number }).diffOn;
      let items = 0;
      for await (const _ of source.live!.items) {
        if (++items === 2) session.updateConfiguration({ biases: { diffOn: 9 } });
        if (diffOn() === 9) break;
      }
    }),
);

test("a recording is made on the computer, and is complete", slow, () =>
  withSource(async (source, { folder }) => {
    const recorder = await source.record!();
    await assert.rejects(source.record!(), { code: "busy" });
    for await (const _ of source.live!.items) if (recorder.statistics.bytes > 100_000) break;
    const { summary, files } = await recorder.stop();
    assert.deepEqual(files, []);
    const path = summary.slice(0, summary.indexOf(".raw:") + ".raw".length);
    assert.ok(path.startsWith(folder), summary);
    assert.match(summary, /; nothing is missing$/);
    assert.equal((await verifyRecording(path)).verdict, "complete");
    assert.ok(existsSync(`${path}.receipt.jsonl`));
  }));

test("closing the source ends a loop that waits, quietly", slow, () =>
  withSource(async (source) => {
    let items = 0;
    for await (const _ of source.live!.items) if (++items === 3) void source.close();
    assert.equal(items, 3);
    for await (const _ of source.live!.items) assert.fail("it is closed");
  }));

test("a camera that is unplugged ends the loop with its error; so does a server that ends", slow, async () => {
  const readToEnd = async ({ live }: ViewerSource, act: () => unknown) => {
    let count = 0;
    for await (const _ of live!.items) if (++count === 2) await act();
  };
  await withSource(async (source) => {
    await assert.rejects(readToEnd(source, () => configureVirtualBus([])), { code: "disconnected", message: /EVK4/ });
  });
  await withSource(async (source, { server }) => {
    // Its streams are cut, as where the program is killed.
    await assert.rejects(readToEnd(source, () => server.close()), {
      code: "disconnected",
      message: /has ended; start/,
    });
    await assert.rejects(openRemoteSource(server.url, noRecording), { code: "disconnected" });
  });
});

test("what a server skipped is dropped to the page, and its decoder knows where", {}, async () => {
  const word = (value: number) => [value & 0xff, value >> 8];
  /** TIME_HIGH, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON. */
  const bytesAt = (timeHigh: number) => Uint8Array.from([0x8000 | timeHigh, 0x6007, 0x0064, 0x28c8].flatMap(word));
  const status = { receivedMs: Date.now(), consumedMs: 0, delayMs: 0, backlog: 3, rawPackets: 1, bytes: 8 };
  const gap = {
    polarityEventIndex: 0,
    triggerEventIndex: 0,
    imuEventIndex: 0,
    frameIndex: 0,
    byteIndex: 0,
    droppedTransfers: 2,
    droppedBytes: 500,
    silenceUs: 40_000_000,
    timeJumpUs: 0,
  };
  const headers = [
    { kind: "data", status: { ...status, droppedTransfers: 0, droppedBytes: 0, gaps: [] } },
    { kind: "data", status: { ...status, droppedTransfers: 2, droppedBytes: 500, gaps: [gap] } },
  ] as unknown as StreamHeader[];
  const parts = [
    ...[encodeHeader(headers[0]!, 8), bytesAt(1)],
    ...[encodeHeader(headers[1]!, 8), bytesAt(0x400)],
    encodeHeader({ kind: "end", error: null }),
  ];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
  });
  const stream = new RemoteStream({
    begin: () => Promise.resolve(body.getReader()),
    onNews: () => assert.fail("there is no news"),
  });
  const read = await makeReader();
  const items: ReturnType<typeof read>[] = [];
  for await (const item of stream) items.push(read(item));
  stream.close();
  assert.deepEqual(stream.statistics, { bytes: 16, droppedTransfers: 2, droppedBytes: 500, backlog: 3 });
  assert.deepEqual(items.map(({ status }) => status.droppedBytes), [0, 500]);
  assert.deepEqual(items[1]!.status.gaps, [gap]);
  // 40 s are two wraps of the counter and 6.4 s; the decoder follows them.
  const [first, second] = items.map(({ parts }) => parts[0]![0]!.polarityEvents!.t[0]!);
  assert.deepEqual([first, second], [4103, 0x400 * 4096 + 7 + 2 * 2 ** 24]);
});

test(
  "a recording is opened as a dropped file is, by the parts that are read",
  slow,
  () =>
    withSite(async (site, folder) => {
      const header = "% format EVT3;height=720;width=1280\n% end\n";
      const words = Uint8Array.from([0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28]);
      writeFileSync(join(folder, "a.raw"), new Uint8Array([...new TextEncoder().encode(header), ...words]));
      const recording = await RecordingFile.open(join(folder, "a.raw"));
      const server = await serveViewer({ site, served: { recording }, port: 0 });
      try {
        const asked: RecordedInput[] = [];
        const stop = new Error("a Worker opens it");
        const openRecording = (input: RecordedInput) => {
          asked.push(input);
          return Promise.reject(stop);
        };
        await assert.rejects(openRemoteSource(server.url, openRecording), stop);
        const { description, items, timeLine } = await openRecorded(asked[0]!);
        assert.equal(description.name, "a.raw");
        for await (const { packet: { polarityEvents } } of items) {
          if (polarityEvents === undefined) continue;
          const { t, x, y, on } = polarityEvents;
          assert.deepEqual([t[0], x[0], y[0], on[0]], [4103, 200, 100, 1]);
        }
        assert.deepEqual(await timeLine.range(), { first: 4103, last: 4103 });
        const file = new RemoteFile(new URL("api/recording", server.url), {
          name: "a.raw",
          lastModified: 0,
          end: header.length + words.length,
        });
        assert.ok(file instanceof Blob);
        assert.deepEqual(new Uint8Array(await file.slice(-8).slice(2, 4).arrayBuffer()), Uint8Array.of(0x07, 0x60));
        assert.equal((await file.slice(5, 2).arrayBuffer()).byteLength, 0);
        writeFileSync(join(folder, "a.raw"), "short");
        await eventually("the change is seen", () => file.arrayBuffer().then(() => undefined, () => true));
      } finally {
        await server.close();
        await recording.close();
      }
    }),
);
