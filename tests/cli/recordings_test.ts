/** The commands for recordings: `info`, `verify`, `convert`, `cut` and `play`, on files. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { openRecording, repairReceipt } from "../../mod.ts";
import { runCli } from "../../src/cli/run_cli.ts";
import { eventually } from "../support/eventually.ts";
import { emitSignal } from "../support/signal.ts";
import { test } from "../support/test.ts";
import { inFolder, spreadEvents, writeRawFile } from "../recording/testing/raw_recording.ts";
import type { EventRow } from "../recording/testing/rows.ts";
import { FakeStream } from "./testing/world.ts";

interface Ran {
  readonly exitStatus: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a folder, on streams of its own. */
async function runIn(folder: string, ...parameters: string[]): Promise<Ran> {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()];
  const exitStatus = await runCli(parameters, { stdout, stderr, folder });
  return { exitStatus, stdout: stdout.text, stderr: stderr.text };
}

const events = spreadEvents(5000, { start: 2_000_000 });

async function eventsIn(path: string): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  const recording = await openRecording(path);
  for await (const { packet: { polarityEvents } } of recording) {
    if (polarityEvents === undefined) continue;
    const { t, x, y, on } = polarityEvents;
    t.forEach((time, index) => rows.push([time, x[index]!, y[index]!, on[index]!]));
  }
  await recording.close();
  return rows;
}

test("info tells what is in a recording, and --json prints it as an object", {}, () =>
  inFolder(async (folder) => {
    const path = writeRawFile(folder, events);
    const { exitStatus, stdout, stderr } = await runIn(folder, "info", "events.raw");
    assert.deepEqual([exitStatus, stderr], [0, ""]);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    for (
      const expected of [
        /^events\.raw\n {2}format +Prophesee RAW, EVT3\n/,
        /^ {2}camera +00050abc$/m,
        /^ {2}sensor +1280 x 720$/m,
        /^ {2}time +2\.000000 s to 2\.049990 s \(50 ms\)$/m,
        /^ {2}events +5,000 \(ON 33\.3 %\), 100 kev\/s$/m,
        /^ {2}rate +\S+$/m,
        /^ {2}hot pixels +none$/m,
        /^ {2}receipt +there is no receipt beside the file$/m,
      ]
    ) assert.match(stdout, expected);
    await repairReceipt(path);
    const json = JSON.parse((await runIn(folder, "info", "--json", "events.raw")).stdout);
    assert.deepEqual(
      [json.format, json.first, json.last, json.durationUs, json.polarityEvents, json.damage, json.receipt.verdict],
      ["raw-evt3", 2_000_000, 2_049_990, 49_990, 5000, null, "complete"],
    );
  }));

test("info of a damaged recording tells what could be read, and fails", {}, () =>
  inFolder(async (folder) => {
    const path = writeRawFile(folder, events);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    const { exitStatus, stdout, stderr } = await runIn(folder, "info", "events.raw");
    assert.equal(exitStatus, 1);
    assert.match(stdout, /events +4,999 /);
    assert.match(stderr, /^info: .*events\.raw: is truncated.*\(byte \d+\)\n$/);
  }));

test("info tells of a receipt that cannot be read, and of all else", {}, () =>
  inFolder(async (folder) => {
    const path = writeRawFile(folder, events);
    writeFileSync(`${path}.receipt.jsonl`, "no receipt\n");
    const { exitStatus, stdout } = await runIn(folder, "info", "events.raw");
    assert.equal(exitStatus, 0);
    assert.match(stdout, /^ {2}events +5,000 /m);
    assert.match(stdout, /^ {2}receipt +.*events\.raw\.receipt\.jsonl: no line of a receipt \(byte 0\)$/m);
    const json = JSON.parse((await runIn(folder, "info", "--json", "events.raw")).stdout);
    assert.match(json.receipt.message, /no line of a receipt/);
  }));

