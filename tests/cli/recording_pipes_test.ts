/** The commands for recordings as programs: pipes, a reader that ends early, and a recording as a camera. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { openRecording } from "../../mod.ts";
import { inFolder, rawFile, spreadEvents, writeRawFile } from "../recording/testing/raw_recording.ts";
import { childCommand } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { slow, test } from "../support/test.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url);

/** Starts the command line in a folder. */
function start(folder: string, ...parameters: string[]) {
  const { command, parameters: all } = childCommand(main, { parameters });
  return spawn(command, all, { cwd: folder, stdio: ["pipe", "pipe", "pipe"], detached: true });
}

/** What a program wrote, once it has ended. */
async function ended(child: ReturnType<typeof start>) {
  const [stdout, stderr]: [Uint8Array[], Uint8Array[]] = [[], []];
  child.stdout.on("data", (chunk: Uint8Array) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Uint8Array) => stderr.push(chunk));
  const status = await new Promise((resolve) => child.once("close", (status, signal) => resolve(status ?? signal)));
  const text = (chunks: readonly Uint8Array[]) => new TextDecoder().decode(joined(chunks));
  return { status, bytes: joined(stdout), errors: text(stderr) };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(chunks.flatMap((chunk) => Array.from(chunk)));
}

test("convert - - reads standard input and writes standard output", slow, () =>
  inFolder(async (folder) => {
    const events = spreadEvents(3000);
    const child = start(folder, "convert", "--format", "dat", "-", "-");
    child.stdin.end(rawFile(events));
    const { status, bytes, errors } = await ended(child);
    assert.deepEqual([status, errors], [0, "standard output: 3,000 events as Prophesee DAT\n"]);
    let count = 0;
    for await (const { packet } of await openRecording(bytes)) count += packet.polarityEvents?.t.length ?? 0;
    assert.equal(count, events.length);
  }));

test("a pipe that ends within a word is damage, told with its place", slow, () =>
  inFolder(async (folder) => {
    const child = start(folder, "convert", "-", "a.dat");
    child.stdin.end(rawFile(spreadEvents(3000)).subarray(0, -1));
    const { status, errors } = await ended(child);
    assert.equal(status, 1);
    assert.match(errors, /^convert: stream: .*\(byte \d+\); --allow-loss writes what comes before\n$/);
    assert.deepEqual(readdirSync(folder), []);
  }));

test("a reader that ends early is no failure", slow, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, spreadEvents(400_000));
    const child = start(folder, "convert", "--format", "dat", "events.raw", "-");
    child.stdout.once("data", () => child.stdout.destroy()); // as `| head -c 1`
    const errors: string[] = [];
    child.stderr.on("data", (chunk: Uint8Array) => errors.push(new TextDecoder().decode(chunk)));
    const status = await new Promise((resolve) => child.once("close", resolve));
    assert.deepEqual([status, errors.join("")], [0, ""]);
  }));

const noSignals = process.platform === "win32" ? "Windows has no signals to send" : undefined;

test(
  "Ctrl-C ends play while it waits for a pipe that gives nothing",
  { ...slow, skip: noSignals },
  () =>
    inFolder(async (folder) => {
      const child = start(folder, "play", "-");
      let output = "";
      child.stdout.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
      const end = new Promise((resolve) => child.once("close", (status, signal) => resolve(status ?? signal)));
      child.stdin.on("error", () => {}); // it may end before the pipe does
      child.stdin.write(rawFile(spreadEvents(1000))); // fewer bytes than are decoded at a time
      await eventually("the title", () => /RAW, EVT3/.test(output) || undefined);
      child.kill("SIGINT");
      await eventually("its last line", () => /^[\d,]+ events in/m.test(output) || undefined);
      assert.ok([0, "SIGINT"].includes((await end) as string | number)); // Deno tells the signal
    }),
);

const skip = process.platform === "linux" ? undefined : "the program is built for Linux only";

test("play --as-camera serves a RAW file, and of another format a copy that is gone afterwards", {
  ...slow,
  skip,
}, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, spreadEvents(3000));
    const convert = await ended(start(folder, "convert", "events.raw", "events.dat"));
    assert.equal(convert.status, 0, convert.errors);
    const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith("neuromorphic_drivers_play_"));
    const before = copies();
    for (const file of ["events.raw", "events.dat"]) {
      const child = start(folder, "play", "--as-camera", "--port", "0", file);
      let output = "";
      child.stdout.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
      child.stderr.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
      const end = new Promise((resolve) => child.once("close", (status, signal) => resolve(status ?? signal)));
      await eventually("the server", () => /listening on 127\.0\.0\.1/.test(output) || undefined);
      process.kill(-child.pid!, "SIGINT");
      assert.equal(await end, 0, output);
    }
    assert.deepEqual(copies(), before);
    assert.ok(readFileSync(`${folder}/events.raw`).length > 0);
  }));
