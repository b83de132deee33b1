import assert from "node:assert/strict";
import { csv, type CsvOptions, csvWith } from "../../../src/recording/formats/csv/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";
import { atRandom } from "../../support/random.ts";
import { test } from "../../support/test.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options: CsvOptions = {}) =>
  readAll(csvWith(options), memoryFiles({ "a.csv": bytesOf(text) }));

test("every CSV file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("CSV");
  assert.ok(recordings.length >= 2);
  for (const recording of recordings) {
    const files = bytesOfShared(recording.file);
    const [name, bytes] = Object.entries(files)[0]!;
    assert.ok(csv.matches(bytes.subarray(0, 4096), name));
    for (const isStream of [false, true]) {
      const result = await readAll(csv, memoryFiles(files, { isStream }));
      assert.equal(result.error, undefined);
      assertSame(result, expectedOf(recording));
    }
  }
  const { geometry } = await readAll(csv, memoryFiles(bytesOfShared("files/csv/faery_long.csv")));
  assert.deepEqual(geometry, { width: 1280, height: 720 });
});

test("every damaged CSV file gives its error, with line and column", { skip: skipWithoutFiles }, async () => {
  const results = new Map<string, Awaited<ReturnType<typeof readAll>>>();
  for (const { file } of wrongRecordings("CSV")) {
    results.set(file.replace("wrong/", ""), await readAll(csv, memoryFiles(bytesOfShared(file))));
  }
  const [text, negative] = [results.get("csv_text.csv")!, results.get("csv_negative.csv")!];
  assert.equal(text.events.length, 1);
  assertError(text.error, { code: "damaged", path: "csv_text.csv", offset: 19, message: /line 3, column 1: "hello"/ });
  assert.equal(negative.events.length, 0);
  assertError(negative.error, { code: "damaged", offset: 8, message: /line 2, column 1: "-5" is no time/ });
  for (const name of ["csv_minus1.csv", "csv_no_last_newline.csv", "csv_seconds.csv"]) {
    assert.deepEqual([results.get(name)!.events.length, results.get(name)!.error], [2, undefined]);
  }
  assert.deepEqual(results.get("csv_minus1.csv")!.events.map(([, , , on]) => on), [0, 1]);
  assert.deepEqual(results.get("csv_seconds.csv")!.events.map(([t]) => t), [1000, 2000]);
  assert.equal(results.size, 5);
});

const expected = [[1000, 3, 5, 1], [1001, 4, 6, 0]] as const;

test("separators, names, orders, comments, ends of lines and marks are found out", {}, async () => {
  const forms = [
    "1000,3,5,1\n1001,4,6,0\n",
    "1000;3;5;1\n1001;4;6;0",
    "1000\t3\t5\t1\n1001\t4\t6\t0\n",
    "1000 3 5 1\n 1001  4 6  0 \n",
    "\ufeff1000, 3, 5, 1\r\n1001 ,4,6 ,0\r\n\r\n",
    "# timestamp x y polarity\n\n1000,3,5,1\n# a comment\n1001,4,6,-1",
    "Timestamp,X,Y,Polarity\n1000,3,5,True\n1001,4,6,False\n",
    "p;y;x;ts\n1;5;3;1000\n0;6;4;1001\n",
    "3,5,1,1000\n4,6,0,1001\n",
    ",t,x,y,p,weight\n0,1000,3,5,1,0.5\n1,1001,4,6,0,\n",
    '"t","x","y","p"\n1000,3,5,1.0\n1001,4,6,-1e0\n',
    "t_us,x,y,on\n1000.0,3,5,1\n1.001e3,4,6,0\n",
    "t [ms],x,y,p\n1,3,5,1\n1.001,4,6,0\n",
    "t_ns,x,y,p\n1000000,3,5,1\n1001499,4,6,0\n",
    "0.001 3 5 1\n0.001000500000 4 6 0\n",
    "0.001,3,5,1\n1.0006e-3,4,6,0\n",
  ];
  for (const form of forms) {
    const result = await read(form);
    assert.equal(result.error, undefined, form);
    assert.deepEqual(result.events, expected, form);
  }
  assert.deepEqual((await read("x@4,y@3,t,p\n3,2,9,1\n4,2,9,1\n")).geometry, { width: 4, height: 3 });
});

