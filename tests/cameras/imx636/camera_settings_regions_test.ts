/** Regions in Metavision's camera settings of an IMX636: windows, or lines of columns and rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCameraSettings, parseCameraSettings, type PropheseeEvk4Configuration } from "../../../mod.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";

const type = "prophesee-evk4";
const configurationOf = (changes: PropheseeEvk4Changes) =>
  propheseeEvk4.checkConfiguration(changes) as PropheseeEvk4Configuration;
const format = (changes: PropheseeEvk4Changes) => formatCameraSettings(configurationOf(changes), { type });
const parse = (text: string) => parseCameraSettings(text, { type });

const lines = (length: number, silent: readonly number[]) => Array.from({ length }, (_, at) => !silent.includes(at));
const region = (state: object) => parse(JSON.stringify({ roi_state: state })).configuration;

test("regions are windows or lines, on or off", () => {
  const window = [{ x: 40, y: 20, width: 30, height: 10 }];
  const inside = { regionOfInterest: window };
  assert.deepEqual(region({ window, enabled: true, mode: "ROI" }), { ...inside, masksEnabled: true });
  assert.deepEqual(region({ window, enabled: false }), { ...inside, masksEnabled: false });
  assert.deepEqual(region({ window, mode: 1 }), { regionOfNonInterest: window });
  assert.deepEqual(region({ window: [], enabled: false, mode: "RONI" }), {
    regionOfInterest: null,
    masksEnabled: true,
  });
  assert.deepEqual(region({ enabled: true }), { masksEnabled: true });
  const [columns, rows] = [lines(1280, [0, 5]), lines(720, [719])];
  for (const mode of ["ROI", "RONI"]) {
    const text = JSON.stringify({ roi_state: { window, columns, rows, enabled: true, mode } });
    const { configuration, ignored } = parse(text);
    const expected = { xMask: "0,5", yMask: "719", maskIntersectionOnly: mode === "RONI" };
    assert.deepEqual(configurationOf(configuration), configurationOf(expected));
    assert.deepEqual(ignored, ["roi_state.window"]);
  }
});

test("masks are written as a window where they are one, else as lines", () => {
  const state = (changes: PropheseeEvk4Changes) => JSON.parse(format(changes)).roi_state;
  assert.deepEqual(state({ yMask: "0-9" }).window, [{ x: 0, y: 10, width: 1280, height: 710 }]);
  assert.deepEqual(state({ regionOfInterest: { x: 1, y: 2, width: 3, height: 4 }, masksEnabled: false }), {
    window: [{ x: 1, y: 2, width: 3, height: 4 }],
    columns: [],
    rows: [],
    enabled: false,
    mode: "ROI",
  });
  const separate = state({ xMask: "3,7", maskIntersectionOnly: true, yMask: "1" });
  assert.deepEqual(separate, {
    window: [],
    columns: lines(1280, [3, 7]),
    rows: lines(720, [1]),
    enabled: true,
    mode: "RONI",
  });
  assert.equal(state({ xMask: "0-1279" }).columns.includes(true), false);
});
