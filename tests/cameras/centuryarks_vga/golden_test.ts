/**
 * What the protocol of a SilkyEvCam VGA writes and reads equals what OpenEB 5.1.1 does, line by line, but for the
 * deviations listed here. neuromorphic-drivers 0.18.1 differs more, and is compared at the end.
 *
 * The recordings are not part of the project; without them these tests skip, and `snapshot_test.ts` guards the sequence.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CenturyarksVgaChanges } from "../../../src/cameras/centuryarks_vga/configuration.ts";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";
import { linesOf, options, readCalls, withoutReads } from "../gen31/testing/recordings.ts";
import { assertTranscript, type Deviation, findGoldenFolder, readGolden } from "../testing/transcript.ts";

/**
 * Registers that OpenEB reads before it changes some of their bits. Here their words are known, so they are written
 * without being read. Only 0x0000 is read here, too.
 */
const CHANGED_BY_BITS = ["0x000001A0", "0x00000204", "0x00000214", "0x00000248", "0x0000024C"];

const READ_ID = "R 0 0x00000800 0x00000028";
const roi = (word: number) => `W 0 0x00000204 0x000000${word.toString(16).toUpperCase().padStart(2, "0")}`;
const control = (word: string) => `W 0 0x00000000 0x${word}`;

/** Identifies and opens a model. */
function open(changes: CenturyarksVgaChanges = {}) {
  const model = new Gen31Model();
  assert.ok(model.carryOut(centuryarksVga.identify()).isOurs);
  const camera = model.carryOut(centuryarksVga.open(centuryarksVga.checkConfiguration(changes)));
  const lines = model.takeLines();
  const start = lines.indexOf("CLEAR_HALT 0x81");
  return {
    setUp: lines.slice(0, start),
    started: lines.slice(start),
    update(changes: CenturyarksVgaChanges) {
      model.carryOut(camera.update(changes));
      return model.takeLines();
    },
    close() {
      model.carryOut(camera.shutdown());
      return model.takeLines();
    },
    measure(name: keyof typeof camera.sensors) {
      return { value: model.carryOut<number>(camera.sensors[name]()), lines: model.takeLines() };
    },
    model,
  };
}

const OPEN_DEVIATIONS: readonly Deviation[] = [
  {
    reason: "the id is asked when the camera is identified and when it is opened, and not again",
    golden: [READ_ID, READ_ID, READ_ID],
    ours: [],
  },
  { reason: "see above", golden: [READ_ID, roi(0x23)], ours: [READ_ID, READ_ID, roi(0x23)] },
  {
    reason: "one write for all triggers, which OpenEB switches off one by one",
    golden: ["W 0 0x000001A0 0x00000000", "W 0 0x000001A0 0x00000000"],
    ours: ["W 0 0x000001A0 0x00000000"],
  },
  {
    reason: "switching the ROI on and committing it is one word, which OpenEB writes twice",
    golden: [roi(0x23), roi(0x23), roi(0x03)],
    ours: [roi(0x23), roi(0x03)],
  },
];

const read = (word: string) => `R 0 0x00000000 0x${word}`;

/** OpenEB changes one bit after the other where we change both. */
const STANDALONE: Deviation = {
  reason: "both bits of the clock in one word",
  golden: [read("00001106"), control("00001106"), read("00001106"), control("00001106")],
  ours: [read("00001106"), control("00001106")],
};

test("opening and closing equal OpenEB's construction, start, stop and destruction", options, () => {
  const { setUp, started, close } = open();
  const construction = withoutReads(linesOf(readCalls("gen31__open"), "open"), CHANGED_BY_BITS);
  assertTranscript(setUp, construction, [...OPEN_DEVIATIONS, STANDALONE]);
  const stream = readCalls("gen31__stream");
  assertTranscript(started, linesOf(stream, "stream start"), []);
  assertTranscript(close(), [...linesOf(stream, "stream stop"), ...linesOf(readCalls("gen31__close"), "close")], []);
});

