/** Where WebAssembly comes from, compiled. */
export type WebAssemblySource = URL | string | Response | BufferSource | WebAssembly.Module;

/** Fetches a URL, where it is one, and compiles. A server may give any content type. */
export async function compile(source: WebAssemblySource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL) return await compile(await fetch(source));
  if (!(source instanceof Response)) return await WebAssembly.compile(source);
  if (!source.ok) throw new Error(`${source.url} answers ${source.status}`);
  return await WebAssembly.compile(await source.arrayBuffer());
}
