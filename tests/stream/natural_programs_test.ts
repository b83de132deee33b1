/** Programs as one writes them: packets go to writes, sends and arrays that are not waited for. Nothing changes under them. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { closeSync, createWriteStream, mkdtempSync, openSync, readFileSync, rmSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "node:test";
import { Worker } from "node:worker_threads";
import {
  type CameraType,
  configureVirtualBus,
  type Device,
  open,
  type OpenOptions,
  type StreamItem,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { SequenceReader } from "../support/sequence.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { startMessageSink } from "../support/websocket_server.ts";

/** How many bytes go through each program. */
const length = 4 << 20;

/**
 * What the packets are like: copies of their bytes, or the memory that was filled itself, which is replaced by another.
 * The latter needs packets that fill it: here one full transfer each.
 */
const sizes: readonly { readonly name: string; readonly bytesPerSecond: number; readonly options: OpenOptions }[] = [
  { name: "small packets", bytesPerSecond: 10e6, options: {} },
  { name: "full packets", bytesPerSecond: 0, options: { iteratorMaximumRawPackets: 1 } },
];

let folder = "";

afterEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true });
  folder = "";
});

function newFile(): string {
  folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_natural_"));
  return join(folder, "recording.raw");
}

type RawDevice = Device<CameraType, Uint8Array<ArrayBuffer>>;

/**
 * Hands packets to the program until enough bytes came, and returns those bytes, as they were when the packet came.
 * Between packets other work has its turns, so that memory which is free is used by something else.
 */
async function feed(
  device: RawDevice,
  program: (packet: Uint8Array<ArrayBuffer>) => void | Promise<unknown>,
): Promise<Uint8Array> {
  const sent = new Uint8Array(length + (8 << 20));
  let at = 0;
  for await (const { packet } of device) {
    sent.set(packet, at);
    at += packet.length;
    await program(packet);
    if (at >= length) break;
  }
  return sent.subarray(0, at);
}

function assertSame(received: Uint8Array, sent: Uint8Array): void {
  assert.equal(received.length, sent.length);
  if (Buffer.compare(received, sent) === 0) return;
  assert.fail(`byte ${received.findIndex((byte, index) => byte !== sent[index])} differs`);
}

for (const { name, bytesPerSecond, options } of sizes) {
  const openRaw = async (): Promise<RawDevice> => {
    await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond }]);
    return await open({ ...options, libusb: "virtual", raw: true }) as RawDevice;
  };

  for (const waits of [true, false]) {
    test(`createWriteStream, ${waits ? "waiting for drain" : "never waiting"}, ${name}`, slow, async () => {
      await using device = await openRaw();
      const path = newFile();
      const file = createWriteStream(path);
      const sent = await feed(device, (packet) => {
        if (!file.write(packet) && waits) return once(file, "drain");
      });
      file.end();
      await once(file, "close");
      assertSame(readFileSync(path), sent);
    });
  }

  test(`fs.write that is not waited for, ${name}`, slow, async () => {
    await using device = await openRaw();
    const path = newFile();
    const file = openSync(path, "w");
    let [position, written] = [0, 0];
    const sent = await feed(device, (packet) => {
      write(file, packet, 0, packet.length, position, (error, count) => {
        assert.equal(error, null);
        written += count;
      });
      position += packet.length;
    });
    await eventually("all writes", () => written >= sent.length || undefined);
    closeSync(file);
    assertSame(readFileSync(path), sent);
  });

  test(`send of a WebSocket, ${name}`, slow, async () => {
    await using device = await openRaw();
    const sink = await startMessageSink();
    const socket = new WebSocket(sink.url);
    try {
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      const sent = await feed(device, (packet) => socket.send(packet));
      await eventually("all messages", () => sink.received().length >= sent.length || undefined);
      assertSame(sink.received(), sent);
    } finally {
      socket.close();
      sink.close();
    }
  });

  test(`postMessage, by turns with and without moving the memory, ${name}`, slow, async () => {
    await using device = await openRaw();
    const worker = new Worker(new URL("./collecting_worker.ts", import.meta.url));
    let moves = false;
    const sent = await feed(device, (packet) => {
      worker.postMessage(packet, moves ? [packet.buffer] : []);
      assert.equal(packet.length === 0, moves);
      moves = !moves;
    });
    worker.postMessage("end");
    const [received] = await once(worker, "message");
    await worker.terminate();
    assertSame(received, sent);
  });

  test(`an array of packets, read at the end, ${name}`, slow, async () => {
    await using device = await openRaw();
    const kept: Uint8Array[] = [];
    const sent = await feed(device, (packet) => void kept.push(packet));
    device.close();
    assertSame(Buffer.concat(kept), sent);
  });

  test(`a sink that reads what it was given some time later, ${name}`, slow, async () => {
    await using device = await openRaw();
    const received: Promise<Uint8Array>[] = [];
    const sent = await feed(device, (packet) => {
      received.push(new Promise((resolve) => setTimeout(() => resolve(packet.slice()), 20)));
    });
    assertSame(Buffer.concat(await Promise.all(received)), sent);
  });
}

for (const reuseBuffers of [false, true]) {
  const kept = reuseBuffers ? "clones, where buffers are reused" : "packets";
  test(`events: an array of ${kept}, read at the end, has every event that was sent`, slow, async () => {
    await configureVirtualBus([{ source: { kind: "sequence" }, bytesPerSecond: 0 }]);
    await using device = await open({ libusb: "virtual", reuseBuffers });
    const items: StreamItem<{ readonly polarityEvents?: unknown }>[] = [];
    let events = 0;
    for await (const { status, packet } of device) {
      items.push({ status, packet: reuseBuffers ? packet.clone() : packet });
      events += packet.polarityEvents?.t.length ?? 0;
      if (events > 2_000_000) break;
    }
    device.close();
    const reader = new SequenceReader(1);
    for (const { status, packet } of items) reader.take(status, packet.polarityEvents as never);
    assert.equal(reader.events, events);
  });
}
