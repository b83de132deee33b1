import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { setImmediate } from "node:timers";
import { configureVirtualBus, describeVirtualBus, NeuromorphicError, open } from "../../mod.ts";
import { demo, show } from "../../src/cli/demo.ts";
import { parseDemoOptions } from "../../src/cli/demo_options.ts";
import { Interrupted } from "../../src/cli/interruption.ts";
import { childCommand } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { emitSignal } from "../support/signal.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { makeWorld } from "./testing/world.ts";

/** Runs the demo and returns its exit status and what it printed. Afterwards the virtual bus is as before. */
async function run(...parameters: string[]): Promise<{ exitStatus: number; lines: string[] }> {
  const world = makeWorld();
  try {
    const exitStatus = await demo(parseDemoOptions(parameters), world);
    return { exitStatus, lines: world.text().trimEnd().split("\n") };
  } finally {
    await configureVirtualBus();
  }
}

test("the demo shows the virtual camera, a line each second and a summary", async () => {
  const listeners = process.listenerCount("SIGINT");
  const { exitStatus, lines } = await run("--virtual", "--seconds", "2.2");
  assert.equal(exitStatus, 0);
  assert.ok(lines.some((line) => /EVK4 .*00000001/.test(line)), "the table of devices");
  assert.ok(
    lines.some((line) => /^Prophesee EVK4 00000001 \(virtual\): 1280 x 720 pixels, USB speed super/.test(line)),
  );
  const rates = lines.filter((line) => /^ +\d+ s +\d+\.\d\d Mev\/s +\d+\.\d MB\/s +ON +\d+ %/.test(line));
  const summary = /^([\d,]+) events \(ON \d+\.\d %\) in (\d+\.\d) s .*; nothing dropped$/.exec(lines.at(-1) ?? "");
  assert.ok(summary !== null, lines.at(-1));
  // Each a second or more after the one before: on a busy machine more.
  assert.ok(rates.length >= 1 && rates.length <= Number(summary[2]), `${rates.length} lines, ${lines.at(-1)}`);
  assert.ok(Number(summary[1]!.replaceAll(",", "")) > 100_000, "the scene sends millions of events a second");
  assert.equal(process.listenerCount("SIGINT"), listeners);
  const { contexts, handles, claims, cameras } = await describeVirtualBus();
  assert.deepEqual({ contexts, handles, claims, streaming: cameras[0]?.streaming }, {
    contexts: 0,
    handles: 0,
    claims: 0,
    streaming: false,
  });
});

test("the rate is the virtual camera's", async () => {
  const { exitStatus, lines } = await run("--rate", "2", "--seconds", "1.2");
  assert.equal(exitStatus, 0);
  const rate = Number(/Mev\/s, (\d+\.\d) MB\/s/.exec(lines.at(-1) ?? "")?.[1]);
  // Without the option it is 12.
  assert.ok(rate > 0.5 && rate < 8, lines.at(-1));
});

/** Runs the demo on a recording of these EVT3 words. */
async function runOn(words: Uint16Array<ArrayBuffer>): Promise<{ exitStatus: number; lines: string[] }> {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_demo_"));
  const recording = join(directory, "words.raw");
  try {
    const header = new TextEncoder().encode("% format EVT3;height=720;width=1280\n% end\n");
    writeFileSync(recording, new Uint8Array([...header, ...new Uint8Array(words.buffer)]));
    return await run("--no-picture", "--recording", recording, "--seconds", "0.3");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("firmware that is too old is told before the rates", async () => {
  const { signal } = new AbortController();
  for (
    const [firmware, warned] of [["3.7.1", /^EVK4: firmware 3\.7\.1 is older than 3\.8\.0/], ["3.9.0", /^$/]] as const
  ) {
    await configureVirtualBus([{ firmware }]);
    const device = await open({ libusb: "virtual", iteratorTimeoutMs: 50 });
    const world = makeWorld();
    assert.equal(await show(device, "EVK4", parseDemoOptions(["--seconds", "0.2", "--no-picture"]), world, signal), 0);
    device.close();
    assert.match(world.stderr.text, warned);
  }
  await configureVirtualBus();
});

test("without events the demo fails", async () => {
  // A covered lens: time goes on (TIME_HIGH, type 8), and nothing else comes.
  const { exitStatus, lines } = await runOn(Uint16Array.from({ length: 1000 }, (_, index) => 0x8000 | index));
  assert.equal(exitStatus, 1);
  assert.match(lines.at(-2) ?? "", /nothing dropped$/);
  assert.match(lines.at(-1) ?? "", /no events came: is the lens covered/);
});

test("a camera that sends only events beyond the sensor does not look healthy", async () => {
  // TIME_HIGH, TIME_LOW, ADDR_Y 100, ADDR_X 2000.
  const words = Array.from({ length: 1000 }, (_, index) => [0x8000 | index, 0x6000, 0x0064, 0x27d0]).flat();
  const { exitStatus, lines } = await runOn(Uint16Array.from(words));
  assert.equal(exitStatus, 1);
  assert.match(lines.at(-2) ?? "", /^0 events .* no bytes dropped; [\d,]+ events beyond the sensor/);
  assert.match(lines.at(-1) ?? "", /no events came: all lie beyond the sensor/);
});

test("a recording that is not there is an error that names it", async () => {
  await assert.rejects(run("--recording", "no_such_recording.raw"), (error) => {
    return error instanceof NeuromorphicError && error.code === "io" && /no_such_recording.raw/.test(error.message);
  });
});

test("on a terminal the picture has the camera's name, that it is virtual, and how to end it", async () => {
  const world = makeWorld({ isTTY: true });
  try {
    const running = demo(parseDemoOptions(["--virtual"]), world);
    await eventually("a picture", () => world.text().includes("\x1b[?2026l") || undefined);
    emitSignal("SIGINT");
    assert.equal(await running, 0);
  } finally {
    await configureVirtualBus();
  }
  assert.ok(world.text().includes("\nProphesee EVK4 00000001 (virtual); Ctrl-C ends\x1b[K\n"));
  const [, end] = world.text().split("\x1b[?25h");
  assert.match(end!, /^\n[\d,]+ events .*\n$/, "the summary has a line of its own, below ^C");
});

test("Ctrl-C before the camera is open ends the demo, and nothing stays open", async () => {
  const beforeOpening = (interrupt: () => void) => interrupt();
  for (const when of [beforeOpening, setImmediate]) {
    const world = makeWorld();
    const listeners = process.listenerCount("SIGINT");
    const { write } = world.stdout;
    world.stdout.write = (text) => {
      write.call(world.stdout, text);
      // The table of devices is the last thing before the opening.
      when(() => emitSignal("SIGINT"));
    };
    const running = demo(parseDemoOptions(["--virtual"]), world);
    await assert.rejects(running, (error) => error instanceof Interrupted && error.exitStatus === 130);
    assert.equal(process.listenerCount("SIGINT"), listeners);
    await assertNothingLeft();
  }
});

test("a reader that ends early ends the demo, and the sensor is off", async () => {
  const { command, parameters } = childCommand(new URL("demo_child.ts", import.meta.url));
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Uint8Array) => errors += new TextDecoder().decode(chunk));
  child.stdout.once("data", () => child.stdout.destroy()); // as `| head -1`
  const status = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(errors, "streaming: false\n");
  assert.equal(status, 0);
});