test("what a file does not say tells the program", {}, async () => {
  const times = async (text: string, options: CsvOptions) => (await read(text, options)).events.map(([t]) => t);
  assert.deepEqual(await times("1,2,3,1\n", { timeUnit: "seconds" }), [1_000_000]);
  assert.deepEqual(await times("1.5,2,3,1\n", { timeUnit: "milliseconds" }), [1500]);
  assert.deepEqual(await times("1500.0,2,3,1\n", { timeUnit: "microseconds" }), [1500]);
  assert.deepEqual(await times("1:2:0:7\n", { columns: ["x", "y", "p", "t"], separator: ":" }), [7]);
  const half = await read("1.5,2,3,1\n", { timeUnit: "microseconds" });
  assertError(half.error, { code: "damaged", offset: 0, message: /"1.5" is no time: a whole number of µs/ });
  assert.throws(() => csvWith({ timeUnit: "minutes" } as never), /timeUnit must be one of/);
  assert.throws(() => csvWith({ separator: "." }), RangeError);
  assert.throws(() => csvWith({ columns: ["time"] } as never), RangeError);
});

test("times that fall are kept at the greatest, and events outside of the sensor counted", {}, async () => {
  const text = "5,0,0,1\n4,2,2,1\n6,3,0,1\n7,0,3,1\n";
  const result = await readAll(csv, memoryFiles({ "a.csv": bytesOf(text) }), { geometry: { width: 3, height: 3 } });
  assert.deepEqual(result.events, [[5, 0, 0, 1], [5, 2, 2, 1]]);
  assert.equal(result.outOfSensor, 2);
});

test("what is no event is told with line, column and offset, after the events before", {}, async () => {
  const wrong = [
    ["1,2\n", 3, /line 2 ends behind column 2, and has 4 of them/],
    ["1,2,x,1\n", 4, /line 2, column 3: "x" is no y/],
    ["1,65536,2,1\n", 2, /line 2, column 2: "65536" is no x/],
    ["1,2,2,maybe\n", 6, /line 2, column 4: "maybe" is no polarity/],
    ["9007199254740993,2,2,1\n", 0, /line 2, column 1/],
    [",2,2,1\n", 0, /line 2, column 1: "" is no time/],
  ] as const;
  for (const [line, offset, message] of wrong) {
    const result = await read(`1,2,3,1\n${line}5,2,3,1\n`);
    assert.equal(result.events.length, 1);
    assertError(result.error, { code: "damaged", path: "a.csv", offset: 8 + offset, message });
  }
  await assert.rejects(read(""), { code: "damaged", message: /is empty/ });
  await assert.rejects(read("\ufffe1,2"), { name: "NeuromorphicError" });
  await assert.rejects(read("1\0,2\0"), { code: "unsupported" });
  await assert.rejects(read("time,column,row,p\n1,2,3,1"), {
    code: "damaged",
    message: /line 1: there is no column x/,
  });
  const endless = new Uint8Array(2 ** 22).fill(0x31);
  const result = await readAll(csv, memoryFiles({ "a.csv": endless }));
  assertError(result.error, { code: "damaged", offset: 0, message: /no end within/ });
});

test("a file of numbers is CSV whatever its name, other text and other bytes are not", {}, () => {
  assert.ok(csv.matches(bytesOf("1,2,3,1\n"), "stream"));
  assert.ok(csv.matches(bytesOf("# text\nhello\n"), "a.CSV"));
  for (const names of ["t,x@1280,y@720,on", '"Timestamp_us";"X";"Y";"Polarity"', "x y t pol"]) {
    assert.ok(csv.matches(bytesOf(`${names}\n1,2,3`), "stream"), names);
  }
  for (const text of ["% Width 3\n", "Event Stream", "\x93NUMPY\x01\0", "", "hello, world\n"]) {
    assert.equal(csv.matches(bytesOf(text), "stream"), false);
  }
});

