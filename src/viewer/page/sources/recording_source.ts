/// <reference lib="dom" />
import type { RecordedInput } from "../renderer/messages.ts";
import { RendererLink } from "../renderer/renderer_link.ts";
import type { ViewerSource } from "../source.ts";

/** Opens a recording of any format that the library reads, in a Worker that makes its pictures, too. */
export async function openRecordingSource(input: RecordedInput): Promise<ViewerSource> {
  const renderer = await RendererLink.open(input);
  return {
    kind: "recording",
    ...renderer.recording!,
    renderer,
    timeLine: renderer,
    close() {
      renderer.close();
      return Promise.resolve();
    },
  };
}
