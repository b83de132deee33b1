/**
 * What the EVK4's protocol asks for equals what neuromorphic-drivers 0.16.1 sends, line by line, but for the deviations
 * listed here. No bus and no runner is involved: the protocol is asked for one exchange after the other.
 *
 * The golden transcripts are not part of the project; without them these tests skip, and `snapshot_test.ts` guards the
 * sequence.
 */

import { test } from "node:test";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { Evk4Model } from "../testing/evk4_model.ts";
import { assertTranscript, type Deviation, findGoldenFolder, readGolden, writeLines } from "../testing/transcript.ts";

const folder = findGoldenFolder();
const options = folder === undefined ? { skip: "the golden transcripts (../shared/facts/golden) are not here" } : {};

const OPEN_DEVIATIONS: readonly Deviation[] = [
  { reason: "the interface is claimed before the protocol begins", golden: ["CLAIM 0"], ours: [] },
  { reason: "and its kernel driver detached before that", golden: ["AUTO_DETACH_KERNEL_DRIVER"], ours: [] },
  {
    reason: 'whole descriptors are compared, and that of "UE-39B0XCP" is 22 bytes long',
    golden: ["CTRL_IN type=0x80 request=0x06 value=0x0302 index=0x0409 length=21 timeout_ms=1000"],
    ours: ["CTRL_IN type=0x80 request=0x06 value=0x0302 index=0x0409 length=22 timeout_ms=1000"],
  },
  {
    reason: "OpenEB and jAER clear the halt before the start; jAER reads for 250 ms at most, in reads of 50 ms",
    golden: ["BULK_IN 0x81 max=131072 timeout_ms=1000"],
    ours: ["CLEAR_HALT 0x81", "BULK_IN 0x81 max=131072 timeout_ms=50"],
  },
  {
    reason: "register 0x54: a constant cut by its field",
    golden: writeLines(0x54, 0x42),
    ours: writeLines(0x54, 0x212),
  },
  { reason: "register 0x602C: OpenEB's second value", golden: writeLines(0x602c, 2), ours: writeLines(0x602c, 0) },
  {
    reason: "the stream is started by the stream, not by the driver",
    golden: ["START_STREAM 0x81 timeout_ms=0"],
    ours: [],
  },
];

const NO_OUTPUT_DEVIATION: Deviation = {
  reason: "after the reset the output is on (register map), so it is switched off",
  golden: writeLines(0x9008, 0x645),
  ours: [...writeLines(0x9028, 2), ...writeLines(0x9008, 0x645)],
};

/** Identifies and opens a model; tells what that, and each later protocol of the camera, asks for. */
function open(changes: PropheseeEvk4Changes) {
  const model = new Evk4Model();
  const identified = carryOutByHand(propheseeEvk4.identify(), model);
  const opened = carryOutByHand(propheseeEvk4.open(propheseeEvk4.checkConfiguration(changes)), model);
  const linesOf = (protocol: Protocol<unknown>) => carryOutByHand(protocol, model).lines;
  return { camera: opened.result, lines: [...identified.lines, ...opened.lines], linesOf };
}

const SCENARIOS: readonly (readonly [name: string, changes: PropheseeEvk4Changes, deviations: readonly Deviation[]])[] =
  [
    ["default", {}, OPEN_DEVIATIONS],
    ["rate", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_000 } }, OPEN_DEVIATIONS],
    ["master", { clock: "internal-with-output" }, OPEN_DEVIATIONS],
    ["nooutput", { output: false }, [...OPEN_DEVIATIONS, NO_OUTPUT_DEVIATION]],
  ];

for (const [name, changes, deviations] of SCENARIOS) {
  test(`opening and closing equal the golden transcripts: ${name}`, options, () => {
    const { camera, lines, linesOf } = open(changes);
    assertTranscript(lines, readGolden(folder!, `evk4-${name}__open`), deviations);
    assertTranscript(linesOf(camera.shutdown()), readGolden(folder!, `evk4-${name}__close`), []);
  });
}

// The transcript of the secondary's bring-up is not recorded: its start is what evk4.json says, the rest the default.
test("opening as secondary equals the default but for the clock and the trigger", options, () => {
  const { camera, lines, linesOf } = open({ clock: "external", externalTrigger: false });
  assertTranscript(lines, readGolden(folder!, "evk4-default__open"), [
    ...OPEN_DEVIATIONS,
    { reason: "no trigger", golden: writeLines(0x7004, 0xc5ff), ours: writeLines(0x7004, 0xc1ff) },
    {
      reason: "external clock",
      golden: writeLines(0x9008, 0x645),
      ours: [...writeLines(0x9008, 0x64b), ...writeLines(0x44, 0xccff_fccf)],
    },
  ]);
  assertTranscript(linesOf(camera.shutdown()), readGolden(folder!, "evk4-slave__close"), []);
});