for (
  const [clock, word, golden] of [
    ["internal-with-output", "00005106", "sync set_mode_master"],
    ["external", "00004106", "sync set_mode_slave"],
  ] as const
) {
  test(`the clock is chosen before the start, and its bits stay: ${clock}`, options, () => {
    const { setUp, started, close } = open({ clock });
    const calls = readCalls("gen31__master");
    const at = calls.findIndex(({ name }) => name === golden);
    const [chosen, start, stop] = [at, at + 1, at + 2].map((index) => calls[index]!.lines);
    // The recorded sensor was stopped before it became a secondary, and then 0x0000 keeps bit 19, the reset of EM events.
    const unset = (line: string) => clock === "external" ? line.replace(/( 0 0x00000000 0x)0008/, "$10000") : line;
    assert.deepEqual(setUp.slice(-2), [read("00001106"), control(word)]);
    assert.equal(unset(chosen!.at(-1)!), control(word));
    const deviations = clock === "external"
      ? [{
        reason: "bit 19 comes with the third word, as in a sensor that was never started",
        golden: [control("000C4107"), read("000C4107"), control("000C4107")],
        ours: [control("00044107"), read("00044107"), control("000C4107")],
      }]
      : [];
    assertTranscript(started, start!.map(unset), deviations);
    assertTranscript(close().slice(0, stop!.length), stop!, []);
  });
}

test("a region of interest, at the opening and live, has the words and the commit of OpenEB's", options, () => {
  const region = { x: 40, y: 20, width: 30, height: 10 };
  const golden = withoutReads(linesOf(readCalls("gen31__roi").slice(0, 6), "roi enable true"), CHANGED_BY_BITS);
  assert.equal(golden.length, 20 + 15 + 3);
  const { setUp } = open({ regionOfInterest: region });
  const first = setUp.indexOf(golden[0]!);
  const commit = "the recorded ROI was committed before, so its first word has no trigger";
  const deviation = { reason: commit, golden: [roi(0x03), roi(0x23), roi(0x03)], ours: [roi(0x23), roi(0x03)] };
  assertTranscript(setUp.slice(first, first + 37), golden, [deviation]);

  const running = {
    reason: `${commit}; bit 3 lets the pixels work`,
    golden: deviation.golden,
    ours: [roi(0x2b), roi(0x0b)],
  };
  const { update } = open();
  assertTranscript(update({ regionOfInterest: region }), golden, [running]);
  const full = withoutReads(linesOf(readCalls("gen31__roi").slice(0, 9), "roi enable false"), CHANGED_BY_BITS);
  assertTranscript(update({ regionOfInterest: null }), full, [running]);
});

test("the noise filter has OpenEB's thresholds, in one word each", options, () => {
  const calls = readCalls("gen31__nfl");
  const final = (name: string) => {
    const call = calls.find((call) => call.name === name)!;
    return call.lines.filter((line) => line.startsWith("W")).at(-1)!;
  };
  const { update } = open();
  const enabled = final("nfl enable true");
  assert.deepEqual(update({ noiseFilter: { minimumEventsPerSecond: 50_000 } }), [
    final("nfl set_thresholds 50000 25000 10000000 9000000"),
    enabled,
  ]);
  assert.deepEqual(update({ noiseFilter: { minimumEventsPerSecond: 500_000 } }), [
    final("nfl set_thresholds 500000 0 0 0"),
    enabled,
  ]);
  assert.deepEqual(update({ noiseFilter: null }), [final("nfl enable false")]);
});

test("a rate is rounded to thousands first, as in OpenEB", () => {
  const { update } = open();
  assert.equal(update({ noiseFilter: { minimumEventsPerSecond: 50_499 } })[0], "W 0 0x0000024C 0x00FFC033");
});

test("the trigger input is switched as in OpenEB", options, () => {
  const calls = readCalls("gen31__trigger");
  const { update } = open();
  for (const [externalTrigger, name] of [[true, "enable"], [false, "disable"]] as const) {
    const golden = linesOf(calls, `trigger channel 0 id 0 ${name}`);
    assert.deepEqual(update({ externalTrigger }), withoutReads(golden, CHANGED_BY_BITS));
  }
});

