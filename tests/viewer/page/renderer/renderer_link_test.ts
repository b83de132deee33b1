/** A view's page and its Worker, by the messages that go between them. */

import assert from "node:assert/strict";
import {
  createAccumulator,
  createDecoder,
  createEncoder,
  type EncodableEvents,
  MemoryFiles,
  type Packet,
  recordingFormats,
} from "../../../../mod.ts";
import { noGap } from "../../../../src/packets/status.ts";
import type { RawItem } from "../../../../src/viewer/page/renderer/live_decoder.ts";
import type { Drawn, Input } from "../../../../src/viewer/page/renderer/messages.ts";
import { RendererLink, type RendererListener } from "../../../../src/viewer/page/renderer/renderer_link.ts";
import { accumulatorOptionsOf, defaultStyle, imageOptionsOf } from "../../../../src/viewer/page/styles.ts";
import { NeuromorphicError } from "../../../../src/errors.ts";
import { events, randomScene } from "../../../encoder/encoded.ts";
import { eventually } from "../../../support/eventually.ts";
import { atRandom, cutRandomly, type Random } from "../../../support/random.ts";
import { slow, test } from "../../../support/test.ts";
import { statusWith } from "../../testing/packets.ts";
import { noCanvas, startTestPort, type TestPort } from "../../testing/renderer_port.ts";

const sensor = { width: 64, height: 48 };
const live: Input = { kind: "live", decoderOptions: { format: "evt3", ...sensor } };
const total = { ...defaultStyle, name: "total" } as const;

/** What a view heard. */
class Heard implements RendererListener {
  readonly ends: unknown[] = [];
  readonly refusals: unknown[] = [];
  readonly found: unknown[] = [];
  last: Drawn | undefined;
  /** Totals of the last figures. */
  totals: NonNullable<Drawn["measured"]>["totals"] | undefined;
  #onDrawn: () => void = () => {};

  drawn(drawn: Drawn): void {
    this.last = drawn;
    this.totals = drawn.measured?.totals ?? this.totals;
    this.#onDrawn();
  }

  styleRefused(error: unknown): void {
    this.refusals.push(error);
  }

  hotPixels(pixels: unknown): void {
    this.found.push(pixels);
  }

  ended(error: unknown): void {
    this.ends.push(error);
  }

  /** Asks for a picture and waits for it. */
  async draw(link: RendererLink): Promise<Drawn> {
    let isDrawn = false;
    this.#onDrawn = () => isDrawn = true;
    await eventually("a picture", () => {
      link.draw(); // which does nothing while the Worker rests
      return isDrawn || undefined;
    });
    return this.last!;
  }
}

async function withLink(
  input: Input,
  use: (of: { readonly link: RendererLink; readonly heard: Heard; readonly port: TestPort }) => Promise<void>,
): Promise<void> {
  const port = startTestPort();
  const link = await RendererLink.open(input, port);
  try {
    const heard = new Heard();
    link.show(noCanvas, heard);
    await use({ link, heard, port });
  } finally {
    link.close();
  }
}

function itemOf(bytes: Uint8Array, gaps: RawItem["status"]["gaps"] = []): RawItem {
  return { status: statusWith({ bytes: bytes.length, receivedMs: Date.now(), gaps }), packet: bytes.slice() };
}

async function bytesOf(given: EncodableEvents): Promise<Uint8Array<ArrayBuffer>> {
  using encoder = await createEncoder({ format: "evt3", ...sensor });
  return encoder.encode(given);
}

/** Each pixel's ON minus OFF events, as the page's style "total" draws them. */
async function pictureOf(bytes: Uint8Array) {
  using accumulator = await createAccumulator(accumulatorOptionsOf(total, sensor));
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  const { events, onEvents } = accumulator.addBytes(bytes, decoder);
  return { events, onEvents, pixels: accumulator.image(imageOptionsOf(total)).slice() };
}

/** Items of a page's source, which come one by one, whenever the test lets one come. */
class Items implements AsyncIterable<RawItem> {
  readonly #next: (() => RawItem | undefined)[] = [];
  #wake: () => void = () => {};
  given = 0;

  give(...items: readonly RawItem[]): void {
    this.#next.push(...items.map((item) => () => item));
    this.#wake();
  }

  end(error?: unknown): void {
    this.#next.push(() => {
      if (error !== undefined) throw error;
      return undefined;
    });
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RawItem, void, undefined> {
    while (true) {
      const next = this.#next.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      const item = next();
      if (item === undefined) return;
      this.given++;
      yield item;
    }
  }
}

