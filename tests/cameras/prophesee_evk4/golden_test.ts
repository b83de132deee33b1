/**
 * What the EVK4's protocol asks for equals what neuromorphic-drivers 0.16.1 and 0.18.1 send, line by line, but for the
 * deviations listed here. The two versions differ in two places: 0.18.1 reads more of the product string, and writes the
 * codes of the biases back when it closes. No bus and no runner is involved: the protocol is asked for one exchange after the other.
 *
 * The golden transcripts are not part of the project; without them these tests skip, and `snapshot_test.ts` guards the
 * sequence.
 */

import { test } from "node:test";
import { BIAS_REGISTERS } from "../../../src/cameras/imx636/biases.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { readDeviceName } from "../../../src/protocol/descriptors.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { AUTHORS_CHIP, Evk4Model, type Evk4ModelOptions } from "../testing/evk4_model.ts";
import {
  assertTranscript,
  type Deviation,
  findGoldenFolder,
  queryLines,
  readGolden,
  readLines,
  writeLines,
} from "../testing/transcript.ts";

const folder = findGoldenFolder();
const options = folder === undefined ? { skip: "the golden transcripts (../shared/facts/golden) are not here" } : {};

const BIAS_READS = BIAS_REGISTERS.flatMap(([, { address }]) => readLines(address));
const BIAS_WRITES = BIAS_REGISTERS.flatMap(([, { address }], index) =>
  writeLines(address, 0x11a1_0000 + AUTHORS_CHIP[index]!)
);

const descriptorLine = (value: string, index: string, length: number) =>
  `CTRL_IN type=0x80 request=0x06 value=${value} index=${index} length=${length} timeout_ms=1000`;
const SYSTEM_BYTE = "CTRL_IN type=0xc0 request=0x72 value=0x0000 index=0x0000 length=2 timeout_ms=1000";

/** Until it is known that the camera is one of ours. The two versions differ in the length of the product string. */
function stringDeviations(productLength: number): readonly Deviation[] {
  return [
    {
      reason: "the strings are only shown, and are read in whole length before the interface is claimed",
      golden: ["CLAIM 0", SYSTEM_BYTE],
      ours: [
        descriptorLine("0x0100", "0x0000", 18),
        descriptorLine("0x0300", "0x0000", 255),
        descriptorLine("0x0302", "0x0409", 255),
        descriptorLine("0x0301", "0x0409", 255),
        SYSTEM_BYTE,
      ],
    },
    {
      reason:
        "OpenEB selects alternate setting 0, by the device's release; the kernel driver is detached before the claim",
      golden: [
        "AUTO_DETACH_KERNEL_DRIVER",
        descriptorLine("0x0300", "0x0000", 4),
        descriptorLine("0x0301", "0x0409", 74),
        descriptorLine("0x0302", "0x0409", productLength),
      ],
      ours: [descriptorLine("0x0100", "0x0000", 18), "SET_ALTERNATE_SETTING 0 0"],
    },
  ];
}

const BRING_UP_DEVIATIONS: readonly Deviation[] = [
  { reason: "the chip's codes are not what an earlier program left", golden: BIAS_READS, ours: [] },
  {
    reason: "so they are read after the reset, before the set-up writes one",
    golden: writeLines(0x7008, 1),
    ours: [...BIAS_READS, ...writeLines(0x7008, 1)],
  },
  {
    reason: "the board is asked in OpenEB's order, and the sensor is found by its registers, as in OpenEB",
    golden: [
      ...queryLines(0x1_0000),
      ...queryLines(0x1_0003, 0),
      ...queryLines(0x72),
      ...queryLines(0x1_0000),
      ...queryLines(0x1_0001, 0),
      ...queryLines(0x1_0003, 0),
    ],
    ours: [
      ...queryLines(0x72),
      ...queryLines(0x1_0000),
      ...queryLines(0x1_0003, 0),
      ...queryLines(0x1_0001, 0),
      ...readLines(0x0014),
      ...readLines(0xf128),
    ],
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

const OPEN_DEVIATIONS: readonly Deviation[] = [...stringDeviations(21), ...BRING_UP_DEVIATIONS];
const OPEN_DEVIATIONS_0_18: readonly Deviation[] = [...stringDeviations(64), ...BRING_UP_DEVIATIONS];

const CLOSE_DEVIATIONS: readonly Deviation[] = [{
  reason: "the chip's codes are written back first, as in neuromorphic-drivers 0.18.1",
  golden: writeLines(0x000c, 0),
  ours: [...BIAS_WRITES, ...writeLines(0x000c, 0)],
}];

const NO_OUTPUT_DEVIATION: Deviation = {
  reason: "after the reset the output is on (register map), so it is switched off",
  golden: writeLines(0x9008, 0x645),
  ours: [...writeLines(0x9028, 2), ...writeLines(0x9008, 0x645)],
};

/** Identifies and opens a model; tells what that, and each later protocol of the camera, asks for. */
function open(changes: PropheseeEvk4Changes, options: Evk4ModelOptions = {}) {
  const model = new Evk4Model(options);
  const named = carryOutByHand(readDeviceName(), model);
  const identified = carryOutByHand(propheseeEvk4.identify(), model);
  const opened = carryOutByHand(propheseeEvk4.open(propheseeEvk4.checkConfiguration(changes)), model);
  const linesOf = (protocol: Protocol<unknown>) => carryOutByHand(protocol, model).lines;
  return { camera: opened.result, lines: [...named.lines, ...identified.lines, ...opened.lines], linesOf };
}

interface Scenario {
  /** The names of the transcripts begin so. */
  readonly golden: string;
  readonly changes: PropheseeEvk4Changes;
  readonly openDeviations: readonly Deviation[];
  readonly closeDeviations: readonly Deviation[];
}

const of0_16 = (name: string, changes: PropheseeEvk4Changes, ...more: readonly Deviation[]): Scenario => ({
  golden: `evk4-${name}`,
  changes,
  openDeviations: [...OPEN_DEVIATIONS, ...more],
  closeDeviations: CLOSE_DEVIATIONS,
});
const of0_18 = (name: string, changes: PropheseeEvk4Changes, ...more: readonly Deviation[]): Scenario => ({
  golden: `evk4_0_18-${name}`,
  changes,
  openDeviations: [...OPEN_DEVIATIONS_0_18, ...more],
  closeDeviations: [],
});

const SCENARIOS: readonly Scenario[] = [
  of0_16("default", {}),
  of0_16("rate", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_000 } }),
  of0_16("master", { clock: "internal-with-output" }),
  of0_16("nooutput", { output: false }, NO_OUTPUT_DEVIATION),
  of0_18("default", {}),
];

