/**
 * What the EVK3 HD's protocol asks for equals what neuromorphic-drivers 0.18.1 sends, line by line, but for the deviations
 * listed here. No bus and no runner is involved: the protocol is asked for one exchange after the other.
 *
 * The golden transcripts are not part of the project; without them these tests skip, and `snapshot_test.ts` guards the
 * sequence.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PropheseeEvk3HdChanges } from "../../../src/cameras/prophesee_evk3_hd/configuration.ts";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import { SENSOR } from "../../../src/cameras/prophesee_evk3_hd/identification.ts";
import { connectBoard } from "../../../src/cameras/treuzell/connect.ts";
import { findSensor } from "../../../src/cameras/treuzell/find_sensor.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import {
  assertTranscript,
  type Deviation,
  findGoldenFolder,
  queryLines,
  readGolden,
  readLines,
  writeLines,
} from "../testing/transcript.ts";
import { evk3HdModel } from "./testing/evk3_hd.ts";

const folder = findGoldenFolder();
const options = folder === undefined ? { skip: "the golden transcripts (../shared/facts/golden) are not here" } : {};

/**
 * The golden lines, with each request in OpenEB's form: neuromorphic-drivers writes registers by the legacy command 0x56,
 * whose reply tells nothing. Registers of the board's device 0 (property 0x10102) are what OpenEB writes on this board;
 * their replies tell which register was written, and failures.
 */
function golden(name: string): string[] {
  return readGolden(folder!, name).join("\n")
    .replaceAll(
      /BULK_OUT 0x02 56000000([0-9a-f]{8})([0-9a-f]{8}) timeout_ms=100\nBULK_IN 0x82 max=16 timeout_ms=100/g,
      (_, address: string, word: string) => writeLines(littleEndian(address), littleEndian(word)).join("\n"),
    )
    .replaceAll(
      /BULK_OUT 0x02 7100000000000000 timeout_ms=100\nBULK_IN 0x82 max=16 timeout_ms=100/g,
      STATE_LINES.join("\n"),
    )
    .split("\n").filter((line) => line !== "");
}

/** The question for the FPGA's state. */
const STATE_LINES = queryLines(0x71);

function littleEndian(hex: string): number {
  return parseInt(hex.match(/../g)!.reverse().join(""), 16);
}

/** The part of the opening that writes nothing. */
function* identification(): Protocol {
  const { board, devices } = yield* connectBoard();
  yield* findSensor(board, devices, SENSOR);
}

/**
 * OpenEB waits after these writes (`gen41_evk3_issd.h`), where neuromorphic-drivers relies on the time of its transfers. In
 * the order of the opening: each stands for the next place where its writes follow each other.
 */
const WAITS_OF_OPENEB: readonly (readonly [us: number, ...writes: (readonly [address: number, word: number])[]])[] = [
  [1_000, [0xb07c, 0x03]],
  [200, [0xa000, 0xa1]],
  [200, [0xa008, 0x2401]],
  [200, [0xa004, 0xa1]],
  [200, [0xa020, 0x160]],
  [200, [0xb004, 0x8a]],
  [200, [0xb0c8, 0x03]],
  [200, [0xa000, 0x2a1], [0xa000, 0x2a1]],
  [200, [0xa008, 0x8_2401]],
  [200, [0xa004, 0x2a1], [0xa004, 0x2a1]],
  [200, [0xa020, 0x160], [0xa020, 0x160]],
  [300, [0xa010, 0xa06b]],
  [200, [0x1100, 0x04]],
  [1_000, [0xa00c, 0x401]],
  [300, [0xa00c, 0x2_0401]],
  [100, [0x006c, 0x0ee4_7117]],
  [100, [0x006c, 0x0ee4_711f]],
  [1_000, [0x0070, 0x0048_0000]],
];

function withWaitsOfOpenEb(lines: readonly string[]): string[] {
  const result = [...lines];
  let position = 0;
  for (const [us, ...writes] of WAITS_OF_OPENEB) {
    const before = writes.flatMap(([address, word]) => writeLines(address, word));
    position = result.findIndex((_, at) =>
      at >= position && before.every((line, index) => line === result[at + index])
    );
    assert.ok(position !== -1, `no place for a wait of ${us} us after ${before[0]}`);
    position += before.length;
    result.splice(position, 0, `WAIT_US ${us}`);
  }
  return result;
}

/** Thermometer and light meter: OpenEB, `imx636_tz_device.cpp` and `gen41_tz_device.cpp`. */
const MONITOR_LINES: readonly string[] = [
  ...writeLines(0x4c, 0x7141),
  ...writeLines(0x4c, 0x7143),
  ...writeLines(0x54, 0x212),
  "WAIT_US 100",
  ...writeLines(0x5c, 0x82),
  ...writeLines(0x5c, 0x83),
  "WAIT_US 100",
  ...writeLines(0x4c, 0x7141),
  ...writeLines(0x4c, 0x7143),
  ...writeLines(0x54, 0x1212),
  ...writeLines(0x74, 1),
  "WAIT_US 20",
  ...writeLines(0x74, 3),
  "WAIT_US 1020",
  ...writeLines(0x0c, 1),
  "WAIT_US 1000",
  ...writeLines(0x0c, 3),
  "WAIT_US 1000",
  ...writeLines(0x0c, 7),
];

