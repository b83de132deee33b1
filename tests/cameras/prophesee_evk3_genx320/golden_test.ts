/**
 * What the protocol of an EVK3 GenX320 writes equals what OpenEB 5.1.1 does, but for the deviations listed here.
 *
 * Bring-up and close are compared line by line; what OpenEB changes field by field by its changes (`changesOf`). The
 * recordings are not part of the project; without them these tests skip.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openModel } from "../genx320/testing/open_model.ts";
import { changesOf, linesOf, options, readCalls } from "../genx320/testing/recordings.ts";
import { assertTranscript, type Deviation } from "../testing/transcript.ts";

/** The lines before the part where OpenEB changes registers field by field, and those from there on. */
function parts(lines: readonly string[]): { sequences: string[]; rest: string[] } {
  const at = lines.findIndex((line) => line.startsWith("R 0 0x00000074 "));
  const isLong = (line: string) => !/^WAIT_US \d{1,3}$/.test(line);
  return { sequences: lines.slice(0, at).filter(isLong), rest: lines.slice(at) };
}

const isChipId = (line: string) => line.startsWith("R 0 0x00000014 ");

for (const kind of ["es", "mp"] as const) {
  test(`stop, destruction and initialisation equal OpenEB's: ${kind}`, options, () => {
    const ours = parts(openModel({}, kind).setUp).sequences;
    const golden = parts(linesOf(readCalls(`genx320${kind}__open`), "open")).sequences;
    // OpenEB asks the chip id for each of its classes that may fit.
    assert.equal(ours.filter(isChipId).length, 1);
    assertTranscript(ours.filter((line) => !isChipId(line)), golden.filter((line) => !isChipId(line)), []);
  });

  test(`what follows the initialisation changes what OpenEB changes: ${kind}`, options, () => {
    const ours = changesOf(parts(openModel({}, kind).setUp).rest);
    const golden = changesOf(parts(linesOf(readCalls(`genx320${kind}__open`), "open")).rest);
    const windows = ["W 0 0x00000400 0x01400000", "W 0 0x00000404 0x01400000"];
    const [master, run] = ["W 0 0x00000034 0x00000001", "W 0 0x00000034 0x0000000B"];
    const format = ["W 0 0x00007044 0x00000002", "W 0 0x00007000 0x00000001"];
    // The early sensor's initialisation has chosen EVT2.1.
    const ours7044 = kind === "es" ? format.slice(1) : format;
    const deviations: Deviation[] = [
      { reason: "the format is always chosen, as in OpenEB where one is asked for", golden: windows, ours: ours7044 },
      {
        reason: "windows are written after their set-up, as in OpenEB's set_windows",
        golden: [master, run],
        ours: [master, ...windows, run],
      },
    ];
    assertTranscript(ours, golden, deviations);
  });

  test(`start, stop and close equal OpenEB's: ${kind}`, options, () => {
    const { started, close } = openModel({}, kind);
    const isLong = (line: string) => !/^WAIT_US \d{1,3}$/.test(line);
    const stream = readCalls(`genx320${kind}__stream`);
    assertTranscript(started.filter(isLong), linesOf(stream, "stream start"), []);
    const golden = [...linesOf(stream, "stream stop"), ...linesOf(readCalls(`genx320${kind}__close`), "close")];
    assertTranscript(close().filter(isLong), golden, []);
  });
}