test(
  "verify says what is right and wrong, and ends with 0 only where all is there",
  {},
  () =>
    inFolder(async (folder) => {
      const path = writeRawFile(folder, events);
      const without = await runIn(folder, "verify", "events.raw");
      assert.deepEqual([without.exitStatus, without.stderr], [1, ""]);
      assert.match(without.stdout, /^events\.raw: there is no receipt beside the file\n {2}verify --repair makes one/);
      const repaired = await runIn(folder, "verify", "--repair", "events.raw");
      assert.equal(repaired.exitStatus, 0);
      assert.match(repaired.stdout, /^events\.raw: complete: .*\n {2}40\.\d kB, 5,000 events, 00050ABC\n$/);
      assert.match(repaired.stderr, /^the receipt now tells of 40,\d+ more bytes\n$/);
      const bytes = readFileSync(path);
      bytes[1000]! ^= 1;
      writeFileSync(path, bytes);
      const damaged = await runIn(folder, "verify", "--json", "events.raw");
      assert.equal(damaged.exitStatus, 1);
      assert.deepEqual(JSON.parse(damaged.stdout).damage, [{ from: 0, to: bytes.length }]);
      assert.equal((await runIn(folder, "verify", "-")).exitStatus, 2);
    }),
);

test("convert goes by the ending, and refuses what is there without --force", {}, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, events);
    const { exitStatus, stdout, stderr } = await runIn(folder, "convert", "events.raw", "events.dat");
    assert.deepEqual([exitStatus, stdout], [0, ""]);
    assert.equal(stderr, "events.dat: 5,000 events as Prophesee DAT\n");
    assert.deepEqual(await eventsIn(join(folder, "events.dat")), events);
    const again = await runIn(folder, "convert", "events.raw", "events.dat");
    assert.equal(again.exitStatus, 1);
    assert.match(again.stderr, /^convert: .*events\.dat: .*--force overwrites it\n$/);
    assert.equal((await runIn(folder, "convert", "--force", "events.raw", "events.dat")).exitStatus, 0);
    const small = await runIn(folder, "convert", "--geometry", "640x720", "events.raw", "small.dat");
    const beyond = events.filter(([, x]) => x >= 640).length;
    const [inside, left] = [events.length - beyond, beyond].map((count) => count.toLocaleString("en-US"));
    assert.equal(
      small.stderr,
      `small.dat: ${inside} events as Prophesee DAT; left out: ${left} events beyond the sensor\n`,
    );
    const other = await runIn(folder, "convert", "--format", "es", "events.raw", "events.bin");
    assert.equal(other.stderr, "events.bin: 5,000 events as Event Stream\n");
  }));

test("convert lists what the target cannot hold, and --allow-loss leaves it out", {}, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, [...events, ...spreadEvents(10, { start: 3_000_000 })]); // a jump of the time
    const refused = await runIn(folder, "convert", "events.raw", "a.es");
    assert.equal(refused.exitStatus, 1);
    assert.match(refused.stderr, /es cannot hold 1 mark of missing data; --allow-loss leaves them out\n$/);
    assert.equal(existsSync(join(folder, "a.es")), false);
    const allowed = await runIn(folder, "convert", "--allow-loss", "events.raw", "a.es");
    assert.equal(allowed.exitStatus, 0);
    assert.match(allowed.stderr, /5,010 events as Event Stream; left out: 1 mark of missing data\n$/);
  }));

test(
  "cut takes times of the recording's clock, and with + times from the first event on",
  {},
  () =>
    inFolder(async (folder) => {
      writeRawFile(folder, events);
      const wanted = events.filter(([t]) => t >= 2_010_000 && t < 2_010_500);
      for (const [from, to] of [["2.01s", "2010500us"], ["+10ms", "+10.5ms"]] as const) {
        const name = `${from}.dat`;
        const { exitStatus } = await runIn(folder, "cut", "--from", from, "--to", to, "events.raw", name);
        assert.equal(exitStatus, 0);
        assert.deepEqual(await eventsIn(join(folder, name)), wanted, from);
      }
      const none = await runIn(folder, "cut", "--from", "0s", "--to", "1s", "events.raw", "none.dat");
      assert.equal(none.exitStatus, 0);
      assert.match(none.stderr, /^none\.dat: 0 events as .*\nnothing lies between these times .*\+1s counts from/);
      const mistakes: readonly (readonly [RegExp, ...string[]])[] = [
        [/--from or --to is missing/, "events.raw", "b.dat"],
        [/--to must be later than --from/, "--from", "2s", "--to", "1s", "events.raw", "b.dat"],
        [/must both have a \+, or neither/, "--from", "+1s", "--to", "5s", "events.raw", "b.dat"],
        [/--to must be a time with its unit/, "--to", "5", "events.raw", "b.dat"],
        [/B is missing/, "--to", "5s", "events.raw"],
        [/unexpected "c"/, "--to", "5s", "events.raw", "b.dat", "c"],
        [/standard input can be read only once/, "--to", "+5s", "-", "b.dat"],
        [
          /--format must be one of .*, not "dta"; did you mean dat\?/,
          "--format",
          "dta",
          "--to",
          "5s",
          "events.raw",
          "b",
        ],
      ];
      for (const [message, ...parameters] of mistakes) {
        const { exitStatus, stderr } = await runIn(folder, "cut", ...parameters);
        assert.equal(exitStatus, 2);
        assert.match(stderr, message);
      }
      assert.equal(existsSync(join(folder, "b.dat")), false);
    }),
);

