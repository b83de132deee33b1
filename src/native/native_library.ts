/** Gives programs the native library, loaded when it is first needed. */

import { provideLibrary } from "./library.ts";

provideLibrary(async () => await (await import("./native.ts")).loadNative());
