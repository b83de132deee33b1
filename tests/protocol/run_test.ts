import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../src/errors.ts";
import type { AsyncBus } from "../../src/protocol/bus.ts";
import type { Exchange, Protocol, Transfer } from "../../src/protocol/exchange.ts";
import { isUntried, protocolError, undoing } from "../../src/protocol/failures.ts";
import { run, runSync } from "../../src/protocol/run.ts";
import { realSettling } from "../../src/usb/settling.ts";
import { brokenCable, MadeUpBus, MadeUpSettling, promising } from "./testing/made_up_bus.ts";

const write = (byte: number): Transfer => ({
  kind: "bulk-out",
  endpoint: 0x02,
  bytes: Uint8Array.of(byte),
  timeoutMs: 1_000,
});
const read: Transfer = { kind: "bulk-in", endpoint: 0x82, length: 8, timeoutMs: 500 };

function* exchangesOf(exchanges: readonly Exchange[]): Protocol {
  for (const exchange of exchanges) yield exchange;
}

/** What a runner needs, and how it is called, whether it answers at once or later. */
const runners: readonly (readonly [
  name: string,
  run: <Result>(protocol: Protocol<Result>, bus: MadeUpBus, settling?: MadeUpSettling) => Promise<Result>,
])[] = [
  ["synchronous", async (protocol, bus, settling = new MadeUpSettling()) => await runSync(protocol, { bus, settling })],
  ["asynchronous", (protocol, bus, settling = new MadeUpSettling()) => run(protocol, { bus, settling })],
  [
    "asynchronous, of promises",
    (protocol, bus, settling = new MadeUpSettling()) => run(protocol, { bus: promising(bus), settling }),
  ],
];

