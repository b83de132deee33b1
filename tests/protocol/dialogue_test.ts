import assert from "node:assert/strict";
import { test } from "node:test";
import type { NeuromorphicError } from "../../src/errors.ts";
import type { AsyncBus } from "../../src/protocol/bus.ts";
import type { Protocol, Request } from "../../src/protocol/exchange.ts";
import { wasAhead } from "../../src/protocol/failures.ts";
import { run, runSync } from "../../src/protocol/run.ts";
import { brokenCable, MadeUpBus, MadeUpSettling, promising } from "./testing/made_up_bus.ts";

/** Requests 0, 1, 2, …; `heard` gets the replies. */
function* dialogueOf(count: number, heard: number[] = []): Protocol {
  const requests: Request[] = Array.from({ length: count }, (_, number) => ({
    operation: `ask ${number}`,
    bytes: Uint8Array.of(number),
    heed: (reply) => {
      if (reply[0] !== number) throw new Error(`${reply[0]} instead of ${number}`);
      heard.push(number);
    },
  }));
  yield { kind: "dialogue", outEndpoint: 0x02, inEndpoint: 0x82, requests, replyLength: 8, timeoutMs: 1_000 };
}

/** A bus that queues transfers, as a page has: a device answers each request by its number, a turn later. */
class QueueingBus {
  readonly requestsAhead: number;
  readonly asked: number[] = [];
  most = 0;
  readonly #replies: Uint8Array[] = [];
  readonly #reads: ((reply: Uint8Array) => void)[] = [];
  readonly #refused: number;
  readonly #onAsked: (number: number) => void;
  #open = 0;

  constructor(requestsAhead: number, { refused = -1, onAsked = (_: number) => {} } = {}) {
    this.requestsAhead = requestsAhead;
    this.#refused = refused;
    this.#onAsked = onAsked;
  }

  asBus(): AsyncBus {
    const others = promising(new MadeUpBus());
    return {
      ...others,
      requestsAhead: this.requestsAhead,
      bulkOut: (_, bytes) => this.#send(bytes[0]!),
      bulkIn: () => this.#receive(),
    };
  }

  #send(number: number): Promise<void> {
    this.asked.push(number);
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    this.#onAsked(number);
    setTimeout(() => {
      this.#replies.push(Uint8Array.of(number === this.#refused ? 255 : number));
      this.#match();
    });
    return Promise.resolve();
  }

  #receive(): Promise<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    this.#reads.push(resolve);
    this.#match();
    return promise;
  }

  #match(): void {
    while (this.#reads.length > 0 && this.#replies.length > 0) {
      this.#open -= 1;
      this.#reads.shift()!(this.#replies.shift()!);
    }
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

test("a bus that queues no transfers asks one request after the other", async () => {
  const answering = () =>
    new MadeUpBus((transfer, at) => transfer.kind === "bulk-in" ? Uint8Array.of(at >> 1) : undefined);
  for (const wrap of [(bus: MadeUpBus): AsyncBus => bus, promising]) {
    const bus = answering();
    const heard: number[] = [];
    await run(dialogueOf(3, heard), { bus: wrap(bus), settling: new MadeUpSettling() });
    assert.deepEqual(heard, [0, 1, 2]);
    assert.deepEqual(
      bus.transfers.map(({ kind }) => kind),
      Array.from({ length: 3 }, () => ["bulk-out", "bulk-in"]).flat(),
    );
  }
  const bus = answering();
  runSync(dialogueOf(3), { bus, settling: new MadeUpSettling() });
  assert.equal(bus.transfers.length, 6);
});

test("over a bus that queues transfers as many requests as it takes are on their way, and each gets its own reply", async () => {
  for (const ahead of [1, 4, 16]) {
    const bus = new QueueingBus(ahead);
    const heard: number[] = [];
    await run(dialogueOf(50, heard), { bus: bus.asBus(), settling: new MadeUpSettling() });
    assert.deepEqual(heard, numbers(50));
    assert.deepEqual(bus.asked, numbers(50));
    assert.equal(bus.most, ahead);
  }
});

test("after a reply that does not fit nothing more is sent, and those on their way are waited for", async () => {
  const bus = new QueueingBus(4, { refused: 10 });
  const heard: number[] = [];
  const running = run(dialogueOf(50, heard), { bus: bus.asBus(), settling: new MadeUpSettling() });
  await assert.rejects(running, { message: "255 instead of 10" });
  assert.ok(bus.asked.length < 16, `${bus.asked.length} were sent`);
  // All but the refused one.
  assert.deepEqual(heard, numbers(bus.asked.length).filter((number) => number !== 10));
});

test("the error of a transfer names its request, and whether others were on their way", async () => {
  const failing = (at: number): AsyncBus => ({
    ...promising(new MadeUpBus()),
    bulkIn: () => Promise.resolve(Uint8Array.of(0)),
    bulkOut: (_, bytes) => bytes[0] === at ? Promise.reject(brokenCable()) : Promise.resolve(),
  });
  const errorOf = async (bus: AsyncBus, count: number) => {
    const running = run(dialogueOf(count), { bus, settling: new MadeUpSettling() });
    return await running.then(() => assert.fail("it was carried out"), (error: NeuromorphicError) => error);
  };
  const alone = await errorOf({ ...failing(0), requestsAhead: 1 }, 1);
  assert.deepEqual([alone.operation, alone.code, wasAhead(alone)], ["ask 0", "io", false]);
  const first = await errorOf({ ...failing(0), requestsAhead: 8 }, 8);
  assert.deepEqual([first.operation, wasAhead(first)], ["ask 0", true]);
  const unanswered: AsyncBus = { ...promising(new MadeUpBus()), requestsAhead: 2 };
  assert.match((await errorOf(unanswered, 2)).message, /ask 0: no reply within 1000 ms/);
});

test("an abort sends nothing more, and comes after the replies that are due", async () => {
  const aborting = new AbortController();
  const bus = new QueueingBus(4, { onAsked: (number) => number === 7 && aborting.abort("enough") });
  const heard: number[] = [];
  const way = { bus: bus.asBus(), settling: new MadeUpSettling(), signal: aborting.signal };
  await assert.rejects(run(dialogueOf(50, heard), way), (reason) => reason === "enough");
  assert.deepEqual([bus.asked, heard], [numbers(8), numbers(8)]);
});
