/** The sensor knows no board: it does the same behind one whose registers are control requests. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConfiguration } from "../../../src/cameras/imx636/configuration_check.ts";
import { Imx636 } from "../../../src/cameras/imx636/sensor.ts";
import { START } from "../../../src/cameras/imx636/sequences.ts";
import { TreuzellConnection } from "../../../src/cameras/treuzell/connection.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import type { Register, RegisterAccess } from "../../../src/protocol/registers.ts";
import { runSync } from "../../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling } from "../../protocol/testing/made_up_bus.ts";
import { RecordingCamera } from "../testing/transcript_camera.ts";

/** A register's address is value and index of the request, its word the data. */
class ControlBoard implements RegisterAccess {
  readonly #request = { requestType: 0x40, request: 1, timeoutMs: 100 };

  *readRegister({ address }: Register): Protocol<number> {
    const where = { value: address & 0xffff, index: address >>> 16, length: 4 };
    const reply = yield { kind: "control-in", ...this.#request, requestType: 0xc0, ...where };
    return new DataView(reply!.buffer, reply!.byteOffset).getUint32(0, true);
  }

  *writeRegister({ address }: Register, word: number): Protocol {
    const bytes = new Uint8Array(Uint32Array.of(word).buffer);
    yield { kind: "control-out", ...this.#request, value: address & 0xffff, index: address >>> 16, bytes };
  }
}

/** What a camera does with its sensor. */
function* useSensor(access: RegisterAccess): Protocol<readonly number[]> {
  const sensor = new Imx636(access, checkConfiguration({ output: false }), "IMX636");
  yield* sensor.readChip();
  yield* sensor.carryOut(START);
  yield* sensor.update({ biases: { diffOn: 10 }, xMask: new Uint8Array(1280).fill(1, 0, 40), output: true });
  const measured = [yield* sensor.sensors.temperatureCelsius(), yield* sensor.sensors.illuminance()];
  yield* sensor.shutdown();
  return measured;
}

test("behind any board the same registers get the same words, and the same is measured", () => {
  const camera = new RecordingCamera();
  const { registers } = camera.model;
  const written = new Map(registers);
  const bus = new MadeUpBus((transfer) => {
    if (transfer.kind !== "control-in" && transfer.kind !== "control-out") assert.fail(transfer.kind);
    const address = transfer.value + 2 ** 16 * transfer.index;
    if (transfer.kind === "control-in") return new Uint8Array(Uint32Array.of(written.get(address) ?? 0).buffer);
    written.set(address, new DataView(transfer.bytes.buffer).getUint32(0, true));
    return undefined;
  });
  const settling = new MadeUpSettling();
  const measured = runSync(useSensor(new ControlBoard()), { bus, settling });
  const expected = runSync(useSensor(new TreuzellConnection().device(0)), { bus: camera, settling: camera.settling });
  assert.deepEqual(measured, expected);
  assert.deepEqual(measured, [20, 123_456]);
  assert.deepEqual(written, registers);
  assert.equal(2 * bus.transfers.length, camera.transfers);
  const waits = camera.lines.filter((line) => line.startsWith("WAIT_US")).map((line) => Number(line.slice(8)));
  assert.deepEqual(settling.waits, waits);
});
