//! The system's loader: functions of a library that is (or can be) loaded, and the pin that keeps our own
//! library in memory.

const std = @import("std");
const builtin = @import("builtin");
const heap = @import("heap.zig");
const windows = builtin.os.tag == .windows;

/// A loaded library. It is never unloaded: function pointers taken from it stay good.
pub const DynamicLibrary = struct {
    handle: *anyopaque,

    /// Opens by the same path that the JavaScript runtime used, which gives the same library again.
    pub fn open(path: [*:0]const u8) error{LibraryNotFound}!DynamicLibrary {
        const handle = if (windows) loadOnWindows(path) else std.c.dlopen(path, .{ .NOW = true });
        return .{ .handle = handle orelse return error.LibraryNotFound };
    }

    /// A function by its name. `Function` is a function pointer type.
    pub fn lookup(library: DynamicLibrary, comptime Function: type, name: [*:0]const u8) error{SymbolNotFound}!Function {
        const symbol = if (windows) GetProcAddress(library.handle, name) else std.c.dlsym(library.handle, name);
        return @ptrCast(@alignCast(symbol orelse return error.SymbolNotFound));
    }
};

/// The path is UTF-8, and Windows would take it for text of the system's code page.
fn loadOnWindows(path: [*:0]const u8) ?*anyopaque {
    const wide = std.unicode.wtf8ToWtf16LeAllocZ(heap.allocator, std.mem.span(path)) catch return null;
    defer heap.allocator.free(wide);
    return LoadLibraryW(wide);
}

/// Keeps this library mapped until the process ends, also when the runtime closes it: a reader thread may be
/// inside it then, and unmapping code under a running thread crashes.
pub fn pinSelf() void {
    if (windows) {
        var module: ?*anyopaque = null;
        const pin_from_address = 0x1 | 0x4; // GET_MODULE_HANDLE_EX_FLAG_PIN | ..._FROM_ADDRESS
        _ = GetModuleHandleExA(pin_from_address, @ptrCast(&pinSelf), &module);
        return;
    }
    var info: DynamicLibraryInfo = undefined;
    if (dladdr(@ptrCast(&pinSelf), &info) == 0) return;
    const path = info.file_name orelse return;
    _ = std.c.dlopen(path, .{ .NOW = true, .NOLOAD = true, .NODELETE = true });
}

const DynamicLibraryInfo = extern struct {
    file_name: ?[*:0]const u8,
    base: ?*anyopaque,
    symbol_name: ?[*:0]const u8,
    symbol_address: ?*anyopaque,
};

extern "c" fn dladdr(address: *const anyopaque, info: *DynamicLibraryInfo) c_int;
extern "kernel32" fn LoadLibraryW(path: [*:0]const u16) callconv(.winapi) ?*anyopaque;
extern "kernel32" fn GetProcAddress(module: *anyopaque, name: [*:0]const u8) callconv(.winapi) ?*anyopaque;
extern "kernel32" fn GetModuleHandleExA(flags: u32, address: *const anyopaque, module: *?*anyopaque) callconv(.winapi) c_int;
