//! A library's exports as a table: a struct whose fields are named as the exports are, and hold the functions.
//! One table serves both the linker and the test that compares `ffi/symbols.ts` with the functions' types.
//!
//!     const functions = .{ .nd_stream_wait = &stream.wait };
//!     // describe(functions): "nd_stream_wait":{"parameters":["u32","u32"],"result":"i32"}

const std = @import("std");

/// Exports every function under the name of its field.
pub fn exportAll(comptime functions: anytype) void {
    inline for (std.meta.fieldNames(@TypeOf(functions))) |name| @export(@field(functions, name), .{ .name = name });
}

/// The types of all functions as the fields of a JSON object. Integers have Zig's names; `usize` is an integer as wide as a pointer.
pub fn describe(comptime functions: anytype) []const u8 {
    var text: []const u8 = "";
    for (std.meta.fieldNames(@TypeOf(functions)), 0..) |name, index| {
        const function = @typeInfo(@typeInfo(@TypeOf(@field(functions, name))).pointer.child).@"fn";
        text = text ++ (if (index == 0) "\"" else ",\"") ++ name ++ "\":{\"parameters\":[";
        for (function.param_types, 0..) |Parameter, position| {
            text = text ++ (if (position == 0) "\"" else ",\"") ++ nameOf(Parameter.?) ++ "\"";
        }
        text = text ++ "],\"result\":\"" ++ nameOf(function.return_type.?) ++ "\"}";
    }
    return text;
}

fn nameOf(comptime Type: type) []const u8 {
    return switch (@typeInfo(Type)) {
        .void => "void",
        .pointer => "pointer",
        .optional => |optional| nameOf(optional.child),
        .int => |int| if (Type == usize or Type == isize)
            @typeName(Type)
        else
            std.fmt.comptimePrint("{c}{d}", .{ if (int.signedness == .signed) 'i' else 'u', int.bits }),
        else => @compileError(@typeName(Type) ++ " is no type of a parameter or a result"),
    };
}

fn example(_: u8, _: c_int, _: ?[*]const u8, _: *u16, _: usize, _: ?*const fn () void) callconv(.c) isize {
    return 0;
}

test "types are told by their width" {
    try std.testing.expectEqualStrings(
        \\"one":{"parameters":["u8","i32","pointer","pointer","usize","pointer"],"result":"isize"}
    , comptime describe(.{ .one = &example }));
}
