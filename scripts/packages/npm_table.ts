/** The npm package as data: its entry points, how it is compiled, and what its package.json says. */

import { oldestNode } from "../../ffi/load.ts";
import { koffiVersion } from "../configuration.ts";
import { names } from "./names.ts";
import { agreedVersion } from "./version.ts";

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
  const exported = entryPoints.map(({ exported, source }) => [exported, builtPlaces(source)] as const);
  const commands = entryPoints.flatMap(({ command, source }) =>
    command === undefined ? [] : [[command, builtPlaces(source).default.slice("./".length)]]
  );
  return {
    name: names.npm,
    version,
    description:
      "USB event cameras (Prophesee EVK4) for Node, Bun and Deno: events as typed arrays, nothing lost silently",
    keywords: ["event-camera", "event-based", "neuromorphic", "dvs", "prophesee", "evk4", "imx636", "usb", "libusb"],
    license: "MIT",
    type: "module",
    sideEffects: false,
    exports: { ...Object.fromEntries(exported), "./package.json": "./package.json" },
    // For tools that know no `exports`.
    main: builtPlaces("mod.ts").default,
    types: builtPlaces("mod.ts").types,
    ...(commands.length === 0 ? {} : { bin: Object.fromEntries(commands) }),
    engines: { node: `>=${oldestNode}`, bun: ">=1.4", deno: ">=2.9" },
    // Exact: these versions were tested together. Tools do not see koffi, which ffi/node.ts requires.
    dependencies: { koffi: koffiVersion(), [names.native]: version },
  };
}

/** Where a source's module and its types are in the package. */
export function builtPlaces(source: string): { readonly types: string; readonly default: string } {
  const stem = `./esm/${source.slice(0, -".ts".length)}`;
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}
