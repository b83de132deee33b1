/** The npm package as data: its entry points, how it is compiled, and what its package.json says. */

import { posix } from "node:path";
import { oldestNode } from "../../ffi/load.ts";
import { koffiVersion } from "../configuration.ts";
import { bundleFolder, bundleName } from "./bundle_npm.ts";
import { names } from "./names.ts";
import { reachedSources } from "./sources.ts";
import { agreedVersion } from "./version.ts";
import { wasmPaths } from "./web_files.ts";

/** A module that users import or run. */
export interface EntryPoint {
  /** As in `exports`; `deno.json` has the same ones. */
  readonly exported: string;
  /** Its source, from the project's folder. */
  readonly source: string;
  /** The command that runs it. */
  readonly command?: string;
}

/** What the package consists of: these, and what they import. */
export const entryPoints: readonly EntryPoint[] = [
  { exported: ".", source: "mod.ts" },
  { exported: "./web", source: "src/web/mod.ts" },
  { exported: "./cli", source: "src/cli/main.ts", command: names.npm },
];

/** Files beside the modules, from the project's folder. */
export const otherFiles: readonly string[] = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "udev/65-neuromorphic-drivers.rules",
  "udev/README.md",
];

/**
 * Modules that do something when they are evaluated: they say where the library and files come from. A bundler may leave
 * out all others that it does not need.
 */
export const modulesWithEffects: readonly string[] = [
  "src/native/native_library.ts",
  "src/recording/file_system.ts",
  "src/web/wasm/load.ts",
];

/** Of both compilers, as dnt names them. Modules come out as they are, but for their types. */
export const compilerOptions = {
  target: "ES2023",
  lib: ["ESNext", "DOM"],
  noUncheckedIndexedAccess: true,
  useUnknownInCatchVariables: true,
} as const;

/** The content of package.json. */
export function packageJson(): Record<string, unknown> {
  const version = agreedVersion();
  const exported = entryPoints.map(({ exported, source }) => [exported, exportedPlaces(exported, source)] as const);
  const commands = entryPoints.flatMap(({ command, source }) =>
    command === undefined ? [] : [[command, builtPlaces(source).default.slice("./".length)]]
  );
  return {
    name: names.npm,
    version,
    description:
      "USB event cameras (Prophesee EVK4) for Node, Bun, Deno and web pages: events as typed arrays, nothing lost silently",
    keywords: [
      "event-camera",
      "event-based",
      "neuromorphic",
      "dvs",
      "prophesee",
      "evk4",
      "imx636",
      "usb",
      "libusb",
      "webusb",
    ],
    license: "MIT",
    type: "module",
    sideEffects: [`./esm/${bundleFolder}/*`, ...modulesWithEffects.map((source) => builtPlaces(source).default)],
    exports: { ...Object.fromEntries(exported), ...wasmExports(), "./package.json": "./package.json" },
    // For tools that know no `exports`.
    main: builtPlaces("mod.ts").default,
    types: builtPlaces("mod.ts").types,
    ...(commands.length === 0 ? {} : { bin: Object.fromEntries(commands) }),
    engines: { node: `>=${oldestNode}`, bun: ">=1.4", deno: ">=2.9" },
    // Exact: these versions were tested together. Tools do not see koffi, which ffi/node.ts requires.
    dependencies: { koffi: koffiVersion(), [names.native]: version },
  };
}

/** Of what programs import, bundlers take the modules (condition `module`), and runtimes the bundle. */
function exportedPlaces(exported: string, source: string): Record<string, string> {
  const { types, default: module } = builtPlaces(source);
  const bundle = `./esm/${bundleName}`;
  return exported === "." ? { types, bun: bundle, module, default: bundle } : { types, default: module };
}

/** WebAssembly by its names: bundlers that do not follow `new URL` import it as a file. */
function wasmExports(): Record<string, string> {
  const paths = wasmPaths(reachedSources(entryPoints.map(({ source }) => source)));
  return Object.fromEntries(paths.map((path) => [`./${posix.basename(path)}`, `./esm/${path}`]));
}

/** Where a source's module and its types are in the package. */
export function builtPlaces(source: string): { readonly types: string; readonly default: string } {
  const stem = `./esm/${source.slice(0, -".ts".length)}`;
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}
