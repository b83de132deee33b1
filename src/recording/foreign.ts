/** What files are that are no recordings: so that an error can say it. */

import { recordingError } from "./errors.ts";
import { encodingOf } from "./formats/raw/encoding.ts";
import { parseRawHeader } from "./formats/raw/header.ts";

/** Beginnings of files by their bytes, in hexadecimal; `..` stands for any byte. */
const marks: readonly (readonly [mark: string, what: string])[] = [
  ["89504e470d0a1a0a", "is a PNG image"],
  ["ffd8ff", "is a JPEG image"],
  ["47494638", "is a GIF image"],
  ["49492a00", "is a TIFF image"],
  ["4d4d002a", "is a TIFF image"],
  ["25504446", "is a PDF document"],
  ["1f8b", "is compressed with gzip: unpack it first"],
  ["fd377a585a00", "is compressed with xz: unpack it first"],
  ["28b52ffd", "is compressed with Zstandard: unpack it first"],
  ["425a68", "is compressed with bzip2: unpack it first"],
  ["04224d18", "is compressed with LZ4: unpack it first"],
  ["377abcaf271c", "is a 7-Zip archive: unpack it first"],
  ["504b0304", "is a ZIP archive: unpack it first"],
  ["526172211a07", "is a RAR archive: unpack it first"],
  ["7f454c46", "is a program"],
  ["4d5a", "is a program for Windows"],
  ["53514c69746520666f726d6174203300", "is an SQLite database"],
  ["894d434150300d0a", "is an MCAP file"],
  ["894844460d0a1a0a", "is an HDF5 file"],
  ["934e554d5059", "is a NumPy array"],
  ["4556454e542053545245414d", "is an Event Stream file"],
  ["2321414552", "is an AEDAT file"],
  ["4152524f5731", "is an Arrow file"],
  ["23524f53424147", "is a ROS 1 bag"],
  ["........66747970", "is a video (MP4)"],
  ["1a45dfa3", "is a video (Matroska or WebM)"],
  ["52494646", "is a RIFF file, such as AVI or WAV"],
];

/** What a file is by its first bytes, as the end of a sentence; undefined where they tell nothing. */
function foreignKind(head: Uint8Array): string | undefined {
  const encoding = encodingOf(parseRawHeader(head, false).fields);
  if (encoding !== undefined) {
    return `is a RAW file of "${encoding.name}", which is no encoding of events that is read here`;
  }
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return marks.find(([mark]) => new RegExp(`^${mark}`).test(hex))?.[1];
}

/** What a program may do with such a file; a page has other words for its user. */
export const adviceForPrograms = '; where it is one, say which (option "format")';

/** The error for a file that no format takes, by its first bytes. */
export function unknownFormat(head: Uint8Array, path: string, formatNames: readonly string[]): Error {
  const operation = { operation: "open recording", path };
  if (head.length === 0) return recordingError("damaged", "is empty", { ...operation, offset: 0 });
  const kind = foreignKind(head);
  if (kind !== undefined) return recordingError("unsupported", kind, operation);
  if (head.every((byte) => byte === 0)) {
    return recordingError("damaged", "begins with zeros only, as files do that a full disk has cut", {
      ...operation,
      offset: 0,
    });
  }
  const known = formatNames.length === 0 ? "" : `; known are ${formatNames.join(", ")}`;
  return recordingError(
    "unsupported",
    `is no recording of a known format, by its first bytes${adviceForPrograms}${known}`,
    operation,
  );
}
