import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import process from "node:process";

/** What a file is made of. */
export interface FileContent {
  readonly text: string;
  /** Permissions, for example 0o644. */
  readonly mode: number;
}

/**
 * Writes a file as a whole: beside its place first, then it is renamed, so that no reader ever sees half of it. A
 * symbolic link stays one. Returns false where the file was as it should be.
 *
 * Throws the system's error; the file is as before then, and nothing is left beside it.
 */
export function replaceFile(path: string, { text, mode }: FileContent): boolean {
  const place = placeOf(path);
  if (place.isThere && readFileSync(place.path, "utf8") === text) return false;
  const temporary = `${place.path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "wx", mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(temporary, mode); // the process's umask has taken its share
    renameSync(temporary, place.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") rmSync(temporary, { force: true });
    throw error;
  }
  return true;
}

/** The file that is meant, behind symbolic links. Renaming onto anything but a file would put one in its place. */
function placeOf(path: string): { path: string; isThere: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { path, isThere: false };
  if (!stats.isFile()) {
    const what = stats.isDirectory() ? "is a folder" : "is no regular file";
    throw Object.assign(new Error(`${path} ${what}`), { code: stats.isDirectory() ? "EISDIR" : "EINVAL" });
  }
  return { path: realpathSync(path), isThere: true };
}
