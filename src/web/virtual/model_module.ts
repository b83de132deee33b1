/** The virtual camera's model as WebAssembly (`zig/src/virtual/wasm/`): its exports, and its memory. */

import { NeuromorphicError } from "../../errors.ts";
import { compile, type WebAssemblySource } from "../wasm/module_source.ts";

/** The exports of `zig/src/virtual/wasm/exports.zig`. Addresses are offsets into the memory, times nanoseconds. */
interface ModelExports {
  readonly memory: WebAssembly.Memory;
  nd_virtual_allocate(length: number): number;
  nd_virtual_free(address: number, length: number): void;
  nd_virtual_create(
    json: number,
    jsonLength: number,
    file: number,
    fileLength: number,
    message: number,
    messageCapacity: number,
  ): number;
  nd_virtual_destroy(camera: number): void;
  nd_virtual_endpoint(camera: number, role: number): number;
  nd_virtual_control(camera: number, nowNs: number, setup: number, data: number, length: number): number;
  nd_virtual_write(camera: number, nowNs: number, endpoint: number, data: number, size: number, length: number): number;
  nd_virtual_read(camera: number, nowNs: number, endpoint: number, data: number, size: number, length: number): number;
  nd_virtual_ready_at(camera: number, endpoint: number, length: number): number;
  nd_virtual_advance(camera: number, nowNs: number, roomBytes: number): void;
  nd_virtual_clear_halt(camera: number, nowNs: number, endpoint: number): void;
  nd_virtual_reset_endpoints(camera: number, nowNs: number): void;
  nd_virtual_make_content(camera: number): number;
  nd_virtual_install_content(camera: number, nowNs: number): void;
  nd_virtual_describe(camera: number, output: number, capacity: number): number;
}

/** Bytes at {@link ModelModule.block}. */
export const BLOCK_BYTES = 1024;

/** An instance of the model: a bus with cameras, all on one cable for the clock. */
export class ModelModule {
  readonly exports: ModelExports;
  /** An address with {@link BLOCK_BYTES} of room, for what one call needs. */
  readonly block: number;
  #buffer = { address: 0, length: 0 };

  /** Throws where the module is another one. */
  constructor(instance: WebAssembly.Instance) {
    this.exports = instance.exports as unknown as ModelExports;
    this.block = this.#allocate(BLOCK_BYTES);
  }

  /** Valid until the next call of the model, which may move the memory. */
  view(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.exports.memory.buffer as ArrayBuffer, address, length);
  }

  /** The address of room for a transfer, which the next one uses again. */
  bufferOf(length: number): number {
    if (length > this.#buffer.length) {
      const address = this.#allocate(length);
      this.free(this.#buffer.address, this.#buffer.length);
      this.#buffer = { address, length };
    }
    return this.#buffer.address;
  }

  /** The address of a copy, which is to be freed. */
  copyIn(bytes: Uint8Array): number {
    const address = this.#allocate(bytes.length);
    this.view(address, bytes.length).set(bytes);
    return address;
  }

  free(address: number, length: number): void {
    if (address !== 0) this.exports.nd_virtual_free(address, length);
  }

  #allocate(length: number): number {
    const address = this.exports.nd_virtual_allocate(length) >>> 0; // addresses above 2 GiB come as negative numbers
    if (address !== 0) return address;
    const operation = "virtual camera";
    throw new NeuromorphicError("io", `${operation}: no memory for ${length} bytes`, { operation });
  }
}

/** Loads the model. Rejects with "native-library" where that fails. */
export async function loadModel(source: WebAssemblySource): Promise<ModelModule> {
  try {
    return new ModelModule(await WebAssembly.instantiate(await compile(source)));
  } catch (cause) {
    throw failure(cause);
  }
}

let fetched: Promise<WebAssembly.Module> | undefined;

/** The file beside this module or its bundle, fetched and compiled once. A failure is tried again. */
export async function defaultModule(): Promise<WebAssembly.Module> {
  fetched ??= compile(new URL("./neuromorphic_virtual_camera.wasm", import.meta.url));
  try {
    return await fetched;
  } catch (cause) {
    fetched = undefined;
    throw failure(cause);
  }
}

function failure(cause: unknown): NeuromorphicError {
  const operation = "load virtual camera";
  return new NeuromorphicError("native-library", `${operation}: ${(cause as Error).message}`, { operation, cause });
}
