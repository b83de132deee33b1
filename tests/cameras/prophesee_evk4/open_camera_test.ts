import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../../src/errors.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { celsiusFromCode } from "../../../src/cameras/imx636/monitors.ts";
import { luxFromCounter } from "../../../src/cameras/measuring.ts";
import { realSettling } from "../../../src/usb/settling.ts";
import { openEvk4 } from "../testing/open_evk4.ts";
import { from, ioError, only, RecordingCamera, type RecordingCameraOptions } from "../testing/transcript_camera.ts";
import { condense, withoutLimit } from "../testing/transcript.ts";

async function open(options: RecordingCameraOptions = {}) {
  const camera = new RecordingCamera(options);
  const opened = await openEvk4({ bus: camera, settling: camera.settling });
  const written = (changes: PropheseeEvk4Changes) => {
    camera.takeLines();
    opened.update(changes);
    return condense(camera.takeLines());
  };
  return { camera, opened, written };
}

const LAST_WRITE_OF_START = "write roiCtrl (0x0004) = 0xf0005442";
const FIRST_WRITE_OF_SHUTDOWN = "write biasPr (0x1000) = 0x11a1007c";
const LAST_WRITE_OF_SHUTDOWN = "write unknownB07C (0xB07C) = 0x00000000";
/** Transfers of the opening without the claim, and of the shutdown. */
const OPEN_TRANSFERS = 1_559;
const SHUTDOWN_TRANSFERS = 84;

test("an open camera tells its serial, firmware and properties, and where its events come from", async () => {
  const { opened, camera } = await open();
  assert.equal(opened.camera.serial, "00050ABC");
  assert.deepEqual(opened.camera.firmware, {
    version: "3.9.1",
    buildDate: new Date(1_700_000_000_000),
    warning: undefined,
  });
  assert.deepEqual(opened.camera.properties, { width: 1280, height: 720, sensor: "Prophesee/Sony IMX636" });
  assert.deepEqual([propheseeEvk4.eventsEndpoint, opened.camera.eventFormat], [0x81, "evt3"]);
  assert.equal(condense(camera.lines).at(-1), LAST_WRITE_OF_START);
  assert.equal(camera.transfers, OPEN_TRANSFERS);
});

test("firmware that refuses to describe itself is no reason not to open", async () => {
  const refused = [0x79, 0x7a, 0x1_0000, 0x1_0001, 0x1_0003];
  const { opened } = await open({
    alterReply: (reply, request) => {
      const property = new DataView(request.buffer).getUint32(0, true);
      return refused.includes(property) ? Uint8Array.of(0, 0, 0, 0x80, 0, 0, 0, 0) : reply;
    },
  });
  assert.deepEqual(opened.camera.firmware, { version: undefined, buildDate: undefined, warning: undefined });
});

/** Reads of the event pipe that find nothing, until that is believed: 50 ms in slices. */
const QUIET_READS = 2;

test("events of an earlier session are read away before the start, however many there are", async () => {
  const staleEvents = [new Uint8Array(131_072), new Uint8Array(16_384), new Uint8Array(2)];
  const { camera } = await open({ staleEvents });
  assert.equal(staleEvents.length, 0);
  assert.equal(camera.lines.filter((line) => line.startsWith("BULK_IN 0x81")).length, 3 + QUIET_READS);
});

test("the reading ends at an empty transfer as well", async () => {
  const staleEvents = [new Uint8Array(0), new Uint8Array(16)];
  await open({ staleEvents });
  assert.equal(staleEvents.length, 1);
});

test("a sensor that does not stop sending ends the bring-up", async () => {
  const staleEvents = Array.from({ length: 2_000 }, () => new Uint8Array(16));
  await assert.rejects(open({ staleEvents }), { code: "io", operation: "empty the event pipe" });
});

