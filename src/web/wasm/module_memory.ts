import { NeuromorphicError } from "../../errors.ts";
import type { Lending, Staging } from "../../packets/packet_memory.ts";

/** What `zig/src/wasm_root.zig` exports beside the functions of the native library. Addresses are offsets. */
export interface MemoryExports {
  readonly memory: WebAssembly.Memory;
  nd_memory_allocate(length: number): number;
  nd_memory_free(address: number, length: number): void;
}

/**
 * The memory of a module. When it grows, its buffer is detached and another one takes its place, so that views are asked
 * for anew after each call.
 */
export class ModuleMemory {
  readonly #exports: MemoryExports;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(exports: MemoryExports) {
    this.#exports = exports;
  }

  /** All of it. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const buffer = this.#exports.memory.buffer as ArrayBuffer;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** The address of room for so many bytes, aligned to 64. */
  allocate(length: number): number {
    const address = this.#exports.nd_memory_allocate(length) >>> 0; // above 2 GiB it comes as a negative number
    if (address !== 0) return address;
    const operation = "allocate";
    throw new NeuromorphicError("io", `${operation}: WebAssembly has no memory left for ${length} bytes`, {
      operation,
    });
  }

  free(address: number, length: number): void {
    this.#exports.nd_memory_free(address, length);
  }

  /** Room that functions write into directly. */
  stage(length: number): Staging {
    const room = { address: this.allocate(length), length };
    const staging = new ModuleStaging(this, room);
    forgotten.register(staging, { memory: this, room }, staging);
    return staging;
  }

  /**
   * The same where packets may be views of the room: nothing else may need more memory while there are some. The room lasts
   * as long as this memory.
   */
  lend(length: number): Staging {
    return new LentStaging(this, length);
  }

  /** Detaches all views. Growing by nothing does, too, and is the one way to. */
  detach(): void {
    this.#exports.memory.grow(0);
  }
}

interface Room {
  readonly address: number;
  readonly length: number;
}

class ModuleStaging implements Staging {
  readonly #memory: ModuleMemory;
  readonly #room: Room;
  #view: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(memory: ModuleMemory, room: Room) {
    this.#memory = memory;
    this.#room = room;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#memory.bytes;
    const { address, length } = this.#room;
    if (this.#view.buffer !== buffer) this.#view = new Uint8Array(buffer, address, length);
    return this.#view;
  }

  free(): void {
    forgotten.unregister(this);
    this.#memory.free(this.#room.address, this.#room.length);
  }
}

/** Two rooms, so that the memory need not grow where a packet is to stay in the first one: pages cost nothing until then. */
class LentStaging implements Staging, Lending {
  readonly #memory: ModuleMemory;
  readonly #length: number;
  #address: number;
  #view: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(memory: ModuleMemory, length: number) {
    this.#memory = memory;
    this.#length = length;
    this.#address = memory.allocate(2 * length);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#memory.bytes;
    if (this.#view.buffer !== buffer) this.#view = new Uint8Array(buffer, this.#address, this.#length);
    return this.#view;
  }

  get lending(): Lending {
    return this;
  }

  detach(): void {
    this.#memory.detach();
  }

  get spare(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.bytes.buffer, this.#address + this.#length, this.#length);
  }

  leave(): void {
    this.#address += this.#length;
    this.#view = new Uint8Array(0);
  }

  free(): void {}
}

/** Rooms of decoders that were never closed. */
const forgotten = new FinalizationRegistry<{ readonly memory: ModuleMemory; readonly room: Room }>(
  ({ memory, room: { address, length } }) => memory.free(address, length),
);
