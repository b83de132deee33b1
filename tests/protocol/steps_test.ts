import assert from "node:assert/strict";
import { test } from "node:test";
import type { Protocol } from "../../src/protocol/exchange.ts";
import { markLackOfMemory } from "../../src/protocol/failures.ts";
import { nameRegisters, type Register, type RegisterAccess } from "../../src/protocol/registers.ts";
import { runSync } from "../../src/protocol/run.ts";
import { Shutdown } from "../../src/protocol/shutdown.ts";
import { carryOut, modify, read, type Step, wait, when, write, writeBlock } from "../../src/protocol/steps.ts";
import { realSettling } from "../../src/usb/settling.ts";
import { brokenCable, MadeUpBus, MadeUpSettling, unplugged } from "./testing/made_up_bus.ts";

const { control, row, other } = nameRegisters({
  control: { address: 0x10, fields: { enable: [0, 0], gain: [1, 3] } },
  row: { address: 0x20, count: 3 },
  other: { address: 0x30 },
});

interface Configuration {
  readonly gain: number;
  readonly isFast: boolean;
}

/** A board that has nothing in common with a real one: an address and a word are a bulk write. */
class MadeUpBoard implements RegisterAccess {
  readonly log: string[] = [];

  *readRegister({ name, address }: Register): Protocol<number> {
    this.log.push(`read ${name}`);
    yield { kind: "bulk-in", endpoint: 0x80 + address, length: 4, timeoutMs: 1_000 };
    return 0;
  }

  *writeRegister({ name, address }: Register, word: number): Protocol {
    this.log.push(`write ${name} ${word}`);
    yield { kind: "bulk-out", endpoint: address, bytes: Uint8Array.of(word), timeoutMs: 1_000 };
  }
}

test("steps are carried out in order, with the configuration's values, through any board", () => {
  const steps: readonly Step<Configuration>[] = [
    read(other),
    write(other, 7),
    wait(300),
    write(control, { enable: 1 }),
    write(control, ({ gain }) => ({ enable: 1, gain })),
    write(other, ({ gain }) => 100 + gain),
    ...when(({ isFast }: Configuration) => isFast, write(other, 1), write(other, 2)),
    ...when(({ isFast }: Configuration) => !isFast, write(other, 3)),
    writeBlock(row, (index, { gain }) => 10 * index + gain),
  ];
  const board = new MadeUpBoard();
  const bus = new MadeUpBus();
  const settling = new MadeUpSettling();
  runSync(carryOut(steps, { gain: 5, isFast: false }, board), { bus, settling });
  assert.deepEqual(board.log, [
    "read other",
    "write other 7",
    "write control 1",
    "write control 11",
    "write other 105",
    "write other 3",
    "write row[0] 5",
    "write row[1] 15",
    "write row[2] 25",
  ]);
  assert.deepEqual(bus.transfers.slice(-3).map((transfer) => "endpoint" in transfer && transfer.endpoint), [
    0x20,
    0x24,
    0x28,
  ]);
  assert.deepEqual(settling.waits, [300]);
});

test("a constant that does not fit its field is found when the table is loaded", () => {
  assert.throws(() => write(control, { gain: 8 }), { name: "RangeError", message: /control\.gain: 8 does not fit/ });
  // @ts-expect-error: no such field
  assert.throws(() => write(control, { gian: 1 }), { name: "TypeError", message: /no field "gian"/ });
});

test("a configured value that does not fit is found before its transfer", () => {
  const board = new MadeUpBoard();
  const bus = new MadeUpBus();
  const steps: readonly Step<Configuration>[] = [write(control, ({ gain }) => ({ gain }))];
  const protocol = carryOut(steps, { gain: 8, isFast: false }, board);
  assert.throws(() => runSync(protocol, { bus, settling: new MadeUpSettling() }), RangeError);
  assert.deepEqual(bus.transfers, []);
});

/** A shutdown of eight writes with waits between them, over a bus of which some transfers fail. */
function shutDown(fails: (transfer: number) => Error | undefined, settling = new MadeUpSettling()) {
  const steps = Array.from({ length: 8 }, (_, index) => [write(other, index), wait(10)]);
  const shutdown = new Shutdown<undefined>([
    { steps: steps.slice(0, 4).flat(), beginWithinMs: 500 },
    { steps: steps.slice(4).flat() },
  ]);
  const board = new MadeUpBoard();
  const bus = new MadeUpBus((_transfer, number) => {
    const error = fails(number);
    if (error !== undefined) throw error;
    return undefined;
  });
  const again = () => {
    board.log.length = 0;
    runSync(shutdown.run(undefined, board), { bus, settling });
    return board.log.map((line) => Number(line.slice("write other ".length)));
  };
  return { again, written: again() };
}

test("a shutdown goes on after failures, and is done once", () => {
  const { written, again } = shutDown((transfer) => transfer % 3 === 2 ? undefined : brokenCable());
  assert.deepEqual(written, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(again(), []);
});

test("a step that modifies a register reads it first, and keeps what it does not name", () => {
  const words: number[] = [];
  const board: RegisterAccess = {
    // deno-lint-ignore require-yield
    *readRegister(): Protocol<number> {
      return 0xff;
    },
    // deno-lint-ignore require-yield
    *writeRegister(_register, word): Protocol {
      words.push(word);
    },
  };
  const steps: readonly Step<Configuration>[] = [
    modify(control, { enable: 0 }),
    modify(control, ({ gain }: Configuration) => ({ gain })),
  ];
  runSync(carryOut(steps, { gain: 2, isFast: true }, board), { bus: new MadeUpBus(), settling: new MadeUpSettling() });
  assert.deepEqual(words, [0xfe, 0xf5]);
});

test("a shutdown gives up after three failures in a row, between which waits prove nothing", () => {
  const { written, again } = shutDown((transfer) => transfer >= 2 ? brokenCable() : undefined);
  assert.deepEqual(written, [0, 1, 2, 3, 4]);
  assert.deepEqual(again(), []);
});

test("a shutdown leaves a device alone that is gone", () => {
  assert.deepEqual(shutDown((transfer) => transfer === 2 ? unplugged() : undefined).written, [0, 1, 2]);
});

test("a shutdown for which there was no memory goes on where it stopped", () => {
  const memory = markLackOfMemory(brokenCable());
  let missing = true;
  for (const failing of [2, 5]) {
    missing = true;
    const { written, again } = shutDown((transfer) => transfer >= failing && missing ? memory : undefined);
    assert.deepEqual(written, [0, 1, 2, 3, 4, 5, 6, 7].slice(0, failing + 1));
    assert.deepEqual(again(), [failing]);
    missing = false;
    assert.deepEqual(again(), [0, 1, 2, 3, 4, 5, 6, 7].slice(failing));
    assert.deepEqual(again(), []);
  }
});

test("where each transfer is slow, a part is cut short for the next one, and all ends in time", () => {
  const { written, again } = shutDown(() => {
    realSettling.waitSync(600_000);
    return undefined;
  });
  // 0 ends after 0.6 s, 1 is not tried; 4 and 5 begin after 0.6 and 1.2 s, 6 would after 1.8 s.
  assert.deepEqual(written.slice(0, 3), [0, 1, 4]);
  assert.ok(written.length <= 3 + 2, String(written));
  assert.deepEqual(again(), []);
});

test("a bug in a shutdown is no failure of the camera", () => {
  assert.throws(() => shutDown(() => new TypeError("a bug")), TypeError);
});
