/// <reference lib="dom" />
/** Where recordings grow until they are saved: on the disk where the browser has a folder for the page, else in memory. */

import type { WritableFile } from "../../web/web_recorder.ts";

const folderName = "recordings";

/** How long a recording is kept that the user has not saved. */
const keptMs = 24 * 3600 * 1000;

/** A file of the page's own folder. */
export interface StoredFile extends WritableFile {
  /** What was written, once its stream is closed. The bytes stay on the disk. */
  getFile(): Promise<Blob>;
}

/** A new file in the page's own folder (the origin private file system); undefined where there is none. */
export async function newStoredFile(name: string): Promise<StoredFile | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName, { create: true });
    await removeOld(folder);
    const file = await folder.getFileHandle(name, { create: true });
    return "createWritable" in file ? file : undefined;
  } catch {
    return undefined; // private windows have none, nor have old browsers
  }
}

async function removeOld(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const handle of folder.values()) {
    if (handle.kind !== "file") continue;
    const { lastModified } = await handle.getFile();
    if (Date.now() - lastModified < keptMs) continue;
    await folder.removeEntry(handle.name).catch(() => {}); // another tab may be writing to it
  }
}