test("temperature and illuminance equal OpenEB's", options, () => {
  const calls = readCalls("gen31__monitoring");
  const { measure, model } = open();
  assert.deepEqual(measure("temperatureCelsius"), { value: 41, lines: linesOf(calls, "get_temperature") });
  model.alwaysSet.set("0 0x00000214", 0x2000_1388);
  const { lines } = measure("illuminance");
  assertTranscript(lines, linesOf(calls, "get_illumination"), [
    {
      reason: "words without the bits that only the sensor changes, and without reading them",
      golden: [
        "R 0 0x00000214 0x20001388",
        "W 0 0x00000214 0xA0001388",
        "R 0 0x00000214 0xA0001388",
        "W 0 0x00000214 0xE0001388",
      ],
      ours: ["W 0 0x00000214 0x80000000", "W 0 0x00000214 0xC0000000"],
    },
    {
      reason: "flag and counter are taken from one word",
      golden: ["R 0 0x00000214 0xE0001388", "R 0 0x00000214 0xE0001388"],
      ours: ["R 0 0x00000214 0xE0001388"],
    },
  ]);
  assert.equal(Math.trunc(measure("illuminanceLux").value), 170);
});

/** The writes of neuromorphic-drivers, whose request has no size, and its reads. */
function accessesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const word = (hex: string) => `0x${hex.match(/../g)!.reverse().join("").toUpperCase()}`;
    const write = /^BULK_OUT 0x02 56000000(.{8})(.{8}) /.exec(line);
    if (write !== null) return [`W 0 ${word(write[1]!)} ${word(write[2]!)}`];
    const read = /^BULK_OUT 0x02 020101000c00000000000000(.{8})01000000 /.exec(line);
    if (read !== null) return [`R 0 ${word(read[1]!)}`];
    return /^WAIT_US /.test(line) ? [line] : [];
  });
}

const folder = findGoldenFolder();

test("neuromorphic-drivers 0.18.1 opens with the same registers from the reset on, but for what is listed", {
  skip: folder === undefined ? "the golden transcripts (../shared/facts/golden) are not here" : false,
}, () => {
  const { setUp, started } = open();
  const reset = setUp.indexOf(control("00000000"));
  const ours = withoutReads([...setUp.slice(reset), ...started.slice(1)], ["0x00000000"])
    .map((line) => line.replace(/^(R \S+ \S+) .*/, "$1"));
  const golden = accessesOf(readGolden(folder!, "vga_0_18-default__open"));
  assert.deepEqual(golden.splice(0, 3), ["R 0 0x00000800", "R 0 0x00000800", "R 0 0x00000800"]);
  const full = ours.filter((line) => /^W 0 0x00000(4[0-4]|5[0-3])./.test(line) && line.endsWith("FFFFFFFF"));
  assert.equal(full.length, 20 + 15);
  assertTranscript(ours, golden, [
    {
      reason: "OpenEB writes 0 three times where neuromorphic-drivers does twice",
      golden: ["W 0 0x0000000C 0x00000001", control("00000000"), control("00000008")],
      ours: ["W 0 0x0000000C 0x00000001", control("00000000"), control("00000000"), control("00000008")],
    },
    {
      reason: "light meter, triggers, full ROI and clock; the supplies and resets of the start one after another",
      golden: ["W 0 0x00000248 0x000000C9", control("000C1107")],
      ours: [
        "W 0 0x00000248 0x000000C9",
        "W 0 0x00000214 0x80000000",
        "W 0 0x000001A0 0x00000000",
        "W 0 0x000001A4 0x00000000",
        ...full,
        roi(0x23),
        roi(0x03),
        control("00001106"),
        control("00001107"),
        control("00041107"),
        control("000C1107"),
      ],
    },
  ]);
});
