/** RAW files that other people's programs have written, and damaged ones, where the shared data is beside the project. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { NeuromorphicError, openRecording, type RecordingSource } from "../../mod.ts";
import { sharedFile } from "../support/shared.ts";
import { slow, test } from "../support/test.ts";
import { type Collected, readAll } from "./testing/made_recording.ts";

interface Listed {
  readonly file: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly expected_events: string | null;
  readonly expected_triggers: string | null;
}

const folder = "data/formats";
const manifest = sharedFile(`${folder}/manifest.json`);
const options = { skip: manifest.skip, ...slow };

/** Events of a list: 13 bytes each. */
function eventsOf(name: string | null): Collected["polarity"] {
  if (name === null) return [];
  const { buffer, byteOffset, byteLength } = readFileSync(sharedFile(`${folder}/${name}`).path);
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 13 }, (_, index) => ({
    t: Number(view.getBigUint64(13 * index, true)),
    x: view.getUint16(13 * index + 8, true),
    y: view.getUint16(13 * index + 10, true),
    on: view.getUint8(13 * index + 12),
  }));
}

/** Triggers of a list: 10 bytes each. */
function triggersOf(name: string | null): Collected["triggers"] {
  if (name === null) return [];
  const { buffer, byteOffset, byteLength } = readFileSync(sharedFile(`${folder}/${name}`).path);
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 10 }, (_, index) => ({
    t: Number(view.getBigUint64(10 * index, true)),
    id: view.getUint8(10 * index + 8),
    edge: view.getUint8(10 * index + 9),
  }));
}

test("RAW files of other programs have the events that they mean", options, async () => {
  const { files } = JSON.parse(readFileSync(manifest.path, "utf8")) as { readonly files: readonly Listed[] };
  const raw = files.filter(({ format }) => /^RAW EVT(2|2\.1|3)\b/.test(format));
  assert.ok(raw.length >= 10);
  for (const { file, width, height, expected_events, expected_triggers } of raw) {
    const { path } = sharedFile(`${folder}/${file}`);
    const bytes = new Uint8Array(readFileSync(path));
    const polarity = eventsOf(expected_events);
    const triggers = triggersOf(expected_triggers);
    for (const source of [path, bytes, new Blob([bytes]), new Blob([bytes]).stream()] satisfies RecordingSource[]) {
      await using recording = await openRecording(source);
      assert.deepEqual(recording.geometry, { width, height }, file);
      assert.deepEqual(await readAll(recording), { polarity, triggers, error: undefined }, file);
    }
  }
});

/** Of a damaged file: how many events come before the error, its code, message and place; without a code, none comes. */
const damaged: Readonly<Record<string, readonly [number, string?, RegExp?, number?]>> = {
  "empty.raw": [0, "damaged", /is empty/, 0],
  "png.raw": [0, "unsupported", /is a PNG image/],
  "gzip.raw": [0, "unsupported", /is compressed with gzip/],
  "zeros.raw": [0, "damaged", /begins with zeros only/, 0],
  "raw_header_cut.raw": [0, "damaged", /header is not complete/, 90],
  "raw_odd_byte.raw": [2999, "damaged", /truncated: 1 byte is left/, 8828],
  "raw_no_time.raw": [0, "damaged", /has no time/, 166],
  "raw_geometry_disagrees.raw": [0, "damaged", /geometry "640x480" is not the 1280x720/, 0],
  "raw_geometry_zero.raw": [0, "damaged", /geometry "0x0"/, 0],
  "raw_geometry_text.raw": [0, "damaged", /geometry "wide"/, 0],
  "raw_geometry_huge.raw": [0, "damaged", /geometry "4294967296x4294967296"/, 0],
  "raw_histo.raw": [0, "unsupported", /RAW file of "HISTO3D"/],
  "raw_no_end_first_word_2025.raw": [2],
  "raw_crlf.raw": [3000],
  "evt2_cut_1.raw": [2999, "damaged", /truncated: 3 bytes are left/, 12_321],
  "evt2_cut_3.raw": [2999, "damaged", /truncated: 1 byte is left/, 12_321],
  "evt21_half_word.raw": [2999, "damaged", /truncated: 4 bytes are left/, 24_350],
};

test("damaged and foreign files have their errors, after what is readable", options, async () => {
  for (const [name, [events, code, message, offset]] of Object.entries(damaged)) {
    const { path } = sharedFile(`${folder}/wrong/${name}`);
    let polarity: Collected["polarity"] = [];
    let error: unknown;
    try {
      await using recording = await openRecording(path);
      ({ polarity, error } = await readAll(recording));
    } catch (thrown) {
      error = thrown;
    }
    assert.equal(polarity.length, events, name);
    if (code === undefined) {
      assert.equal(error, undefined, name);
      continue;
    }
    assert.ok(error instanceof NeuromorphicError, `${name}: ${error}`);
    assert.equal(error.code, code, name);
    assert.equal(error.path, path);
    assert.equal(error.offset, offset, name);
    assert.match(error.message, message!);
  }
});
