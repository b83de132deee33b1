import { wrongKind } from "../../checks.ts";
import { NeuromorphicError } from "../../errors.ts";
import { type Library, provideLibrary, provideLibraryByDefault } from "../../native/library.ts";
import { createLibrary } from "./library.ts";
import { compile, type WebAssemblySource } from "./module_source.ts";

/** `v128.const` and no more: an engine without vectors of 128 bits refuses it. */
const vectorProbe = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // a type: () → v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 22, 1, 20, 0, 0xfd, 12, ...new Uint8Array(16), 0x0b], // its body
);

/** Whether the engine has the vectors that the quicker of both modules needs. */
export function hasVectors(): boolean {
  return WebAssembly.validate(vectorProbe);
}

/** The file beside this module, or beside the bundle that it is in. */
function defaultSource(): URL {
  return hasVectors()
    ? new URL("./neuromorphic_drivers.wasm", import.meta.url)
    : new URL("./neuromorphic_drivers_scalar.wasm", import.meta.url);
}

let chosen: WebAssemblySource | undefined;
let loading: Promise<Library> | undefined;

/**
 * Says where the library's WebAssembly is: a URL, its response, its bytes or a compiled module. It is fetched when it is
 * first needed; what was loaded before stays with the decoders that have it. Default: the file `neuromorphic_drivers.wasm`
 * beside this module or the bundle that it is in, `neuromorphic_drivers_scalar.wasm` for engines without vectors (SIMD).
 *
 * @throws {TypeError} for anything else.
 *
 * @example In a page whose bundler puts files elsewhere
 * ```ts ignore
 * import { createDecoder, useWebAssembly } from "@neuromorphic/drivers/web";
 *
 * useWebAssembly("/assets/neuromorphic_drivers.wasm");
 * using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
 * ```
 */
export function useWebAssembly(source: WebAssemblySource): void {
  const isSource = typeof source === "string" || source instanceof URL || source instanceof Response ||
    source instanceof WebAssembly.Module || source instanceof ArrayBuffer || ArrayBuffer.isView(source);
  if (!isSource) {
    throw wrongKind("source", "a URL, a Response, bytes or a WebAssembly.Module", source);
  }
  chosen = source;
  loading = undefined;
  provideLibrary(loadWebAssembly);
}

/** Loads it once. After a failure the next call tries again, but for a response, which can be read only once. */
export function loadWebAssembly(): Promise<Library> {
  loading ??= load(chosen ?? defaultSource()).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(source: WebAssemblySource): Promise<Library> {
  try {
    return await createLibrary(await compile(source));
  } catch (cause) {
    if (cause instanceof NeuromorphicError) throw cause;
    const operation = "load library";
    const where = typeof source === "string" || source instanceof URL ? ` from ${source}` : "";
    const message = `the WebAssembly${where} could not be loaded: ${(cause as Error).message}\n` +
      "Serve the package's .wasm files, and name theirs by useWebAssembly()";
    throw new NeuromorphicError("native-library", message, { operation, cause });
  }
}

provideLibraryByDefault(loadWebAssembly);
