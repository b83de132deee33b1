import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { configureVirtualBus, createDecoder, verifyRecording } from "../../../mod.ts";
import { maximumWaitingBytes } from "../../../src/viewer/server/page_stream.ts";
import {
  type CameraDescription,
  MessageReader,
  type RecorderState,
  type StreamMessage,
  type WireError,
} from "../../../src/viewer/wire.ts";
import { eventually } from "../../support/eventually.ts";
import { slow, test } from "../../support/test.ts";
import { ask, begin, below, messagesOf, refusalOf, type ServedCamera, withCamera } from "../testing/served.ts";

/** Slow enough that nothing is lost on a busy machine. */
const unhurried = { bytesPerSecond: 2_000_000 };

type Data = Extract<StreamMessage["header"], { readonly kind: "data" }>;

/** Takes data until there are so many bytes. */
async function take({ server }: ServedCamera, bytes: number): Promise<{ data: Data; bytes: Uint8Array }[]> {
  const taken: { data: Data; bytes: Uint8Array }[] = [];
  let count = 0;
  for await (const { header, bytes: part } of messagesOf(server)) {
    if (header.kind !== "data") continue;
    taken.push({ data: header, bytes: part });
    count += part.length;
    if (count >= bytes) break;
  }
  return taken;
}

test(
  "the camera is described as the library knows it",
  slow,
  () =>
    withCamera(unhurried, async ({ server, device }) => {
      const { json } = await ask(server, below(server, "api/source"));
      const description = json as CameraDescription;
      assert.equal(description.kind, "camera");
      assert.deepEqual(description.configuration, JSON.parse(JSON.stringify(device.configuration)));
      assert.deepEqual(description.decoderOptions, device.decoderOptions);
      const { name, serial, type, isVirtual, recorder } = description;
      assert.deepEqual(
        [name, serial, type, isVirtual, recorder],
        ["Prophesee EVK4", "00000001", "prophesee-evk4", true, null],
      );
      assert.ok(description.sensors.includes("temperatureCelsius"));
    }),
);

test("two pages get the same bytes, which are events", slow, () =>
  withCamera(unhurried, async (served) => {
    const [one, other] = await Promise.all([take(served, 500_000), take(served, 500_000)]);
    using decoder = await createDecoder(served.device.decoderOptions);
    let events = 0;
    for (const { data, bytes } of one) {
      assert.deepEqual([data.status.bytes, data.skipped], [bytes.length, { rawPackets: 0, bytes: 0 }]);
      for (const { polarityEvents } of decoder.decode(bytes)) events += polarityEvents?.t.length ?? 0;
    }
    assert.ok(events > 10_000, `${events} events`);
    const both = other.filter(({ data }) => one.some((mine) => mine.data.status.receivedMs === data.status.receivedMs));
    assert.ok(both.length > 0, "the pages looked at the same time");
    for (const { data, bytes } of both) {
      assert.ok(one.some((mine) => mine.data.status.receivedMs === data.status.receivedMs && equal(mine.bytes, bytes)));
    }
  }));

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

test(
  "a page that takes nothing loses data, which is counted; the camera's loop and other pages do not",
  slow,
  () =>
    withCamera({ bytesPerSecond: 50_000_000 }, async (served) => {
      const { server, device } = served;
      const response = await begin(server, below(server, "api/stream"));
      response.pause();
      let sent = device.statistics.bytes;
      const goal = sent + 3 * maximumWaitingBytes;
      // Another page, which takes what comes, meanwhile.
      for await (const { header } of messagesOf(server)) {
        if (header.kind === "data") assert.deepEqual(header.skipped, { rawPackets: 0, bytes: 0 });
        sent = device.statistics.bytes;
        if (sent > goal) break;
      }
      const reader = new MessageReader();
      let [got, skipped] = [0, 0];
      reading: for await (const chunk of response) {
        for (const { header, bytes } of reader.push(chunk)) {
          if (header.kind !== "data") continue;
          skipped += header.skipped.bytes;
          got += bytes.length;
          if (skipped === 0) continue;
          const { byteIndex, silenceUs } = header.status.gaps[0]!;
          assert.equal(byteIndex, 0);
          assert.ok(silenceUs > 0);
          assert.equal(header.skipped.bytes, skipped, "it was skipped at once, until nothing waited");
          assert.ok(Date.now() - header.status.receivedMs < 2000, "the page is back in the present");
          break reading;
        }
      }
      response.destroy();
      assert.ok(skipped > maximumWaitingBytes / 2, `${skipped} bytes skipped`);
      assert.ok(got < 2 * maximumWaitingBytes, `${got} bytes waited`);
    }),
);

