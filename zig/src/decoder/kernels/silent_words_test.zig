//! The kernels where silent words are many, which have a loop of their own, and where TIME_HIGHs go on within blocks.

const std = @import("std");
const Comparison = @import("../testing/differential.zig").Comparison;
const expectEqual = @import("differential_test.zig").expectEqual;

const Scene = struct {
    memory: [1200]u16 = undefined,
    length: usize = 0,

    /// After enough silent words for a kernel to choose their loop.
    fn begin() Scene {
        var scene: Scene = .{};
        scene.add(&.{ 0x8001, 0x6001 });
        for (0..100) |y| scene.add(&.{ @intCast(y), 0x2005, 0x2806, 0xd123 });
        return scene;
    }

    fn add(scene: *Scene, more: []const u16) void {
        @memcpy(scene.memory[scene.length..][0..more.len], more);
        scene.length += more.len;
    }

    fn addColumns(scene: *Scene, count: usize) void {
        for (0..count) |x| scene.add(&.{@intCast(0x2000 + x)});
    }

    fn words(scene: *const Scene) []const u16 {
        return scene.memory[0..scene.length];
    }
};

/// More than the lanes of any kernel: words after this number of columns stand in any lane, or cross the end of a block.
const any_lane = 34;

test "items of OTHERS where silent words are many, whole and broken, in any lanes, cut anywhere" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    const items = [_][]const u16{
        &.{ 0xe014, 0xf123, 0xf045, 0x7006 },
        &.{ 0xe016, 0xf123, 0xf045, 0x7006, 0xe014, 0xffff, 0xffff, 0x7fff },
        &.{ 0xe014, 0xf001, 0xf000, 0x7000, 0xe014, 0xf002, 0xf000, 0x7000, 0xe014, 0xf003, 0xf000 },
        &.{ 0xe005, 0xf123, 0xf045, 0x7006 },
        &.{ 0xe014, 0xe016, 0xf123, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0x7006, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0xf045, 0xf067, 0x7006 },
        &.{ 0xe014, 0xf123, 0x6002, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0xa001, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0x8002, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0x1000, 0xf045, 0x7006, 0x2003 },
        &.{ 0xe014, 0x9999, 0xf123, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0x9999, 0x9999, 0xf045, 0x7006 },
        &.{ 0xe014, 0xf123, 0xf045, 0x9999, 0x7006 },
        &.{ 0xe014, 0xf123, 0xf045, 0x9998, 0x7006 },
        &.{ 0xf123, 0x9999, 0x9999, 0xf045, 0x7006, 0x9999, 0x9999 },
    };
    for (items) |item| for (0..any_lane) |columns| {
        errdefer std.debug.print("{any} after {d} columns\n", .{ item, columns });
        var scene: Scene = .begin();
        scene.addColumns(columns);
        scene.add(item);
        const end = scene.length;
        scene.add(&.{ 0x0007, 0x2008 });
        scene.addColumns(40);
        for (end - item.len..end + 2) |length| try expectEqual(&comparison, 1280, .{}, scene.words()[0..length]);
        try expectEqual(&comparison, 1280, .{}, scene.words());
    };
}

test "a room for triggers that ends within an item, where silent words are many" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    scene.add(&.{ 0xe014, 0xf123, 0xa001, 0xf045, 0x7006 });
    scene.addColumns(40);
    try expectEqual(&comparison, 1280, .{ .triggers = 0 }, scene.words());
}

test "times that go back behind an event or a trigger, where silent words are many, in any lane" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    // The last four hold no time.
    for ([_]u16{ 0x2005, 0x4003, 0xa001, 0x4000, 0xd000, 0x9999, 0x2700 }) |last| {
        for (0x6003..0x6009) |then| for (0..any_lane) |columns| {
            errdefer std.debug.print("word {x}, then {x}, after {d} columns\n", .{ last, then, columns });
            const back: u16 = @intCast(then);
            var scene: Scene = .begin();
            scene.addColumns(columns);
            scene.add(&.{ 0x3010, 0x6005, last, 0x6007, last, back, 0x2006, back - 1, 0x6004, 0x2007, 0x6009, back, 0x2008 });
            scene.addColumns(40);
            try expectEqual(&comparison, 1280, .{}, scene.words());
        };
    }
}

test "columns beyond the sensor and without a row, where silent words are many" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_][]const u16{ &.{ 0x24ff, 0x2500, 0x2d00, 0x2fff }, &.{ 0x1000, 0x2001, 0x2500 }, &.{ 0x02d0, 0x2001, 0x2500 } }) |words| {
        for (0..any_lane) |columns| {
            var scene: Scene = .begin();
            scene.addColumns(columns);
            scene.add(words);
            scene.addColumns(40);
            scene.add(&.{0x0003});
            scene.addColumns(40);
            try expectEqual(&comparison, 1280, .{}, scene.words());
        }
    }
}

test "no scene of silent words goes beyond the room" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    scene.addColumns(100);
    scene.add(&.{ 0xe014, 0xf123, 0x9999, 0xf045, 0x7006 });
    scene.addColumns(100);
    for (180..400) |events| {
        errdefer std.debug.print("room for {d}\n", .{events});
        try expectEqual(&comparison, 1280, .{ .events = events }, scene.words());
    }
}

test "TIME_HIGHs that come next, repeat, or jump, in any lane of any scene" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_]bool{ false, true }) |silent| for (0..any_lane) |columns| {
        errdefer std.debug.print("silent {}, after {d} columns\n", .{ silent, columns });
        var scene: Scene = if (silent) .begin() else .{};
        scene.add(&.{ 0x8ffd, 0x8ffe, 0x8fff, 0x6ffe, 0x0005 });
        scene.addColumns(columns);
        // The clock goes on over its end, and a time before that of the last event is none that goes back.
        scene.add(&.{ 0x8000, 0x2001, 0xa001, 0x8001, 0x6003, 0x2002, 0x8001, 0x2003, 0x6002, 0x8002, 0x6001, 0x2004, 0x6000, 0x4001 });
        scene.addColumns(40);
        scene.add(&.{ 0x6200, 0xa001, 0x8003, 0x6100, 0x3007, 0x4003, 0x6050, 0x2001, 0x8005, 0x2001, 0x8004, 0x2001 });
        scene.addColumns(40);
        try expectEqual(&comparison, 1280, .{}, scene.words());
        for (0..4) |less| {
            try expectEqual(&comparison, 1280, .{ .events = columns + 200 * @as(usize, @intFromBool(silent)) + less }, scene.words());
        }
    };
}
