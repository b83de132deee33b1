/**
 * Opens a camera with the biases of a Metavision bias file and prints their codes: `bias_file.ts PATH`. Without a path it
 * writes such a file first. The argument `virtual` takes the virtual camera.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { formatBiasFile, open, parseBiasFile } from "../../mod.ts";

const type = "prophesee-evk4";
const libusb = process.argv.includes("virtual") ? "virtual" : "system";
const path = process.argv.slice(2).find((argument) => argument !== "virtual") ?? join(tmpdir(), "less_noise.bias");

if (!existsSync(path)) writeFileSync(path, "15   % bias_diff_on\n-5   % bias_diff_off\n");
const configuration = parseBiasFile(readFileSync(path, "utf8"), { type });
await using device = await open({ type, libusb, configuration });
console.log(formatBiasFile(device.configuration, { type }));
for (const [name, { code, chipCode }] of Object.entries(device.sensors.biases())) {
  if (code !== chipCode) console.log(`${name} has code ${code} instead of the chip's own ${chipCode}`);
}
