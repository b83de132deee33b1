/** What the program itself needs: its runtime, the native library, libusb. */

import process from "node:process";
import { decoderInfo } from "../../../mod.ts";
import { NeuromorphicError } from "../../errors.ts";
import { loadNative } from "../../native/native.ts";
import { detectRuntime } from "../../native/program.ts";
import type { LibusbSelection } from "../../types.ts";
import { loadLibusb } from "../../usb/libusb.ts";
import { version } from "../../version.ts";
import type { Finding } from "./finding.ts";

const runtimeNames = { deno: "Deno", bun: "Bun", node: "Node" } as const;

/** Which program this is, and what runs it. */
export function programFinding(): Finding {
  const { platform, arch, versions } = process;
  const runtime = detectRuntime();
  const message = `version ${version}, ${runtimeNames[runtime]} ${versions[runtime]}, ${platform} ${arch}`;
  return { status: "ok", subject: "neuromorphic-drivers", message };
}

/** The system's files are out of reach: Deno has not been given the permission. */
export const blindFinding: Finding = {
  status: "warning",
  subject: "files of the system",
  message: "they must not be read, so ports, drivers, limits and rules stay unknown; run Deno with --allow-all",
};

/** The native library and the decoder's kernel: nothing can be opened without them. */
export async function nativeFinding(): Promise<{ finding: Finding; isLoaded: boolean }> {
  const subject = "native library";
  try {
    const { path, symbols } = await loadNative();
    const { kernel } = await decoderInfo();
    const message = `${path}, interface version ${symbols.nd_abi_version()}, decoder kernel ${kernel}`;
    return { finding: { status: "ok", subject, message }, isLoaded: true };
  } catch (error) {
    return { finding: failure(subject, error), isLoaded: false };
  }
}

/** libusb, or what stands in for it. */
export async function libusbFinding(selection: LibusbSelection): Promise<{ finding: Finding; isLoaded: boolean }> {
  const subject = selection === "virtual" ? "virtual camera's library" : "libusb";
  try {
    const { path, version } = await loadLibusb(selection);
    return { finding: { status: "ok", subject, message: `version ${version}, ${path}` }, isLoaded: true };
  } catch (error) {
    return { finding: failure(subject, error), isLoaded: false };
  }
}

/** An error of the library as a finding; anything else is a bug. */
export function failure(subject: string, error: unknown): Finding {
  if (!(error instanceof NeuromorphicError)) throw error;
  return { status: "problem", subject, message: error.message };
}
