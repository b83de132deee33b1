/** A page that is a camera's driver and nothing else. Tests call `cameraPage`. */

import { watchDevices } from "../../../src/web/mod.ts";
import { openCamera, readSequence, type SequenceAsked, type SequenceTold } from "./camera_session.ts";

const cameraPage = {
  readSequence,

  /** The same in a dedicated Worker, which opens the camera itself. */
  readSequenceInWorker(asked: SequenceAsked): Promise<SequenceTold> {
    const worker = new Worker(new URL("./camera_worker.ts", import.meta.url), { type: "module" });
    return new Promise<SequenceTold>((resolve, reject) => {
      worker.onmessage = ({ data }) => "error" in data ? reject(new Error(data.error)) : resolve(data.told);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(asked);
    }).finally(() => worker.terminate());
  },

  openCamera,
  watchDevices,
};

/** For tests. */
export type CameraPage = typeof cameraPage;

Object.assign(globalThis, { cameraPage });