/** What a user may do at any time. */
async function doSomething(random: Random, link: RendererLink, heard: Heard): Promise<void> {
  const whole = random.whole(0, 5);
  if (whole === 0) link.setPaused(random.chance(0.5));
  if (whole === 1) link.setSpeed(random.chance(0.5) ? 1 : 0.5);
  if (whole === 2) link.step(random.whole(1, 100_000));
  if (whole === 3) link.searchHotPixels();
  if (whole >= 4) await heard.draw(link);
}

test("whatever a user does, each event of a live source is shown once", slow, () =>
  atRandom(async (random) => {
    const scene = randomScene(random, sensor.width, sensor.height);
    const bytes = await bytesOf(scene);
    const expected = await pictureOf(bytes);
    await withLink(live, async ({ link, heard, port }) => {
      link.setStyle(total);
      const items = new Items();
      void link.send(items);
      const longest = random.chance(0.5) ? bytes.length : 4000; // many items of some words, or few of some 100 KB
      for (const part of cutRandomly(bytes, random, longest)) {
        items.give(itemOf(part));
        if (random.chance(0.5)) await doSomething(random, link, heard);
      }
      items.end();
      await eventually("the end", () => heard.ends.length > 0 || undefined);
      link.setSpeed(1);
      link.setPaused(false);
      await heard.draw(link);
      await eventually("figures", async () => {
        await heard.draw(link);
        return heard.totals?.events === expected.events || undefined;
      }).catch(() => assert.equal(heard.totals?.events, expected.events));
      assert.equal(heard.totals!.triggers, scene.triggerEvents.t.length);
      assert.deepEqual(port.pixels(), expected.pixels);
      assert.equal(heard.last!.behindUs, 0);
      assert.deepEqual(heard.ends, [undefined]);
    });
  }));

test(
  "events and triggers of bytes are in the plot at their time, and a loss is marked where it was",
  slow,
  async () => {
    const from = (t: number) =>
      Array.from({ length: 1000 }, (_, index) => [t + index, index % 64, 3, index & 1] as const);
    const [first, second] = [events([...from(1_000_000)]), events([...from(4_000_000)])];
    const trigger = { t: Float64Array.of(1_000_500), id: Uint8Array.of(0), edge: Uint8Array.of(1) };
    await withLink(live, async ({ link, heard }) => {
      const items = new Items();
      void link.send(items);
      items.give(itemOf(await bytesOf({ polarityEvents: first, triggerEvents: trigger })));
      const gap = { ...noGap, droppedTransfers: 1, droppedBytes: 500, silenceUs: 3_000_000 };
      items.give(itemOf(await bytesOf({ polarityEvents: second }), [gap]));
      items.end();
      await eventually("the end", () => heard.ends.length > 0 || undefined);
      const { rates } = await heard.draw(link);
      const on = rates.bins.flatMap(({ on, off }, index) =>
        on + off === 0 ? [] : [[rates.start + 50_000 * index, on, off]]
      );
      assert.deepEqual(on, [[1_000_000, 500, 500], [4_000_000, 500, 500]]);
      assert.deepEqual(rates.triggers, [1_000_500]);
      assert.deepEqual(rates.losses.map((time) => Math.round(time / 1e6)), [4]);
    });
  },
);

test("hot pixels are found in a live source's bytes, and the source goes on", slow, async () => {
  const hot = Array.from({ length: 3000 }, (_, index) => [1000 * index, 7, 3, 1] as const);
  const bytes = await bytesOf({ polarityEvents: events(hot) });
  await withLink(live, async ({ link, heard }) => {
    link.searchHotPixels();
    const items = new Items();
    void link.send(items);
    for (let at = 0; at < bytes.length; at += 1000) items.give(itemOf(bytes.subarray(at, at + 1000)));
    items.end();
    await eventually("the end", () => heard.ends.length > 0 || undefined);
    assert.deepEqual(heard.found, [[{ x: 7, y: 3 }]]);
    await heard.draw(link);
    await eventually("figures", async () => {
      await heard.draw(link);
      return heard.totals?.events === 3000 || undefined;
    });
  });
});

