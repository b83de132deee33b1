/** How far something is that reads a recording. */
export interface RecordingProgress {
  /** Bytes read so far. */
  readonly bytes: number;
  /** All of them; undefined for a stream, where only its end tells. */
  readonly totalBytes: number | undefined;
}
