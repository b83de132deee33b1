//! Reads a JSON value strictly: every member is asked for by name and type, and any other member is an error. Failures
//! name the path of the value.

const std = @import("std");
const Value = std.json.Value;

pub const Error = error{Invalid};

pub const Reader = struct {
    /// Gets the reason of a failure, truncated and NUL-terminated.
    message: []u8,

    pub fn fail(reader: *Reader, path: []const u8, comptime format: []const u8, arguments: anytype) Error {
        if (reader.message.len == 0) return error.Invalid;
        var writer: std.Io.Writer = .fixed(reader.message[0 .. reader.message.len - 1]);
        if (path.len > 0) writer.print("{s}: ", .{path}) catch {};
        writer.print(format, arguments) catch {};
        reader.message[writer.end] = 0;
        return error.Invalid;
    }

    pub fn object(reader: *Reader, path: []const u8, value: Value) Error!Object {
        if (value != .object) return reader.fail(path, "an object expected", .{});
        return .{ .reader = reader, .path = path, .members = value.object };
    }
};

pub const Object = struct {
    reader: *Reader,
    path: []const u8,
    members: std.json.ObjectMap,
    /// The names that were asked for.
    known: [24][]const u8 = undefined,
    known_count: usize = 0,

    pub fn fail(object: *Object, name: []const u8, comptime format: []const u8, arguments: anytype) Error {
        var buffer: [96]u8 = undefined;
        const dot = if (object.path.len == 0) "" else ".";
        const path = std.fmt.bufPrint(&buffer, "{s}{s}{s}", .{ object.path, dot, name }) catch object.path;
        return object.reader.fail(path, format, arguments);
    }

    pub fn has(object: *Object, name: []const u8) bool {
        return object.members.contains(name);
    }

    /// To be called last: refuses members that were not asked for.
    pub fn done(object: *Object) Error!void {
        for (object.members.keys()) |key| {
            for (object.known[0..object.known_count]) |name| {
                if (std.mem.eql(u8, name, key)) break;
            } else return object.fail(key, "unknown member", .{});
        }
    }

    pub fn string(object: *Object, name: []const u8, default: []const u8) Error![]const u8 {
        const value = object.get(name) orelse return default;
        return if (value == .string) value.string else object.fail(name, "a string expected", .{});
    }

    pub fn boolean(object: *Object, name: []const u8, default: bool) Error!bool {
        const value = object.get(name) orelse return default;
        return if (value == .bool) value.bool else object.fail(name, "true or false expected", .{});
    }

    pub fn integer(object: *Object, name: []const u8, minimum: u64, maximum: u64, default: u64) Error!u64 {
        const value = object.get(name) orelse return default;
        if (value == .integer and value.integer >= minimum and value.integer <= maximum) return @intCast(value.integer);
        return object.fail(name, "an integer from {d} to {d} expected", .{ minimum, maximum });
    }

    /// Null where it is missing or null.
    pub fn optionalInteger(object: *Object, name: []const u8, maximum: u64) Error!?u64 {
        const value = object.get(name) orelse return null;
        return if (value == .null) null else try object.integer(name, 0, maximum, 0);
    }

    /// The magnitude of a negative integer.
    pub fn negative(object: *Object, name: []const u8, maximum: u32, default: u32) Error!u32 {
        const value = object.get(name) orelse return default;
        if (value == .integer and value.integer < 0 and value.integer >= -@as(i64, maximum)) {
            return @intCast(-value.integer);
        }
        return object.fail(name, "an integer from -{d} to -1 expected", .{maximum});
    }

    pub fn choice(object: *Object, name: []const u8, comptime Choice: type, default: Choice) Error!Choice {
        return if (object.has(name)) object.required(name, Choice) else {
            object.remember(name);
            return default;
        };
    }

    /// A tag of an enumeration, by `nameOf`.
    pub fn required(object: *Object, name: []const u8, comptime Choice: type) Error!Choice {
        const value = object.get(name) orelse return object.fail(name, "missing", .{});
        if (value != .string) return object.fail(name, "a string expected", .{});
        for (std.enums.values(Choice)) |tag| if (std.mem.eql(u8, nameOf(tag), value.string)) return tag;
        return object.fail(name, "unknown: \"{s}\"", .{value.string});
    }

    pub fn array(object: *Object, name: []const u8, maximum: usize) Error![]const Value {
        const value = object.get(name) orelse return &.{};
        if (value != .array) return object.fail(name, "an array expected", .{});
        if (value.array.items.len > maximum) return object.fail(name, "at most {d} entries expected", .{maximum});
        return value.array.items;
    }

    /// A member that is an object; an empty one where it is missing. `buffer` keeps its path.
    pub fn child(object: *Object, name: []const u8, buffer: []u8) Error!Object {
        const path = std.fmt.bufPrint(buffer, "{s}.{s}", .{ object.path, name }) catch name;
        const value = object.get(name) orelse return .{ .reader = object.reader, .path = path, .members = .empty };
        return object.reader.object(path, value);
    }

    fn get(object: *Object, name: []const u8) ?Value {
        object.remember(name);
        return object.members.get(name);
    }

    fn remember(object: *Object, name: []const u8) void {
        object.known[object.known_count] = name;
        object.known_count += 1;
    }
};

/// The name of a tag as TypeScript has it: that of `.protocol_error` is "protocol-error".
pub fn nameOf(tag: anytype) []const u8 {
    return switch (tag) {
        inline else => |known| comptime kebabCase(@tagName(known)),
    };
}

fn kebabCase(comptime name: []const u8) []const u8 {
    comptime {
        var text = name[0..name.len].*;
        std.mem.replaceScalar(u8, &text, '_', '-');
        const result = text;
        return &result;
    }
}

test "a tag has its name in kebab-case" {
    const Choice = enum { delay, protocol_error };
    try std.testing.expectEqualStrings("protocol-error", nameOf(Choice.protocol_error));
    var members: std.json.ObjectMap = .empty;
    defer members.deinit(std.testing.allocator);
    try members.put(std.testing.allocator, "right", .{ .string = "protocol-error" });
    try members.put(std.testing.allocator, "wrong", .{ .string = "protocol_error" });
    var message: [64]u8 = undefined;
    var reader: Reader = .{ .message = &message };
    var object = try reader.object("fault", .{ .object = members });
    try std.testing.expectEqual(Choice.protocol_error, try object.required("right", Choice));
    try std.testing.expectError(error.Invalid, object.required("wrong", Choice));
    try std.testing.expectEqualStrings("fault.wrong: unknown: \"protocol_error\"", std.mem.sliceTo(&message, 0));
}
