import { crc32 } from "../../codecs/crc32.ts";
import type { ByteSource } from "../../source.ts";
import { damaged } from "../shared/item_reader.ts";
import { dataOffsetOf, type ZipMember } from "./zip_directory.ts";

/** A source that several readers share: it gives bytes of their own, to one after the other. */
export class SharedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly isSeekable = true;
  readonly #source: ByteSource;
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: ByteSource & { readonly size: number }) {
    this.name = source.name;
    this.size = source.size;
    this.#source = source;
  }

  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const read = async () => (await this.#source.read(position, length)).slice();
    const result = this.#last.then(read, read);
    this.#last = result;
    return result;
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

/** How much of the archive is read at a time. */
const pieceBytes = 2 ** 18;

/** A file in an archive, as a source that is read onwards. */
export class MemberSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly isSeekable = false;
  readonly #member: ZipMember;
  readonly #archive: ByteSource;
  #parts: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #position = 0;
  #start = 0;
  #packedPosition = 0;
  #checksum = 0;
  /** Why the archive could not be read, which is not for unpacking to tell. */
  #failure: unknown;

  constructor(archive: ByteSource, member: ZipMember) {
    this.name = archive.name;
    this.size = member.bytes;
    this.#archive = archive;
    this.#member = member;
  }

  /** How many bytes of the archive were read for it. */
  get packedPosition(): number {
    return this.#packedPosition;
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position !== this.#position) throw new RangeError(`position must be ${this.#position}, not ${position}`);
    if (position === 0) this.#start = await dataOffsetOf(this.#archive, this.#member);
    const wanted = Math.min(length, this.size - position);
    const bytes = await (this.#member.isPacked ? this.#unpacked(wanted) : this.#packed(wanted));
    this.#position += bytes.length;
    this.#checksum = crc32(bytes, this.#checksum);
    return bytes;
  }

  /** Reads what is left, and compares the checksum. */
  async verify(): Promise<void> {
    while ((await this.read(this.#position, pieceBytes)).length > 0);
    const { name, checksum, bytes } = this.#member;
    if (this.#position < bytes) {
      throw damaged(this, this.#start, `${name} has ${this.#position} bytes, and not ${bytes}`);
    }
    if (this.#checksum !== checksum) throw damaged(this, this.#start, `the checksum of ${name} is another one`);
  }

  async close(): Promise<void> {
    await this.#parts?.cancel().catch(() => {});
  }

  /** The next bytes as they stand in the archive. */
  async #packed(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const left = this.#member.packedBytes - this.#packedPosition;
    const bytes = await this.#archive.read(this.#start + this.#packedPosition, Math.min(length, left));
    this.#packedPosition += bytes.length;
    return bytes;
  }

  async #unpacked(length: number): Promise<Uint8Array<ArrayBuffer>> {
    this.#parts ??= this.#unpack().getReader();
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0 && !await this.#fill()) break;
      const part = this.#rest.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes.subarray(0, filled);
  }

  async #fill(): Promise<boolean> {
    try {
      const { value } = await this.#parts!.read();
      this.#rest = value ?? this.#rest;
      return value !== undefined;
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      const reason = error instanceof Error ? error.message : String(error);
      throw damaged(this, this.#start, `${this.#member.name} cannot be unpacked: ${reason}`);
    }
  }

  #unpack(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        try {
          const bytes = await this.#packed(pieceBytes);
          if (bytes.length > 0) controller.enqueue(bytes);
          else controller.close();
        } catch (error) {
          this.#failure = error;
          throw error;
        }
      },
    }, { highWaterMark: 0 });
    return packed.pipeThrough(new DecompressionStream("deflate-raw"));
  }
}
