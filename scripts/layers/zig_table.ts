/** Who may import whom in Zig, and where its compilation begins. */

import type { Room } from "./table.ts";

/** What `zig/build.zig` compiles: each file is the root of a library, a program or a kernel. */
export const zigRoots: readonly string[] = [
  "zig/src/root.zig",
  "zig/src/wasm_root.zig",
  "zig/src/virtual_root.zig",
  "zig/src/virtual_wasm_root.zig",
  "zig/src/echo_root.zig",
  "zig/src/usbip_main.zig",
  "zig/src/bench_main.zig",
  "zig/src/encoder_bench_main.zig",
  "zig/src/fuzz_main.zig",
  "zig/src/stress_main.zig",
  "zig/src/check_main.zig",
  "zig/src/rom_main.zig",
  "zig/src/kernel_object.zig",
  "zig/src/instruction_count.zig",
];

/** Those whose tests `zig build test` runs. */
export const testRoots: readonly string[] = [
  "zig/src/root.zig",
  "zig/src/wasm_root.zig",
  "zig/src/virtual_root.zig",
  "zig/src/usbip_main.zig",
];

/** What every room may import: the binary interfaces of the library, its kinds of events, and that of libusb. */
export const zigCommonFiles: readonly string[] = [
  "zig/src/abi.zig",
  "zig/src/abi_accumulator.zig",
  "zig/src/abi_recorder.zig",
  "zig/src/kinds.zig",
  "zig/src/usb_abi.zig",
];

/** The rooms, from the bottom of each house to its top. Roots and tests may import anything. */
export const zigRooms: readonly Room[] = [
  ...zigCommonFiles.map((path) => ({ path, mayImport: [] })),
  { path: "zig/src/system/", mayImport: [] },

  // What decoders write is below them; `decoder.zig`, which chooses one by the format, is above.
  { path: "zig/src/decoder/pixel_table.zig", mayImport: [] },
  { path: "zig/src/decoder/repeat.zig", mayImport: [] },
  {
    path: "zig/src/decoder/output.zig",
    mayImport: ["zig/src/decoder/pixel_table.zig", "zig/src/decoder/repeat.zig", "zig/src/decoder/surface.zig"],
  },
  { path: "zig/src/decoder/surface.zig", mayImport: [] },
  { path: "zig/src/decoder/packet.zig", mayImport: ["zig/src/decoder/output.zig"] },
  { path: "zig/src/decoder/sensor_time.zig", mayImport: [] },
  { path: "zig/src/decoder/snapshot.zig", mayImport: [] },
  {
    path: "zig/src/decoder/evt2/",
    mayImport: ["zig/src/decoder/output.zig", "zig/src/decoder/pixel_table.zig", "zig/src/decoder/sensor_time.zig"],
  },
  { path: "zig/src/decoder/evt21/", mayImport: ["zig/src/decoder/output.zig", "zig/src/decoder/evt2/"] },
  { path: "zig/src/decoder/evt3/", mayImport: ["zig/src/decoder/output.zig", "zig/src/decoder/sensor_time.zig"] },
  { path: "zig/src/decoder/evt4/", mayImport: ["zig/src/decoder/output.zig", "zig/src/decoder/sensor_time.zig"] },
  {
    path: "zig/src/decoder/kernels/",
    mayImport: [
      "zig/src/decoder/output.zig",
      "zig/src/decoder/pixel_table.zig",
      "zig/src/decoder/repeat.zig",
      "zig/src/decoder/surface.zig",
      "zig/src/decoder/evt3/",
    ],
  },
  {
    path: "zig/src/decoder/statistics.zig",
    mayImport: ["zig/src/decoder/evt2/", "zig/src/decoder/evt3/", "zig/src/decoder/evt4/"],
  },
  { path: "zig/src/decoder/decoder.zig", mayImport: ["zig/src/decoder/"] },
  {
    // Words are those that decoders read, and the CPU level is that of their kernel.
    path: "zig/src/encoder/",
    mayImport: [
      "zig/src/decoder/evt2/",
      "zig/src/decoder/evt21/",
      "zig/src/decoder/evt3/",
      "zig/src/decoder/kernels/dispatch.zig",
    ],
  },
  {
    path: "zig/src/accumulator/",
    mayImport: ["zig/src/decoder/decoder.zig", "zig/src/decoder/output.zig"],
  },
  { path: "zig/src/ring/", mayImport: ["zig/src/system/", "zig/src/decoder/decoder.zig"] },
  {
    // A stream knows its recorders as taps only.
    path: "zig/src/recorder/",
    mayImport: ["zig/src/system/", "zig/src/decoder/decoder.zig", "zig/src/ring/tap.zig"],
  },
  {
    path: "zig/src/api/",
    mayImport: [
      "zig/src/system/",
      "zig/src/decoder/decoder.zig",
      "zig/src/encoder/encoder.zig",
      "zig/src/accumulator/",
      "zig/src/ring/",
      "zig/src/recorder/",
    ],
  },

  // A camera is an interface (`virtual/camera/`): the bus and USB/IP know none by name.
  { path: "zig/src/virtual/sensor/", mayImport: [] },
  { path: "zig/src/virtual/camera/", mayImport: ["zig/src/virtual/sensor/"] },
  { path: "zig/src/virtual/evk4/", mayImport: ["zig/src/virtual/sensor/", "zig/src/virtual/camera/"] },
  { path: "zig/src/virtual/models.zig", mayImport: ["zig/src/virtual/camera/", "zig/src/virtual/evk4/"] },
  {
    path: "zig/src/virtual/json/",
    mayImport: ["zig/src/virtual/sensor/", "zig/src/virtual/camera/", "zig/src/virtual/models.zig"],
  },
  // Up to here nothing knows an operating system, so that web pages have it, too.
  {
    path: "zig/src/virtual/wasm/",
    mayImport: ["zig/src/virtual/camera/", "zig/src/virtual/json/"],
  },
  {
    path: "zig/src/virtual/bus/",
    mayImport: ["zig/src/system/", "zig/src/virtual/camera/", "zig/src/virtual/json/"],
  },
  {
    path: "zig/src/virtual/usbip/",
    mayImport: ["zig/src/system/", "zig/src/virtual/camera/", "zig/src/virtual/bus/"],
  },

  {
    path: "zig/src/tools/",
    mayImport: ["zig/src/system/", "zig/src/decoder/", "zig/src/encoder/", "zig/src/api/"],
  },
];
