import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet } from "../../../src/packets/packet.ts";
import { Player } from "../../../src/viewer/page/player.ts";
import type { SourceItem, ViewerSource } from "../../../src/viewer/page/source.ts";
import { eventually } from "../../support/eventually.ts";
import { type Event, packetAt, packetWith, statusWith, timesOf } from "../testing/packets.ts";

/** A source that gives what a test puts in, and what was done with it. */
function sourceFor(items: () => AsyncIterable<SourceItem>, known: Partial<ViewerSource> = {}): ViewerSource {
  return {
    kind: "camera",
    name: "test",
    details: [],
    warnings: [],
    properties: { width: 10, height: 10 },
    items: { [Symbol.asyncIterator]: () => items()[Symbol.asyncIterator]() },
    reusesBuffers: false,
    close: () => Promise.resolve(),
    ...known,
  };
}

/** A live source; `give` hands out a packet and resolves when the player has asked for the next one. */
function liveSource(known: Partial<ViewerSource> = {}) {
  let arrived = Promise.withResolvers<SourceItem>();
  let asked = Promise.withResolvers<void>();
  async function* items() {
    while (true) {
      asked.resolve();
      const item = await arrived.promise;
      yield item;
    }
  }
  return {
    source: sourceFor(items, known),
    async give(packet: Packet, currentTime: number): Promise<void> {
      await asked.promise;
      const before = arrived;
      [arrived, asked] = [Promise.withResolvers(), Promise.withResolvers()];
      before.resolve({ status: statusWith({ currentTime }), packet });
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
  return { source: sourceFor(items, { kind: "recording", timeLine }), sought };
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

test("a packet whose memory is used again is copied before it waits", async () => {
  const { source, give } = liveSource({ reusesBuffers: true });
  const listener = listenTo();
  const player = new Player(source, listener);
  player.setPaused(true);
  void player.run();
  const packet = packetAt(10, 20);
  await give(packet, 20);
  packet.polarityEvents!.t.fill(0);
  player.setPaused(false);
  player.tick(0);
  assert.deepEqual(listener.shown, [10, 20]);
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
  async function* items() {
    yield await Promise.resolve({ status: statusWith({ currentTime: 10 }), packet: packetAt(10) });
    throw failure;
  }
  const listener = listenTo();
  const player = new Player(sourceFor(items), listener);
  await player.run();
  assert.deepEqual(listener.shown, [10]);
  assert.deepEqual(listener.ends, [failure]);
});

test("a paused camera is read no further once its events fill their room, and a resumed one is", async () => {
  let given = 0;
  const many = packetWith(Array.from({ length: 1_000_000 }, (_, index): Event => [index, 0, 0, 1]));
  async function* items() {
    while (true) {
      given++;
      yield { status: statusWith({ currentTime: 1_000_000 }), packet: many };
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const player = new Player(sourceFor(items), { ...listenTo(), show() {} });
  player.setPaused(true);
  void player.run();
  await until(() => given === 9);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(given, 9);
  player.setPaused(false);
  player.tick(0);
  await until(() => given > 9);
  player.close();
});

test("a camera in slow motion that has filled the room is read again once half of it was shown", async () => {
  const second = packetWith(Array.from({ length: 1_000_000 }, (_, index): Event => [index, 0, 0, 1]));
  let given = 0;
  async function* items() {
    while (true) {
      const packet = second.clone();
      const { t } = packet.polarityEvents!;
      for (let index = 0; index < t.length; index++) t[index]! += given * 1_000_000;
      given++;
      yield { status: statusWith({ currentTime: given * 1_000_000 }), packet };
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const player = new Player(sourceFor(items), { ...listenTo(), show() {} });
  player.setSpeed(0.5);
  void player.run();
  await until(() => given === 9);
  let nowMs = 0;
  const showUntil = (timeUs: number) => {
    while ((player.time ?? 0) < timeUs) player.tick(nowMs += 100);
  };
  showUntil(4_900_000);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
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
    while (!isEnough) yield await Promise.resolve({ status: statusWith(), packet: packetAt() });
  }
  const player = new Player(sourceFor(items), listenTo());
  const ended = player.run();
  await new Promise((resolve) => setTimeout(resolve, 0)); // never, if all turns were the reader's
  isEnough = true;
  await ended;
});
