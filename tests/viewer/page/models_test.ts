import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsInMillivolts, boundsOfStates, inOrder } from "../../../src/viewer/page/biases.ts";
import { fileNameFor } from "../../../src/viewer/page/file_names.ts";
import { featuresOf, isOn, switched, valuesOf, withField } from "../../../src/viewer/page/features.ts";
import { clock, figuresOf, milliseconds, span, spokenFigures } from "../../../src/viewer/page/figures.ts";
import { commandOf, keyBindings } from "../../../src/viewer/page/keys.ts";
import { columnsFor } from "../../../src/viewer/page/layout.ts";
import { percentOf, rectangleBetween, rectangleWithin } from "../../../src/viewer/page/region.ts";
import { firstSpeed, nextSpeed, speedLabel, stepUs } from "../../../src/viewer/page/speeds.ts";
import {
  accumulatorOptionsOf,
  defaultStyle,
  lastTauPlace,
  sliderOfTau,
  tauOfSlider,
} from "../../../src/viewer/page/styles.ts";

const hd = { width: 1280, height: 720 };

test("a drag becomes the rectangle of the pixels under it, in any direction and within the sensor", () => {
  const rectangle = { x: 128, y: 72, width: 256, height: 72 };
  assert.deepEqual(rectangleBetween({ x: 0.1, y: 0.1 }, { x: 0.3, y: 0.2 }, hd), rectangle);
  assert.deepEqual(rectangleBetween({ x: 0.3, y: 0.2 }, { x: 0.1, y: 0.1 }, hd), rectangle);
  assert.deepEqual(rectangleBetween({ x: -0.5, y: 0.5 }, { x: 2, y: 7 }, hd), {
    x: 0,
    y: 360,
    width: 1280,
    height: 360,
  });
  assert.deepEqual(percentOf(rectangle, hd), { left: 10, top: 10, width: 20, height: 10 });
});

test("a click is no rectangle", () => {
  assert.equal(rectangleBetween({ x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 }, hd), undefined);
});

test("numbers for a rectangle are rounded and kept within the sensor", () => {
  assert.deepEqual(rectangleWithin({ x: 1.4, y: -5, width: 10_000, height: 15 }, hd), {
    x: 1,
    y: 0,
    width: 1279,
    height: 10,
  });
  assert.equal(rectangleWithin({ x: 1280, y: 0, width: 5, height: 5 }, hd), undefined);
  assert.equal(rectangleWithin({ x: NaN, y: 0, width: NaN, height: 5 }, hd), undefined);
});

test("pictures share the window so that they come out largest", () => {
  assert.equal(columnsFor(1, hd, 16 / 9, 100), 1);
  assert.equal(columnsFor(2, { width: 1600, height: 600 }, 16 / 9, 100), 2);
  assert.equal(columnsFor(2, { width: 400, height: 1200 }, 16 / 9, 100), 1);
  assert.equal(columnsFor(4, { width: 1600, height: 1200 }, 16 / 9, 100), 2);
  assert.equal(columnsFor(3, { width: 0, height: 0 }, 16 / 9, 100), 1);
});

test("each key has one meaning, and controls keep the keys that they use", () => {
  const keys = keyBindings.flatMap(({ keys }) => keys);
  assert.equal(new Set(keys).size, keys.length);
  const press = { key: "P", ctrlKey: false, metaKey: false, altKey: false, target: null };
  assert.equal(commandOf(press), "snapshot");
  assert.equal(commandOf({ ...press, ctrlKey: true }), undefined);
  assert.equal(commandOf({ ...press, target: { tagName: "INPUT" } }), undefined);
  assert.equal(commandOf({ ...press, key: " ", target: { tagName: "BUTTON" } }), undefined);
  assert.equal(commandOf({ ...press, key: "=" }), "faster");
  assert.equal(commandOf({ ...press, key: ".", target: { tagName: "BUTTON" } }), "step");
});

test("the slider of the time reaches its bounds, and its places keep their times", () => {
  assert.equal(tauOfSlider(0), 1000);
  assert.equal(tauOfSlider(lastTauPlace), 1_000_000);
  for (let place = 0; place <= lastTauPlace; place++) assert.equal(sliderOfTau(tauOfSlider(place)), place);
});

