//! Values as bytes and back, so that a decoder's state can be kept in a file: field by field, little-endian, without
//! padding. Anything may have happened to a file: bytes that are no value of the type are refused.

const std = @import("std");

/// Times, counts and positions are below 2^53, as numbers of JavaScript must be.
const largest = 1 << 53;

/// Bytes of a value.
pub fn lengthOf(comptime Value: type) usize {
    return switch (@typeInfo(Value)) {
        .bool, .@"enum" => 1,
        .int => if (Value == usize) 8 else @sizeOf(Value),
        .optional => |optional| 1 + lengthOf(optional.child),
        .array => |array| array.len * lengthOf(array.child),
        .@"struct" => {
            var length: usize = 0;
            inline for (comptime std.meta.fieldNames(Value)) |name| length += lengthOf(@FieldType(Value, name));
            return length;
        },
        else => @compileError("no bytes for " ++ @typeName(Value)),
    };
}

/// Writes a value, and returns what is left of the bytes.
pub fn write(value: anytype, bytes: []u8) []u8 {
    const Value = @TypeOf(value);
    switch (@typeInfo(Value)) {
        .bool => bytes[0] = @intFromBool(value),
        .@"enum" => bytes[0] = @intCast(@backingInt(value)),
        .int => if (Value == usize) {
            return write(@as(u64, value), bytes);
        } else std.mem.writeInt(Value, bytes[0..@sizeOf(Value)], value, .little),
        .optional => |optional| {
            bytes[0] = @intFromBool(value != null);
            @memset(bytes[1..][0..comptime lengthOf(optional.child)], 0);
            if (value) |known| _ = write(known, bytes[1..]);
        },
        .array => {
            var rest = bytes;
            for (value) |element| rest = write(element, rest);
        },
        .@"struct" => {
            var rest = bytes;
            inline for (comptime std.meta.fieldNames(Value)) |name| rest = write(@field(value, name), rest);
        },
        else => comptime unreachable,
    }
    return bytes[comptime lengthOf(Value)..];
}

/// Bytes that are being read.
pub const Reader = struct {
    rest: []const u8,

    /// Null where the bytes are no such value.
    pub fn read(reader: *Reader, comptime Value: type) ?Value {
        switch (@typeInfo(Value)) {
            .bool => return switch (reader.take(1)[0]) {
                0 => false,
                1 => true,
                else => null,
            },
            .@"enum" => return std.enums.fromInt(Value, reader.take(1)[0]),
            .int => {
                const Stored = if (Value == usize) u64 else Value;
                const value = std.mem.readInt(Stored, reader.take(@sizeOf(Stored)), .little);
                return if (value <= largest) std.math.cast(Value, value) else null;
            },
            .optional => |optional| {
                const is_known = reader.read(bool) orelse return null;
                const value = reader.read(optional.child) orelse return null;
                return if (is_known) @as(Value, value) else @as(?Value, @as(Value, null));
            },
            .array => |array| {
                var value: Value = undefined;
                for (&value) |*element| element.* = reader.read(array.child) orelse return null;
                return value;
            },
            .@"struct" => {
                var value: Value = undefined;
                inline for (comptime std.meta.fieldNames(Value)) |name| {
                    @field(value, name) = reader.read(@FieldType(Value, name)) orelse return null;
                }
                return value;
            },
            else => comptime unreachable,
        }
    }

    fn take(reader: *Reader, comptime length: usize) *const [length]u8 {
        const taken = reader.rest[0..length];
        reader.rest = reader.rest[length..];
        return taken;
    }
};

/// A number for the names and types of a value's fields, in order: bytes of another version have another one.
pub fn fingerprint(comptime Value: type) u32 {
    return comptime number: {
        @setEvalBranchQuota(100_000);
        break :number std.hash.Fnv1a_32.hash(describe(Value));
    };
}

fn describe(comptime Value: type) []const u8 {
    switch (@typeInfo(Value)) {
        .bool => return "bool",
        .int => return if (Value == usize) "u64" else @typeName(Value),
        .@"enum" => {
            var text: []const u8 = "enum{";
            for (std.meta.fieldNames(Value)) |name| text = text ++ name ++ ",";
            return text ++ "}";
        },
        .optional => |optional| return "?" ++ describe(optional.child),
        .array => |array| return std.fmt.comptimePrint("[{d}]", .{array.len}) ++ describe(array.child),
        .@"struct" => {
            var text: []const u8 = "{";
            for (std.meta.fieldNames(Value)) |name| text = text ++ name ++ ":" ++ describe(@FieldType(Value, name)) ++ ",";
            return text ++ "}";
        },
        else => @compileError("no bytes for " ++ @typeName(Value)),
    }
}

const Example = struct {
    flag: bool,
    kind: enum(u8) { one, two },
    maybe: ?u16,
    list: [2]i64,
    count: usize,
};

test "a value comes back, from as many bytes as it is said to have" {
    for ([_]Example{
        .{ .flag = true, .kind = .two, .maybe = 7, .list = .{ -1, 5 }, .count = 3 },
        .{ .flag = false, .kind = .one, .maybe = null, .list = .{ 0, 0 }, .count = largest },
    }) |example| {
        var bytes: [lengthOf(Example)]u8 = @splat(0xaa);
        try std.testing.expectEqual(0, write(example, &bytes).len);
        var reader: Reader = .{ .rest = &bytes };
        try std.testing.expectEqual(@as(?Example, example), reader.read(Example));
        try std.testing.expectEqual(0, reader.rest.len);
    }
    try std.testing.expectEqual(1 + 1 + 3 + 16 + 8, lengthOf(Example));
}

test "what no value has is refused" {
    const example: Example = .{ .flag = true, .kind = .two, .maybe = 7, .list = .{ -1, 5 }, .count = 3 };
    for ([_]usize{ 0, 1, 2, 20, 28 }) |index| {
        var bytes: [lengthOf(Example)]u8 = undefined;
        _ = write(example, &bytes);
        bytes[index] = 0x7f;
        var reader: Reader = .{ .rest = &bytes };
        try std.testing.expectEqual(@as(?Example, null), reader.read(Example));
    }
}

test "other fields have another fingerprint" {
    try std.testing.expect(fingerprint(struct { a: u8, b: u16 }) != fingerprint(struct { b: u16, a: u8 }));
    try std.testing.expect(fingerprint(struct { a: u8 }) != fingerprint(struct { a: u16 }));
}
