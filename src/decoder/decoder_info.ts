import { NeuromorphicError } from "../errors.ts";
import { type Library, loadLibrary } from "../native/library.ts";
import { readNativeText } from "../native/text.ts";

/**
 * How the native decoders run on this machine. A kernel is the EVT3 decoder compiled for one level of CPU; all give
 * the same events, and the plain one, `"scalar"`, runs everywhere.
 */
export interface DecoderInfo {
  /** The kernel that runs: the best possible one, or the one that `NEUROMORPHIC_DRIVERS_KERNEL` names. */
  readonly kernel: string;
  /** Kernels that this CPU can run, best first; the last is `"scalar"`. */
  readonly possibleKernels: readonly string[];
  /**
   * All kernels that there are, also those for other CPUs, best first: `"avx512"`, `"avx2"`, `"x86-64-v2"` (SSE4.2),
   * `"neon"`, `"simd128"` (WebAssembly) and `"scalar"`.
   */
  readonly knownKernels: readonly string[];
}

/** What `nd_decoder_info` writes. */
interface KernelDescription {
  /** Null where the environment names a kernel that is not available. */
  readonly running: string | null;
  readonly available: readonly string[];
  readonly known: readonly string[];
}

/**
 * Tells which decoder kernel runs here, and which ones could. The kernel is chosen once in a process, when the native
 * library is first asked for one: set `NEUROMORPHIC_DRIVERS_KERNEL` before the program starts to force another (for
 * measuring, or to rule a kernel out as the cause of a fault).
 *
 * @throws {NeuromorphicError} "unsupported" where `NEUROMORPHIC_DRIVERS_KERNEL` names a kernel that does not exist or
 * that this CPU cannot run; the message lists the possible ones. Decoders and devices cannot be opened then, either.
 * @throws {NeuromorphicError} "native-library" where the native library is missing or does not fit.
 *
 * @example
 * ```ts
 * import { decoderInfo } from "@neuromorphic/drivers";
 *
 * const { kernel, possibleKernels } = await decoderInfo();
 * console.log(`${kernel} decodes; possible: ${possibleKernels.join(", ")}`);
 * ```
 */
export async function decoderInfo(): Promise<DecoderInfo> {
  const { running, available, known } = describeKernels(await loadLibrary());
  if (running === null) throw unavailableKernel(available, "read decoder information");
  return { kernel: running, possibleKernels: available, knownKernels: known };
}

/** Throws where the environment names a kernel that is not available. */
export function checkKernel(library: Library, operation: string): void {
  const { running, available } = describeKernels(library);
  if (running === null) throw unavailableKernel(available, operation);
}

function describeKernels(library: Library): KernelDescription {
  return JSON.parse(readNativeText(library.symbols.nd_decoder_info, "read decoder information"));
}

function unavailableKernel(available: readonly string[], operation: string): NeuromorphicError {
  return new NeuromorphicError(
    "unsupported",
    `NEUROMORPHIC_DRIVERS_KERNEL must name a kernel that this CPU can run (${available.join(", ")}) or be unset`,
    { operation },
  );
}