for (const { golden, changes, openDeviations, closeDeviations } of SCENARIOS) {
  test(`opening and closing equal the golden transcripts: ${golden}`, options, () => {
    const { camera, lines, linesOf } = open(changes);
    assertTranscript(lines, readGolden(folder!, `${golden}__open`), openDeviations);
    assertTranscript(linesOf(camera.shutdown()), readGolden(folder!, `${golden}__close`), closeDeviations);
  });
}

/** Transcripts of 0.18.1 that end when the camera is accepted, or refused. */
const IDENTIFICATIONS: readonly (readonly [golden: string, model: Evk4ModelOptions])[] = [
  ["ids_xls__open_first_lines", { manufacturer: "IDS Imaging Development Systems GmbH", product: "UE-39B2XLS" }],
  ["imx646__open_first_lines", { system: Uint8Array.of(0x35, 0), variant: 2 }],
  ["silky_lite__open_first_lines", { manufacturer: "CenturyArks", product: "SilkyEvCam HD Lite v03.09.01C" }],
  // neuromorphic-drivers compares the strings, and refuses this firmware; we go on.
  ["refused_product__open", { manufacturer: "CenturyArks", product: "SilkyEvCam HD v03.09.01C" }],
];

for (const [golden, model] of IDENTIFICATIONS) {
  test(`the first transfers equal the golden transcript: ${golden}`, options, () => {
    const lines = readGolden(folder!, `evk4_0_18-${golden}`).slice(0, 12); // the next one is the board's first question
    const ours = open({}, model).lines.slice(0, lines.length + 1); // one more, by the deviations
    assertTranscript(ours, lines, stringDeviations(64));
  });
}

test("a camera with another system byte is asked nothing more than in the golden transcript", options, () => {
  const model = new Evk4Model({ system: Uint8Array.of(0x30, 0) });
  const lines = [readDeviceName(), propheseeEvk4.identify()].flatMap((protocol: Protocol<unknown>) =>
    carryOutByHand(protocol, model).lines
  );
  const golden = readGolden(folder!, "evk4_0_18-refused_system__open");
  assertTranscript(lines, golden, stringDeviations(64).slice(0, 1));
});

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
  assertTranscript(linesOf(camera.shutdown()), readGolden(folder!, "evk4-slave__close"), CLOSE_DEVIATIONS);
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
interface Update {
  golden: string;
  changes: PropheseeEvk4Changes;
  /** What we write beyond the golden lines, and why. */
  more?: { reason: string; lines: string[] };
}

const LIVE_RATE_LIMITER = {
  reason: "the rate limiter can be changed while the sensor streams, as OpenEB does; neuromorphic-drivers ignores it",
  lines: [[0x6004, 1], [0x6008, 100], [0x600c, 1_000], [0x6028, 3], [0x6050, 1]]
    .flatMap(([address, word]) => writeLines(address!, word!)),
};

const UPDATES: readonly Update[] = [
  { golden: "bias_diff_on", changes: { biases: { diffOn: { code: 0x70 } } } },
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
    more: LIVE_RATE_LIMITER,
  },
];

/** Of the updates before these, which are not all recorded, the masks are left. */
const UPDATES_0_18: readonly Update[] = [
  { golden: "x_mask_bit5", changes: { xMask: maskOf(1280, 5) } },
  { golden: "pixel_7_is_x640_y360", changes: { pixelMask: fill64({ 7: { x: 640, y: 359 } }) } },
  { golden: "output_off", changes: { output: false } },
  {
    golden: "rate_limiter_ignored",
    changes: { rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 1_000 } },
    more: LIVE_RATE_LIMITER,
  },
];

for (const [version, updates] of [["evk4", UPDATES], ["evk4_0_18", UPDATES_0_18]] as const) {
  test(`live updates equal the golden transcripts: ${version}`, options, () => {
    const { camera, linesOf } = open({});
    for (const { golden, changes, more } of updates) {
      const ours = linesOf(camera.update(changes)).map(emptyFillerSlot);
      const expected = [...readGolden(folder!, `${version}-default__update_${golden}`), ...(more?.lines ?? [])];
      assertTranscript(ours, expected, []);
    }
  });
}

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

for (const version of ["evk4", "evk4_0_18"]) {
  test(`temperature and illuminance equal the golden transcript: ${version}`, options, () => {
    const { camera: { sensors }, linesOf } = open({});
    const lines = [...linesOf(sensors.temperatureCelsius()), ...linesOf(sensors.illuminance())];
    assertTranscript(lines, readGolden(folder!, `${version}-default__calls`), []);
  });
}
