import { readFileSync } from "node:fs";

/** The virtual camera as WebAssembly, as `zig build` makes it. */
export const virtualCameraModule: WebAssembly.Module = new WebAssembly.Module(readFileSync(
  new URL("../../../../zig/zig-out/wasm/neuromorphic_virtual_camera.wasm", import.meta.url),
));
