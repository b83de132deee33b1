/** An opening that fails, or is aborted, at any of its exchanges. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { run } from "../../../src/protocol/run.ts";
import { carryOutByHand, failByHand } from "../testing/by_hand.ts";
import { condense } from "../testing/transcript.ts";
import { from, ioError } from "../testing/transcript_camera.ts";
import { evk3HdModel, recordingEvk3Hd } from "./testing/evk3_hd.ts";

const LAST_WRITE_OF_SHUTDOWN = "write unknownB07C (0xB07C) = 0x00000000";
/** The device's descriptor and the choice of its alternate setting: the opening goes on where they fail. */
const DISPENSABLE = 2;
/** These and seven questions, before anything is written to the sensor. */
const IDENTIFICATION = DISPENSABLE + 2 * 7;

const open = () => propheseeEvk3Hd.open(propheseeEvk3Hd.checkConfiguration(undefined));

/** All at both ends, and some between, where long rows of registers are alike. */
function numbersToFail(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number)
    .filter((number) => number >= DISPENSABLE && (number < 150 || number > count - 150 || number % 25 === 0));
}

test("an error thrown into any exchange is followed by the shutdown, and by nothing else", () => {
  const model = evk3HdModel();
  const opened = carryOutByHand(open(), model);
  const shutdown = carryOutByHand(opened.result.shutdown(), model).lines;
  const error = ioError();
  for (const at of numbersToFail(opened.lines.length)) {
    const { after, thrown } = failByHand(open(), evk3HdModel(), { at, error })!;
    assert.equal((thrown as NeuromorphicError).code, "io");
    // A reply that was not fetched is looked for, and thrown away, before the next request.
    const requests = after.filter((line) => line !== "BULK_IN 0x82 max=1024 timeout_ms=50");
    assert.deepEqual(requests, at < IDENTIFICATION ? [] : shutdown, `exchange ${at}`);
  }
  assert.equal(failByHand(open(), evk3HdModel(), { at: opened.lines.length, error }), undefined);
});

/** The transfers of an opening that nothing disturbs. */
async function countTransfers(): Promise<number> {
  const camera = recordingEvk3Hd();
  await run(open(), { bus: camera, settling: camera.settling });
  return camera.transfers;
}

test("an abort at any transfer shuts the sensor down and rejects with its reason", async () => {
  for (const transfer of numbersToFail(await countTransfers()).filter((number) => number % 10 === 0)) {
    const aborting = new AbortController();
    const reason = new Error("changed my mind");
    const at = (number: number) => {
      if (number === transfer) aborting.abort(reason);
      return false;
    };
    const camera = recordingEvk3Hd({ fail: { at, error: ioError } });
    const opening = run(open(), { bus: camera, settling: camera.settling, signal: aborting.signal });
    await assert.rejects(opening, (error) => error === reason);
    const isShutDown = condense(camera.lines.slice(-2)).at(-1) === LAST_WRITE_OF_SHUTDOWN;
    assert.equal(isShutDown, transfer >= IDENTIFICATION, `transfer ${transfer}`);
  }
});

test("a camera that is unplugged at any transfer of its opening is left alone", async () => {
  const error = () => new NeuromorphicError("disconnected", "bulk transfer: LIBUSB_ERROR_NO_DEVICE");
  for (const transfer of numbersToFail(await countTransfers())) {
    const camera = recordingEvk3Hd({ fail: { at: from(transfer), error } });
    await assert.rejects(run(open(), { bus: camera, settling: camera.settling }), { code: "disconnected" });
    assert.equal(camera.transfers, transfer + 1);
  }
});
