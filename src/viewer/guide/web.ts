/** The library for pages as a module of the site: what the examples of the guide import. */

export * from "../../web/mod.ts";
