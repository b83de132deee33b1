//! The kernels on random words, and on words made for places that random ones seldom reach.

const std = @import("std");
const builtin = @import("builtin");
const differential = @import("../testing/differential.zig");
const dispatch = @import("dispatch.zig");
const State = @import("../evt3/state.zig").State;
const Evt3 = @import("evt3.zig").Evt3;
const Output = @import("../output.zig").Output;
const Comparison = differential.Comparison;
const Sensor = differential.Sensor;

/// A kernel compiled as the tests are, with safety checks: those that this machine chooses from have none.
fn checked(comptime name: []const u8, comptime lanes: type) dispatch.Kernel {
    const functions = struct {
        fn decode(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
            return Evt3(lanes).decode(state, input[0..count], output);
        }
    };
    return .{ .name = name, .decode = functions.decode };
}

const checked_kernels = [_]dispatch.Kernel{checked("16 lanes, checked", @import("lanes.zig"))} ++ wide_kernels;

/// Without AVX-512, plain loops do what its instructions would. LLVM for WebAssembly fails on them.
const wide_kernels = if (builtin.cpu.arch.isWasm())
    [_]dispatch.Kernel{}
else
    [_]dispatch.Kernel{checked("32 lanes, checked", @import("lanes_avx512.zig"))};

/// This machine's kernels and the checked ones.
pub const Tested = struct {
    memory: [dispatch.known.len + checked_kernels.len]dispatch.Kernel = undefined,

    pub fn kernels(tested: *Tested) []const dispatch.Kernel {
        const available = dispatch.available();
        @memcpy(tested.memory[0..checked_kernels.len], &checked_kernels);
        @memcpy(tested.memory[checked_kernels.len..][0..available.len], available);
        return tested.memory[0 .. checked_kernels.len + available.len];
    }
};

/// One call of every kernel. With all the room there is, all words are decoded.
pub fn expectEqual(comparison: *Comparison, width: u16, room: Comparison.Rooms, words: []const u16) !void {
    var tested: Tested = .{};
    for (tested.kernels()) |*kernel| {
        var expected: State = .init(width, 720);
        var actual: State = .init(width, 720);
        const decoded = try comparison.step(kernel, room, words, &expected, &actual);
        if (std.meta.eql(room, .{})) try std.testing.expectEqual(words.len, decoded);
    }
}

test "every kernel equals the specification" {
    // On an emulated processor the build names the kernel that must be the best, so that none is left out silently.
    if (std.c.getenv("NEUROMORPHIC_DRIVERS_EXPECTED_KERNEL")) |expected| {
        try std.testing.expectEqualStrings(std.mem.span(expected), dispatch.available()[0].name);
    }
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var tested: Tested = .{};
    for (tested.kernels()) |*kernel| {
        for (0..600) |seed| {
            errdefer std.debug.print("seed {d}\n", .{seed});
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var words: [2000]u16 = undefined;
            // Mostly long enough for the loops of their kind of scene to begin, and to end.
            const length = if (random.boolean()) words.len else random.intRangeAtMost(usize, 1, words.len);
            const sensor: Sensor = .draw(random);
            differential.fill(std.enums.fromInt(differential.Stream, seed % 3).?, random, sensor, words[0..length]);
            try comparison.run(kernel, random, sensor, words[0..length]);
        }
    }
}

test "many bases are no scene full of vectors where the row is beyond the sensor" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    const bases: [400]u16 = @splat(0x3000);
    const times: [64]u16 = @splat(0x8001);
    inline for (.{ 0x8001, 0x0320 }) |time_or_row_beyond| {
        inline for (.{ 0x2005, 0x4fff }) |pixels| {
            const many: [64]u16 = @splat(pixels);
            try expectEqual(&comparison, 1280, .{}, &([_]u16{ 0x8001, time_or_row_beyond } ++ bases ++ many ++ times));
        }
    }
}

test "rows between many bases are counted once" {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    const bases: [100]u16 = @splat(0x3000);
    const row = [_]u16{0x0010} ++ bases;
    for ([_]u16{ 1280, 2048 }) |width| {
        try expectEqual(&comparison, width, .{}, &([_]u16{0x8001} ++ row ++ row ++ row ++ row ++ row ++ row));
    }
}

test "a flash ends where rows, the sensor, the room or the words do" {
    const group = [_]u16{ 0x4fff, 0x4fff, 0x50ff };
    var buffer: [2000]u16 = undefined;
    var words: std.ArrayList(u16) = .initBuffer(&buffer);
    words.appendSliceAssumeCapacity(&.{ 0x8001, 0x6001 });
    for (0..60) |y| {
        words.appendSliceAssumeCapacity(&.{ @intCast(y), 0x3000 });
        for (0..7) |_| words.appendSliceAssumeCapacity(&group);
    }
    words.appendSliceAssumeCapacity(&.{ 0x6002, 0x0040, 0x3000 });
    for (0..70) |_| words.appendSliceAssumeCapacity(&group);
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    // The last row crosses all edges.
    for ([_]u16{ 1000, 1280, 2047, 2048 }) |width| {
        for ([_]usize{ 9_000, 12_003, 12_040, 64 * 1024 }) |room| {
            for ([_]usize{ words.items.len, words.items.len - 150, words.items.len - 151 }) |length| {
                try expectEqual(&comparison, width, .{ .events = room }, words.items[0..length]);
            }
        }
    }
}
