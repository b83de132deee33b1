/** A static host, as any of the web: files with their types, a folder's page, no policy of its own. */

import { contentTypes } from "../../../src/viewer/server/site_files.ts";

type Answer = (request: Request) => Response;

/** Answers with files below a path that ends in a slash. The host tells browsers to keep them for ten minutes. */
export function answersOf(files: ReadonlyMap<string, Uint8Array>, below = "/"): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const [path, bytes] of files) {
    const type = contentTypes[path.slice(path.lastIndexOf(".") + 1)]!;
    const headers = { "content-type": type, "cache-control": "max-age=600" };
    const answer = () => new Response(bytes.slice(), { headers });
    answers[below + path] = answer;
    if (path.endsWith("index.html")) answers[below + path.slice(0, -"index.html".length)] = answer;
  }
  return answers;
}
