/** Gives recordings the files of Deno, Bun and Node, loaded when they are first needed. */

import { provideFiles } from "./files.ts";

provideFiles(async () => ({
  ...await import("./file_source.ts"),
  ...await import("./file_sink.ts"),
  isRecording: async (receiptPath) => (await import("./native_recorder.ts")).isRecording(receiptPath),
}));
