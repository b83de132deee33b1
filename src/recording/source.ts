/** Where the bytes of a recording come from. Each kind of place has its own file: files, memory, web streams. */

/** The bytes of one file, wherever they are. */
export interface ByteSource {
  /** What errors call it: a path, `"blob"`, `"bytes"` or `"stream"`. */
  readonly name: string;
  /** How many bytes there are; undefined for a stream, where only its end tells. */
  readonly size: number | undefined;
  /** When the file was changed last: Unix time in ms, where that is known. */
  readonly modifiedMs?: number | undefined;
  /** Whether any part can be read at any time. A stream can only be read onwards. */
  readonly isSeekable: boolean;
  /**
   * The bytes from a position on: as many as asked for, fewer only at the end. They are valid until the next call, whose
   * bytes may take their place. Of a stream, bytes before the beginning of the last call are gone.
   *
   * @throws {NeuromorphicError} "io" where reading fails; "unsupported" for bytes of a stream that are gone.
   */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of the file. Safe to call twice. */
  close(): Promise<void>;
}

/** What a format reads: a file, and others beside it, such as `a_trigger.dat` beside `a_cd.dat`. */
export interface SourceFiles {
  /** The recording itself. */
  readonly main: ByteSource;
  /**
   * The file beside it that has another name; undefined where there is none, and beside what is no file.
   *
   * @param rename Makes its name from that of the recording, both without folders.
   */
  sibling(rename: (fileName: string) => string | undefined): Promise<ByteSource | undefined>;
  /** The recording itself once more, to be read beside the first; absent where it can be read only once. */
  again?(): Promise<ByteSource>;
  /**
   * Keeps a small file beside it, such as an index, for the next time. Resolves with whether that was possible, and does
   * not fail where it was not. Absent where there is no beside.
   */
  keep?(rename: (fileName: string) => string, bytes: Uint8Array): Promise<boolean>;
}
