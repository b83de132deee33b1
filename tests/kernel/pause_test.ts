/** A program that stands still for longer than a wrap of the sensor's time counter, as by Ctrl-Z and `fg`. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { open } from "../../mod.ts";
import { test } from "../support/test.ts";
import { onceUnder, plugIn } from "./guest.ts";

/** Longer than a wrap of 16.8 s, also without what the transfers (4 MiB) and the camera's FIFO hold at 1 MB/s. */
const pauseSeconds = 22;
const heldUs = 5e6;
/** So much a program on an emulated processor may be late. */
const lateUs = 3e6;

/** Stops this process, all threads of it. The camera is another program, and goes on. */
function standStill(): void {
  spawn("sh", ["-c", `sleep ${pauseSeconds}; kill -CONT ${process.pid}`], { stdio: "ignore" });
  process.kill(process.pid, "SIGSTOP");
}

test(
  "a program that stands still for longer than a wrap: its times are right again, and a gap tells what is missing",
  onceUnder("bun"),
  async () => {
    const camera = await plugIn("00000FB1", ["--rate", "1000000"]);
    try {
      await using device = await open({ serial: camera.serial });
      let stopped = false;
      let offsetUs: number | undefined;
      for await (const { status: { currentTime, gaps } } of device) {
        if (currentTime === undefined) continue;
        const nowUs = 1000 * performance.now();
        offsetUs ??= currentTime - nowUs;
        if (!stopped) {
          stopped = true;
          standStill();
          continue;
        }
        const jump = gaps.find(({ timeJumpUs }) => timeJumpUs > 1e6);
        if (jump === undefined) continue;
        const { timeJumpUs, droppedBytes } = jump;
        assert.ok(timeJumpUs > 1e6 * pauseSeconds - heldUs, `${timeJumpUs} µs`);
        assert.equal(droppedBytes, 0);
        const wrongUs = currentTime - nowUs - offsetUs;
        assert.ok(Math.abs(wrongUs) < lateUs, `${wrongUs} µs wrong`);
        break;
      }
    } finally {
      await camera.unplug();
    }
  },
);
