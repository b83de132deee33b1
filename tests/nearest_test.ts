import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../src/nearest.ts";

const open = [
  "type",
  "serial",
  "libusb",
  "configuration",
  "raw",
  "iteratorTimeoutMs",
  "iteratorMaximumRawPackets",
  "reuseBuffers",
  "usbConfiguration",
  "signal",
];
const ring = ["bufferBytes", "ringLength", "transferQueueLength", "allowDma"];
const biases = ["pr", "fo", "hpf", "diffOn", "diff", "diffOff", "inv", "refr"];
const rectangle = ["x", "y", "width", "height"];
const masks = ["xMask", "yMask", "pixelMask"];
const formats = ["evt3", "evt2", "evt21", "evt21-legacy"];

const misspelt: readonly (readonly [name: string, known: readonly string[], meant: string | undefined])[] = [
  // The same but for case and separators.
  ["diff_on", biases, "diffOn"],
  ["DIFF-OFF", biases, "diffOff"],
  ["EVT3", formats, "evt3"],
  ["evt21_legacy", formats, "evt21-legacy"],
  ["x".repeat(1e6), ["x".repeat(1e6), "y"], "x".repeat(1e6)],
  // The same words in another order.
  ["onDiff", biases, "diffOn"],
  ["off_diff", biases, "diffOff"],
  // Initials.
  ["roi", ["biases", "regionOfInterest", "regionOfNonInterest"], "regionOfInterest"],
  ["roni", ["biases", "regionOfInterest", "regionOfNonInterest"], "regionOfNonInterest"],
  // Typing mistakes.
  ["difOn", biases, "diffOn"],
  ["dfif", biases, "diff"],
  ["rp", biases, "pr"],
  ["heigth", rectangle, "height"],
  ["ringConfiguration", open, "usbConfiguration"],
  ["configuration", ["raw", "usbConfiguration"], "usbConfiguration"],
  // Words or letters too many or too few.
  ["bias_diff_on", biases, "diffOn"],
  ["on", biases, "diffOn"],
  ["timeout", open, "iteratorTimeoutMs"],
  ["abortSignal", open, "signal"],
  ["config", open, "configuration"],
  ["refractory", biases, "refr"],
  ["w", rectangle, "width"],
  ["h", rectangle, "height"],
  // The same first word.
  ["bufferLength", ring, "bufferBytes"],
  ["bufferSize", ring, "bufferBytes"],
  ["ringSize", ring, "ringLength"],
  ["reuseMemory", open, "reuseBuffers"],
  // None.
  ["z", rectangle, undefined],
  ["z", ["x", "y"], undefined],
  ["on", ["fo", "pr"], undefined],
  ["u", open, undefined],
  ["device", open, undefined],
  ["threshold", biases, undefined],
  ["", biases, undefined],
  ["__", biases, undefined],
  ["diffOn", [], undefined],
  // Two that are equally near.
  ["mask", masks, undefined],
  ["evt4", formats, undefined],
  ["s", open, undefined],
  ["iteratorLimit", open, undefined],
];
for (const [name, known, meant] of misspelt) {
  const told = `of ${known.join(", ").slice(0, 80)}, "${name.slice(0, 80)}"`;
  test(`${told} is near ${meant?.slice(0, 80) ?? "to none"}`, () => assert.equal(nearest(name, known), meant));
}