test(
  "a page sends no more than the Worker reads: what is paused for long waits in the camera's ring",
  slow,
  async () => {
    const many = events(Array.from({ length: 200_000 }, (_, index) => [index, index % 64, index % 48, 1]));
    const bytes = await bytesOf({ polarityEvents: many });
    await withLink(live, async ({ link, port }) => {
      link.setPaused(true);
      const items = new Items();
      const limit = 60;
      for (let index = 0; index < limit; index++) items.give(itemOf(bytes));
      void link.send(items);
      // The Worker has room for 8 million events, and 4 MiB may be on the way; the last item of both is whole.
      const read = 8_000_000 / 200_000;
      const most = read + Math.floor((4 << 20) / bytes.length) + 1;
      await eventually("the room is full", () => items.given === most || undefined);
      assert.ok(port.bytesOnTheWay() > 4 << 20);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
      assert.equal(items.given, most);
      link.setPaused(false);
      await eventually("all of them", () => items.given === limit || undefined);
    });
  },
);

test("what ends the page's bytes ends the view, with its error as it was", slow, async () => {
  await withLink(live, async ({ link, heard }) => {
    const items = new Items();
    void link.send(items);
    const unplugged = new NeuromorphicError("disconnected", "it was unplugged");
    items.end(unplugged);
    await eventually("the end", () => heard.ends.length > 0 || undefined);
    assert.equal(heard.ends[0], unplugged);
  });
});

test("a style that cannot be is refused, and the one before stays in force", slow, async () => {
  await withLink(live, async ({ link, heard }) => {
    link.setStyle({ ...defaultStyle, name: "count", tauUs: NaN });
    await eventually("the refusal", () => heard.refusals.length > 0 || undefined);
    assert.ok(heard.refusals[0] instanceof RangeError);
    assert.deepEqual(link.style, defaultStyle);
  });
});

/** A RAW file. */
async function fileOf(given: EncodableEvents): Promise<File> {
  const files = new MemoryFiles("made.raw");
  const format = recordingFormats.find(({ name }) => name === "raw-evt3")!;
  const writer = await format.openWriter!(files, { geometry: sensor });
  await writer.write(given as Packet);
  await writer.close();
  return new File([files.complete.get("made.raw")!.slice()], "made.raw");
}

test("a recording is opened in the Worker, shown to its end, and shown again from a time", slow, async () => {
  const polarityEvents = events(Array.from({ length: 100 }, (_, index) => [1000 * index, index % 64, 3, 1]));
  await withLink({ kind: "file", file: await fileOf({ polarityEvents }) }, async ({ link, heard, port }) => {
    assert.equal(link.recording!.name, "made.raw");
    assert.deepEqual({ ...link.recording!.properties }, { ...sensor, sensor: undefined });
    assert.deepEqual(await link.range(), { first: 0, last: 99_000 });
    link.setStyle(total);
    const drawToEnd = () => eventually("the end", async () => (await heard.draw(link)).isAtEnd || undefined);
    await drawToEnd();
    assert.deepEqual(port.pixels(), (await pictureOf(await bytesOf({ polarityEvents }))).pixels);
    assert.deepEqual(heard.ends, [undefined]);
    link.seek(50_000);
    await eventually("the second end", () => heard.ends.length === 2 || undefined);
    await drawToEnd();
    const last = Object.fromEntries(
      Object.entries(polarityEvents).map(([name, column]) => [name, column.slice(50)]),
    ) as unknown as typeof polarityEvents;
    assert.deepEqual(port.pixels(), (await pictureOf(await bytesOf({ polarityEvents: last }))).pixels);
  });
});

test("a file that is none is refused as the Worker refuses it, and its Worker ends", slow, async () => {
  const port = startTestPort();
  const file = new File(["Dear camera,"], "letter.txt");
  await assert.rejects(RendererLink.open({ kind: "file", file }, port), {
    name: "NeuromorphicError",
    message: /^letter\.txt: line 1: there is no column t/,
  });
});

test("a Worker that does not start is told", slow, async () => {
  const port = startTestPort();
  port.postMessage = () => void queueMicrotask(() => port.onerror!({} as ErrorEvent));
  await assert.rejects(RendererLink.open(live, port), /the page's Worker did not start/);
});

test("a picture that failed is not the last one, and a closed view hears of no failure", slow, async () => {
  const port = startTestPort();
  const link = await RendererLink.open(live, port);
  const heard = new Heard();
  link.show(noCanvas, heard);
  const send = port.postMessage;
  port.postMessage = () => {}; // the Worker fails, and does not answer
  link.draw();
  port.postMessage = send;
  port.onerror!({ message: "no memory" } as ErrorEvent);
  assert.match(String(heard.ends[0]), /the page's Worker failed: no memory/);
  await heard.draw(link);
  link.close();
  port.onerror!({ message: "too late" } as ErrorEvent);
  assert.equal(heard.ends.length, 1);
});