test("styles of the last event share an accumulator, so that a change of style loses no event", () => {
  const options = (name: "decay" | "window" | "time-surface" | "count") =>
    accumulatorOptionsOf({ ...defaultStyle, name }, hd);
  assert.deepEqual(options("decay"), options("window"));
  assert.deepEqual(options("decay"), options("time-surface"));
  assert.notDeepEqual(options("decay"), options("count"));
});

test("a live source is never faster than it is, a recording is", () => {
  assert.equal(nextSpeed(1, 1, true), 1);
  assert.equal(nextSpeed(1, 1, false), 2);
  assert.equal(nextSpeed(1, -1, true), 0.5);
  assert.equal(nextSpeed(0.001, -1, true), 0.001);
  assert.equal(speedLabel(0.02), "1/50 ×");
  assert.equal(stepUs(1), 16_667);
  assert.equal(stepUs(0.001), 17);
});

test("a recording that is too short to be followed begins slowly", () => {
  assert.equal(firstSpeed(60e6), 1);
  assert.equal(firstSpeed(4e6), 1);
  assert.equal(firstSpeed(9_000), 0.002);
  assert.equal(firstSpeed(0), 0.001);
});

test("the bounds of a slider are what the chip has and its maker recommends, until more is allowed", () => {
  const states = {
    diffOn: { offset: 5, code: 115, minimum: -110, maximum: 145, recommended: { minimum: -85, maximum: 140 } },
    pr: { offset: 0, code: 125, minimum: -125, maximum: 130, recommended: undefined },
    fo: { code: 30, minimum: 0, maximum: 127, recommended: { minimum: 19, maximum: 39 } },
  };
  const [diffOn, pr, fo] = boundsOfStates(states, { beyondRecommendedBiases: false });
  assert.deepEqual(diffOn, { name: "diffOn", value: 5, minimum: -85, maximum: 140, initial: 0, unit: "" });
  assert.deepEqual(pr, { name: "pr", value: 0, minimum: -125, maximum: 130, initial: 0, unit: "" });
  assert.deepEqual(fo, { name: "fo", value: 30, minimum: 19, maximum: 39, initial: 30, unit: "" });
  const [beyond] = boundsOfStates(states, { beyondRecommendedBiases: true });
  assert.deepEqual([beyond?.minimum, beyond?.maximum], [-110, 145]);
  const { main, more } = inOrder([pr!, fo!, diffOn!]);
  assert.deepEqual([main.map(({ name }) => name), more.map(({ name }) => name)], [["diffOn", "fo"], ["pr"]]);
});

test("biases in millivolts have the ranges of their driver", () => {
  const ranges = [{ name: "fo", recommended: [1250, 1800] }] as const;
  const bounds = (beyondRecommendedBiases: boolean) =>
    boundsInMillivolts(ranges, { biases: { fo: 1477 }, beyondRecommendedBiases });
  assert.deepEqual(bounds(false), [{
    name: "fo",
    value: 1477,
    minimum: 1250,
    maximum: 1800,
    initial: 1477,
    unit: "mV",
  }]);
  assert.deepEqual([bounds(true)[0]?.minimum, bounds(true)[0]?.maximum], [0, 1800]);
});

const configuration = {
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 2000 },
  antiFlicker: null,
  trailFilter: { type: "trail", thresholdUs: 5000 },
  externalTrigger: true,
  packetPeriodUs: 4000,
};

test("a camera has the features that its configuration has", () => {
  const keys = featuresOf("prophesee-evk4", configuration).map(({ key }) => key);
  assert.deepEqual(keys, ["rateLimiter", "antiFlicker", "trailFilter", "packetPeriodUs", "externalTrigger"]);
  const types = (type: string) => {
    const field = featuresOf(type, configuration)[2]?.fields?.[0];
    return field?.kind === "choice" ? field.choices : undefined;
  };
  assert.deepEqual(types("prophesee-evk4"), ["trail", "stc-cut-trail", "stc-keep-trail"]);
  assert.deepEqual(types("prophesee-evk3-hd"), ["trail", "stc-cut-trail"]);
});