const geometry = { width: 1280, height: 720 };

test("what was written is read again, with its triggers in a file beside", {}, () =>
  atRandom(async (random) => {
    const content = randomContent(random, {
      geometry,
      count: random.pick([0, 1, 3000, 150_000]),
      longestPause: random.pick([1000, 2 ** 40]),
      triggers: csv.limits.triggers,
    });
    const files = new MemoryFiles("a.csv");
    const writer = await csv.openWriter!(files, { geometry });
    for (const packet of randomPackets(content, random)) await writer.write(packet);
    await writer.close();
    const names = content.triggers.length > 0 ? ["a.triggers.csv", "a.csv"] : ["a.csv"];
    assert.deepEqual([...files.complete.keys()], names);
    const result = await readAll(csv, memoryFiles(Object.fromEntries([...files.complete].reverse())));
    assert.equal(result.error, undefined);
    assertSame(result, content);
    const text = new TextDecoder().decode(files.complete.get("a.csv"));
    assert.ok(text.startsWith("t,x,y,p\n") && text.split("\n").length === content.events.length + 2);
    const [t, x, y, on] = content.events.at(-1) ?? [];
    if (t !== undefined) assert.equal(text.split("\n").at(-2), `${t},${x},${y},${on}`);
  }));

test("lines that two pieces of a file share are read once and whole", {}, async () => {
  const events = Array.from({ length: 200_000 }, (_, i) => [1e6 + i, i % 1280, i % 720, i % 2] as const);
  const bytes = bytesOf(events.map((event) => event.join(",")).join("\n"));
  assert.ok(bytes.length > 2 ** 21);
  for (const isStream of [false, true]) {
    const result = await readAll(csv, memoryFiles({ "a.csv": bytes }, { isStream }));
    assert.equal(result.error, undefined);
    assertSame(result, { events, triggers: [] });
  }
});

test("what CSV cannot hold is refused, and triggers without a place for them", {}, async () => {
  const files = new MemoryFiles("a.csv");
  const writer = await csv.openWriter!(files, { geometry });
  const wrong = packetFrom({ events: [[2 ** 53 - 1, 0, 0, 0], [2 ** 53, 0, 0, 0]] });
  await assert.rejects(writer.write(wrong), { code: "unsupported", message: /event 1 has the time 9007199254740992,/ });
  await writer.write(packetFrom({ events: [[2 ** 53 - 1, 0, 0, 0]] }));
  await writer.close();
  assert.match(new TextDecoder().decode(files.complete.get("a.csv")), /\n9007199254740991,0,0,0\n$/);
  const alone = { main: new MemoryFiles("a.csv").main, sibling: () => Promise.resolve(undefined) };
  const stream = await csv.openWriter!(alone, { geometry });
  await assert.rejects(stream.write(packetFrom({ triggers: [[1, 0, 0]] })), {
    code: "unsupported",
    message: /triggers/,
  });
});

test("a file that was cut at any byte gives an error or its first events", {}, async () => {
  const whole = bytesOf("t,x,y,p\n1000,3,5,1\n1001,4,6,0\n");
  for (let length = 0; length < whole.length; length++) {
    const files = memoryFiles({ "a.csv": whole.subarray(0, length) });
    const result = await readAll(csv, files).catch((error) => ({ error, events: [] }));
    const complete = length < 18 ? 0 : length < 29 ? 1 : 2;
    assert.deepEqual(result.events, expected.slice(0, complete), `${length}`);
    const isEnd = length === 7 || length === 8 || length === 18 || length === 19 || length >= 29;
    if (isEnd) assert.equal(result.error, undefined, `${length}`);
    else assertError(result.error, { code: "damaged", path: "a.csv" });
  }
});