for (const [name, carryOut] of runners) {
  test(`${name}: each exchange reaches the bus as it is, and its reply the protocol`, async () => {
    const control = { requestType: 0xc0, request: 1, value: 2, index: 3, timeoutMs: 100 };
    const transfers: readonly Transfer[] = [
      write(7),
      read,
      { kind: "control-in", ...control, length: 4 },
      { kind: "control-out", ...control, bytes: Uint8Array.of(1, 2) },
    ];
    const bus = new MadeUpBus((transfer) => transfer.kind === "bulk-in" ? Uint8Array.of(9) : undefined);
    const settling = new MadeUpSettling();
    const replies: unknown[] = [];
    const result = await carryOut(
      (function* (): Protocol<string> {
        for (const transfer of transfers) replies.push(yield transfer);
        replies.push(yield { kind: "wait", us: 300 });
        return "done";
      })(),
      bus,
      settling,
    );
    assert.equal(result, "done");
    assert.deepEqual(bus.transfers, transfers);
    assert.deepEqual(replies, [undefined, Uint8Array.of(9), new Uint8Array(0), undefined, undefined]);
    assert.deepEqual(settling.waits, [300]);
  });

  test(`${name}: a transfer that fails throws where it was yielded, and the protocol may go on`, async () => {
    const bus = new MadeUpBus((_transfer, number) => {
      if (number === 1) throw brokenCable();
      return undefined;
    });
    const caught: unknown[] = [];
    await carryOut(
      (function* (): Protocol {
        for (const byte of [0, 1, 2]) {
          try {
            yield write(byte);
          } catch (error) {
            caught.push(byte, (error as NeuromorphicError).code);
          }
        }
      })(),
      bus,
    );
    assert.deepEqual(caught, [1, "io"]);
    assert.equal(bus.transfers.length, 3);
  });

  test(`${name}: a protocol's own error gets the device's name; that of a bug stays as it is`, async () => {
    const wrong = (): Protocol => {
      throw protocolError("protocol", "read serial", "only 1 bytes");
    };
    await assert.rejects(
      carryOut(
        (function* (): Protocol {
          yield write(0);
          wrong();
        })(),
        new MadeUpBus(),
      ),
      {
        name: "NeuromorphicError",
        code: "protocol",
        operation: "read serial",
        device: "made-up device",
        message: "made-up device: read serial: only 1 bytes",
      },
    );
    const bug = new TypeError("a bug");
    const bus = new MadeUpBus(() => {
      throw bug;
    });
    await assert.rejects(carryOut(exchangesOf([write(0)]), bus), (error) => error === bug);
  });

  test(`${name}: a drain reads until nothing came for its time, an empty transfer, or a bound`, async () => {
    const drain = (answers: (number: number) => Uint8Array | undefined) => {
      const bus = new MadeUpBus((_transfer, number) => answers(number));
      return carryOut(
        (function* (): Protocol<unknown> {
          return yield { kind: "drain", endpoint: 0x81, timeoutMs: 100, withinMs: 60_000 };
        })(),
        bus,
      ).then((rest) => ({ rest, transfers: bus.transfers }));
    };
    const empty = await drain(() => undefined);
    assert.equal(empty.rest, undefined);
    const slice = { kind: "bulk-in", endpoint: 0x81, length: 131_072, timeoutMs: 25 };
    assert.deepEqual(empty.transfers, Array.from({ length: 4 }, () => slice));
    // The time begins anew with what comes.
    const late = await drain((number) => number === 3 ? Uint8Array.of(1) : undefined);
    assert.deepEqual([late.rest, late.transfers.length], [undefined, 4 + 4]);
    const ended = await drain((number) => number === 0 ? Uint8Array.of(1) : new Uint8Array(0));
    assert.deepEqual([ended.rest, ended.transfers.length], [undefined, 2]);
    const endless = await drain((number) => Uint8Array.of(number & 0xff));
    assert.deepEqual([endless.rest, endless.transfers.length], [Uint8Array.of(1_023 & 0xff), 1_024]);
  });

  test(`${name}: a drain takes what comes after its time for a sensor that sends, and not what was there`, async () => {
    const drain = (chunks: number) => {
      const bus = new MadeUpBus((_transfer, number) => number < chunks ? Uint8Array.of(number) : undefined);
      const exchange: Exchange = { kind: "drain", endpoint: 0x81, timeoutMs: 100, withinMs: 0 };
      return carryOut(
        (function* (): Protocol<unknown> {
          return yield exchange;
        })(),
        bus,
      );
    };
    assert.equal(await drain(63), undefined);
    assert.deepEqual(await drain(65), Uint8Array.of(63));
  });

  test(`${name}: a halt is cleared and an alternate setting selected where there is time for it`, async () => {
    const bus = new MadeUpBus();
    const exchanges = [
      { kind: "clear-halt", endpoint: 0x81 },
      { kind: "alternate-setting", interfaceNumber: 1, setting: 2 },
    ] as const;
    await carryOut(exchangesOf(exchanges), bus);
    assert.deepEqual(bus.transfers, exchanges);
    const late = exchangesOf([{ kind: "limit", withinMs: -1 }, exchanges[0]]);
    await assert.rejects(carryOut(late, bus), { code: "io", message: /not tried/ });
    assert.equal(bus.transfers.length, 2);
  });

  test(`${name}: after a limit's time transfers fail untried, and before it timeouts are cut`, async () => {
    const bus = new MadeUpBus((_transfer, number) => {
      if (number === 1) realSettling.waitSync(60_000);
      return undefined;
    });
    const codes: string[] = [];
    await carryOut(
      (function* (): Protocol {
        yield write(0);
        yield { kind: "limit", withinMs: 50 };
        yield write(1);
        for (const byte of [2, 3]) {
          try {
            yield write(byte);
          } catch (error) {
            assert.ok(error instanceof NeuromorphicError);
            codes.push(error.code);
          }
        }
      })(),
      bus,
    );
    assert.deepEqual(codes, ["io", "io"]);
    assert.equal(bus.transfers.length, 2);
    const [whole, cut] = bus.transfers.map((transfer) => "timeoutMs" in transfer ? transfer.timeoutMs : NaN);
    assert.equal(whole, 1_000);
    assert.ok(cut! >= 1 && cut! <= 50, String(cut));
  });

  test(`${name}: transfers that would begin after a time fail untried, until that is lifted`, async () => {
    const bus = new MadeUpBus((_transfer, number) => {
      if (number === 0) realSettling.waitSync(30_000);
      return undefined;
    });
    let untried = 0;
    await carryOut(
      (function* (): Protocol {
        yield { kind: "begin", withinMs: 20 };
        yield write(0);
        try {
          yield write(1);
        } catch (error) {
          if (isUntried(error)) untried += 1;
        }
        yield { kind: "begin", withinMs: Infinity };
        yield write(2);
      })(),
      bus,
    );
    assert.equal(untried, 1);
    assert.deepEqual(bus.transfers, [write(0), write(2)]);
  });
}

test("the event loop has its turns while a bus answers at once", async () => {
  const settling = new MadeUpSettling();
  const bus = new MadeUpBus(() => {
    realSettling.waitSync(6_000);
    return undefined;
  });
  await run(exchangesOf([write(0), write(1), write(2)]), { bus, settling });
  assert.equal(settling.turns, 3);
});

