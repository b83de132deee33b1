import assert from "node:assert/strict";
import { test } from "node:test";
import { identify } from "../../../src/cameras/prophesee_evk4/identification.ts";
import { driversFor } from "../../../src/cameras/cameras.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { runSync } from "../../../src/protocol/run.ts";
import { openEvk4 } from "../testing/open_evk4.ts";
import { reply, SENSOR_DEVICE } from "../testing/evk4_model.ts";
import { ioError, RecordingCamera, type RecordingCameraOptions } from "../testing/transcript_camera.ts";

test("the vendor and product ids are known", () => {
  const name = (vendorId: number, productId: number) =>
    driversFor(vendorId, productId).map(({ type, usbId }) => [type, usbId.name]);
  const shared = [
    ["prophesee-evk4", "Prophesee EVK4"],
    ["prophesee-evk3-hd", "Prophesee EVK3 HD"],
    ["prophesee-evk3-genx320", "Prophesee EVK3 GenX320"],
  ];
  assert.deepEqual(name(0x04b4, 0x00f4), shared);
  assert.deepEqual(name(0x04b4, 0x00f5), shared);
  assert.deepEqual(name(0x31f7, 0x0003), [["prophesee-evk4", "CenturyArks SilkyEvCam HD"]]);
  assert.deepEqual(name(0x31f7, 0x0004), [["prophesee-evk4", "CenturyArks SilkyEvCam HD Lite"]]);
  assert.deepEqual(name(0x1409, 0x8e00), [["prophesee-evk4", "IDS uEye XCP-E or XLS-E"]]);
  // A Cypress FX3 without firmware, and the EVK4's ids crossed.
  assert.deepEqual(name(0x04b4, 0x00f3), []);
  assert.deepEqual(name(0x31f7, 0x00f5), []);
});

function readSerial(bus: RecordingCamera): string | undefined {
  const identity = runSync(identify(), { bus, settling: bus.settling });
  return identity.isOurs ? identity.serial : undefined;
}

test("the serial is read from replies of 4 and of 8 bytes", () => {
  assert.equal(readSerial(new RecordingCamera()), "00050ABC");
  assert.equal(readSerial(new RecordingCamera({ serial: Uint8Array.of(1, 2, 3, 4, 5, 0, 0, 0) })), "504030201");
});

test("another system byte is another camera, which is told, and is asked nothing else", () => {
  const answers = [
    [Uint8Array.of(0x30, 0), "system byte 0x30 instead of 0x31 (IMX636) or 0x35 (IMX646)"],
    [Uint8Array.of(0x31), "no system byte instead of 0x31 (IMX636) or 0x35 (IMX646)"],
    [new Uint8Array(0), "no system byte instead of 0x31 (IMX636) or 0x35 (IMX646)"],
  ] as const;
  for (const [system, said] of answers) {
    const other = new RecordingCamera({ system });
    assert.deepEqual(runSync(identify(), { bus: other, settling: other.settling }), { isOurs: false, said });
    assert.equal(other.transfers, 1);
  }
});

test("both system bytes are ours", () => {
  for (const byte of [0x31, 0x35]) {
    assert.equal(readSerial(new RecordingCamera({ system: Uint8Array.of(byte, 0) })), "00050ABC");
  }
});

test("a reply that a killed program left is thrown away", () => {
  for (const left of [reply(0x4001_0102, new Uint8Array(8)), new Uint8Array(20)]) {
    const camera = new RecordingCamera();
    camera.model.replies.push(left);
    assert.equal(readSerial(camera), "00050ABC");
    assert.equal(camera.model.replies.length, 0);
  }
});

test("a camera that never tells its serial is an error, not an endless loop", () => {
  const refusing = new RecordingCamera({ alterReply: () => reply(0x8000_0072, new Uint8Array(12)).subarray(0, 16) });
  assert.throws(() => readSerial(refusing), { code: "protocol", operation: "read serial", message: /refused/ });
  const silent = new RecordingCamera({ alterReply: () => undefined });
  assert.throws(() => readSerial(silent), { code: "io", message: /no reply/ });
  const short = new RecordingCamera({ serial: Uint8Array.of(1) });
  assert.throws(() => readSerial(short), { code: "protocol", message: /only 1 bytes/ });
});

function open(options: RecordingCameraOptions) {
  const bus = new RecordingCamera(options);
  return openEvk4({ bus, settling: bus.settling });
}

test("manufacturer and product decide nothing: no string is asked for", async () => {
  const bus = new RecordingCamera({ manufacturer: "Nobody", product: undefined });
  await openEvk4({ bus, settling: bus.settling });
  assert.deepEqual(bus.lines.filter((line) => line.includes("value=0x03")), []);
});

const THERMOMETER = { name: "temperature sensor", compatible: ["ti,tmp103"] };
const IMX646 = { name: "CCam5 Imx646 Event-Based Camera", compatible: ["psee,ccam5_imx646"] };

