/** Bun ends a test after five seconds unless told otherwise: too soon on a busy machine. */
export const bunTestTimeout = "--timeout=600000";
