//! A decoder's state as bytes and back, so that it can be kept in a file: field by field, little-endian, without padding.
//! Anything may have happened to a file: bytes that are no value of the type are refused.

const std = @import("std");

/// Times, counts and positions are below 2^53, as numbers of JavaScript must be.
const largest = 1 << 53;

/// First bytes of a word, the rest of which has not come yet.
pub const Partial = struct { bytes: [8]u8, length: usize };

fn Snapshot(comptime State: type) type {
    return struct { state: State, partial: Partial };
}

/// Bytes of a snapshot of a decoder with such a state.
pub fn length(comptime State: type) usize {
    return @sizeOf(u32) + comptime lengthOf(Snapshot(State));
}

/// Writes a snapshot of a decoder.
pub fn save(comptime format: anytype, state: anytype, partial: []const u8, bytes: []u8) void {
    const State = @TypeOf(state.*);
    var kept: Partial = .{ .bytes = @splat(0), .length = partial.len };
    @memcpy(kept.bytes[0..partial.len], partial);
    const rest = write(comptime versionOf(format, State), bytes);
    _ = write(Snapshot(State){ .state = state.*, .partial = kept }, rest);
}

/// Reads a snapshot into the state of a decoder whose words have `word_bytes`. Null, and nothing changed, where it is not
/// one of a decoder that was made as this one was.
pub fn restore(comptime format: anytype, state: anytype, word_bytes: usize, bytes: []const u8) ?Partial {
    const State = @TypeOf(state.*);
    if (bytes.len != length(State)) return null;
    var reader: Reader = .{ .rest = bytes };
    if (reader.read(u32) != comptime versionOf(format, State)) return null;
    const saved = reader.read(Snapshot(State)) orelse return null;
    const is_same = saved.state.width == state.width and saved.state.height == state.height and
        saved.state.time.follows_jumps == state.time.follows_jumps;
    if (!is_same or saved.partial.length >= word_bytes or !saved.state.time.isPossible()) return null;
    state.* = saved.state;
    return saved.partial;
}

fn versionOf(comptime format: anytype, comptime State: type) u32 {
    return fingerprint(Snapshot(State)) +% @backingInt(format);
}

/// Bytes of a value.
pub fn lengthOf(comptime Value: type) usize {
    return switch (@typeInfo(Value)) {
        .bool, .@"enum" => 1,
        .int => if (Value == usize) 8 else @sizeOf(Value),
        .optional => |optional| 1 + lengthOf(optional.child),
        .array => |array| array.len * lengthOf(array.child),
        .@"struct" => {
            var sum: usize = 0;
            inline for (comptime std.meta.fieldNames(Value)) |name| sum += lengthOf(@FieldType(Value, name));
            return sum;
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

    fn take(reader: *Reader, comptime count: usize) *const [count]u8 {
        const taken = reader.rest[0..count];
        reader.rest = reader.rest[count..];
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
        .{ .flag = false, .kind = .one, .maybe = null, .list = .{ 0, 0 }, .count = @min(largest, std.math.maxInt(usize)) },
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
