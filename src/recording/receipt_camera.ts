import { receiptPathOf } from "./receipt.ts";
import type { RecordedCamera } from "./recording.ts";
import type { SourceFiles } from "./source.ts";

/** More bytes than the first line of a receipt has. */
const longestLine = 1 << 16;

/** The camera by the first line of the receipt beside a recording; undefined where there is none that can be read. */
export async function cameraOf(files: SourceFiles): Promise<RecordedCamera | undefined> {
  const receipt = await files.sibling(receiptPathOf);
  if (receipt === undefined) return undefined;
  try {
    const text = new TextDecoder().decode(await receipt.read(0, longestLine));
    const { kind, camera } = JSON.parse(text.slice(0, text.indexOf("\n")));
    return kind === "start" && typeof camera === "object" && camera !== null ? Object.freeze(camera) : undefined;
  } catch {
    return undefined;
  } finally {
    await receipt.close();
  }
}
