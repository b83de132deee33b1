/** What changes of the configuration write equals what the calls of OpenEB 5.1.1 do, but for the deviations told here. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Genx320Biases, Genx320Changes } from "../../../src/cameras/genx320/configuration.ts";
import { assertTranscript, type Deviation } from "../testing/transcript.ts";
import { openModel } from "./testing/open_model.ts";
import { type Call, changesOf, finalWords, linesOf, options, readCalls } from "./testing/recordings.ts";

type Opened = ReturnType<typeof openModel>;

/** Compares the changes of an update with those of the calls of these numbers. */
function compare(
  { model, update }: Opened,
  changes: Genx320Changes,
  { calls, deviations = [] }: { calls: readonly Call[]; deviations?: readonly Deviation[] },
) {
  const held = model.snapshot();
  const golden = changesOf(calls.flatMap(({ lines }) => lines), held);
  assert.ok(golden.length > 0, calls.map(({ name }) => name).join());
  assertTranscript(changesOf(update(changes), held), golden, deviations);
}

function nameOf(golden: string): keyof Genx320Biases {
  const name = golden.slice("bias_".length).replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return name as keyof Genx320Biases;
}

for (const kind of ["es", "mp"] as const) {
  test(`biases are written, refused and out of range as in OpenEB: ${kind}`, options, () => {
    // Another code than the first that is set, which would not be written.
    const { model, update, camera } = openModel({ biases: { hpf: 1 } }, kind);
    let compared = 0;
    for (const { name: call, lines, result } of readCalls(`genx320${kind}__biases`)) {
      const [, golden, code] = /^bias (bias_\w+) set (-?\d+)$/.exec(call) ?? [];
      if (golden === undefined) continue;
      const biases = { [nameOf(golden)]: Number(code) };
      if (result === "= 1") {
        const [, , register, word] = lines[0]!.split(" ");
        model.registers.set(Number(register), Number(word));
        assert.deepEqual(update({ biases }), lines, call);
        assert.equal(camera.configuration.biases[nameOf(golden)], Number(code));
      } else {
        assert.throws(() => update({ biases }), { name: "RangeError", message: new RegExp(nameOf(golden)) }, call);
        assert.deepEqual(model.takeLines(), [], call);
      }
      compared += 1;
    }
    assert.equal(compared, 32);
  });
}

test("windows are written and committed as in OpenEB", options, () => {
  const calls = readCalls("genx320es__roi");
  const opened = openModel();
  const called = (...names: string[]) => {
    const first = calls.findIndex(({ name }) => name === names[0]);
    assert.ok(first >= 0, names[0]);
    return names.map((name) => calls.slice(first).find((call) => call.name === name)!);
  };
  const window = { x: 40, y: 20, width: 30, height: 10 };
  compare(opened, { regionOfInterest: window }, { calls: called("roi set_window 40,20 30x10", "roi enable true") });
  const full = ["W 0 0x00000400 0x01400000", "W 0 0x00000404 0x01400000"];
  const reason = "windows are written after their set-up, as in OpenEB's set_windows";
  const [stop, run] = ["W 0 0x00000034 0x00000009", "W 0 0x00000034 0x0000000B"];
  const deviation = { reason, golden: [...full, stop, run], ours: [stop, ...full, run] };
  compare(opened, { regionOfInterest: null }, { calls: called("roi enable false"), deviations: [deviation] });
  const outside = called("roi set_window 40,20 30x10 (RONI)", "roi enable true (RONI)");
  compare(opened, { regionOfNonInterest: window }, { calls: outside });
  opened.update({ regionOfNonInterest: null });
  const windows = [
    { x: 0, y: 0, width: 5, height: 6 },
    { x: 10, y: 20, width: 5, height: 6 },
    { x: 20, y: 40, width: 5, height: 6 },
  ];
  compare(opened, { regionOfInterest: windows }, {
    calls: called("roi set_windows 3", "roi enable true (3 windows)"),
  });
});

test("a region at the opening is committed before the start", options, () => {
  const { setUp } = openModel({ regionOfInterest: { x: 40, y: 20, width: 30, height: 10 } });
  const calls = readCalls("genx320es__roi");
  const golden = ["roi set_window 40,20 30x10", "roi enable true"].flatMap((name) => linesOf(calls, name));
  assert.deepEqual(setUp.slice(-2), ["R 0 0x00000034 0x00000009", "W 0 0x00000034 0x0000000B"]);
  const words = finalWords(setUp);
  for (const [register, word] of Object.entries(finalWords(golden))) assert.equal(words[register], word, register);
});

