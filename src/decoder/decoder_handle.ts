import { blockIndex, blockLength, formats, type Library } from "../native/library.ts";
import type { DecoderOptions, EventFormat } from "./decoder.ts";
import { checkKernel } from "./decoder_info.ts";

/** Formats by the names that the native library gives them. */
const nativeFormats: Readonly<Record<EventFormat, (typeof formats)[number]>> = {
  evt3: "evt3",
  evt2: "evt2",
  evt21: "evt21",
  "evt21-legacy": "evt21_legacy",
  evt4: "evt4",
};

/** What native calls call a format. */
export function formatNumber(format: EventFormat): number {
  return formats.indexOf(nativeFormats[format]);
}

const index = blockIndex("decoder_options");

/** Makes a decoder in a library; returns its handle. `isFile`: the bytes are a file's. */
export function createHandle(library: Library, { format, width, height }: DecoderOptions, isFile: boolean): number {
  const handle = new Uint32Array(1);
  const block = new Float64Array(blockLength("decoder_options"));
  block[index.format] = formatNumber(format);
  block[index.width] = width;
  block[index.height] = height;
  block[index.is_file] = isFile ? 1 : 0;
  const status = library.symbols.nd_decoder_create(block, handle);
  if (status < 0) checkKernel(library, "create decoder");
  library.check(status, "create decoder");
  return handle[0]!;
}
