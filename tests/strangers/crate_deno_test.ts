/** The crate neuromorphic-drivers as a client of the virtual camera, in place of libusb. */

import assert from "node:assert/strict";
import type { VirtualCameraModel } from "../../mod.ts";
import { buildCrateClient } from "../../scripts/strangers/crate.ts";
import { slow, test } from "../support/test.ts";
import { changedPhases, wholePhases } from "./known_events.ts";
import { meet, runStranger } from "./meeting.ts";
import { assertTold } from "./told.ts";

const stranger = "neuromorphic-drivers 0.18.1 (Rust)";
const built = await buildCrateClient();
const { program, obstacle: skip } = "program" in built ? { ...built, obstacle: undefined } : { ...built, program: "" };
const options = { ...slow, skip };

/**
 * The crate cancels a transfer whose callback waits for its lock: "not found" is the answer, the crate takes the transfer
 * for complete, and the callback panics (its `usb.rs`, line 415).
 */
const ownRace = /callback called for a transfer marked as complete/;
const client = { program, ownRace };

test("the crate sees all that an EVK4 sends, with its own defaults, and what it changes", options, async () => {
  await meet({ ...client, phases: [...wholePhases, ...changedPhases] });
  const events = "as opened, masked, as opened again";
  assertTold(stranger, "look-alike", "`evk4`", events, "biases, rate limiter");
});

// At the same time, as opening is mostly waiting.
const others: readonly VirtualCameraModel[] = [
  "evk4-00f4",
  "silkyevcam-hd",
  "silkyevcam-hd-lite",
  "ueye-xcpe",
  "ueye-xlse",
];

test("the crate opens every other camera with the EVK4's board and sees all that it sends", options, async () => {
  const phases = wholePhases.slice(0, 1);
  await Promise.all(others.map((model) => meet({ ...client, model, phases, parameters: ["brief"] })));
  for (const model of others) assertTold(stranger, "look-alike", `\`${model}\``, "as opened", "");
});

test("the crate opens a SilkyEvCam VGA and sees all that it sends", options, async () => {
  const geometry = { width: 640, height: 480 };
  const name = "CenturyArks VGA";
  const phases = wholePhases.slice(0, 1);
  await meet({ ...client, model: "silkyevcam-vga", name, geometry, phases, parameters: ["brief"] });
  assertTold(stranger, "look-alike", "`silkyevcam-vga`", "as opened", "");
});

test("the crate opens an EVK3 HD, which it tells from an EVK4, and sees all that it sends", options, async () => {
  const phases = wholePhases.slice(0, 1);
  await meet({ ...client, model: "evk3-hd", name: "Prophesee EVK3 HD", phases, parameters: ["brief"] });
  assertTold(stranger, "look-alike", "`evk3-hd`", "as opened", "");
});

test("a bus in the environment that is refused is told, and libusb does not begin", options, async () => {
  const { exitStatus, output } = await runStranger(program, '{"cameras":[{"model":"evk5"}]}', ["1", "1", "."]);
  assert.notEqual(exitStatus, 0);
  assert.match(output, /^NEUROMORPHIC_DRIVERS_VIRTUAL_BUS: cameras\[0\]\.model: unknown model "evk5"$/m);
  assert.match(output, /InvalidParam/);
});