test("the event loop has its turns while the event pipe is read, and an abort then ends the bring-up", async () => {
  const aborting = new AbortController();
  const camera = new class extends RecordingCamera {
    override bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined {
      if (endpoint === 0x81) {
        setTimeout(() => aborting.abort("changed my mind"));
        realSettling.waitSync(1_000 * timeoutMs);
      }
      return super.bulkIn(endpoint, length, timeoutMs);
    }
  }();
  const { settling } = camera;
  const opening = openEvk4({ bus: camera, settling, signal: aborting.signal });
  await assert.rejects(opening, (reason) => reason === "changed my mind");
  const reads = camera.lines.filter((line) => line.startsWith("BULK_IN 0x81")).length;
  assert.ok(reads < QUIET_READS, `${reads} reads`);
  assert.equal(condense(withoutLimit(camera.lines.slice(-2))).at(-1), LAST_WRITE_OF_SHUTDOWN);
});

test("an update writes what changed and nothing else", async () => {
  const { written, opened, camera } = await open();
  assert.deepEqual(written({}), []);
  assert.deepEqual(
    written({ biases: { diffOn: 0, fo: { code: 83 } }, xMask: new Uint8Array(1280), pixelMask: [] }),
    [],
  );
  assert.deepEqual(written({ biases: { refr: { code: 60 }, diffOn: 8 } }), [
    "write biasDiffOn (0x1010) = 0x11a1006e",
    "write biasRefr (0x1020) = 0x11a1003c",
  ]);
  assert.deepEqual(written({ maskIntersectionOnly: true }).at(-1), "write roiCtrl (0x0004) = 0xf0005422");
  assert.equal(written({ pixelMask: [{ x: 3, y: 4 }] }).length, 1);
  assert.equal(camera.model.registers.get(0x9100), 0x8004_0003);
  assert.deepEqual(written({ pixelMask: [{ x: 3, y: 4 }], output: false }), ["write roCtrl (0x9028) = 0x00000002"]);
  const { biases, maskIntersectionOnly, output } = opened.camera.configuration;
  assert.deepEqual([biases.refr, biases.diffOn, maskIntersectionOnly, output], [40, 8, true, false]);
});

test("the rate limiter is switched, changed, and switched off while the sensor streams", async () => {
  const { written } = await open();
  assert.deepEqual(written({ rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 1_000 } }), [
    "write ercInDropRateControl (0x6004) = 0x00000001",
    "write ercReferencePeriod (0x6008) = 0x000000c8",
    "write ercTdTargetEventRate (0x600C) = 0x000003e8",
    "write ercControl (0x6028) = 0x00000003",
    "write ercTDroppingControl (0x6050) = 0x00000001",
  ]);
  assert.deepEqual(written({ biases: { fo: 0 } }), []);
  assert.deepEqual(written({ rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 500 } }), [
    "write ercTdTargetEventRate (0x600C) = 0x000001f4",
  ]);
  assert.deepEqual(written({ rateLimiter: null }), ["write ercTDroppingControl (0x6050) = 0x00000000"]);
});

test("a change of clock or format is refused before any traffic, together with what else was asked", async () => {
  for (const change of [{ clock: "external" }, { eventFormat: "evt2.1" }] as const) {
    const { camera, opened } = await open();
    const before = opened.camera.configuration;
    camera.takeLines();
    const changes = { ...change, output: false };
    assert.throws(() => opened.update(changes), { code: "unsupported", operation: "update configuration" });
    assert.deepEqual(camera.takeLines(), []);
    assert.deepEqual(opened.camera.configuration, before);
  }
});

test("a camera that sends EVT2.1 tells a decoder so", async () => {
  const camera = new RecordingCamera();
  const opened = await openEvk4({ bus: camera, settling: camera.settling, changes: { eventFormat: "evt2.1" } });
  assert.equal(opened.camera.eventFormat, "evt21-legacy");
  assert.equal(opened.camera.configuration.eventFormat, "evt2.1");
});

test("a mistake in an update reaches no bus", async () => {
  const { camera, opened } = await open();
  camera.takeLines();
  assert.throws(() => opened.update({ biases: { hpf: 1, fo: 173 }, beyondRecommendedBiases: true }), RangeError);
  assert.deepEqual(camera.takeLines(), []);
});