test("the rate controller is set up, changed and switched off as in OpenEB", options, () => {
  const calls = readCalls("genx320es__erc");
  const called = (...names: string[]) => names.map((name) => calls.find((call) => call.name === name)!);
  const opened = openModel();
  const [count, on] = ["W 0 0x0000602C 0x00000064", "W 0 0x00006014 0x80002014"];
  compare(opened, { rateLimiter: { maximumEventsPerSecond: 1e6 } }, {
    calls: called("erc set_cd_event_rate 1000000", "erc enable true"),
    deviations: [{
      reason: "the figure is written where OpenEB writes it again",
      golden: [count, on],
      ours: [on, count],
    }],
  });
  const limiter = { referencePeriodUs: 100 };
  compare(opened, { rateLimiter: { ...limiter, maximumEventsPerPeriod: 1_234 } }, {
    calls: called("erc set_cd_event_count 1234"),
  });
  compare(opened, { rateLimiter: { ...limiter, maximumEventsPerPeriod: 20_000 } }, {
    calls: called("erc set_cd_event_count max"),
  });
  assert.throws(() => opened.update({ rateLimiter: { ...limiter, maximumEventsPerPeriod: 20_001 } }), RangeError);
  compare(opened, { rateLimiter: null }, { calls: called("erc enable false") });
});

test("trigger input and clock are chosen as in OpenEB", options, () => {
  const { update } = openModel();
  const trigger = readCalls("genx320es__trigger");
  assert.deepEqual(update({ externalTrigger: false }), linesOf(trigger, "trigger channel 0 id 0 disable"));
  const enabled = finalWords(linesOf(trigger, "trigger channel 0 id 0 enable"));
  assert.deepEqual(finalWords(update({ externalTrigger: true })), enabled);

  const sync = readCalls("genx320es__sync");
  for (const [clock, name] of [["internal-with-output", "master"], ["external", "slave"]] as const) {
    const golden = linesOf(sync, `sync set_mode_${name}`).filter((line) => line.startsWith("W"));
    const { setUp } = openModel({ clock });
    const ours = setUp.filter((line) => line.startsWith("W"));
    // The trigger's two writes follow.
    assert.deepEqual(ours.slice(-2 - golden.length, -2), golden, clock);
  }
});

test("the digital crop and the pixel mask have OpenEB's words", options, () => {
  const { update } = openModel();
  const crop = readCalls("genx320es__crop");
  const window = { x: 32, y: 20, width: 160, height: 100 };
  const names = ["crop set 32,20,191,119 keep origin", "crop enable true"];
  const golden = names.flatMap((name) => linesOf(crop, name));
  assert.deepEqual(finalWords(update({ digitalCrop: window })), finalWords(golden));
  const moved = { ...window, x: 64, width: 128, resetOrigin: true };
  const reset = finalWords(linesOf(crop, "crop set 64,20,191,119 reset origin"));
  assert.deepEqual(finalWords(update({ digitalCrop: moved })), reset);
  assert.deepEqual(finalWords(update({ digitalCrop: null })), finalWords(linesOf(crop, "crop enable false")));

  const mask = readCalls("genx320es__dem");
  const free = Object.fromEntries(
    Array.from({ length: 16 }, (_, slot) => [[0x9100 + 8 * slot, 0], [0x9104 + 8 * slot, 1]] as const).flat()
      .map(([address, word]) => [`0x0000${address.toString(16).toUpperCase()}`, `0x0000000${word}`]),
  );
  const first = finalWords(linesOf(mask, "dem slot 0 set 5,7 on"));
  assert.deepEqual(finalWords(update({ pixelMask: [{ x: 5, y: 7 }] })), { ...free, ...first });
  const all = Array.from({ length: 16 }, (_, index) => index === 15 ? { x: 319, y: 319 } : { x: index, y: 0 });
  const words = finalWords(update({ pixelMask: all }));
  for (const [register, word] of Object.entries(finalWords(linesOf(mask, "dem last slot set 319,319 on")))) {
    assert.equal(words[register], word, register);
  }
  assert.deepEqual(finalWords(update({ pixelMask: [] })), free);
});

test("temperature, illuminance and dead time are measured as in OpenEB", options, () => {
  const calls = readCalls("genx320es__monitoring");
  const { measure } = openModel();
  const temperature = measure("temperatureCelsius");
  assert.deepEqual(temperature.lines, linesOf(calls, "get_temperature"));
  assert.equal(temperature.value.toFixed(3), "32.400");
  const illuminance = measure("illuminance");
  assert.deepEqual(illuminance, { value: 5_000, lines: linesOf(calls, "get_illumination") });
  assert.equal(Math.round(measure("illuminanceLux").value), 37);
  assert.deepEqual(measure("pixelDeadTimeUs"), { value: 10, lines: linesOf(calls, "get_pixel_dead_time") });
});
