import { readdirSync, readlinkSync } from "node:fs";
import process from "node:process";

/** How many pipes this process has open at one end only, on Linux; elsewhere 0. */
export function countHalfOpenPipes(): number {
  if (process.platform !== "linux") return 0;
  const pipes = readdirSync("/proc/self/fd").map(targetOf).filter((target) => target.startsWith("pipe:"));
  return pipes.filter((pipe) => pipes.indexOf(pipe) === pipes.lastIndexOf(pipe)).length;
}

function targetOf(fileDescriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fileDescriptor}`);
  } catch {
    return "closed"; // the one that the folder was read with
  }
}