const NO_COLUMNS = new Uint8Array(1280);
const NO_ROWS = new Uint8Array(720);
const maskOf = (length: number, ...set: number[]) =>
  Uint8Array.from({ length }, (_, index) => set.includes(index) ? 1 : 0);

/** Our list of pixels has no empty slots: the ones before are filled with a pixel that the test takes out again. */
const FILLER = { x: 0, y: 0 };
const FILLER_WORD = 0x8000_0000;

function fill64(slots: Record<number, { x: number; y: number }>) {
  const length = Math.max(...Object.keys(slots).map(Number)) + 1;
  return Array.from({ length }, (_, slot) => slots[slot] ?? FILLER);
}

/**
 * Cumulative, as in the golden files. Rows are mirrored in neuromorphic-drivers' masks but not in its events: its row
 * bit r, and its y counted from the bottom, are our row 719 - r.
 */
const UPDATES: readonly {
  golden: string;
  changes: PropheseeEvk4Changes;
  /** What we write beyond the golden lines, and why. */
  more?: { reason: string; lines: string[] };
}[] = [
  { golden: "bias_diff_on", changes: { biases: { diffOn: 0x70 } } },
  { golden: "output_off", changes: { output: false } },
  { golden: "output_on", changes: { output: true } },
  { golden: "x_mask_bit0_bit1279", changes: { xMask: maskOf(1280, 0, 1279) } },
  { golden: "y_mask_bit0", changes: { xMask: NO_COLUMNS, yMask: maskOf(720, 719) } },
  { golden: "y_mask_bit719", changes: { yMask: maskOf(720, 0) } },
  { golden: "y_mask_all", changes: { yMask: new Uint8Array(720).fill(1) } },
  { golden: "intersection", changes: { yMask: NO_ROWS, maskIntersectionOnly: true } },
  { golden: "pixel_mask_0_is_x5_y0", changes: { pixelMask: [{ x: 5, y: 719 }] } },
  {
    golden: "pixel_mask_1_is_x1279_y719",
    changes: { pixelMask: fill64({ 1: { x: 1279, y: 0 } }) },
  },
  { golden: "pixel_mask_63_is_x1026_y664", changes: { pixelMask: fill64({ 63: { x: 1026, y: 55 } }) } },
  {
    golden: "rate_limiter_update_is_ignored",
    changes: { pixelMask: [], rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 1_000 } },
    more: {
      reason:
        "the rate limiter can be changed while the sensor streams, as OpenEB does; neuromorphic-drivers ignores it",
      lines: [[0x6004, 1], [0x6008, 100], [0x600c, 1_000], [0x6028, 3], [0x6050, 1]]
        .flatMap(([address, word]) => writeLines(address!, word!)),
    },
  },
];

test("live updates equal the golden transcripts", options, () => {
  const { camera, linesOf } = open({});
  for (const { golden, changes, more } of UPDATES) {
    const ours = linesOf(camera.update(changes)).map(emptyFillerSlot);
    const expected = [...readGolden(folder!, `evk4-default__update_${golden}`), ...(more?.lines ?? [])];
    assertTranscript(ours, expected, []);
  }
});

/** The word of a slot that holds the filler becomes that of an empty slot. */
function emptyFillerSlot(line: string): string {
  for (let slot = 0; slot < 64; ++slot) {
    if (line === writeLines(0x9100 + 4 * slot, FILLER_WORD)[0]) return writeLines(0x9100 + 4 * slot, 0)[0]!;
  }
  return line;
}

test("an update of the trigger is written, though neuromorphic-drivers ignores it", () => {
  const { camera, linesOf } = open({});
  assertTranscript(linesOf(camera.update({ externalTrigger: false })), writeLines(0x7004, 0xc1ff), []);
});

test("temperature and illuminance equal the golden transcript", options, () => {
  const { camera: { sensors }, linesOf } = open({});
  const lines = [...linesOf(sensors.temperatureCelsius()), ...linesOf(sensors.illuminance())];
  assertTranscript(lines, readGolden(folder!, "evk4-default__calls"), []);
});
