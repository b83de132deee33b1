/** Calls of a module's functions with JavaScript's buffers, as the adapters of `ffi/` make them of native functions. */

import type { Argument, Result } from "../../../ffi/adapter.ts";
import type { NativeType } from "../../../ffi/symbols.ts";
import type { Flow } from "./flows.ts";
import type { ModuleMemory } from "./module_memory.ts";

/** A function of a module, and one that a library offers. */
export type ModuleFunction = (...values: number[]) => number;
type Call = (...values: Argument<NativeType>[]) => Result<NativeType>;

/** Columns of JavaScript begin at a multiple of this in the module's memory. */
const alignment = 16;

/** A buffer of JavaScript that is written, and where its copy lies. */
interface Copied {
  readonly bytes: Uint8Array;
  readonly address: number;
}

/**
 * Room for the copies of one call's buffers, used by all calls: none of them calls another one. It is as large as the
 * largest call needed, which is some megabytes.
 */
export class CallRoom {
  readonly memory: ModuleMemory;
  #address = 0;
  #length = 0;

  constructor(memory: ModuleMemory) {
    this.memory = memory;
  }

  /** The address of so much room. */
  of(length: number): number {
    if (length > this.#length) {
      const address = this.memory.allocate(length);
      if (this.#length > 0) this.memory.free(this.#address, this.#length);
      [this.#address, this.#length] = [address, length];
    }
    return this.#address;
  }
}

/**
 * Makes a function of a module take JavaScript's buffers. Each is copied into the module's memory and back, as its flow
 * says; a view of that memory itself is taken as it is.
 */
export function marshal(called: ModuleFunction, flows: readonly (Flow | undefined)[], room: CallRoom): Call {
  if (flows.every((flow) => flow === undefined)) return called as Call;
  return (...values) => {
    // Before the room is asked for: that may move the memory.
    const given = values.map((value) => passed(value, room.memory.bytes.buffer));
    let next = room.of(given.reduce<number>((sum, value) => sum + roomFor(value), 0));
    const memory = room.memory.bytes;
    const copied: Copied[] = [];
    const numbers = given.map((value, index) => {
      if (typeof value === "number") return value;
      const address = next;
      next += roomFor(value);
      if (flows[index] !== "out") memory.set(value, address);
      if (flows[index] !== "in") copied.push({ bytes: value, address });
      return address;
    });
    const result = called(...numbers);
    if (result >= 0) copyBack(room.memory.bytes, copied);
    return result;
  };
}

/** What a function is passed: a number, an address in the module's memory, or what is to be copied there. */
function passed(value: Argument<NativeType>, memory: ArrayBuffer): number | Uint8Array {
  if (value === null) return 0;
  if (typeof value !== "object") return Number(value);
  return bufferOf.call(value) === memory ? byteOffsetOf.call(value) : bytesOf(value);
}

function roomFor(value: number | Uint8Array): number {
  return typeof value === "number" ? 0 : aligned(value.length);
}

function copyBack(memory: Uint8Array, copied: readonly Copied[]): void {
  for (const { bytes, address } of copied) bytes.set(memory.subarray(address, address + bytes.length));
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);

/** What the engine knows of a typed array, whatever a subclass of it answers. */
function getterOf<Value>(name: PropertyKey): (this: unknown) => Value {
  return Object.getOwnPropertyDescriptor(typedArray, name)!.get!;
}

const byteLengthOf = getterOf<number>("byteLength");
const byteOffsetOf = getterOf<number>("byteOffset");
const bufferOf = getterOf<ArrayBufferLike>("buffer");

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(bufferOf.call(array), byteOffsetOf.call(array), byteLengthOf.call(array));
}
