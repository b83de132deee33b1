/** The camera's driver in a dedicated Worker. */

import { readSequence, type SequenceAsked } from "./camera_session.ts";

const worker = globalThis as unknown as Pick<Worker, "onmessage" | "postMessage">;
worker.onmessage = async ({ data }: MessageEvent<SequenceAsked>) => {
  const answer = await readSequence(data).then((told) => ({ told }), (error: Error) => ({ error: String(error) }));
  worker.postMessage(answer);
};
