//! Straight into a picture: every kernel gives the picture, the counts and the decoder's state of the
//! scalar decoder's columns, on random words and on scenes full of vectors.

const std = @import("std");
const accumulator_module = @import("accumulator.zig");
const decoder_module = @import("../decoder/decoder.zig");
const decoding = @import("decoding.zig");
const differential = @import("../decoder/testing/differential.zig");
const dispatch = @import("../decoder/kernels/dispatch.zig");
const kinds = @import("../kinds.zig");
const expectSame = @import("decoding_test.zig").expectSame;
const Accumulator = accumulator_module.Accumulator;
const Added = accumulator_module.Added;
const Decoder = decoder_module.Decoder;
const Packet = decoder_module.Packet;
const Tested = @import("../decoder/kernels/differential_test.zig").Tested;
const testing = std.testing;

const Way = struct {
    accumulator: Accumulator,
    decoder: Decoder,
    added: Added = .{},
    triggers: usize = 0,

    fn init(kernel: *const dispatch.Kernel, sensor: differential.Sensor, options: accumulator_module.Options) !Way {
        return .{
            .accumulator = try .init(testing.allocator, options),
            .decoder = .initKernel(kernel, .evt3, sensor.width, sensor.height),
        };
    }

    fn deinit(way: *Way) void {
        way.accumulator.deinit(testing.allocator);
    }

    fn add(way: *Way, staging: *decoding.Staging, bytes: []const u8) !void {
        var consumed: usize = 0;
        while (consumed < bytes.len) {
            var memory: [10 * 64]u8 align(8) = undefined;
            var triggers = kinds.columnsAt(kinds.Trigger, &memory, 64);
            consumed += decoding.decode(&way.accumulator, &way.decoder, staging, bytes[consumed..], &triggers, &way.added);
            way.triggers += triggers.count;
        }
    }
};

fn drawOptions(random: std.Random, sensor: differential.Sensor) accumulator_module.Options {
    return .{
        .width = sensor.width + random.uintAtMost(u32, 3),
        .height = sensor.height + random.uintAtMost(u32, 3),
        .kept = switch (random.uintLessThan(u8, 4)) {
            0, 1 => .last_events,
            2 => .{ .counts = .{ .bins = 1, .bin_us = std.math.inf(f64) } },
            else => .{ .counts = .{ .bins = random.intRangeAtMost(u32, 1, 4), .bin_us = 1000 } },
        },
    };
}

test "events go into a picture as a whole" {
    const staging = try testing.allocator.create(decoding.Staging);
    defer testing.allocator.destroy(staging);
    var words: [3001]u16 = undefined;
    var tested: Tested = .{};
    // Single events, few and many pixels of vectors.
    for ([_]u16{ 0x2805, 0x4001, 0x4fff }) |pixels| {
        words[0] = 0x0001;
        for (words[1..], 0..) |*word, index| word.* = switch (index % 30) {
            0 => 0x6000 | @as(u16, @intCast(index / 30)),
            1 => @intCast(index / 30),
            2 => 0x3800,
            else => pixels,
        };
        for (tested.kernels()) |*kernel| {
            if (kernel.decode == dispatch.scalar.decode) continue;
            for ([_]accumulator_module.Options{
                .{ .width = 1280, .height = 720, .kept = .last_events },
                .{ .width = 1280, .height = 720, .kept = .{ .counts = .{ .bins = 2, .bin_us = 1000 } } },
            }) |options| {
                errdefer std.debug.print("kernel {s}, pixels {x}, {t}\n", .{ kernel.name, pixels, options.kept });
                var way: Way = try .init(kernel, .usual, options);
                defer way.deinit();
                try way.add(staging, std.mem.sliceAsBytes(&[_]u16{ 0x8001, 0x6000, 0x0002, 0x2003 }));
                var surface = way.accumulator.surface().?;
                var triggers: [80]u8 align(8) = undefined;
                var packet: Packet = .of(.{
                    .polarity = kinds.columnsAt(kinds.Polarity, &staging.memory, decoding.capacity),
                    .trigger = kinds.columnsAt(kinds.Trigger, &triggers, 8),
                    .surface = &surface,
                });
                const events = way.decoder.state.evt3.events;
                try testing.expectEqual(2 * words.len, way.decoder.decode(std.mem.sliceAsBytes(&words), &packet));
                try testing.expectEqual(0, packet.events.polarity.count);
                try testing.expectEqual(way.decoder.state.evt3.events - events, surface.events);
            }
        }
    }
}

test "vectors of a later bin are counted there, in scenes of few and of many pixels" {
    const staging = try testing.allocator.create(decoding.Staging);
    defer testing.allocator.destroy(staging);
    const options: accumulator_module.Options = .{
        .width = 1280,
        .height = 720,
        .kept = .{ .counts = .{ .bins = 2, .bin_us = 1000 } },
    };
    var tested: Tested = .{};
    for ([_]u16{ 0x4001, 0x4fff }) |vector| {
        var words: [6000]u16 = undefined;
        words[0] = 0x8001;
        for (words[1..], 0..) |*word, index| word.* = switch (index % 60) {
            0 => 0x6000 | @as(u16, @intCast(40 * (index / 60))),
            1 => @intCast(index / 60),
            2 => 0x3800,
            else => if (index % 3 == 2) 0x5000 | (vector & 0xff) else vector,
        };
        var columns: Way = try .init(dispatch.scalar, .usual, options);
        defer columns.deinit();
        try columns.add(staging, std.mem.sliceAsBytes(&words));
        for (tested.kernels()) |*kernel| {
            errdefer std.debug.print("kernel {s}, vectors {x}\n", .{ kernel.name, vector });
            var straight: Way = try .init(kernel, .usual, options);
            defer straight.deinit();
            try straight.add(staging, std.mem.sliceAsBytes(&words));
            try expectSame(&columns.accumulator, &straight.accumulator);
        }
    }
}

test "every kernel gives the picture of columns" {
    const staging = try testing.allocator.create(decoding.Staging);
    defer testing.allocator.destroy(staging);
    const words = try testing.allocator.alloc(u16, 20_000);
    defer testing.allocator.free(words);
    var tested: Tested = .{};
    for (tested.kernels()) |*kernel| {
        for (0..60) |seed| {
            errdefer std.debug.print("kernel {s}, seed {d}\n", .{ kernel.name, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            const sensor: differential.Sensor = .draw(random);
            const options = drawOptions(random, sensor);
            var columns: Way = try .init(dispatch.scalar, sensor, options);
            defer columns.deinit();
            var straight: Way = try .init(kernel, sensor, options);
            defer straight.deinit();
            const stream = words[0..random.intRangeAtMost(usize, 1, words.len)];
            differential.fill(std.enums.fromInt(differential.Stream, seed % 3).?, random, sensor, stream);
            var rest: []const u8 = std.mem.sliceAsBytes(stream);
            while (rest.len > 0) {
                const part = rest[0..random.intRangeAtMost(usize, 1, rest.len)];
                try columns.add(staging, part);
                try straight.add(staging, part);
                rest = rest[part.len..];
            }
            try testing.expectEqual(columns.added, straight.added);
            try testing.expectEqual(columns.triggers, straight.triggers);
            try testing.expectEqual(columns.decoder.state, straight.decoder.state);
            try expectSame(&columns.accumulator, &straight.accumulator);
        }
    }
}
