/** An opening that fails, or is aborted, at any of its exchanges. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import type { AsyncBus } from "../../../src/protocol/bus.ts";
import { run } from "../../../src/protocol/run.ts";
import { promising } from "../../protocol/testing/made_up_bus.ts";
import { carryOutByHand, failByHand } from "../testing/by_hand.ts";
import { Evk4Model } from "../testing/evk4_model.ts";
import { condense, readLines, withoutLimit } from "../testing/transcript.ts";
import { from, ioError, only, RecordingCamera, type RecordingCameraOptions } from "../testing/transcript_camera.ts";

const LAST_WRITE_OF_SHUTDOWN = "write unknownB07C (0xB07C) = 0x00000000";
/** Transfers of the opening without the claim; 2 are the drain's, which is one exchange. */
const OPEN_TRANSFERS = 1_559;
const OPEN_EXCHANGES = 1_586;
/** The device's descriptor and the choice of its alternate setting: the opening goes on where they fail. */
const DISPENSABLE_TRANSFERS = 2;
/** These and eight questions, before anything is written to the sensor. */
const IDENTIFICATION_TRANSFERS = DISPENSABLE_TRANSFERS + 2 * 8;
/** Reading or writing the biases. */
const BIAS_TRANSFERS = 2 * 13;

/** Exchanges of an opening: all at both ends, and some between, where long rows of registers are alike. */
function numbersToFail(count: number, first: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number)
    .filter((number) => number < first || number > count - 12 || number % 25 === 0);
}

/** Over a bus fewer fail than by hand, which is quicker. */
const TRANSFERS_TO_FAIL = numbersToFail(OPEN_TRANSFERS, 60);
const EXCHANGES_TO_FAIL = numbersToFail(OPEN_EXCHANGES, 350);

const open = () => propheseeEvk4.open(propheseeEvk4.checkConfiguration(undefined));

/** What went over the bus when the opening failed, and why it did. */
async function openFailing(fail: Required<RecordingCameraOptions>["fail"]) {
  const camera = new RecordingCamera({ fail });
  const opening = run(open(), { bus: camera, settling: camera.settling });
  const reason = await opening.then(() => undefined, (reason: unknown) => reason);
  assert.ok(reason instanceof NeuromorphicError, String(reason));
  return { camera, reason };
}

function isShutDown({ lines }: RecordingCamera): boolean {
  return condense(withoutLimit(lines.slice(-2))).at(-1) === LAST_WRITE_OF_SHUTDOWN;
}

/** A shutdown ends after 1.4 s, also where the machine stood still: then it proves nothing. */
function mayBeCut(startedMs: number): boolean {
  return performance.now() - startedMs >= 1_400;
}

test("an opening that fails at any transfer tells which, and shuts the sensor down", async () => {
  for (const transfer of TRANSFERS_TO_FAIL.slice(DISPENSABLE_TRANSFERS)) {
    const startedMs = performance.now();
    const { camera, reason } = await openFailing({ at: only(transfer), error: ioError });
    assert.equal(reason.code, "io");
    assert.equal(reason.device, "recorded camera");
    if (mayBeCut(startedMs)) continue;
    assert.equal(isShutDown(camera), transfer >= IDENTIFICATION_TRANSFERS, `transfer ${transfer}`);
  }
});

test("without a bus: an error thrown into any exchange is followed by the shutdown, and by nothing else", () => {
  const model = new Evk4Model();
  const { lines, result } = carryOutByHand(open(), model);
  const shutdown = carryOutByHand(result.shutdown(), model).lines;
  // What has not been read is not written back.
  const codesKnownFrom = lines.indexOf(readLines(0x1050)[0]!) + 2;
  const error = ioError();
  for (const at of EXCHANGES_TO_FAIL.slice(DISPENSABLE_TRANSFERS)) {
    const { after, thrown } = failByHand(open(), new Evk4Model(), { at, error })!;
    assert.equal((thrown as NeuromorphicError).code, "io");
    // A reply that was not fetched is looked for, and thrown away, before the next request.
    const requests = after.filter((line) => line !== "BULK_IN 0x82 max=1024 timeout_ms=50");
    const expected = at < codesKnownFrom ? shutdown.slice(BIAS_TRANSFERS) : shutdown;
    assert.deepEqual(requests, at < IDENTIFICATION_TRANSFERS ? [] : expected, `exchange ${at}`);
  }
  assert.equal(failByHand(open(), new Evk4Model(), { at: OPEN_EXCHANGES, error }), undefined);
});

test("a camera that is unplugged at any transfer of its opening is left alone", async () => {
  const error = () => new NeuromorphicError("disconnected", "bulk transfer: LIBUSB_ERROR_NO_DEVICE");
  for (const transfer of TRANSFERS_TO_FAIL) {
    const { camera, reason } = await openFailing({ at: from(transfer), error });
    assert.equal(reason.code, "disconnected");
    assert.equal(camera.transfers, transfer + 1);
  }
});

const buses: readonly (readonly [string, (bus: RecordingCamera) => AsyncBus])[] = [
  ["at once", (bus) => bus],
  ["by promises", promising],
];

for (const [kind, wrap] of buses) {
  test(`an abort at any transfer shuts the sensor down and rejects with its reason; a bus that answers ${kind}`, async () => {
    for (const transfer of TRANSFERS_TO_FAIL) {
      const aborting = new AbortController();
      const reason = new Error("changed my mind");
      const startedMs = performance.now();
      const at = (number: number) => {
        if (number === transfer) aborting.abort(reason);
        return false;
      };
      const camera = new RecordingCamera({ fail: { at, error: ioError } });
      const opening = run(open(), { bus: wrap(camera), settling: camera.settling, signal: aborting.signal });
      await assert.rejects(opening, (error) => error === reason);
      if (mayBeCut(startedMs)) continue;
      assert.equal(isShutDown(camera), transfer >= IDENTIFICATION_TRANSFERS, `transfer ${transfer}`);
    }
  });
}

test("an abort while the sensor settles ends the wait", async () => {
  const camera = new RecordingCamera();
  const aborting = new AbortController();
  const reason = new Error("changed my mind");
  const settling = {
    ...camera.settling,
    // In the middle of the reset.
    wait: (us: number, signal?: AbortSignal) => {
      if (us === 1_000_000) aborting.abort(reason);
      return camera.settling.wait(us, signal);
    },
  };
  await assert.rejects(run(open(), { bus: camera, settling, signal: aborting.signal }), (error) => error === reason);
  assert.ok(isShutDown(camera));
  assert.equal(camera.model.registers.get(0x40_0004), 1);
});

test("an abort before the opening reaches no bus", async () => {
  const camera = new RecordingCamera();
  const reason = new Error("never mind");
  const opening = run(open(), { bus: camera, settling: camera.settling, signal: AbortSignal.abort(reason) });
  await assert.rejects(opening, (error) => error === reason);
  assert.deepEqual(camera.lines, []);
});
