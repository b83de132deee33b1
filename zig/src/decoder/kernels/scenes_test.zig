//! The kernels on scenes for places that random words seldom reach: the ends of loops that only begin after some
//! hundred words of their kind.

const std = @import("std");
const Comparison = @import("../testing/differential.zig").Comparison;
const dispatch = @import("dispatch.zig");
const State = @import("../evt3/state.zig").State;
const expectEqual = @import("differential_test.zig").expectEqual;

const Scene = struct {
    memory: [3000]u16 = undefined,
    length: usize = 0,

    fn add(scene: *Scene, more: []const u16) void {
        @memcpy(scene.memory[scene.length..][0..more.len], more);
        scene.length += more.len;
    }

    fn addGroup(scene: *Scene, pixels: u32) void {
        scene.add(&.{
            @intCast(0x4000 | (pixels & 0xfff)),
            @intCast(0x4000 | (pixels >> 12 & 0xfff)),
            @intCast(0x5000 | pixels >> 24),
        });
    }

    /// Rows of seven groups with these pixels, rotated by one from group to group.
    fn addRows(scene: *Scene, count: usize, pixels: u32) void {
        for (0..count) |y| {
            scene.add(&.{ @intCast(y), 0x3800 });
            for (0..7) |group| scene.addGroup(std.math.rotl(u32, pixels, y + group));
        }
    }

    /// Words that make the kernel choose the loop for `pixels`; for single events where they are 0.
    fn warmUp(scene: *Scene, pixels: u32) void {
        if (pixels != 0) return scene.addRows(warm_up_rows, pixels);
        scene.add(&.{0x0001});
        for (0..100) |x| scene.add(&.{@intCast(0x2000 + x)});
    }

    fn begin() Scene {
        var scene: Scene = .{};
        scene.add(&.{ 0x8001, 0x6001 });
        return scene;
    }

    fn words(scene: *const Scene) []const u16 {
        return scene.memory[0..scene.length];
    }

    /// How many events its first `length` words have.
    fn eventsOf(scene: *const Scene, comparison: *Comparison, length: usize) !usize {
        var expected: State = .init(1280, 720);
        var actual: State = .init(1280, 720);
        _ = try comparison.step(dispatch.scalar, .{}, scene.words()[0..length], &expected, &actual);
        return comparison.expected.output.polarity.count;
    }
};

/// Enough rows for a kernel to choose its loop.
const warm_up_rows = 30;

const whole = 0xffff_ffff;

test "a group that lacks any one pixel is not taken for a whole one" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    scene.addRows(warm_up_rows, whole);
    for (0..32) |pixel| {
        scene.add(&.{ @intCast(pixel), 0x3000 });
        const hole = @as(u32, 1) << @intCast(pixel);
        for ([_]u32{ whole, whole, whole & ~hole, whole, whole & ~hole, whole }) |pixels| scene.addGroup(pixels);
    }
    try expectEqual(&comparison, 1280, .{}, scene.words());
}

/// The room is what the first `length` words need, and some more.
fn expectEqualWithRooms(comparison: *Comparison, scene: *const Scene, length: usize, more: []const usize) !void {
    const needed = try scene.eventsOf(comparison, length);
    for (more) |some| {
        errdefer std.debug.print("room {d} + {d}\n", .{ needed, some });
        try expectEqual(comparison, 1280, .{ .events = needed + some }, scene.words());
    }
}

/// Room for about this many more events ends within a group, or within the stores beyond it.
const about_a_group = [_]usize{ 0, 1, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41 };

test "no flash goes beyond the room" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    scene.addRows(warm_up_rows, whole);
    // Times are stored by eight: one event more than that is the worst.
    scene.add(&.{ 0x6002, 0x0020, 0x3000 });
    for (0..7) |_| scene.addGroup(whole - 0x10);
    for (0..3) |_| scene.addGroup(whole);
    try expectEqualWithRooms(&comparison, &scene, scene.length - 3, &about_a_group);
    try expectEqualWithRooms(&comparison, &scene, scene.length - 6, &about_a_group);
    try expectEqualWithRooms(&comparison, &scene, scene.length - 12, &about_a_group);
}

test "no scene of groups with many pixels goes beyond the room" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    scene.addRows(warm_up_rows, 0x0f3f_71b5);
    scene.add(&.{ 0x6002, 0x0020, 0x3000, 0x4001 });
    for (0..6) |_| scene.addGroup(whole);
    try expectEqualWithRooms(&comparison, &scene, scene.length - 3, &about_a_group);
    try expectEqualWithRooms(&comparison, &scene, scene.length - 6, &about_a_group);
}

test "no scene of vectors goes beyond the room" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var scene: Scene = .begin();
    for (0..6) |y| {
        scene.add(&.{ @intCast(y), 0x3000 });
        for (0..106) |_| scene.add(&.{0x4fff});
    }
    // The first three rows are not decoded in blocks of lanes.
    for (300..340) |events| {
        errdefer std.debug.print("room for {d}\n", .{events});
        try expectEqual(&comparison, 1280, .{ .events = events }, scene.words());
    }
    // In the others a block may have exactly as many events as there is room for.
    for (340..440) |vectors| {
        errdefer std.debug.print("room for {d} vectors\n", .{vectors});
        try expectEqual(&comparison, 1280, .{ .events = 12 * vectors }, scene.words());
    }
}

