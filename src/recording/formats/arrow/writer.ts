import type { PolarityEvents } from "../../../packets/columns.ts";
import type { Packet } from "../../../packets/packet.ts";
import { ByteWriter } from "../../byte_writer.ts";
import { type FlatFields, writeFlatBuffer } from "../../flatbuffers/write.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink } from "../../sink.ts";
import { LimitCheck } from "../shared/limits.ts";
import { arrow } from "./format.ts";
import {
  type Batch,
  batchMessage,
  bodyBytes,
  bufferAlignment,
  columns,
  columnStarts,
  footer,
  schemaMessage,
} from "./metadata.ts";

/** Begins a recording. Takes over the sink, and aborts it where it fails. */
export async function writeArrow(sink: ByteSink, options: FormatWriteOptions): Promise<FormatWriter> {
  try {
    const writer = new ArrowWriter(sink, options);
    await writer.begin();
    return writer;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** Rows of a batch; the last one has what is left. */
const batchRows = 1 << 16;
const mark = new TextEncoder().encode("ARROW1");
/** In front of each message; with the length 0 behind it, it ends the messages. */
const continuation = 0xffffffff;

class ArrowWriter implements FormatWriter {
  readonly #sink: ByteSink;
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #limits: LimitCheck;
  /** Times as two halves each. */
  readonly #t = new Uint32Array(2 * batchRows);
  readonly #x = new Uint16Array(batchRows);
  readonly #y = new Uint16Array(batchRows);
  readonly #on = new Uint8Array(batchRows);
  readonly #body = new Uint8Array(bodyBytes(batchRows));
  readonly #buffer = new ByteWriter();
  readonly #batches: Batch[] = [];
  #rows = 0;

  constructor(sink: ByteSink, { geometry, header = {} }: FormatWriteOptions) {
    this.#sink = sink;
    this.#metadata = { ...header, width: String(geometry.width), height: String(geometry.height) };
    this.#limits = new LimitCheck(arrow, { path: sink.name, geometry });
  }

  async begin(): Promise<void> {
    const start = new Uint8Array(8);
    start.set(mark);
    await this.#sink.write(start);
    await this.#writeMessage(schemaMessage(this.#metadata));
  }

  async write(packet: Packet): Promise<void> {
    this.#limits.check(packet);
    const { polarityEvents } = packet;
    if (polarityEvents === undefined) return;
    for (let from = 0; from < polarityEvents.t.length;) {
      const end = Math.min(polarityEvents.t.length, from + batchRows - this.#rows);
      this.#append(polarityEvents, from, end);
      from = end;
      if (this.#rows === batchRows) await this.#writeBatch();
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#rows > 0) await this.#writeBatch();
      this.#buffer.clear();
      writeFlatBuffer(this.#buffer, footer(this.#metadata, this.#batches));
      const end = new ByteWriter();
      end.u32(continuation);
      end.u32(0);
      end.append(this.#buffer.bytes);
      end.u32(this.#buffer.length);
      end.append(mark);
      await this.#sink.write(end.bytes);
      await this.#sink.close();
    } catch (error) {
      await this.#sink.abort();
      throw error;
    }
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }

  #append({ t, x, y, on }: PolarityEvents, from: number, end: number): void {
    for (let i = from, at = 2 * this.#rows; i < end; i++, at += 2) {
      const high = Math.floor(t[i]! / 2 ** 32);
      this.#t[at] = t[i]! - high * 2 ** 32;
      this.#t[at + 1] = high;
    }
    this.#x.set(x.subarray(from, end), this.#rows);
    this.#y.set(y.subarray(from, end), this.#rows);
    this.#on.set(on.subarray(from, end), this.#rows);
    this.#rows += end - from;
  }

  async #writeBatch(): Promise<void> {
    const [rows, position] = [this.#rows, this.#sink.position];
    this.#rows = 0;
    const metadataBytes = await this.#writeMessage(batchMessage(rows));
    this.#batches.push({ position, metadataBytes, rows });
    const body = this.#body.subarray(0, bodyBytes(rows)).fill(0);
    const starts = columnStarts(rows);
    for (const [index, column] of [this.#t, this.#x, this.#y, this.#on].entries()) {
      body.set(new Uint8Array(column.buffer, 0, rows * columns[index]!.bytes), starts[index]!);
    }
    await this.#sink.write(body);
  }

  /** @returns How long it is with what stands in front, and filled up so that a body behind it is aligned. */
  async #writeMessage(root: FlatFields): Promise<number> {
    this.#buffer.clear();
    writeFlatBuffer(this.#buffer, root);
    const end = this.#sink.position + 8 + this.#buffer.length;
    this.#buffer.skip((bufferAlignment - end % bufferAlignment) % bufferAlignment);
    const head = new ByteWriter(8);
    head.u32(continuation);
    head.u32(this.#buffer.length);
    await this.#sink.write(head.bytes);
    await this.#sink.write(this.#buffer.bytes);
    return 8 + this.#buffer.length;
  }
}
