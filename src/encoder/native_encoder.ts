import { formatNumber } from "../decoder/decoder_handle.ts";
import { NeuromorphicError } from "../errors.ts";
import { blockIndex, blockLength, type Library } from "../native/library.ts";
import { showAs } from "../shown.ts";
import type { EncodableEvents, Encoder, EncoderOptions } from "./encoder.ts";
import { encoderError } from "./encoder_error.ts";
import { checkEventHolder, lentColumns } from "./lent_columns.ts";

const index = blockIndex("encoder");
const inputIndex = blockIndex("encoder_input");
const encodedIndex = blockIndex("encoded");

/** Room of one native call, from which the bytes are copied: the words of a packet nearly always fit. */
const roomOfCall = 1 << 20;

let room: Uint8Array<ArrayBuffer> | undefined;

/** An encoder in the native library, which has nothing of its own: its state is a block of numbers. */
export class NativeEncoder implements Encoder {
  readonly options: EncoderOptions;
  readonly #library: Library;
  readonly #state = new Float64Array(blockLength("encoder"));
  readonly #input = new Float64Array(blockLength("encoder_input"));
  readonly #encoded = new Float64Array(blockLength("encoded"));
  #closed = false;

  constructor(library: Library, options: EncoderOptions) {
    this.#library = library;
    this.options = options;
    this.#begin();
  }

  encode(given: EncodableEvents): Uint8Array<ArrayBuffer> {
    this.#checkOpen("encode");
    checkEventHolder(given);
    const { polarityEvents, triggerEvents } = given;
    const events = lentColumns("polarity", "polarityEvents", polarityEvents);
    const triggers = lentColumns("trigger", "triggerEvents", triggerEvents);
    const [input, encoded] = [this.#input, this.#encoded];
    input.fill(0);
    input[inputIndex.events] = events.count;
    input[inputIndex.triggers] = triggers.count;
    const output = room ??= new Uint8Array(roomOfCall);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const [e, t] = [events.columns, triggers.columns];
    while (input[inputIndex.first_event]! < events.count || input[inputIndex.first_trigger]! < triggers.count) {
      const columns = [e.t, e.x, e.y, e.on, t.t, t.id, t.edge] as const;
      const { symbols, check } = this.#library;
      check(symbols.nd_encoder_encode(this.#state, ...columns, input, output, output.length, encoded), "encode");
      if (encoded[encodedIndex.fault] !== 0) {
        const fault = { number: encoded[encodedIndex.fault]!, index: encoded[encodedIndex.fault_index]! };
        throw encoderError(fault, given, this.options, this.#state[index.last_time]!);
      }
      parts.push(output.slice(0, encoded[encodedIndex.bytes]));
      input[inputIndex.first_event] = encoded[encodedIndex.next_event]!;
      input[inputIndex.first_trigger] = encoded[encodedIndex.next_trigger]!;
    }
    return parts.length === 1 ? parts[0]! : joined(parts);
  }

  reset(): void {
    this.#checkOpen("reset");
    this.#begin();
  }

  #begin(): void {
    const { format, width, height } = this.options;
    const state = this.#state;
    state.fill(NaN);
    state[index.format] = formatNumber(format);
    state[index.width] = width;
    state[index.height] = height;
    state[index.last_time] = 0;
  }

  close(): void {
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  static {
    showAs(NativeEncoder, "Encoder", (encoder) => ({ ...encoder.options, closed: encoder.#closed }));
  }

  #checkOpen(operation: string): void {
    if (this.#closed) throw new NeuromorphicError("closed", "the encoder is closed", { operation });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
