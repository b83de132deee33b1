import { readFileSync } from "node:fs";
import { cpus, loadavg, platform } from "node:os";

/** What figures depend on besides the program. */
export interface Conditions {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  /** Processes that wanted to run, on average of the last minute: above the cores, others took time away. */
  readonly load: number;
  readonly deno: string;
}

/** The conditions of a measurement that begins now. */
export function conditions(): Conditions {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpuName(),
    cores: cpus().length,
    system: `${platform()} ${Deno.build.arch}`,
    load: loadavg()[0]!,
    deno: Deno.version.deno,
  };
}

/** One line for a document. */
export function formatConditions({ date, cpu, cores, system, load, deno }: Conditions): string {
  return `${date}, ${cpu}, ${cores} cores, ${system}, Deno ${deno}, load at the start ${load.toFixed(1)}`;
}

/** The name alone says little on rented machines: "AMD EPYC" may be any of six generations. */
function cpuName(): string {
  const name = cpus()[0]?.model ?? "unknown CPU";
  try {
    const family = /^cpu family\s*: (\d+)\nmodel\s*: (\d+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return family === null ? name : `${name} (family ${family[1]}, model ${family[2]})`;
  } catch {
    return name;
  }
}
