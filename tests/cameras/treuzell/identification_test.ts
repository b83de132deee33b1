import assert from "node:assert/strict";
import { test } from "node:test";
import { TreuzellConnection } from "../../../src/cameras/treuzell/connection.ts";
import { describeBoard, formatSerial } from "../../../src/cameras/treuzell/identification.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { Evk4Model, reply } from "../testing/evk4_model.ts";

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
    firmware: { version: "3.9.1", buildDate: new Date(1_700_000_000_000) },
  });
});

test("firmware that tells its version or date in another way tells none", () => {
  const alterReply = (answer: Uint8Array, request: Uint8Array) =>
    request[0] === 0x79 || request[0] === 0x7a ? reply(request[0], Uint8Array.of(1, 2, 3)) : answer;
  const { result } = carryOutByHand(describeBoard(new TreuzellConnection()), new Evk4Model({ alterReply }));
  assert.deepEqual(result.firmware, { version: undefined, buildDate: undefined });
});

test("a build date beyond all dates is none", () => {
  const alterReply = (answer: Uint8Array, request: Uint8Array) =>
    request[0] === 0x7a ? reply(request[0], new Uint8Array(8).fill(0xff)) : answer;
  const { result } = carryOutByHand(describeBoard(new TreuzellConnection()), new Evk4Model({ alterReply }));
  assert.deepEqual(result.firmware, { version: "3.9.1", buildDate: undefined });
});
