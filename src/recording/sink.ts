/** Where the bytes of a recording go to. Each kind of place has its own file: files, memory, web streams. */

/** One file that is being written. It appears under its name when it is complete, and not before. */
export interface ByteSink {
  /** What errors call it: a path, `"bytes"` or `"stream"`. */
  readonly name: string;
  /** How many bytes were written so far: where the next ones go. */
  readonly position: number;
  /** Whether {@link writeAt} works. */
  readonly isSeekable: boolean;
  /** Whether it takes the place of a file that is there. Absent where nothing can be there, as in a stream. */
  readonly replaces?: boolean;
  /**
   * Appends bytes. They may be changed as soon as this has resolved.
   *
   * @throws {NeuromorphicError} "no-space", "io".
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Writes over earlier bytes, such as sizes in a header.
   *
   * @throws {NeuromorphicError} "no-space", "io"; "unsupported" for a stream.
   */
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  /** Completes the file, and gives it its name. */
  close(): Promise<void>;
  /**
   * Throws away what was written, and takes away the file whose place it would have taken. Absent where {@link replaces}
   * is.
   */
  remove?(): Promise<void>;
  /** Throws away what was written: no file appears. Safe to call twice, and after {@link close}, when it does nothing. */
  abort(): Promise<void>;
}

/** What a format writes: a file, and others beside it, such as `a_trigger.dat` beside `a_cd.dat`. */
export interface SinkFiles {
  /** The recording itself. */
  readonly main: ByteSink;
  /**
   * A file beside it; undefined where there can be none, as beside a stream.
   *
   * @param rename Makes its name from that of the recording, both without folders.
   */
  sibling(rename: (fileName: string) => string): Promise<ByteSink | undefined>;
}