test "no scene of few pixels goes beyond the room" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_]u32{ 0x8001_0004, 0 }) |pixels| {
        var scene: Scene = .begin();
        scene.warmUp(pixels);
        for (0..4) |part| {
            for (0..20) |x| scene.add(&.{@intCast(0x2000 + x)});
            scene.add(&.{@intCast(0x6002 + part)});
            scene.addRows(1, 0x8001_0001);
        }
        var more: [48]usize = undefined;
        for (&more, 0..) |*some, index| some.* = index;
        try expectEqualWithRooms(&comparison, &scene, scene.length - 80, &more);
    }
}

test "no scene lets the time go back behind an event or a trigger" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_]u32{ 0, 0x8001_0004, 0x0f3f_71b5, whole }) |pixels| {
        // The last two hold no time: they have no pixels.
        for ([_]u16{ 0x2005, 0x4003, 0x5001, 0xa001, 0x4000, 0x5f00 }) |last| {
            for ([_]u16{ 0x6004, 0x6005, 0x6006, 0x6007 }) |then| {
                errdefer std.debug.print("pixels {x}, word {x}, then {x}\n", .{ pixels, last, then });
                var scene: Scene = .begin();
                scene.warmUp(pixels);
                scene.add(&.{ 0x6006, last, 0x6008, then, 0x4001, 0x2006 });
                scene.addRows(3, 0x8001_0001);
                // Far enough from the step back not to be in the same block.
                scene.add(&.{ 0x6016, last });
                for (0..40) |y| scene.add(&.{@intCast(y)});
                scene.add(&.{then + 0x10});
                for (0..40) |y| scene.add(&.{@intCast(y)});
                // It may go back as far as no event has had a later time.
                scene.add(&.{ 0x6025, 0x4801, 0x6029, 0x6026, last, 0x6028, then + 0x20, 0x4001, 0x2006 });
                scene.addRows(3, 0x8001_0001);
                try expectEqual(&comparison, 1280, .{}, scene.words());
            }
        }
    }
}

test "an item of OTHERS that the input ends within, where most words have been vectors" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_]usize{ 112, 120, 126 }) |vectors| {
        for (12..40) |columns| {
            var scene: Scene = .begin();
            scene.add(&.{0x0010});
            for (0..vectors) |_| scene.add(&.{ 0x3000, 0x4001 });
            for (0..columns) |x| scene.add(&.{@intCast(0x2000 + x)});
            scene.add(&.{ 0xe014, 0xf000, 0xf000 });
            for (0..3) |cut| try expectEqual(&comparison, 1280, .{}, scene.words()[0 .. scene.length - cut]);
        }
    }
}

test "the sensor's last row and column are inside, and the next ones are not, in any scene" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for ([_]u32{ 0, 0x8001_0004, 0x0f3f_71b5, whole }) |pixels| {
        for ([_]u16{ 0x02cf, 0x02d0, 0x24ff, 0x2500, 0x34f4, 0x34f5, 0x34f8, 0x34f9, 0x34e0, 0x34e1 }) |last| {
            errdefer std.debug.print("pixels {x}, word {x}\n", .{ pixels, last });
            var scene: Scene = .begin();
            scene.warmUp(pixels);
            scene.add(&.{ last, 0x2000, 0x2801 });
            for (0..2) |_| scene.addGroup(whole);
            scene.addRows(3, 0x8001_0001);
            try expectEqual(&comparison, 1280, .{}, scene.words());
        }
    }
}

test "the time of the last event is known where the room ends after it" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for (64..80) |events| {
        var scene: Scene = .begin();
        scene.add(&.{0x0010});
        for (0..events) |x| {
            // The last ones have another time than those before.
            if (x + 20 == events) scene.add(&.{0x6005});
            scene.add(&.{@intCast(0x2000 + x)});
        }
        for (0..40) |y| scene.add(&.{@intCast(y)});
        scene.add(&.{0x6003});
        for (events..events + 70) |room| {
            errdefer std.debug.print("{d} events, room for {d}\n", .{ events, room });
            try expectEqual(&comparison, 1280, .{ .events = room }, scene.words());
        }
    }
}

test "rows over the whole width of sensors, up to the widest that a column can address" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    for (2036..2049) |width| {
        for ([_]u16{ 0x3000, 0x3800 }) |base| {
            errdefer std.debug.print("width {d}, base {x}\n", .{ width, base });
            var scene: Scene = .begin();
            for (0..6) |y| {
                scene.add(&.{ @intCast(y), base });
                for (0..width / 32) |_| scene.add(&.{ 0x4010, 0x4800, 0x5080 });
            }
            // The first of them may still be inside.
            const inside = scene.length;
            scene.add(&.{ 0x4001, 0x5001, 0x4001, 0x5001, 0x6002 });
            for (0..40) |_| scene.add(&.{ 0x5001, 0x2003 });
            for (inside..inside + 4) |length| try expectEqual(&comparison, @intCast(width), .{}, scene.words()[0..length]);
            try expectEqual(&comparison, @intCast(width), .{}, scene.words());
        }
    }
}