test("the configuration that is shown is a copy", async () => {
  const { opened, written } = await open();
  opened.camera.configuration.xMask[0] = 1;
  assert.equal(opened.camera.configuration.xMask[0], 0);
  assert.deepEqual(written({ biases: { fo: 1 } }), ["write biasFo (0x1004) = 0x11a10054"]);
});

test("temperature, illuminance and dead time", async () => {
  const { camera, opened } = await open();
  assert.equal(opened.temperatureCelsius(), 20);
  assert.equal(camera.model.registers.get(0x4c), 0x7647);
  assert.equal(opened.illuminance(), 123_456);
  assert.ok(Math.abs(opened.illuminanceLux() - 6.92287) < 1e-4);
  assert.ok(Math.abs(celsiusFromCode(0x3ff) - 138.37) < 1e-9);
  assert.equal(luxFromCounter(0), Infinity);
  assert.equal(opened.pixelDeadTimeUs(), 7.5);
});

test("a monitor without a value is asked again a few times, then it is an error", async () => {
  const { camera, opened } = await open();
  camera.model.registers.set(0x50, 0x190);
  camera.model.registers.set(0x10, 0x1e240);
  camera.takeLines();
  assert.throws(() => opened.temperatureCelsius(), { code: "io", operation: "read temperature" });
  assert.equal(condense(camera.takeLines()).length, 1 + 5);
  assert.throws(() => opened.illuminance(), { code: "io", operation: "read illuminance" });
  assert.equal(condense(camera.takeLines()).length, 10);
});

test("closing twice shuts down once, and leaves the handle to its owner", async () => {
  const { camera, opened } = await open();
  camera.takeLines();
  opened.shutdown();
  const lines = condense(camera.takeLines());
  assert.deepEqual([lines[0], lines.at(-1)], [FIRST_WRITE_OF_SHUTDOWN, LAST_WRITE_OF_SHUTDOWN]);
  opened.shutdown();
  assert.deepEqual(camera.takeLines(), []);
  assert.equal(camera.closed, false);
});

const disconnected = () => new NeuromorphicError("disconnected", "bulk transfer: LIBUSB_ERROR_NO_DEVICE");

test("the shutdown goes on after single errors", async () => {
  const { camera, opened } = await open({ fail: { at: only(OPEN_TRANSFERS), error: ioError } });
  camera.takeLines();
  opened.shutdown();
  // One write failed on its way out, so its reply was not read, but looked for before the next write.
  const transfers = camera.takeLines().filter((line) => !line.startsWith("WAIT_US"));
  assert.equal(transfers.length, SHUTDOWN_TRANSFERS);
  assert.equal(transfers[1], "BULK_IN 0x82 max=1024 timeout_ms=50");
});

test("the shutdown goes on as long as some writes succeed", async () => {
  // Each of the 42 writes of the shutdown is a request and a reply; now every second request fails.
  const fails = (transfer: number) => transfer >= OPEN_TRANSFERS && (transfer - OPEN_TRANSFERS) % 4 === 0;
  const fail = { at: fails, error: ioError };
  const { camera, opened } = await open({ fail });
  camera.takeLines();
  opened.shutdown();
  assert.ok(condense(withoutLimit(camera.takeLines())).join("\n").includes("unknownB07C"));
});

test("the shutdown gives up on a camera that answers nothing, and at once on one that is gone", async () => {
  const silent = await open({ fail: { at: from(OPEN_TRANSFERS), error: ioError } });
  silent.camera.takeLines();
  silent.opened.shutdown();
  assert.equal(silent.camera.takeLines().length, 3);
  // Later, where waits stand between the writes.
  const hanging = await open({ fail: { at: from(OPEN_TRANSFERS + 12), error: ioError } });
  hanging.camera.takeLines();
  hanging.opened.shutdown();
  assert.equal(hanging.camera.takeLines().filter((line) => !line.startsWith("WAIT_US")).length, 12 + 3);
  const gone = await open({ fail: { at: from(OPEN_TRANSFERS), error: disconnected } });
  gone.camera.takeLines();
  gone.opened.shutdown();
  assert.equal(gone.camera.takeLines().length, 1);
});
