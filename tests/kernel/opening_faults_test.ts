/**
 * What goes wrong while a camera is opened, on a real kernel. The sensor's settling times come after some fifty
 * commands: what fails before them fails soon. Later steps are few, and their cameras are opened together.
 */

import assert from "node:assert/strict";
import { listDevices, NeuromorphicError, open, type VirtualFault } from "../../mod.ts";
import { test } from "../support/test.ts";
import { hasCode, openingCommands } from "./expectations.ts";
import { onceUnder, type PluggedCamera, plugIn, plugInAll } from "./guest.ts";

const once = onceUnder("bun");
const [control, commands, replies] = [0, 0x02, 0x82];

/** Plugs in a camera for each fault, and takes them all away in the end. */
async function withCameras(
  faults: readonly VirtualFault[],
  use: (cameras: readonly PluggedCamera[]) => Promise<void>,
): Promise<void> {
  const cameras = await plugInAll(faults.map((fault, index) => ({
    serial: `0000B00${index}`,
    source: { kind: "pattern" },
    faults: [fault],
  })));
  try {
    await use(cameras);
  } finally {
    for (const camera of cameras) await camera.unplug();
  }
}

/**
 * Each after its number of replies, with the error that it is, and what the message says. They do not heal, because the
 * first question is asked again. An opening asks the other cameras for their serials, too, which counts as well: 18 is
 * in the stopping of the sensor with or without that. More kinds of them come while a camera streams (faults_test.ts).
 */
const failures = [
  // It comes first: a camera that hangs holds up each opening of another.
  ["hang", 5, "io", /query property 0x\w+: no reply within 1000 ms/],
  ["stall", 18, "io", /write register \w+ .*LIBUSB_ERROR_PIPE/],
  ["failure-flag", 18, "protocol", /write register \w+ .*refused/],
] as const;

test(
  "replies that do not come, fail or are wrong end the opening with an error that names the command",
  once,
  async () => {
    const faults = failures.map(([kind, after]) => ({ kind, endpoint: replies, after, times: 0, length: 6 }));
    await withCameras(faults, async (cameras) => {
      for (const [index, [kind, , code, message]] of failures.entries()) {
        const { serial, detach } = cameras[index]!;
        await assert.rejects(open({ serial }), (error) => {
          assert.ok(hasCode(code)(error), kind);
          assert.match((error as Error).message, message);
          return true;
        });
        detach();
      }
    });
  },
);

test('unplugged as a control request is under way: "disconnected"', once, async () => {
  // The kernel sends some itself, as many each time.
  const first = await plugIn("0000C000", ["--pattern"]);
  first.detach();
  const { controlRequests } = await first.account();
  await first.unplug();
  await withCameras([{ kind: "unplug", endpoint: control, after: controlRequests }], async ([camera]) => {
    await assert.rejects(open({ serial: camera!.serial }), hasCode("disconnected"));
    await camera!.account(); // it has unplugged itself
  });
});

/** Identifying the camera and stopping it; all before the reset. */
const earlySteps = [[commands, 0], [replies, 6], [commands, 15], [replies, 24], [commands, 45]] as const;

test('unplugged at a step of the opening: "disconnected", and it is listed no more', once, async () => {
  // The link's set-up, and the last step, which starts the sensor.
  const lateSteps = [[replies, 120], [commands, await openingCommands() - 1]] as const;
  const faults = [...earlySteps, ...lateSteps].map(([endpoint, after]): VirtualFault => (
    { kind: "unplug", endpoint, after }
  ));
  await withCameras(faults, async (cameras) => {
    const openings = cameras.map(async ({ serial, account }, index) => {
      await assert.rejects(openWhenFree(serial), hasCode("disconnected"), `camera ${index}`);
      await account(); // it has unplugged itself
    });
    await Promise.all(openings);
    assert.deepEqual(await listDevices(), []);
  });
});

/**
 * Opens a camera beside other openings. Each asks all cameras for their serials, and on a slow machine one of them may be
 * busy with that for longer than `open` waits.
 */
async function openWhenFree(serial: string): Promise<unknown> {
  for (let attempt = 1; attempt < 10; attempt++) {
    try {
      return await open({ serial });
    } catch (error) {
      if (!(error instanceof NeuromorphicError && error.code === "busy")) throw error;
    }
  }
  return await open({ serial });
}
