//! The kernels on the beginnings of streams: state, counters and output after every word, not only where a stream ends.

const std = @import("std");
const specification = @import("../evt3/decode.zig").decodePlainly;
const support = @import("../testing/test_support.zig");
const State = @import("../evt3/state.zig").State;
const Tested = @import("differential_test.zig").Tested;
const Room = support.Room;

/// Decodes the first n words in one call, for each n from the given one on, and compares with the specification.
fn expectEqualPrefixes(expected: *Room, actual: *Room, words: []const u16, first: usize) !void {
    var tested: Tested = .{};
    for (tested.kernels()) |*kernel| {
        expected.clear();
        var expected_state: State = .init(1280, 720);
        for (0..words.len + 1) |length| {
            if (length > 0) {
                const decoded = specification(&expected_state, words[length - 1 .. length], &expected.output);
                try std.testing.expectEqual(1, decoded);
            }
            if (length < first) continue;
            errdefer std.debug.print("kernel {s}, the first {d} of words {any}\n", .{ kernel.name, length, words });
            var state: State = .init(1280, 720);
            actual.startAt(0, 0, expected.output.polarity.count);
            try std.testing.expectEqual(length, kernel.decode(&state, words.ptr, length, &actual.output));
            try std.testing.expectEqual(expected_state, state);
            try actual.checkCanaries();
            if (!expected.equals(actual)) return error.EventsDiffer;
        }
    }
}

test "state and output after every word equal the specification's" {
    var expected: Room = try .init(std.testing.allocator, 12 * 1024, 1024);
    defer expected.deinit();
    var actual: Room = try .init(std.testing.allocator, 12 * 1024, 1024);
    defer actual.deinit();
    for (std.enums.values(support.Grammar.Scene)) |scene| {
        for (0..6) |seed| {
            errdefer std.debug.print("scene {t}, seed {d}\n", .{ scene, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            var grammar: support.Grammar = .initScene(prng.random(), .usual, scene);
            // The loops for vectors only begin after some hundred words.
            const first: usize, const length: usize = if (scene == .any) .{ 0, 240 } else .{ 640, 700 };
            var words: [700]u16 = undefined;
            grammar.fill(words[0..length]);
            try expectEqualPrefixes(&expected, &actual, words[0..length], first);
        }
    }
}