/** Writes 1, 2, 3; where that is not finished, it writes 101, reads, and waits. */
function undoable(undone: unknown[] = []): Protocol<string> {
  return undoing(
    (function* (): Protocol<string> {
      for (const byte of [1, 2, 3]) yield write(byte);
      return "up";
    })(),
    function* () {
      undone.push("undone");
      yield write(101);
      undone.push(yield read);
      yield { kind: "wait", us: 200 };
    },
  );
}

const bytesOf = (bus: MadeUpBus) =>
  bus.transfers.map((transfer) => transfer.kind === "bulk-out" ? transfer.bytes[0] : "read");

for (
  const [kind, wrap] of [["at once", (bus) => bus], ["by promises", promising]] as [
    string,
    (bus: MadeUpBus) => AsyncBus,
  ][]
) {
  test(`an abort at any exchange is undone, and rejects with its reason; a bus that answers ${kind}`, async () => {
    for (const at of [0, 1, 2]) {
      const aborting = new AbortController();
      const reason = new NeuromorphicError("io", "an error that a protocol would catch");
      const bus = new MadeUpBus((transfer, number) => {
        if (number === at) aborting.abort(reason);
        return transfer.kind === "bulk-in" ? Uint8Array.of(5) : undefined;
      });
      const settling = new MadeUpSettling();
      const undone: unknown[] = [];
      const running = run(undoable(undone), { bus: wrap(bus), settling, signal: aborting.signal });
      await assert.rejects(running, (error) => error === reason);
      assert.deepEqual(bytesOf(bus), [...[1, 2, 3].slice(0, at + 1), 101, "read"]);
      assert.deepEqual(undone, ["undone", Uint8Array.of(5)]);
      assert.deepEqual(settling.waits, [200]);
    }
  });
}

test("an abort passes by every catch: no protocol can take its reason for a failed transfer", async () => {
  const aborting = new AbortController();
  const bus = new MadeUpBus(() => {
    aborting.abort(new NeuromorphicError("io", "enough"));
    return undefined;
  });
  let caught = false;
  function* stubborn(): Protocol {
    try {
      yield write(0);
    } catch {
      caught = true;
    }
    yield write(1);
  }
  await assert.rejects(run(stubborn(), { bus, settling: new MadeUpSettling(), signal: aborting.signal }), {
    message: "enough",
  });
  assert.equal(caught, false);
  assert.equal(bus.transfers.length, 1);
});

test("an abort before the first exchange reaches no bus", async () => {
  const bus = new MadeUpBus();
  const signal = AbortSignal.abort("never mind");
  await assert.rejects(
    run(undoable(), { bus, settling: new MadeUpSettling(), signal }),
    (reason) => reason === "never mind",
  );
  assert.deepEqual(bus.transfers, []);
});

test("an abort ends a wait and a drain early", async () => {
  for (
    const exchange of [{ kind: "wait", us: 3.6e9 }, {
      kind: "drain",
      endpoint: 0x81,
      timeoutMs: 3.6e6,
      withinMs: 3.6e6,
    }] as const
  ) {
    const aborting = new AbortController();
    const bus = new MadeUpBus();
    setTimeout(() => aborting.abort("enough"), 5);
    const waiting = run(undoing(exchangesOf([exchange]), () => exchangesOf([write(101)])), {
      bus,
      settling: realSettling,
      signal: aborting.signal,
    });
    await assert.rejects(waiting, (reason) => reason === "enough");
    assert.equal(bytesOf(bus).at(-1), 101);
  }
});

test("an undoing that fails does not hide the reason of an abort; a bug in it is seen", async () => {
  for (const [error, expected] of [[brokenCable(), "enough"], [new TypeError("a bug"), "TypeError: a bug"]] as const) {
    const aborting = new AbortController();
    const bus = new MadeUpBus((_transfer, number) => {
      if (number === 0) aborting.abort("enough");
      if (number === 1) throw error;
      return undefined;
    });
    const running = run(undoable(), { bus, settling: new MadeUpSettling(), signal: aborting.signal });
    await assert.rejects(running, (thrown) => String(thrown) === expected);
  }
});

test("a signal that aborts after the end changes nothing", async () => {
  const aborting = new AbortController();
  const options = { bus: new MadeUpBus(), settling: new MadeUpSettling(), signal: aborting.signal };
  assert.equal(await run(undoable(), options), "up");
  aborting.abort();
  assert.deepEqual(bytesOf(options.bus), [1, 2, 3]);
});