test(
  "more pages than a browser has connections for are refused; one that is closed makes room",
  slow,
  () =>
    withCamera(unhurried, async ({ server }) => {
      const stream = below(server, "api/stream");
      const open = await Promise.all(Array.from({ length: 4 }, () => begin(server, stream)));
      const fifth = await ask(server, stream);
      assert.deepEqual([fifth.status, refusalOf(fifth)], [503, "4 pages look at the camera already; close one"]);
      open[0]!.destroy();
      const next = await eventually("room for a page", async () => {
        const response = await begin(server, stream);
        if (response.statusCode === 200) return response;
        response.resume();
        return undefined;
      });
      for (const response of [...open, next]) response.destroy();
    }),
);

test(
  "a change of the configuration is in force, and all pages are told",
  slow,
  () =>
    withCamera(unhurried, async ({ server, device }) => {
      const told = (async () => {
        for await (const { header } of messagesOf(server)) {
          if (header.kind === "configuration") return header.configuration;
        }
      })();
      let body: unknown;
      // The page may begin to look after the first change.
      const configuration = await eventually("the page is told", async () => {
        ({ json: body } = await ask(server, below(server, "api/configuration"), { body: { biases: { diffOn: 12 } } }));
        return await Promise.race([
          told,
          new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 100)),
        ]);
      });
      assert.equal((device as { configuration: { biases: { diffOn: number } } }).configuration.biases.diffOn, 12);
      assert.deepEqual(configuration, body);
      assert.deepEqual(body, JSON.parse(JSON.stringify(device.configuration)));
    }),
);

test(
  "a caller's mistakes are told as such, and change nothing",
  slow,
  () =>
    withCamera(unhurried, async ({ server, device }) => {
      const before = JSON.stringify(device.configuration);
      const mistake = async (path: string, body: object) => {
        const answer = await ask(server, below(server, path), { body });
        assert.equal(answer.status, 400, JSON.stringify(body));
        return answer.json as WireError;
      };
      assert.equal((await mistake("api/configuration", { biases: { diffOn: 1e9 } })).name, "RangeError");
      assert.match((await mistake("api/configuration", { biasse: {} })).message, /did you mean "biases"/);
      assert.equal((await mistake("api/configuration", JSON.parse('{"__proto__":{"biases":{}}}'))).name, "TypeError");
      assert.match((await mistake("api/sensors", { name: "constructor" })).message, /^name must be one of /);
      assert.match((await mistake("api/sensors", { name: "temperatureCelsius", parameters: 1 })).message, /array/);
      assert.match((await mistake("api/record", {})).message, /path/);
      assert.match((await mistake("api/record", { path: "a\0b" })).message, /^path must be/);
      assert.equal(JSON.stringify(device.configuration), before);
    }),
);

test(
  "bodies that are no JSON, of another type, cut or huge are refused",
  slow,
  () =>
    withCamera(unhurried, async ({ server }) => {
      const path = below(server, "api/configuration");
      const json = { "content-type": "application/json" };
      assert.equal((await ask(server, path, { body: "{}", headers: { "content-type": "text/plain" } })).status, 415);
      for (const body of ["", "{", "[]", "null", "1", new Uint8Array([0x7b, 0xff, 0x7d])]) {
        const { status } = await ask(server, path, { body, headers: json });
        assert.equal(status, 400, String(body));
      }
      const huge = await ask(server, path, { body: " ".repeat(2 << 20), headers: json }).catch(() => undefined);
      if (huge !== undefined) assert.equal(huge.status, 413); // or the connection was closed while it was sent
      assert.equal((await ask(server, below(server, "api/source"))).status, 200);
    }),
);