/** No single pixel masked, no crop, both filters bypassed, the trigger on its pad. */
const FILTER_LINES: readonly string[] = [
  ...Array.from({ length: 64 }, (_, slot) => writeLines(0x9100 + 4 * slot, 0)).flat(),
  ...writeLines(0x900c, 0),
  ...writeLines(0xc000, 5),
  ...writeLines(0xd000, 5),
  ...readLines(0x44),
  ...writeLines(0x44, 0xccff_fccf),
  ...readLines(0x7004),
  ...writeLines(0x7004, 0x400),
];

const OPEN_DEVIATIONS: readonly Deviation[] = [
  { reason: "the interface is claimed before the protocol begins", golden: ["CLAIM 0"], ours: [] },
  {
    reason: "and its kernel driver detached before that; the board and its sensor are asked for first, as OpenEB does",
    golden: ["AUTO_DETACH_KERNEL_DRIVER"],
    ours: carryOutByHand(identification(), evk3HdModel()).lines,
  },
  {
    reason: "the legacy read of the FPGA's system id, whose value nothing uses, is left out",
    golden: ["BULK_OUT 0x02 5500000000080000 timeout_ms=100", "BULK_IN 0x82 max=16 timeout_ms=100"],
    ours: [],
  },
  {
    reason: "neuromorphic-drivers leaves monitors, single pixels, crop, filters and trigger alone; and events of an " +
      "earlier session in the pipe",
    golden: [...writeLines(0x18, 0x200), ...STATE_LINES],
    ours: [
      ...writeLines(0x18, 0x200),
      ...STATE_LINES,
      ...MONITOR_LINES,
      ...FILTER_LINES,
      "CLEAR_HALT 0x81",
      "BULK_IN 0x81 max=131072 timeout_ms=50",
    ],
  },
  {
    reason: "the stream is started by the stream, not by the driver",
    golden: ["START_STREAM 0x81 timeout_ms=0"],
    ours: [],
  },
];

/** Identifies and opens a model; tells what that, and each later protocol of the camera, asks for. */
function open(changes: PropheseeEvk3HdChanges) {
  const model = evk3HdModel();
  const identified = carryOutByHand(propheseeEvk3Hd.identify(), model);
  const opened = carryOutByHand(propheseeEvk3Hd.open(propheseeEvk3Hd.checkConfiguration(changes)), model);
  const linesOf = (protocol: Protocol<unknown>) => carryOutByHand(protocol, model).lines;
  return { camera: opened.result, lines: [...identified.lines, ...opened.lines], linesOf };
}

const ALL_COLUMNS = new Uint8Array(1280).fill(1);
/** Rows are mirrored in neuromorphic-drivers' masks but not in its events: its row bit r is our row 719 - r. */
const LAST_FOUR_ROWS = new Uint8Array(720).fill(1, 716);

const SCENARIOS: readonly (readonly [name: string, changes: PropheseeEvk3HdChanges])[] = [
  ["default", {}],
  [
    "masks",
    { xMask: ALL_COLUMNS, yMask: LAST_FOUR_ROWS, maskIntersectionOnly: true, biases: { hpf: 40 } },
  ],
  ["rate", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_000 } }],
];

/** They are off in neuromorphic-drivers, which does not use them. */
const MONITORS_OFF = [[0x0c, 0], [0x74, 0], [0x5c, 0x83], [0x4c, 0x7140]]
  .flatMap(([address, word]) => writeLines(address!, word!));

for (const [name, changes] of SCENARIOS) {
  test(`opening and closing equal the golden transcripts: ${name}`, options, () => {
    const { camera, lines, linesOf } = open(changes);
    assertTranscript(lines, withWaitsOfOpenEb(golden(`evk3_0_18-${name}__open`)), OPEN_DEVIATIONS);
    assertTranscript(linesOf(camera.shutdown()), [...MONITORS_OFF, ...golden("evk3_0_18-default__close")], []);
  });
}

const maskOf = (length: number, ...set: number[]) =>
  Uint8Array.from({ length }, (_, index) => set.includes(index) ? 1 : 0);

/** Cumulative, as in the golden files; the files of the updates in between are not there. */
const UPDATES: readonly { readonly golden: string; readonly changes: readonly PropheseeEvk3HdChanges[] }[] = [
  { golden: "bias_diff_off_60", changes: [{ biases: { diffOff: 60 } }] },
  { golden: "x_mask_bit5_bit1274", changes: [{ biases: { foN: 1 } }, { xMask: maskOf(1280, 5, 1274) }] },
  {
    golden: "y_mask_bit719",
    changes: [{ xMask: new Uint8Array(1280), yMask: maskOf(720, 619) }, { yMask: maskOf(720, 0) }],
  },
];

test("live updates equal the golden transcripts", options, () => {
  const { camera, linesOf } = open({});
  for (const { golden: name, changes } of UPDATES) {
    const lines = changes.map((change) => linesOf(camera.update(change))).at(-1)!;
    assertTranscript(lines, golden(`evk3_0_18-default__update_${name}`), []);
  }
});

test("a change of the rate limiter, which neuromorphic-drivers ignores, is written as OpenEB does", options, () => {
  const { camera, linesOf } = open({});
  const lines = linesOf(camera.update({ rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 1_000 } }));
  const ignored = golden("evk3_0_18-default__update_rate_limiter_ignored");
  const written = [[0x6004, 1], [0x6008, 100], [0x600c, 1_000], [0x6028, 3], [0x6050, 1]]
    .flatMap(([address, word]) => writeLines(address!, word!));
  assertTranscript(lines, [...ignored, ...written], []);
});
