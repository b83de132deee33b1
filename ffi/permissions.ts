/** One of Deno's permissions, as far as the library asks for one. Not Deno's own type: users of npm packages lack it. */
export type Permission =
  | { readonly name: "env"; readonly variable: string }
  | { readonly name: "read" | "write" | "ffi"; readonly path: string };

/**
 * Whether Deno's sandbox allows something, without asking the user; true on runtimes without a sandbox. Doing what is
 * not allowed would stop the program with a prompt.
 */
export function isPermitted(permission: Permission): boolean {
  return !("Deno" in globalThis) || Deno.permissions.querySync(permission).state === "granted";
}
