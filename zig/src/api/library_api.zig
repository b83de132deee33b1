//! Exports about the library itself.

const std = @import("std");
const builtin = @import("builtin");
const abi = @import("../abi.zig");
const export_table = @import("../system/export_table.zig");
const exports = @import("exports.zig");
const kinds = @import("../kinds.zig");
const recorder = @import("recorder_api.zig");

pub fn abiVersion() callconv(.c) i32 {
    return abi.version;
}

/// Writes as much of `layout` as fits and returns its whole length.
pub fn abiLayout(output: ?[*]u8, capacity: u32) callconv(.c) i32 {
    return copyText(layout, output, capacity);
}

/// Reads memory that belongs to libusb (lists, strings) for a runtime that must not dereference pointers.
pub fn memoryCopy(source: usize, length: u32, output: ?[*]u8) callconv(.c) i32 {
    if (length == 0) return abi.Status.ok.code();
    if (source == 0) return abi.Status.invalid_argument.code();
    const destination = output orelse return abi.Status.invalid_argument.code();
    @memcpy(destination[0..length], @as([*]const u8, @ptrFromInt(source)));
    return abi.Status.ok.code();
}

/// For exports that hand out text: copies what fits, returns the whole length.
pub fn copyText(text: []const u8, output: ?[*]u8, capacity: u32) i32 {
    if (output) |destination| {
        const length = @min(text.len, capacity);
        @memcpy(destination[0..length], text[0..length]);
    }
    return @intCast(text.len);
}

/// The types of abi.zig and of the exports as JSON, so that a test can compare the TypeScript tables with them.
const layout = layout: {
    @setEvalBranchQuota(100_000);
    break :layout "{\"version\":" ++ std.fmt.comptimePrint("{d}", .{abi.version}) ++
        ",\"statuses\":" ++ enumObject(abi.Status) ++
        ",\"end_reasons\":" ++ nameList(abi.EndReason) ++
        ",\"reader_priorities\":" ++ nameList(abi.ReaderPriority) ++
        ",\"formats\":" ++ nameList(abi.Format) ++
        ",\"encoder_faults\":" ++ nameList(abi.EncoderFault) ++
        ",\"accumulator_kinds\":" ++ nameList(abi.AccumulatorKind) ++
        ",\"recording_ends\":" ++ nameList(recorder.End) ++
        ",\"file_failures\":" ++ nameList(recorder.FileFailure) ++
        ",\"kinds\":{" ++ kindObject() ++
        "},\"frame_formats\":" ++ nameList(kinds.FrameFormat) ++
        ",\"blocks\":{" ++ blockObject() ++
        "},\"signatures\":{" ++ signatures() ++
        "}}";
};

fn signatures() []const u8 {
    const portable = export_table.describe(exports.portable);
    return if (builtin.cpu.arch.isWasm()) portable else portable ++ "," ++ export_table.describe(exports.native);
}

/// The columns of each kind, with the types of their elements.
fn kindObject() []const u8 {
    var text: []const u8 = "";
    for (std.enums.values(kinds.Kind), 0..) |kind, index| {
        const Columns = kinds.Columns(kind);
        text = text ++ (if (index == 0) "\"" else ",\"") ++ @tagName(kind) ++ "\":{";
        for (kinds.columnNames(Columns), 0..) |column, position| {
            text = text ++ (if (position == 0) "\"" else ",\"") ++ column ++ "\":\"" ++
                @typeName(kinds.Element(Columns, column)) ++ "\"";
        }
        text = text ++ "}";
    }
    return text;
}

/// The fields of each block, with the number of their elements.
fn blockObject() []const u8 {
    var text: []const u8 = "";
    for (std.meta.fieldNames(@TypeOf(abi.blocks)), 0..) |name, index| {
        const Block = @field(abi.blocks, name);
        text = text ++ (if (index == 0) "\"" else ",\"") ++ name ++ "\":{";
        for (std.meta.fieldNames(Block), 0..) |field, position| {
            text = text ++ (if (position == 0) "\"" else ",\"") ++ field ++ "\":" ++
                std.fmt.comptimePrint("{d}", .{abi.elements(Block, field)});
        }
        text = text ++ "}";
    }
    return text;
}

fn nameList(comptime Type: type) []const u8 {
    var text: []const u8 = "[";
    for (std.meta.fieldNames(Type), 0..) |name, index| {
        text = text ++ (if (index == 0) "\"" else ",\"") ++ name ++ "\"";
    }
    return text ++ "]";
}

fn enumObject(comptime Type: type) []const u8 {
    var text: []const u8 = "{";
    for (std.enums.values(Type), 0..) |value, index| {
        text = text ++ (if (index == 0) "\"" else ",\"") ++ @tagName(value) ++ "\":" ++
            std.fmt.comptimePrint("{d}", .{@backingInt(value)});
    }
    return text ++ "}";
}

test "the layout is JSON that names every status" {
    const parsed = try std.json.parseFromSlice(std.json.Value, std.testing.allocator, layout, .{});
    defer parsed.deinit();
    const statuses = parsed.value.object.get("statuses").?.object;
    for (std.enums.values(abi.Status)) |status| {
        try std.testing.expectEqual(@as(i64, status.code()), statuses.get(@tagName(status)).?.integer);
    }
}

test "text longer than the buffer is truncated, and its whole length returned" {
    var buffer: [4]u8 = @splat('.');
    try std.testing.expectEqual(@as(i32, 6), copyText("abcdef", &buffer, 3));
    try std.testing.expectEqualStrings("abc.", &buffer);
}
