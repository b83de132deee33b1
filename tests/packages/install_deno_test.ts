/** The npm package as its users meet it: installed by each package manager, and run by each runtime. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEvents, firstScript, readmeCommand } from "./first_script.ts";
import { skip, workbenchForTests } from "./open_for_tests.ts";
import type { ProgramSet, User } from "./workbench.ts";

const script = firstScript("neuromorphic-drivers");
const bench = workbenchForTests();

/** A user with the README's first script. */
function userWithScript(...programs: readonly ProgramSet[]): User {
  const user = bench().user(...programs);
  user.write("first.mjs", script);
  user.write("first.ts", script);
  return user;
}

/** A user who has installed the package with npm, and what npm said. */
async function npmUser(...others: string[]): Promise<{ user: User; output: string }> {
  const user = userWithScript("node");
  const install = readmeCommand("npm install neuromorphic-drivers");
  const output = await user.run(`npm init -y && ${install} ${others.join(" ")}`);
  return { user, output };
}

test("npm and Node", { skip }, async () => {
  const { user, output } = await npmUser();
  assert.match(output, /^added 4 packages in /m);
  // koffi's install script is not run, and not needed: its binary comes in a package of its own.
  const warned = output.match(/^npm warn.*$/gm) ?? [];
  assert.match(warned[1] ?? "", /koffi@.* \(install: node /);
  assert.deepEqual(warned.filter((line) => !line.startsWith("npm warn install-scripts")), []);
  assertEvents(await user.run(readmeCommand("node first.mjs")));
});

test("the oldest Node that package.json allows", { skip }, async () => {
  const { engines } = bench().npm.manifest as { engines?: { node: string } };
  const { user } = await npmUser();
  const oldest = bench().pathOf("oldest-node");
  const version = await user.run("node --version", { PATH: oldest });
  assert.equal(engines?.node, `>=${version.trim().slice("v".length).replace(/(\.0)+$/, "")}`);
  user.write("tour.mjs", tour);
  assert.match(await user.run("node tour.mjs", { PATH: oldest }), /^[1-9]\d* events in all\n$/);
});

/** What a program does with the library, in the syntax of an old Node. */
const tour = `
import assert from "node:assert/strict";
import { createDecoder, listDevices, open, watchDevices } from "neuromorphic-drivers";

const watcher = await watchDevices({ libusb: "virtual" });
assert.equal(watcher.devices.length, 1);
watcher.close();
const [{ serial, type }] = await listDevices({ libusb: "virtual" });
await assert.rejects(open({ libusb: "virtual", serail: serial }), /serial/); // compares the words of names
const device = await open({ libusb: "virtual", serial, type });
device.updateConfiguration({ biases: { diffOn: 10 } });
let events = 0;
for await (const { packet } of device) {
  events += packet.polarityEvents?.t.length ?? 0;
  if (events > 0) break;
}
for await (const { packet } of device.readable) {
  events += packet.polarityEvents?.t.length ?? 0;
  structuredClone(packet);
  break;
}
device.close();
const raw = await open({ libusb: "virtual", raw: true });
const decoder = await createDecoder(raw.decoderOptions);
for await (const { packet } of raw) {
  for (const { polarityEvents } of decoder.decode(packet)) events += polarityEvents?.t.length ?? 0;
  break;
}
decoder.close();
raw.close();
console.log(events, "events in all");
`;

test("require()", { skip }, async () => {
  const { user } = await npmUser();
  user.write("names.cjs", 'console.log(typeof require("neuromorphic-drivers").open)');
  assert.equal(await user.run("node names.cjs"), "function\n");
});

test("bun add and Bun", { skip }, async () => {
  const user = userWithScript("bun");
  const install = readmeCommand("bun add neuromorphic-drivers");
  assert.match(await user.run(install), /^installed neuromorphic-drivers@/m);
  assertEvents(await user.run(readmeCommand("bun first.ts")));
});

test("deno add npm: and Deno, with permission to call native libraries and no other one", { skip }, async () => {
  const user = userWithScript("deno");
  await user.run("deno add npm:neuromorphic-drivers");
  assertEvents(await user.run("deno run --no-prompt --allow-ffi first.ts"));
  await user.run("deno check first.ts");
});

test("pnpm and Node", { skip }, async () => {
  const user = userWithScript("node", "pnpm");
  // Without the option, pnpm installs all, and fails because koffi's script was not run.
  await user.run(readmeCommand("pnpm add --allow-build=koffi neuromorphic-drivers"));
  assertEvents(await user.run("node first.mjs"));
});

for (const format of ["esm", "cjs"]) {
  test(`a bundle of esbuild as ${format}`, { skip }, async () => {
    const { user } = await npmUser("esbuild");
    // CommonJS knows no top-level await.
    const program = script.replace(/^(?!import\b)[^]*/m, (body) => `(async () => {\n${body}\n})();\n`);
    user.write("program.ts", program);
    await user.run(`npx esbuild program.ts --bundle --platform=node --format=${format} --outfile=dist/bundle.js`);
    user.write("dist/package.json", JSON.stringify({ type: format === "esm" ? "module" : "commonjs" }));
    assertEvents(await user.run("node dist/bundle.js"));
  });
}
