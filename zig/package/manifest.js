// Written anew when the package is built: in a clone there are no libraries here, but in zig/zig-out.
export const files = {};
