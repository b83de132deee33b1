/** What the header of a RAW file says, by the ways in which programs write it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError, openRecording, type Recording } from "../../mod.ts";
import { eventsAt, evt3File, rawFile, readAll } from "./testing/made_recording.ts";

const events = eventsAt([5, 17, 4100]);

/** Opens a recording of three events of EVT3 behind a header. */
function openWith(header: string): Promise<Recording> {
  return openRecording(evt3File(events, header));
}

async function expectEvents(header: string): Promise<Recording> {
  const recording = await openWith(header);
  assert.deepEqual(await readAll(recording), { polarity: events, triggers: [], error: undefined }, header);
  return recording;
}

test("headers of several programs", async () => {
  const cases: readonly (readonly [string, { width: number; height: number } | undefined])[] = [
    ["% format EVT3;height=720;width=1280\n% end\n", { width: 1280, height: 720 }],
    ["% format EVT3;width=640;height=480\n", { width: 640, height: 480 }],
    ["% evt 3.0\n% format EVT3;height=720;width=1280\n% geometry 1280x720\n% end\n", { width: 1280, height: 720 }],
    ["% geometry 320x320\n% evt 3.0\n", { width: 320, height: 320 }],
    ["% Date 2020-09-25 07:48:29\n% evt 3.0\n% system_ID 48\n", { width: 1280, height: 720 }],
    ["% evt 3.0\n% sensor_generation 3.1\n% end\n", { width: 640, height: 480 }],
    ["% evt 3.0\n% generation 4.2\n% end\n", { width: 1280, height: 720 }],
    ["% system_ID 40\n% end\n", { width: 640, height: 480 }],
    ["% evt 3.0 \n% geometry 640x480 \n", { width: 640, height: 480 }],
    ["% evt 3.0\r\n% geometry 640x480\r\n% end\r\n", { width: 640, height: 480 }],
    ["% evt 2.0\n% format EVT3\n% geometry 640x480\n% note äöü % end\n% end\n", { width: 640, height: 480 }],
    ["% evt 3.0\n% system_id AugurRS One\n% end\n", undefined],
    ["% evt 2.0\n% evt 3.0\n% end\n", undefined],
  ];
  for (const [header, geometry] of cases) {
    await using recording = await expectEvents(header);
    assert.deepEqual(recording.geometry, geometry, header);
  }
});

test("values as they stand there, with single blanks", async () => {
  await using recording = await expectEvents(
    "% evt 3.0\n% date  2024-05-17   13:45:02 \n% empty\n% __proto__ a\n% end\n",
  );
  assert.deepEqual({ ...recording.header }, {
    evt: "3.0",
    date: "2024-05-17 13:45:02",
    empty: "",
    ["__proto__"]: "a",
  });
});

test("a size that follows from a board's number is widened where the first events need it", async () => {
  const wide = evt3File([...events, { t: 5000, x: 1000, y: 700, on: 1 }], "% evt 3.0\n% system_ID 21\n");
  for (const source of [wide, new Blob([wide]).stream()]) {
    await using recording = await openRecording(source);
    assert.deepEqual(recording.geometry, { width: 1280, height: 720 });
    assert.equal((await readAll(recording)).polarity.length, 4);
  }
  const wider = evt3File([...events, { t: 5000, x: 1500, y: 700, on: 1 }], "% evt 3.0\n% system_ID 21\n");
  await using recording = await openRecording(wider);
  assert.equal(recording.geometry, undefined);
  assert.equal((await readAll(recording)).polarity.length, 4);
});

test("t0 is added to the times", async () => {
  await using recording = await openWith("% evt 3.0\n% t0 11718656\n");
  const { polarity } = await readAll(recording);
  assert.deepEqual(polarity, events.map((event) => ({ ...event, t: event.t + 11_718_656 })));
  assert.deepEqual(await recording.timeRange(), { first: 11_718_661, last: 11_722_756 });
});

test("without an end line the first word may look like another line", async () => {
  // ADDR_X 37 (the bytes of "% "), then words of which one has the byte of a line feed.
  const words = Uint16Array.of(0x2025, 0x8001, 0x6001, 0x0064, 0x2025, 0x2805, 0x600a, 0x2806);
  const file = rawFile("% evt 3.0\n", new Uint8Array(words.buffer));
  await using recording = await openRecording(file);
  assert.deepEqual((await readAll(recording)).polarity.map(({ x }) => x), [37, 5, 6]);
});

test("contradictions and sizes that are none are refused with what stands there", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      "% format EVT3;height=720;width=1280\n% geometry 640x480\n",
      /geometry "640x480" is not the 1280x720 of its format/,
    ],
    ["% evt 3.0\n% geometry 0x0\n% end\n", /geometry "0x0" is no size from 1x1 to 2048x2048/],
    ["% evt 3.0\n% geometry wide\n% end\n", /geometry "wide" is not WIDTHxHEIGHT/],
    ["% evt 3.0\n% geometry 4294967296x4294967296\n% end\n", /is no size from 1x1 to 2048x2048/],
    ["% evt 3.0\n% geometry 1280x720x3\n% end\n", /is not WIDTHxHEIGHT/],
    ["% format EVT3;height=720;width=-1\n% end\n", /format has width "-1" and height "720", which is no size/],
    ["% evt 3.0\n% t0 soon\n% end\n", /t0 "soon" is no time in µs/],
    ["% format EVT21;endianness=middle\n% end\n", /endianness "middle" is neither "legacy" nor "little"/],
  ];
  for (const [header, message] of cases) {
    await assert.rejects(openWith(header), (error) => {
      assert.ok(error instanceof NeuromorphicError);
      assert.equal(error.code, "damaged");
      assert.equal(error.path, "bytes");
      assert.match(error.message, message);
      return true;
    });
  }
});

test("a header that does not end is refused", async () => {
  const endless = `% evt 3.0\n${"% note of no end\n".repeat(10_000)}`;
  await assert.rejects(openWith(endless), /its header does not end within 65536 bytes/);
  const long = `% evt 3.0\n${"% note of some length\n".repeat(1000)}% end\n`;
  await using recording = await expectEvents(long);
  assert.equal(recording.header.note, "of some length");
});

test("the order of the halves of EVT2.1's words", async () => {
  const upper = [0x8000_0001, 0x1000_0000 | 7 << 22 | 320 << 11 | 100];
  const lower = [0, 0b101];
  const little = new Uint8Array(Uint32Array.of(lower[0]!, upper[0]!, lower[1]!, upper[1]!).buffer);
  const legacy = new Uint8Array(Uint32Array.of(upper[0]!, lower[0]!, upper[1]!, lower[1]!).buffer);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["% format EVT21;endianness=legacy\n", legacy],
    ["% format EVT21;endianness=little;height=720;width=1280\n", little],
    ["% evt 2.1\n% endianness little\n", little],
    ["% evt 2.1\n% system_ID 49\n", legacy],
    ["% evt 2.1\n% system_ID 60\n", little],
    ["% evt 2.1\n", legacy],
    ["% evt 2.1\n% camera_integrator_name MetavisionSDK\n% plugin_integrator_name MetavisionSDK\n", little],
    ["% evt 2.1\n% integrator_name Somebody\n", little],
  ];
  for (const [header, words] of cases) {
    await using recording = await openRecording(rawFile(`${header}% end\n`, words));
    assert.equal(recording.format.name, "raw-evt21");
    const { polarity, error } = await readAll(recording);
    assert.equal(error, undefined, header);
    assert.deepEqual(polarity, [{ t: 71, x: 320, y: 100, on: 1 }, { t: 71, x: 322, y: 100, on: 1 }], header);
  }
});
