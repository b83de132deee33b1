/** Making, comparing and condensing of transcripts. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { REGISTERS as GEN41 } from "../../../src/cameras/gen41/registers.ts";
import { REGISTERS } from "../../../src/cameras/imx636/registers.ts";
import type { Transfer } from "../../../src/protocol/exchange.ts";
import { describeRegister, type Register, registerAt } from "../../../src/protocol/registers.ts";

/** A transfer as a line of a transcript. */
export function lineOf(transfer: Transfer): string {
  const hex = (number: number, digits: number) => `0x${number.toString(16).padStart(digits, "0")}`;
  const data = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  switch (transfer.kind) {
    case "control-in":
    case "control-out": {
      const { kind, requestType, request, value, index, timeoutMs } = transfer;
      const stage = kind === "control-in" ? `length=${transfer.length}` : `data=${data(transfer.bytes)}`;
      return `${kind === "control-in" ? "CTRL_IN" : "CTRL_OUT"} type=${hex(requestType, 2)} ` +
        `request=${hex(request, 2)} value=${hex(value, 4)} index=${hex(index, 4)} ${stage} timeout_ms=${timeoutMs}`;
    }
    case "bulk-out":
      return `BULK_OUT ${hex(transfer.endpoint, 2)} ${data(transfer.bytes)} timeout_ms=${transfer.timeoutMs}`;
    case "bulk-in":
      return `BULK_IN ${hex(transfer.endpoint, 2)} max=${transfer.length} timeout_ms=${transfer.timeoutMs}`;
    case "clear-halt":
      return `CLEAR_HALT ${hex(transfer.endpoint, 2)}`;
    case "alternate-setting":
      return `SET_ALTERNATE_SETTING ${transfer.interfaceNumber} ${transfer.setting}`;
  }
}

/** The golden transcripts lie beside the project, not in it: undefined where they are missing. */
export function findGoldenFolder(name: "golden" | "golden_openeb" = "golden"): URL | undefined {
  const shared = process.env.NEUROMORPHIC_DRIVERS_SHARED;
  const folder = shared === undefined
    ? new URL(`../../../../shared/facts/${name}/`, import.meta.url)
    : new URL(`file://${shared.replace(/\/+$/, "")}/facts/${name}/`);
  return existsSync(folder) ? folder : undefined;
}

export function readGolden(folder: URL, name: string): string[] {
  const text = readFileSync(new URL(`${name}.txt`, folder), "utf-8");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Where we send something else than the golden transcript, and why. */
export interface Deviation {
  readonly reason: string;
  /** Consecutive golden lines, and what stands for them in ours. */
  readonly golden: readonly string[];
  readonly ours: readonly string[];
}

/** Fails unless `actual` is `golden` with each deviation applied exactly once; waits may be longer. */
export function assertTranscript(
  actual: readonly string[],
  golden: readonly string[],
  deviations: readonly Deviation[],
): void {
  const expected = deviations.reduce<readonly string[]>(applyDeviation, golden);
  expected.forEach((line, index) => {
    const ours = actual[index] ?? "nothing";
    if (line.startsWith("WAIT_US ") && ours.startsWith("WAIT_US ")) {
      assert.ok(waitUs(ours) >= waitUs(line), `line ${index + 1}: ${ours} is shorter than ${line}`);
    } else {
      assert.equal(ours, line, `line ${index + 1} of ${expected.length}`);
    }
  });
  assert.equal(actual.length, expected.length, "number of lines");
}

function applyDeviation(lines: readonly string[], { reason, golden, ours }: Deviation): readonly string[] {
  const matches = lines.flatMap((_, start) =>
    golden.every((line, index) => lines[start + index] === line) ? [start] : []
  );
  assert.equal(matches.length, 1, `deviation must match once: ${reason}`);
  return [...lines.slice(0, matches[0]), ...ours, ...lines.slice(matches[0]! + golden.length)];
}

function waitUs(line: string): number {
  return Number(line.slice("WAIT_US ".length));
}

/** The two lines of a register write. */
export function writeLines(address: number, word: number): string[] {
  return exchangeLines(0x4001_0102, 12, 0, address, word);
}

/** The two lines of a register read. */
export function readLines(address: number): string[] {
  return exchangeLines(0x0001_0102, 12, 0, address, 1);
}

/** The two lines of a question for a property, of one of the board's devices where it is given. */
export function queryLines(property: number, ...device: readonly number[]): string[] {
  return exchangeLines(property, 4 * device.length, ...device);
}

function exchangeLines(...words: readonly number[]): string[] {
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [`BULK_OUT 0x02 ${hex} timeout_ms=1000`, "BULK_IN 0x82 max=1024 timeout_ms=1000"];
}

/**
 * The same transcript for people: one line for each register access, with the register's name, and one for each row of
 * registers, with the hash of its words.
 */
export function condense(lines: readonly string[]): string[] {
  const result: string[] = [];
  let row: { address: number; words: number[] } | undefined;
  const flush = () => {
    if (row !== undefined) result.push(condenseRow(row));
    row = undefined;
  };
  for (let index = 0; index < lines.length; ++index) {
    const access = parseAccess(lines, index);
    if (access === undefined) {
      flush();
      result.push(lines[index]!);
      continue;
    }
    ++index;
    const isRow = access.name.includes("[");
    if (row === undefined || !isRow || access.address !== row.address + 4 * row.words.length) flush();
    if (access.operation === "read") result.push(`read ${access.name}`);
    else if (!isRow) result.push(`write ${access.name} = ${hexadecimal(access.word)}`);
    else if (row === undefined) row = { address: access.address, words: [access.word] };
    else row.words.push(access.word);
  }
  flush();
  return result;
}

/** Lines with the timeouts that they have without a limit: a machine that stands still cuts those of a shutdown. */
export function withoutLimit(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ timeout_ms=\d+$/, " timeout_ms=1000"));
}

function condenseRow({ address, words }: { address: number; words: number[] }): string {
  const name = describeAddress(address);
  if (words.every((word) => word === words[0])) return `write ${words.length} x ${name} = ${hexadecimal(words[0]!)}`;
  const hash = createHash("sha256").update(words.map(hexadecimal).join(" ")).digest("hex").slice(0, 16);
  return `write ${words.length} x ${name} = ${hexadecimal(words[0]!)} … ${hexadecimal(words.at(-1)!)}, hash ${hash}`;
}

function parseAccess(lines: readonly string[], index: number) {
  const match = /^BULK_OUT 0x02 020101(00|40)0c00000000000000([0-9a-f]{8})([0-9a-f]{8}) timeout_ms=1000$/.exec(
    lines[index]!,
  );
  if (match === null || lines[index + 1] !== "BULK_IN 0x82 max=1024 timeout_ms=1000") return undefined;
  const address = littleEndian(match[2]!);
  return {
    operation: match[1] === "40" ? "write" as const : "read" as const,
    name: describeAddress(address),
    address,
    word: littleEndian(match[3]!),
  };
}

/** Where both sensors have a register, the name is that of the IMX636. */
const names = new Map(
  [...Object.values<Register>(GEN41), ...Object.values<Register>(REGISTERS)].flatMap((register) =>
    register.count === undefined
      ? [[register.address, describeRegister(register)] as const]
      : Array.from({ length: register.count }, (_, index) => {
        const element = registerAt(register, index);
        return [element.address, describeRegister(element)] as const;
      })
  ),
);

function describeAddress(address: number): string {
  return names.get(address) ?? `0x${address.toString(16)}`;
}

function littleEndian(hex: string): number {
  return parseInt(hex.match(/../g)!.reverse().join(""), 16);
}

function hexadecimal(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}