test("a feature is switched by what it is made of, and one field leaves the others", () => {
  const [limiter, flicker, trail, period, trigger] = featuresOf("prophesee-evk4", configuration);
  assert.deepEqual(valuesOf(limiter!, configuration), { maximumEventsPerSecond: 10_000_000 });
  assert.deepEqual(switched(limiter!, false), { rateLimiter: null });
  assert.equal(isOn(flicker!, configuration), false);
  assert.deepEqual(switched(flicker!, true), { antiFlicker: { minimumHz: 90, maximumHz: 130 } });
  assert.deepEqual(withField(trail!, configuration, { name: "thresholdUs", value: 9000 }), {
    trailFilter: { type: "trail", thresholdUs: 9000 },
  });
  assert.deepEqual(withField(period!, configuration, { name: "packetPeriodUs", value: 1008 }), {
    packetPeriodUs: 1008,
  });
  assert.deepEqual(switched(trigger!, false), { externalTrigger: false });
});

const reading = {
  eventsPerSecond: 1_234_567,
  onShare: 0.512,
  bytesPerSecond: 4e6,
  delayMs: 2.34,
  backlog: 3,
  picturesPerSecond: 59.8,
};
const totals = { events: 9, triggers: 0, droppedTransfers: 0, droppedBytes: 0, outOfSensor: 0, timeDiscontinuities: 0 };

test("figures are short, and those of a live source tell what is lost", () => {
  const measured = { reading, totals, time: 12_345_678, isLive: true, behindUs: 0 };
  const figures = Object.fromEntries(figuresOf(measured).map(({ name, value }) => [name, value]));
  assert.deepEqual(figures, {
    Rate: "1.23 Mev/s",
    ON: "51 %",
    Time: "12.346 s",
    Data: "4.00 MB/s",
    Delay: "2.3 ms",
    Backlog: "3",
    Dropped: "0 B",
    Pictures: "60 /s",
  });
  const lossy = figuresOf({ ...measured, totals: { ...totals, droppedBytes: 5000 }, behindUs: 2e6 });
  const warned = lossy.filter(({ isWarning }) => isWarning).map(({ name, value }) => `${name} ${value}`);
  assert.deepEqual(warned, ["Dropped 5.00 kB"]);
  assert.equal(lossy.find(({ name }) => name === "Behind")?.value, "2.0 s");
  assert.equal(
    spokenFigures("EVK4", measured),
    "EVK4: 1.23 Mevents per second, 51 % of them ON, at 12.346 s",
  );
});

test("a recording has neither backlog nor dropped bytes, and faults of data are shown", () => {
  const damaged = { ...totals, outOfSensor: 4, timeDiscontinuities: 1 };
  const names = figuresOf({ reading, totals: damaged, time: undefined, isLive: false, behindUs: 0 })
    .map(({ name }) => name);
  assert.deepEqual(names, ["Rate", "ON", "Time", "Events", "Pictures", "Outside", "Jumps"]);
});

test("times are told with the digits that matter", () => {
  assert.deepEqual([0.84, 12.3, 2400].map(milliseconds), ["0.8 ms", "12 ms", "2.4 s"]);
  assert.equal(clock(12_345_000, 60e6), "12.345 of 60.000 s");
  assert.equal(clock(4532, 9000), "4.532 of 9.000 ms");
  assert.deepEqual([950, 30_000, 1_200_000].map(span), ["950 µs", "30 ms", "1.2 s"]);
});

test("names of files are safe, and tell the source and the time", () => {
  const date = new Date(2026, 10, 28, 21, 5, 9);
  assert.equal(fileNameFor("Prophesee EVK4 00050ABC", date, "png"), "prophesee-evk4-00050abc_2026-11-28_21-05-09.png");
  assert.equal(fileNameFor("../<b>é.raw", date, "png"), "b_2026-11-28_21-05-09.png");
  assert.equal(fileNameFor("映像", date, "webm"), "events_2026-11-28_21-05-09.webm");
});
