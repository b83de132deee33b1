/** Who may import whom. The reasons are in CONTRIBUTING.md; this table is what the gate holds. */

import { zigCommonFiles, zigRooms } from "./zig_table.ts";

/** A room: files that share a purpose and may import each other. */
export interface Room {
  /** A folder that ends in `/`, or one file. The longest that fits a path is its room. */
  readonly path: string;
  /** The other rooms that it may import; a path that ends in `/` allows everything below it. */
  readonly mayImport: readonly string[];
  /** Whether it may name `Deno`, `bun:ffi` and `koffi`. Everywhere else one source runs on all runtimes. */
  readonly mayNameRuntimes?: true;
  /** Whether it may import what its user has written. Elsewhere a computed name is a mistake. */
  readonly mayImportComputed?: true;
  /**
   * Whether a web page shall be able to load it, which has no `node:` modules. What it needs to be loaded is for pages,
   * too: types and what `import()` asks for may come from elsewhere.
   */
  readonly isForPages?: true;
}

/** Where names for users are; `mod.ts` publishes some. */
const publicPlaces = [
  "src/virtual/",
  "src/packets/",
  "src/decoder/",
  "src/encoder/",
  "src/accumulator/",
  "src/stream/",
  "src/cameras/",
  "src/devices/",
  "src/recording/",
];