test("a sensor is read by its name", slow, () =>
  withCamera(unhurried, async ({ server, device }) => {
    const { json } = await ask(server, below(server, "api/sensors"), { body: { name: "temperatureCelsius" } });
    const { value } = json as { readonly value: number };
    const sensors = device.sensors as { temperatureCelsius(): number };
    assert.ok(Math.abs(value - sensors.temperatureCelsius()) < 5, `${value} °C`);
  }));

test(
  "a recording is made on the computer, with a receipt, and is complete",
  slow,
  () =>
    withCamera(unhurried, async ({ server, folder }) => {
      const post = (path: string, body: object) => ask(server, below(server, path), { body });
      const path = join(folder, "a.raw");
      const states: RecorderState[] = [];
      const watching = (async () => {
        for await (const { header } of messagesOf(server)) {
          if (header.kind === "recorder") states.push(header.recorder);
          if (states.at(-1)?.reason !== null && states.length > 0) return;
        }
      })();
      const started = (await post("api/record", { path: "a.raw" })).json as RecorderState;
      assert.deepEqual([started.path, started.receiptPath, started.reason], [path, `${path}.receipt.jsonl`, null]);
      const again = await post("api/record", { path: "b.raw" });
      assert.deepEqual([again.status, existsSync(join(folder, "b.raw"))], [409, false]);
      await eventually("the page is told of 200 kB", () => states.some(({ bytes }) => bytes > 200_000) || undefined);
      const stopped = (await post("api/record/stop", {})).json as RecorderState;
      await watching;
      assert.deepEqual([stopped.reason, stopped.gaps, stopped.error], ["stopped", 0, null]);
      assert.deepEqual(states.at(-1)!.bytes, stopped.bytes);
      const { verdict, bytes } = await verifyRecording(path);
      assert.deepEqual([verdict, bytes], ["complete", stopped.bytes]);
      const there = await post("api/record", { path: "a.raw" });
      assert.deepEqual([there.status, (there.json as WireError).code], [409, "file-exists"]);
      const nowhere = await post("api/record", { path: "missing/a.raw" });
      assert.deepEqual([nowhere.status, (nowhere.json as WireError).code], [409, "file-not-found"]);
      assert.equal((await post("api/record/stop", {})).status, 200);
    }),
);

test("stopping a recording that was never begun is refused", slow, () =>
  withCamera(unhurried, async ({ server }) => {
    const { status } = await ask(server, below(server, "api/record/stop"), { body: {} });
    assert.equal(status, 409);
  }));

test(
  "a camera that is unplugged ends the stream with the error, after what it sent; a later page is told, too",
  slow,
  () =>
    withCamera(unhurried, async ({ server, running }) => {
      const headers: StreamMessage["header"][] = [];
      for await (const { header } of messagesOf(server)) {
        headers.push(header);
        if (headers.length === 3) await configureVirtualBus([]);
      }
      const last = headers.at(-1)!;
      assert.ok(last.kind === "end" && last.error?.code === "disconnected", JSON.stringify(last));
      assert.equal((await running)?.code, "disconnected");
      const later = [];
      for await (const { header } of messagesOf(server)) later.push(header);
      assert.deepEqual(later, [last]);
      const { status, json } = await ask(server, below(server, "api/configuration"), {
        body: { biases: { diffOn: 3 } },
      });
      assert.deepEqual([status, (json as WireError).code], [409, "closed"]);
    }),
);

test("a page that is closed in the middle is forgotten", slow, () =>
  withCamera(unhurried, async (served) => {
    for (let page = 0; page < 10; page++) await take(served, 1000);
    assert.ok((await take(served, 100_000)).length > 0);
  }));
