/** The version of this library. `deno.json` says the same, and a test compares all places that name it. */
export const version = "0.1.0";
