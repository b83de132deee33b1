import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../../src/errors.ts";
import { PROPERTIES, TreuzellConnection } from "../../../src/cameras/treuzell/connection.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import type { Register } from "../../../src/protocol/registers.ts";
import { runSync } from "../../../src/protocol/run.ts";
import { reply, SENSOR_DEVICE } from "../testing/evk4_model.ts";
import { RecordingCamera } from "../testing/transcript_camera.ts";

const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const refusal = (property: number) => reply(property + 0x8000_0000, words(0, 0x9008, 22));

const timeBaseCtrl = { name: "timeBaseCtrl", address: 0x9008 };
const adcStatus = { name: "adcStatus", address: 0x50 };
const reset = { name: "reset", address: 0x40_0004 };

/** A connection to a camera, with its protocols as plain functions. */
class Connection {
  readonly #connection = new TreuzellConnection();
  readonly #camera: RecordingCamera;

  constructor(camera: RecordingCamera) {
    this.#camera = camera;
  }

  readRegister(register: Register, device = 0): number {
    return this.#run(this.#connection.device(device).readRegister(register));
  }

  writeRegister(register: Register, word: number, device = 0): void {
    this.#run(this.#connection.device(device).writeRegister(register, word));
  }

  probeRegister(device: number, register: Register): number | undefined {
    return this.#run(this.#connection.probeRegister(device, register));
  }

  query(property: number): Uint8Array | undefined {
    return this.#run(this.#connection.query(property));
  }

  #run<Result>(protocol: Protocol<Result>): Result {
    return runSync(protocol, { bus: this.#camera, settling: this.#camera.settling });
  }
}

function withReply(answer: Uint8Array | undefined): Connection {
  return new Connection(new RecordingCamera({ alterReply: () => answer }));
}

test("a register that was written reads back, up to the highest bit", () => {
  const connection = new Connection(new RecordingCamera());
  connection.writeRegister(reset, 0xf000_5442);
  assert.equal(connection.readRegister(reset), 0xf000_5442);
});

test("registers are those of the device that is asked", () => {
  const camera = new RecordingCamera({ devices: [{ name: "thermometer", compatible: [] }, SENSOR_DEVICE], sensor: 1 });
  const connection = new Connection(camera);
  connection.writeRegister(timeBaseCtrl, 0x644, 1);
  assert.equal(connection.readRegister(timeBaseCtrl, 1), 0x644);
  assert.throws(() => connection.readRegister(timeBaseCtrl), { code: "protocol", message: /refused: device 0/ });
  assert.equal(connection.probeRegister(1, timeBaseCtrl), 0x644);
  assert.equal(connection.probeRegister(0, timeBaseCtrl), undefined);
  const stale = withReply(words(0x0001_0102, 12, 1, 0x54, 7));
  assert.throws(() => stale.probeRegister(1, timeBaseCtrl), { code: "protocol", message: /another register/ });
});

/** Replies that are no answer to a write of 0x644 to 0x9008. */
const WRONG_WRITE_REPLIES: readonly (readonly [what: string, reply: Uint8Array | undefined, RegExp, ErrorCode])[] = [
  ["empty", new Uint8Array(0), /only 0 bytes/, "protocol"],
  ["shorter than a property", Uint8Array.of(2, 1, 1), /only 3 bytes/, "protocol"],
  ["without size", words(0x4001_0102), /only 4 bytes/, "protocol"],
  ["without address", words(0x4001_0102, 4, 0), /12 bytes instead of 16/, "protocol"],
  ["of another property", reply(0x72, words(1)), /property 0x72 instead of 0x40010102/, "protocol"],
  ["to a read", words(0x0001_0102, 12, 0, 0x9008, 0x644), /property 0x10102 instead/, "protocol"],
  ["for another address", reply(0x4001_0102, words(0, 0x9004)), /address 0x9004 instead of 0x9008/, "protocol"],
  ["for another device", reply(0x4001_0102, words(1, 0x9008)), /device 0x1 instead of 0x0/, "protocol"],
  ["a refusal", refusal(0x4001_0102), /refused: device 0, address 0x9008, errno 22/, "protocol"],
  ["a short refusal", words(0xc001_0102), /the camera refused/, "protocol"],
  ["an unknown command", words(0x8000_0000, 0), /does not know the command 0x40010102/, "protocol"],
  ["missing", undefined, /no reply within 1000 ms/, "io"],
];

for (const [what, answer, message, code] of WRONG_WRITE_REPLIES) {
  test(`a write fails when its reply is ${what}`, () => {
    const operation = "write register timeBaseCtrl (0x9008)";
    assert.throws(
      () => withReply(answer).writeRegister(timeBaseCtrl, 0x644),
      { name: "NeuromorphicError", code, operation, message, device: "recorded camera" },
    );
  });
}

test("a read fails when its reply is short, long, or for another register", () => {
  const read = (...reply: number[]) => () => withReply(words(...reply)).readRegister(adcStatus);
  assert.equal(read(0x0001_0102, 12, 0, 0x50, 7)(), 7);
  assert.throws(read(0x0001_0102, 8, 0, 0x50), { code: "protocol", message: /16 bytes instead of 20/ });
  assert.throws(read(0x0001_0102, 16, 0, 0x50, 7, 8), { code: "protocol", message: /24 bytes instead of 20/ });
  assert.throws(read(0x0001_0102, 12, 0, 0x54, 7), { code: "protocol", message: /address 0x54 instead of 0x50/ });
  assert.throws(() => withReply(refusal(0x0001_0102)).readRegister(timeBaseCtrl), {
    code: "protocol",
    message: /errno 22/,
  });
});

test("a property that the camera refuses is undefined", () => {
  assert.equal(withReply(words(0x8000_0000, 0)).query(PROPERTIES.buildDate), undefined);
  assert.equal(withReply(refusal(PROPERTIES.buildDate)).query(PROPERTIES.buildDate), undefined);
});

test("a property's payload ends where its size says, and must be there", () => {
  const answer = Uint8Array.of(...reply(PROPERTIES.deviceCount, words(3)), 99);
  assert.deepEqual(withReply(answer).query(PROPERTIES.deviceCount), words(3));
  assert.throws(() => withReply(answer.subarray(0, 10)).query(PROPERTIES.deviceCount), {
    code: "protocol",
    message: /2 bytes of payload instead of 4/,
  });
});

test("after a wrong reply the connection finds back into step", () => {
  const camera = new RecordingCamera();
  const connection = new Connection(camera);
  camera.model.registers.set(0x50, 7);
  // A reply of an earlier program is in the way.
  camera.model.replies.push(words(0x0001_0102, 12, 0, 0x54, 1));
  assert.throws(() => connection.readRegister(adcStatus), { code: "protocol" });
  assert.equal(camera.model.replies.length, 1);
  assert.equal(connection.readRegister(adcStatus), 7);
  assert.equal(camera.model.replies.length, 0);
  camera.takeLines();
  connection.writeRegister(adcStatus, 8);
  assert.equal(camera.takeLines().length, 2);
});