test("the sensor is the device with its registers, wherever it stands, and however it is called", async () => {
  const boards: readonly RecordingCameraOptions[] = [
    { devices: [SENSOR_DEVICE] },
    { devices: [THERMOMETER, SENSOR_DEVICE], sensor: 1 },
    { devices: [IMX646], variant: 2 },
    { devices: [THERMOMETER, SENSOR_DEVICE, THERMOMETER], sensor: 1, variant: 0xffff_fffe },
    // Old firmware: OpenEB's comment has it in the name.
    { devices: [THERMOMETER, { name: "psee,ccam5_imx636", compatible: [] }], sensor: 1 },
    { devices: [{ name: "", compatible: [] }] },
    { devices: [THERMOMETER, { name: "a new name", compatible: ["psee,next"] }], sensor: 1 },
  ];
  for (const board of boards) {
    const { camera } = await open(board);
    const sensor = ((board.variant ?? 0) & 3) === 2 ? "Prophesee/Sony IMX646" : "Prophesee/Sony IMX636";
    assert.deepEqual(camera.properties, { width: 1280, height: 720, sensor }, JSON.stringify(board));
  }
});

test("a device that calls itself an IMX636 is looked at before the others", async () => {
  const bus = new RecordingCamera({ devices: [THERMOMETER, SENSOR_DEVICE], sensor: 1 });
  await openEvk4({ bus, settling: bus.settling });
  const probes = bus.lines.filter((line) => /^BULK_OUT 0x02 020101000c000000[0-9a-f]{8}(14000000|28f10000)/.test(line));
  assert.deepEqual(probes.map((line) => line.slice(30, 38)), ["01000000", "01000000"]);
});

test("a board without such a sensor is refused with what it tells, and nothing is written to it", async () => {
  const boards: readonly (readonly [RecordingCameraOptions, RegExp])[] = [
    [{ chipId: 0xa030_1003 }, /device 0 "psee,ccam5_imx636", "psee,ccam5_gen42", .*, chip id 0xa0301003, variant 0x0/],
    [{ variant: 1 }, /chip id 0xa0401806, variant 0x00000001; an IMX636 or an IMX646 is needed$/],
    [{ devices: [] }, /find the sensor: the board tells of no device; an IMX636/],
    [{ devices: [THERMOMETER], sensor: 1 }, /device 0 "ti,tmp103", "temperature sensor", chip id unreadable/],
    [{ devices: [{ name: "\u001b[2J", compatible: [] }], sensor: 1 }, /device 0 "\\u001b\[2J", chip id/],
    [{ devices: [{ name: "", compatible: [] }], sensor: 1 }, /device 0 without a name/],
  ];
  for (const [board, message] of boards) {
    const bus = new RecordingCamera(board);
    const details = { code: "unsupported", operation: "find the sensor", device: "recorded camera", message };
    await assert.rejects(openEvk4({ bus, settling: bus.settling }), details, JSON.stringify(board));
    assert.deepEqual(bus.lines.filter((line) => line.startsWith("BULK_OUT 0x02 02010140")), []);
  }
});

test("a count of devices that cannot be does not keep the bus busy", async () => {
  const count = (payload: Uint8Array) => (answer: Uint8Array, request: Uint8Array) =>
    new DataView(request.buffer).getUint32(0, true) === 0x1_0000 ? reply(0x1_0000, payload) : answer;
  const bus = new RecordingCamera({ alterReply: count(new Uint8Array(4).fill(0xff)) });
  await openEvk4({ bus, settling: bus.settling });
  assert.equal(bus.lines.filter((line) => line.startsWith("BULK_OUT 0x02 03000100")).length, 16);
  assert.equal((await open({ alterReply: count(new Uint8Array(2)) })).camera.serial, "00050ABC");
});

test("alternate setting 0 is selected, but of Prophesee's boards below release 3.07", async () => {
  const selects = async (options: RecordingCameraOptions) => {
    const bus = new RecordingCamera(options);
    await openEvk4({ bus, settling: bus.settling });
    return bus.lines.includes("SET_ALTERNATE_SETTING 0 0");
  };
  assert.equal(await selects({ release: 0x0307 }), true);
  assert.equal(await selects({ release: 0x0306 }), false);
  assert.equal(await selects({ release: 0x0306, ids: [0x04b4, 0x00f4] }), false);
  assert.equal(await selects({ release: 0x0100, ids: [0x31f7, 0x0003] }), true);
});

test("a board that refuses to select it is opened, and one that is gone is not", async () => {
  const failing = (error: () => Error) => new RecordingCamera({ fail: { at: (transfer) => transfer === 1, error } });
  const refusing = failing(ioError);
  const opened = await openEvk4({ bus: refusing, settling: refusing.settling });
  assert.equal(refusing.lines[1], "SET_ALTERNATE_SETTING 0 0");
  assert.equal(opened.camera.serial, "00050ABC");
  const gone = failing(() => new NeuromorphicError("disconnected", "gone"));
  await assert.rejects(openEvk4({ bus: gone, settling: gone.settling }), { code: "disconnected" });
});
