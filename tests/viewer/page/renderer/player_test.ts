import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decoder } from "../../../../src/decoder/decoder.ts";
import { emptyPacket, type Packet } from "../../../../src/packets/packet.ts";
import { LiveDecoder, type RawItem } from "../../../../src/viewer/page/renderer/live_decoder.ts";
import type { Live, Recorded } from "../../../../src/viewer/page/renderer/played_source.ts";
import { Player } from "../../../../src/viewer/page/renderer/player.ts";
import { turn } from "../../../../src/web/page_settling.ts";
import { eventually } from "../../../support/eventually.ts";
import { type Event, packetAt, packetWith, statusWith, timesOf } from "../../testing/packets.ts";

/** A decoder of bytes that are numbers of packets. Each packet comes in the same memory, with the time behind it. */
class PacketsByNumber implements Pick<Decoder, "decode" | "gap" | "pause"> {
  readonly statistics = { outOfSensor: 0, timeDiscontinuities: 0 };
  readonly #packets: { readonly packet: Packet; readonly time: number }[] = [];
  #last: Packet = emptyPacket();
  currentTime: number | undefined;

  /** Bytes for a packet. */
  add(packet: Packet, time: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.of(this.#packets.push({ packet, time }) - 1);
  }

  *decode(bytes: Uint8Array): Generator<Packet> {
    for (const number of bytes) {
      this.#last.polarityEvents?.t.fill(-1); // the last one is no longer valid
      const { packet, time } = this.#packets[number]!;
      this.#last = packet.clone();
      this.currentTime = time;
      yield this.#last;
    }
  }

  gap() {}
  pause() {}
}

/** Lets a reader do all that it can, also where it leaves the page a turn. */
async function readersTurns(): Promise<void> {
  for (let index = 0; index < 5; index++) {
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A live source of packets that a test makes. */
function liveOf(items: (numbers: PacketsByNumber) => AsyncIterable<RawItem>): Live {
  const numbers = new PacketsByNumber();
  return { items: items(numbers), decoder: new LiveDecoder(numbers as unknown as Decoder) };
}

/** A live source; `give` hands out a packet and resolves when the player has asked for the next one. */
function liveSource() {
  let arrived = Promise.withResolvers<RawItem>();
  let asked = Promise.withResolvers<void>();
  let numbers!: PacketsByNumber;
  const source = liveOf((made) => {
    numbers = made;
    return items();
  });
  async function* items() {
    while (true) {
      asked.resolve();
      const item = await arrived.promise;
      yield item;
    }
  }
  return {
    source,
    async give(packet: Packet, currentTime: number): Promise<void> {
      await asked.promise;
      const before = arrived;
      [arrived, asked] = [Promise.withResolvers(), Promise.withResolvers()];
      before.resolve({ status: statusWith(), packet: numbers.add(packet, currentTime) });
      await asked.promise;
    },
  };
}

/** A recording of packets with two events each, 1 ms apart. */
function recordedSource(packets: number) {
  let next = 0;
  const sought: number[] = [];
  async function* items() {
    while (next < packets) {
      const time = 2000 * next++;
      yield await Promise.resolve({
        status: statusWith({ currentTime: time + 1000 }),
        packet: packetAt(time, time + 1000),
      });
    }
  }
  const timeLine = {
    range: () => Promise.resolve({ first: 0, last: 2000 * packets - 1000 }),
    seek: (time: number) => {
      sought.push(time);
      next = Math.max(0, Math.ceil(time / 2000));
      return Promise.resolve();
    },
  };
  const source: Recorded = { items: { [Symbol.asyncIterator]: items }, timeLine };
  return { source, sought };
}

function listenTo() {
  const shown: number[] = [];
  const ends: unknown[] = [];
  let restarts = 0;
  return {
    shown,
    ends,
    get restarts() {
      return restarts;
    },
    received() {},
    show: (packet: Packet) => void shown.push(...timesOf(packet)),
    showBytes(bytes: Uint8Array, decoder: Decoder) {
      for (const packet of decoder.decode(bytes)) shown.push(...timesOf(packet));
    },
    restarted: () => void restarts++,
    ended: (error: unknown) => void ends.push(error),
  };
}

/** Waits for a condition, which is its own name. */
async function until(isSo: () => boolean): Promise<void> {
  await eventually(String(isSo), () => isSo() || undefined);
}

test("a live source is shown as it comes, also where no picture is drawn", async () => {
  const { source, give } = liveSource();
  const listener = listenTo();
  const player = new Player(source, listener);
  void player.run();
  await give(packetAt(10, 20), 20);
  await give(packetAt(30), 30);
  assert.deepEqual(listener.shown, [10, 20, 30]);
  assert.equal(player.time, 30);
  player.close();
});

test("what a camera sends during a pause is shown when it goes on, each event once", async () => {
  const { source, give } = liveSource();
  const listener = listenTo();
  const player = new Player(source, listener);
  void player.run();
  await give(packetAt(10), 10);
  player.setPaused(true);
  await give(packetAt(20), 20);
  player.tick(0);
  player.tick(1000);
  assert.deepEqual(listener.shown, [10]);
  assert.equal(player.behindUs, 10);
  player.setPaused(false);
  await give(packetAt(30), 30);
  player.tick(1016);
  assert.deepEqual(listener.shown, [10, 20, 30]);
  assert.equal(player.behindUs, 0);
  player.close();
});

test("slow motion shows events later, in their order", async () => {
  const { source, give } = liveSource();
  const listener = listenTo();
  const player = new Player(source, listener);
  player.setSpeed(0.1);
  void player.run();
  await give(packetAt(0, 1000, 2000, 3000), 3000);
  player.tick(100);
  player.tick(115); // 15 ms are 1.5 ms of the sensor
  assert.deepEqual(listener.shown, [0, 1000]);
  player.tick(125);
  assert.deepEqual(listener.shown, [0, 1000, 2000]);
  player.close();
});

test("packets whose memory is used again are copied before they wait", async () => {
  const { source, give } = liveSource();
  const listener = listenTo();
  const player = new Player(source, listener);
  player.setPaused(true);
  void player.run();
  await give(packetAt(10, 20), 20);
  await give(packetAt(30), 30);
  player.setPaused(false);
  player.tick(0);
  assert.deepEqual(listener.shown, [10, 20, 30]);
  player.close();
});

test("a recording is shown at its pace, and ends where it ends", async () => {
  const { source } = recordedSource(3);
  const listener = listenTo();
  const player = new Player(source, listener);
  void player.run();
  await until(() => player.time === 0);
  player.tick(0);
  player.tick(2.5);
  assert.deepEqual(listener.shown, [0, 1000, 2000]);
  await until(() => listener.ends.length === 1);
  assert.deepEqual(listener.ends, [undefined]);
  player.tick(100);
  assert.deepEqual(listener.shown, [0, 1000, 2000, 3000, 4000, 5000]);
  assert.equal(player.isAtEnd, true);
  player.close();
});

test("a recording that has ended begins again when it goes on", async () => {
  const { source, sought } = recordedSource(2);
  const listener = listenTo();
  const player = new Player(source, listener);
  void player.run();
  await until(() => listener.ends.length === 1);
  player.tick(0);
  player.tick(100);
  player.setPaused(false);
  await until(() => listener.restarts === 1);
  assert.deepEqual(sought, [-Infinity]);
  await until(() => listener.ends.length === 2);
  player.tick(200);
  player.tick(300);
  assert.deepEqual(listener.shown, [0, 1000, 2000, 3000, 0, 1000, 2000, 3000]);
  player.close();
});

test("a seek shows what comes from its time on, and nothing of before", async () => {
  const { source } = recordedSource(10);
  const listener = listenTo();
  const player = new Player(source, listener);
  player.setPaused(true);
  void player.run();
  await until(() => player.time === 0);
  player.seek(12_000);
  await until(() => listener.restarts === 1);
  await until(() => listener.ends.length >= 1 && player.time === 12_000);
  player.step(1500);
  assert.deepEqual(listener.shown, [12_000, 13_000]);
  player.close();
});

test("a step moves a pausing picture on by its length", async () => {
  const { source } = recordedSource(3);
  const listener = listenTo();
  const player = new Player(source, listener);
  player.setPaused(true);
  void player.run();
  await until(() => player.time === 0);
  player.step(1000);
  assert.deepEqual(listener.shown, [0]);
  player.step(1000);
  assert.deepEqual(listener.shown, [0, 1000]);
  assert.equal(player.isPaused, true);
  player.close();
});

test("an error of the source ends it, after what came before it", async () => {
  const failure = new Error("unplugged");
  async function* items(numbers: PacketsByNumber) {
    yield await Promise.resolve({ status: statusWith(), packet: numbers.add(packetAt(10), 10) });
    throw failure;
  }
  const listener = listenTo();
  const player = new Player(liveOf(items), listener);
  await player.run();
  assert.deepEqual(listener.shown, [10]);
  assert.deepEqual(listener.ends, [failure]);
});

test("a paused camera is read no further once its events fill their room, and a resumed one is", async () => {
  let given = 0;
  const many = packetWith(Array.from({ length: 1_000_000 }, (_, index): Event => [index, 0, 0, 1]));
  async function* items(numbers: PacketsByNumber) {
    while (true) {
      given++;
      yield { status: statusWith(), packet: numbers.add(many, 1_000_000) };
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const player = new Player(liveOf(items), { ...listenTo(), show() {} });
  player.setPaused(true);
  void player.run();
  await until(() => given === 9);
  await readersTurns();
  assert.equal(given, 9);
  player.setPaused(false);
  player.tick(0);
  await until(() => given > 9);
  player.close();
});

test("a camera in slow motion that has filled the room is read again once half of it was shown", async () => {
  const second = packetWith(Array.from({ length: 1_000_000 }, (_, index): Event => [index, 0, 0, 1]));
  let given = 0;
  async function* items(numbers: PacketsByNumber) {
    while (true) {
      const packet = second.clone();
      const { t } = packet.polarityEvents!;
      for (let index = 0; index < t.length; index++) t[index]! += given * 1_000_000;
      given++;
      yield { status: statusWith(), packet: numbers.add(packet, given * 1_000_000) };
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const player = new Player(liveOf(items), { ...listenTo(), show() {} });
  player.setSpeed(0.5);
  void player.run();
  await until(() => given === 9);
  await readersTurns(); // until it waits for room
  let nowMs = 0;
  const showUntil = (timeUs: number) => {
    while ((player.time ?? 0) < timeUs) player.tick(nowMs += 100);
  };
  showUntil(4_900_000);
  await readersTurns();
  assert.equal(given, 9);
  showUntil(5_100_000);
  await until(() => given >= 12);
  player.close();
});

test("a recording stands still while the page is hidden, and goes on where it was", async () => {
  const { source } = recordedSource(200);
  const listener = listenTo();
  const player = new Player(source, listener);
  void player.run();
  await until(() => listener.ends.length === 1); // all of it waits
  player.tick(0);
  player.tick(10);
  assert.equal(player.time, 10_000);
  player.tick(60_000); // a minute without pictures
  assert.equal(player.time, 110_000);
  player.close();
});

test("a source that always has more leaves the page its turns", async () => {
  let isEnough = false;
  async function* items() {
    while (!isEnough) yield await Promise.resolve({ status: statusWith(), packet: new Uint8Array(0) });
  }
  const player = new Player(liveOf(items), listenTo());
  const ended = player.run();
  await new Promise((resolve) => setTimeout(resolve, 0)); // never, if all turns were the reader's
  isEnough = true;
  await ended;
});
