import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { ByteSource } from "../../source.ts";
import { openMessages } from "../ros/message_reader.ts";
import { McapMessages } from "./messages.ts";

/** Opens a recording. Takes over the source, and closes it where it fails. */
export function openMcap(source: ByteSource, options: FormatReadOptions): Promise<FormatReader> {
  return openMessages(source, options, () => new McapMessages(source));
}
