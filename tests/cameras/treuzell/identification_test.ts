import assert from "node:assert/strict";
import { test } from "node:test";
import { TreuzellConnection } from "../../../src/cameras/treuzell/connection.ts";
import { describeBoard, formatSerial } from "../../../src/cameras/treuzell/identification.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { Evk4Model, reply, SENSOR_DEVICE } from "../testing/evk4_model.ts";

test("a serial is upper-case hexadecimal of eight digits or more", () => {
  assert.equal(formatSerial(Uint8Array.of(0xbc, 0x0a, 0x05, 0x00)), "00050ABC");
  assert.equal(formatSerial(Uint8Array.of(0xbc, 0x0a, 0x05, 0x00, 0, 0, 0, 0)), "00050ABC");
  assert.equal(formatSerial(Uint8Array.of(0xef, 0xcd, 0xab, 0x89, 0x01, 0, 0, 0)), "189ABCDEF");
  assert.equal(formatSerial(new Uint8Array(8)), "00000000");
});

test("a board tells its serial and its firmware", () => {
  const { result } = carryOutByHand(describeBoard(new TreuzellConnection()), new Evk4Model());
  assert.deepEqual(result, {
    serial: "00050ABC",
    firmware: { version: "3.9.1", buildDate: new Date(1_700_000_000_000), warning: undefined },
    devices: [{ number: 0, ...SENSOR_DEVICE }],
  });
});

test("firmware that tells its version or date in another way tells none", () => {
  const alterReply = (answer: Uint8Array, request: Uint8Array) =>
    request[0] === 0x79 || request[0] === 0x7a ? reply(request[0], Uint8Array.of(1, 2, 3)) : answer;
  const { result } = carryOutByHand(describeBoard(new TreuzellConnection()), new Evk4Model({ alterReply }));
  assert.deepEqual(result.firmware, { version: undefined, buildDate: undefined, warning: undefined });
});

test("a build date beyond all dates is none", () => {
  const alterReply = (answer: Uint8Array, request: Uint8Array) =>
    request[0] === 0x7a ? reply(request[0], new Uint8Array(8).fill(0xff)) : answer;
  const { result } = carryOutByHand(describeBoard(new TreuzellConnection()), new Evk4Model({ alterReply }));
  assert.deepEqual(result.firmware, { version: "3.9.1", buildDate: undefined, warning: undefined });
});

test("firmware below 3.8.0 comes with a warning, and other firmware without", () => {
  const warningOf = (...firmware: number[]) => {
    const model = new Evk4Model({ firmware: Uint8Array.from(firmware) });
    return carryOutByHand(describeBoard(new TreuzellConnection()), model).result.firmware.warning;
  };
  assert.match(warningOf(255, 7, 3, 0)!, /^firmware 3\.7\.255 is older than 3\.8\.0, .*update it/);
  assert.match(warningOf(0, 0, 2, 0)!, /^firmware 2\.0\.0 is/);
  for (const firmware of [[0, 8, 3, 0], [0, 0, 4, 0], [0, 0, 0, 255], [1, 2, 3]]) {
    assert.equal(warningOf(...firmware), undefined, String(firmware));
  }
});

test("texts of a board's devices end at their NULs, and may be missing", () => {
  const told = (property: number, ...bytes: number[]) => (answer: Uint8Array, request: Uint8Array) =>
    new DataView(request.buffer).getUint32(0, true) === property ? reply(property, Uint8Array.from(bytes)) : answer;
  const compatibleOf = (...bytes: number[]) => {
    const model = new Evk4Model({ alterReply: told(0x1_0003, ...bytes) });
    return carryOutByHand(describeBoard(new TreuzellConnection()), model).result.devices[0]!.compatible;
  };
  assert.deepEqual(compatibleOf(0, 0, 0, 0, 97, 0, 98, 99, 0), ["a", "bc"]);
  assert.deepEqual(compatibleOf(0, 0, 0, 0, 97, 98), ["ab"]);
  assert.deepEqual(compatibleOf(0, 0, 0, 0), []);
  assert.deepEqual(compatibleOf(1), []);
});