test(
  "what is missing, a folder, and what is no recording each fail with a message that names it",
  {},
  () =>
    inFolder(async (folder) => {
      writeRawFile(folder, events);
      writeFileSync(join(folder, "picture.png"), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
      const cases: readonly (readonly [RegExp, ...string[]])[] = [
        [/missing\.raw: there is no such file/, "info", "missing.raw"],
        [/missing\.raw: there is no such file/, "verify", "missing.raw"],
        [/missing\.raw: there is no such file/, "convert", "missing.raw", "a.dat"],
        [/missing\.raw: there is no such file/, "play", "missing.raw"],
        [/is a folder/, "info", "."],
        [/picture\.png: is a PNG image/, "info", "picture.png"],
        [/no such file or folder/, "convert", "events.raw", "missing/a.dat"],
        [/no format has the ending \.xyz/, "convert", "events.raw", "a.xyz"],
        [/standard output: its name has no ending .* --format chooses one, too$/m, "convert", "events.raw", "-"],
      ];
      for (const [message, ...parameters] of cases) {
        const { exitStatus, stderr, stdout } = await runIn(folder, ...parameters);
        assert.deepEqual([exitStatus, stdout], [1, ""], parameters.join(" "));
        assert.match(stderr, message);
      }
      assert.deepEqual(readdirSync(folder).sort(), ["events.raw", "picture.png"]);
    }),
);

test("play shows a recording at its speed, to its end", {}, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, events);
    const startMs = performance.now();
    const { exitStatus, stdout } = await runIn(folder, "play", "--speed", "0.25", "events.raw");
    assert.equal(exitStatus, 0);
    assert.ok(performance.now() - startMs >= 190, "50 ms at a quarter of the speed");
    assert.match(stdout, /^\nevents\.raw: Prophesee RAW, EVT3, 1280 x 720 pixels\n5,000 events in \d+ ms\n$/);
    writeRawFile(folder, [], "empty.raw");
    assert.equal((await runIn(folder, "play", "empty.raw")).exitStatus, 1);
  }));

test("play --loop goes on until Ctrl-C, on a terminal with a picture", {}, () =>
  inFolder(async (folder) => {
    writeRawFile(folder, events);
    const [stdout, stderr] = [new FakeStream(true), new FakeStream()];
    const running = runCli(["play", "--loop", "events.raw"], { stdout, stderr, folder });
    const pictures = () => stdout.text.split("\x1b[?2026l").length - 1;
    await eventually("three pictures", () => pictures() >= 3 || undefined);
    emitSignal("SIGINT");
    assert.equal(await running, 0);
    assert.ok(stdout.text.includes("\nevents.raw; Ctrl-C ends\x1b[K\n"));
    const [, shown] = /\n([\d,]+) events in/.exec(stdout.text)!;
    assert.ok(Number(shown!.replaceAll(",", "")) > events.length, `${shown} events: more than one round`);
  }));

test("play --as-camera is refused on other systems than Linux before anything is read", {}, async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  Object.defineProperty(process, "platform", { value: "darwin", configurable: true });
  try {
    const { exitStatus, stderr } = await runIn("/missing", "play", "--as-camera", "missing.dat");
    assert.deepEqual([exitStatus, stderr], [1, "play: it runs on Linux only, because it uses Linux's sockets\n"]);
  } finally {
    Object.defineProperty(process, "platform", platform);
  }
});

test("play refuses options that do not go together", {}, () =>
  inFolder(async (folder) => {
    for (
      const parameters of [
        ["--speed", "0", "a.raw"],
        ["--speed", "x", "a.raw"],
        ["--as-camera", "--loop", "a.raw"],
        ["--attach", "a.raw"],
        ["--loop", "-"],
        ["--geometry", "4000x1", "a.raw"],
        [],
      ]
    ) assert.equal((await runIn(folder, "play", ...parameters)).exitStatus, 2, parameters.join(" "));
  }));
