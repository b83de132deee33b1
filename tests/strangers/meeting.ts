/** A stranger's client meets a virtual camera in place of libusb. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Geometry, VirtualCameraModel } from "../../mod.ts";
import { runCommand } from "../../scripts/commands.ts";
import { virtualCameraLibrary } from "../../scripts/strangers/crate.ts";
import { atRandom } from "../support/random.ts";
import { checkReport, makeKnownEvents, type Phase, readEvents, recordKnownEvents, windowUs } from "./known_events.ts";

/** How a client is called, and what it shall have seen. */
export interface Meeting {
  readonly program: string;
  readonly model?: VirtualCameraModel;
  /** Eight hexadecimal digits, as the stranger writes them. */
  readonly serial?: string;
  /** What the stranger calls the camera. */
  readonly name?: string;
  /** The size of its sensor. Default: that of an IMX636. */
  readonly geometry?: Geometry;
  readonly phases: readonly Phase[];
  /** Added to the client's parameters. */
  readonly parameters?: readonly string[];
  /** What the stranger prints where a race of its own has aborted it: it is called again, up to three times. */
  readonly ownRace?: RegExp;
}

/** Has a client meet a camera that plays known events, and checks what it saw. */
export async function meet(meeting: Meeting): Promise<void> {
  const { program, model = "evk4", serial = "00050ABC", name = "Prophesee EVK4", phases, parameters = [] } = meeting;
  await atRandom(async (random) => {
    const known = makeKnownEvents(random, meeting.geometry);
    const recording = recordKnownEvents(known);
    const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_stranger_"));
    try {
      const bus = { cameras: [{ model, serial, source: { kind: "recording", path: recording.path } }] };
      const call = () => runStranger(program, JSON.stringify(bus), [serial, String(windowUs), folder, ...parameters]);
      const { exitStatus, output } = await outsideItsRace(call, meeting.ownRace);
      assert.equal(exitStatus, 0, output);
      checkReport(output, { serial, name });
      for (const { name, check } of phases) check(readEvents(readFileSync(join(folder, `${name}.events`))), known);
    } finally {
      recording.remove();
      rmSync(folder, { recursive: true });
    }
  });
}

async function outsideItsRace(call: () => ReturnType<typeof runStranger>, race: RegExp | undefined) {
  for (let attempt = 1;; attempt++) {
    const result = await call();
    if (result.exitStatus === 0 || attempt === 3 || race?.test(result.output) !== true) return result;
  }
}

/** Runs a client with the virtual camera as its libusb, and a bus as JSON in its environment. */
export async function runStranger(
  program: string,
  bus: string,
  parameters: readonly string[],
): ReturnType<typeof runCommand> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_libusb_"));
  try {
    for (const name of ["libusb-1.0.so.0", "libneuromorphic_virtual_camera.so"]) {
      symlinkSync(virtualCameraLibrary, join(folder, name));
    }
    const others = Deno.env.get("LD_LIBRARY_PATH");
    const environment = {
      LD_LIBRARY_PATH: others === undefined ? folder : `${folder}:${others}`,
      NEUROMORPHIC_DRIVERS_VIRTUAL_BUS: bus,
    };
    return await runCommand(program, parameters, { environment });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
