/**
 * Whether Deno's sandbox allows something, without asking the user; true on runtimes without a sandbox. Doing what is
 * not allowed would stop the program with a prompt.
 */
export function isPermitted(permission: Deno.PermissionDescriptor): boolean {
  return !("Deno" in globalThis) || Deno.permissions.querySync(permission).state === "granted";
}