/** The rooms, from the bottom of the house to its top. */
export const rooms: readonly Room[] = [
  { path: "src/errors.ts", mayImport: [], isForPages: true },
  { path: "src/types.ts", mayImport: [], isForPages: true },
  { path: "src/nearest.ts", mayImport: [], isForPages: true },
  { path: "src/checks.ts", mayImport: ["src/nearest.ts"], isForPages: true },
  { path: "src/shown.ts", mayImport: [], isForPages: true },
  { path: "src/version.ts", mayImport: [], isForPages: true },
  // Tables: the names and layouts of what is called, natively or as WebAssembly.
  { path: "ffi/abi.ts", mayImport: [], isForPages: true },
  { path: "ffi/symbols.ts", mayImport: [], isForPages: true },
  { path: "ffi/", mayImport: ["ffi/"], mayNameRuntimes: true },
  // What decodes and encodes, whichever it is.
  {
    path: "src/native/library.ts",
    mayImport: ["ffi/abi.ts", "ffi/symbols.ts", "ffi/adapter.ts", "src/packets/packet_memory.ts"],
    isForPages: true,
  },
  { path: "src/native/status_error.ts", mayImport: ["ffi/abi.ts"], isForPages: true },
  { path: "src/native/text.ts", mayImport: ["src/native/status_error.ts"], isForPages: true },
  { path: "src/native/", mayImport: ["ffi/", "src/native/"] },
  { path: "src/protocol/", mayImport: [], isForPages: true },
  { path: "src/usb/udev_rules.ts", mayImport: [], isForPages: true },
  { path: "src/usb/", mayImport: ["src/native/", "src/protocol/", "src/usb/udev_rules.ts"] },
  // What a virtual camera is made of: the same natively and in a page.
  { path: "src/virtual/camera.ts", mayImport: [], isForPages: true },
  { path: "src/virtual/camera_check.ts", mayImport: ["src/virtual/camera.ts"], isForPages: true },
  { path: "src/virtual/camera_json.ts", mayImport: ["src/virtual/camera.ts"], isForPages: true },
  { path: "src/virtual/description.ts", mayImport: ["src/virtual/camera.ts"], isForPages: true },
  {
    path: "src/virtual/",
    mayImport: [
      "src/native/",
      "src/virtual/camera.ts",
      "src/virtual/camera_check.ts",
      "src/virtual/camera_json.ts",
      "src/virtual/description.ts",
    ],
  },
  { path: "src/packets/", mayImport: [], isForPages: true },
  {
    path: "src/decoder/",
    mayImport: ["src/native/library.ts", "src/native/text.ts", "src/packets/"],
    isForPages: true,
  },
  { path: "src/encoder/", mayImport: ["src/native/library.ts", "src/packets/", "src/decoder/"], isForPages: true },
  {
    path: "src/accumulator/",
    mayImport: ["src/native/library.ts", "src/packets/", "src/decoder/", "src/encoder/lent_columns.ts"],
    isForPages: true,
  },
  // The native ring, and what Linux grants to it.
  { path: "src/stream/event_stream.ts", mayImport: ["src/packets/", "src/decoder/", "src/native/", "src/stream/"] },
  { path: "src/stream/usbfs_limit.ts", mayImport: ["src/native/native.ts", "src/stream/usb_configuration.ts"] },
  {
    path: "src/stream/",
    mayImport: ["src/packets/", "src/decoder/", "src/native/library.ts", "src/stream/event_stream.ts"],
    isForPages: true,
  },
  { path: "src/cameras/driver.ts", mayImport: ["src/protocol/", "src/decoder/decoder.ts"], isForPages: true },
  // A board knows no sensor, and a sensor no board.
  { path: "src/cameras/treuzell/", mayImport: ["src/protocol/", "src/cameras/driver.ts"], isForPages: true },
  { path: "src/cameras/masks/", mayImport: [], isForPages: true },
  { path: "src/cameras/measuring.ts", mayImport: ["src/protocol/"], isForPages: true },
  // Files of Metavision: what all sensors share of them.
  { path: "src/cameras/metavision/", mayImport: ["src/nearest.ts"], isForPages: true },
  {
    path: "src/cameras/imx636/",
    mayImport: [
      "src/protocol/",
      "src/cameras/driver.ts",
      "src/cameras/masks/",
      "src/cameras/measuring.ts",
      "src/cameras/metavision/",
      "src/nearest.ts",
    ],
    isForPages: true,
  },
  {
    path: "src/cameras/gen31/",
    mayImport: ["src/protocol/", "src/cameras/driver.ts", "src/cameras/masks/", "src/cameras/measuring.ts"],
    isForPages: true,
  },
  {
    // Its registers are those of the IMX636, but for some.
    path: "src/cameras/gen41/",
    mayImport: ["src/protocol/", "src/cameras/driver.ts", "src/cameras/imx636/", "src/cameras/measuring.ts"],
    isForPages: true,
  },
  {
    // Its filters are those of the IMX636, with other registers.
    path: "src/cameras/genx320/",
    mayImport: [
      "src/protocol/",
      "src/cameras/driver.ts",
      "src/cameras/imx636/",
      "src/cameras/masks/",
      "src/cameras/measuring.ts",
    ],
    isForPages: true,
  },
  { path: "src/cameras/", mayImport: ["src/protocol/", "src/cameras/"], isForPages: true },
  // Files of a disk, which pages have none of.
  { path: "src/recording/file_source.ts", mayImport: ["src/recording/", "src/native/native.ts"] },
  { path: "src/recording/file_sink.ts", mayImport: ["src/recording/"] },
  { path: "src/recording/file_system.ts", mayImport: ["src/recording/"] },
  { path: "src/recording/native_recorder.ts", mayImport: ["src/recording/", "src/decoder/", "src/native/native.ts"] },
  {
    // Recordings in any format; cameras record by it, and it knows none.
    path: "src/recording/",
    mayImport: [
      "src/packets/",
      "src/decoder/",
      "src/encoder/",
      "src/stream/",
      "src/native/library.ts",
      "src/nearest.ts",
      "src/recording/",
    ],
    isForPages: true,
  },
  {
    // What a device of libusb and one of a web page have in common.
    path: "src/devices/common/",
    mayImport: [
      "src/recording/receipt.ts",
      "src/recording/raw_header_text.ts",
      "src/recording/xxh64.ts",
      "src/cameras/",
      "src/protocol/",
      "src/packets/",
      "src/decoder/decoder.ts",
      "src/stream/",
    ],
    isForPages: true,
  },
  {
    path: "src/devices/",
    mayImport: [
      "src/devices/common/",
      "src/recording/",
      "src/cameras/",
      "src/protocol/",
      "src/usb/",
      "src/decoder/",
      "src/stream/",
      "src/packets/",
      "src/native/",
    ],
  },
  {
    // The virtual camera behind the API of WebUSB.
    path: "src/web/virtual/",
    mayImport: [
      "src/web/usb_types.ts",
      "src/web/page_settling.ts",
      "src/web/wasm/module_source.ts",
      "src/virtual/camera.ts",
      "src/virtual/camera_check.ts",
      "src/virtual/camera_json.ts",
      "src/virtual/description.ts",
    ],
    isForPages: true,
  },
  {
    // The library as WebAssembly.
    path: "src/web/wasm/",
    mayImport: [
      "ffi/abi.ts",
      "ffi/symbols.ts",
      "ffi/adapter.ts",
      "src/native/library.ts",
      "src/native/status_error.ts",
      "src/packets/packet_memory.ts",
    ],
    isForPages: true,
  },
  {
    path: "src/web/",
    mayImport: [
      "src/web/wasm/",
      "src/web/virtual/",
      "src/encoder/",
      "src/accumulator/",
      "src/virtual/camera.ts",
      "src/virtual/description.ts",
      "src/devices/common/",
      "src/native/library.ts",
      "src/usb/udev_rules.ts",
      "src/recording/",
      "src/cameras/",
      "src/protocol/",
      "src/accumulator/",
      "src/decoder/",
      "src/stream/",
      "src/packets/",
    ],
    isForPages: true,
  },
  { path: "mod.ts", mayImport: [...publicPlaces, "src/native/native_library.ts"] },
  {
    // The page: sources of events in, pictures and figures out.
    path: "src/viewer/page/",
    mayImport: [
      "src/web/",
      "src/accumulator/",
      "src/recording/",
      "src/stream/",
      "src/decoder/",
      "src/packets/",
      // How many millivolts a bias may have, where the camera itself does not tell.
      "src/cameras/gen31/biases.ts",
      "src/cli/amounts.ts",
      "src/viewer/wire.ts",
      "src/viewer/wire_errors.ts",
      "src/viewer/left_out.ts",
    ],
    isForPages: true,
  },
  // The static site's guide: examples that run in their page.
  { path: "src/viewer/guide/", mayImport: ["src/web/"], mayImportComputed: true, isForPages: true },
  // The static site without a network.
  { path: "src/viewer/offline/", mayImport: [], isForPages: true },
  {
    // What the page and its server say to each other.
    path: "src/viewer/wire.ts",
    mayImport: ["src/cameras/driver.ts", "src/decoder/decoder.ts", "src/packets/status.ts"],
    isForPages: true,
  },
  { path: "src/viewer/wire_errors.ts", mayImport: ["src/viewer/wire.ts"], isForPages: true },
  { path: "src/viewer/left_out.ts", mayImport: ["src/packets/status.ts", "src/viewer/wire.ts"], isForPages: true },
  {
    path: "src/viewer/server/",
    mayImport: [
      "mod.ts",
      "src/viewer/wire.ts",
      "src/viewer/wire_errors.ts",
      "src/viewer/left_out.ts",
      "src/native/program.ts",
      "src/recording/file_errors.ts",
    ],
  },
  { path: "src/cli/amounts.ts", mayImport: [], isForPages: true },
  {
    path: "src/cli/",
    mayImport: [
      "mod.ts",
      "src/nearest.ts",
      "src/cli/amounts.ts",
      "src/viewer/server/",
      // What the doctor looks at, and where it finds words for it.
      "src/native/native.ts",
      "src/native/program.ts",
      "src/protocol/descriptors.ts",
      // A camera's bytes as a RAW file on standard output.
      "src/recording/open_sink.ts",
      "src/recording/record_name.ts",
      "src/recording/raw_header_text.ts",
      "src/recording/word_filter.ts",
      "src/usb/libusb.ts",
      "src/usb/open_error.ts",
      "src/usb/udev_rules.ts",
      "src/stream/usb_configuration.ts",
      "src/stream/usbfs_limit.ts",
      "src/cameras/cameras.ts",
      "src/devices/common/identification.ts",
      "src/devices/discovery.ts",
      "src/devices/identify.ts",
      "src/devices/text_table.ts",
    ],
  },
  { path: "scripts/", mayImport: ["mod.ts", "src/", "ffi/"], mayNameRuntimes: true },
  { path: "tests/", mayImport: ["mod.ts", "src/", "ffi/", "scripts/"], mayNameRuntimes: true },
  ...zigRooms,
];

/** What every room may import. */
export const commonFiles: readonly string[] = [
  "src/errors.ts",
  "src/types.ts",
  "src/checks.ts",
  "src/shown.ts",
  "src/version.ts",
  ...zigCommonFiles,
];

/** Modules of one runtime only, and the package of the native libraries, as they are imported. */
export const runtimeModules: readonly string[] = ["koffi", "bun", "bun:ffi", "bun:test", "neuromorphic-drivers-native"];

/** The room of a file, by its path from the project's folder with `/` between names. */
export function roomOf(path: string): Room | undefined {
  return rooms
    .filter((room) => room.path.endsWith("/") ? path.startsWith(room.path) : path === room.path)
    .sort((left, right) => right.path.length - left.path.length)[0];
}

/** Whether a file may import another one of the project. */
export function mayImport(path: string, target: string): boolean {
  const room = roomOf(path);
  return commonFiles.includes(target) || roomOf(target) === room ||
    room!.mayImport.some((allowed) => allowed.endsWith("/") ? target.startsWith(allowed) : target === allowed);
}
