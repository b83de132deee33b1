//! Silent words in blocks: they write no event and change neither row nor time. As each of them has a lane, their order
//! costs no branch, and what they say can wait:
//!
//! - They are counted later, many at a time (`count`).
//! - Of the items of OTHERS only the last ones count (`Items`).

const std = @import("std");
const evt3_state = @import("../evt3/state.zig");
const words = @import("../evt3/words.zig");
const State = evt3_state.State;
const Item = evt3_state.Item;

/// Their kinds. Of the columns only those beyond the sensor are silent.
const kinds = [_]words.Kind{
    .address_x, .continued_4, .unused_9, .unused_b, .unused_c, .imu, .others, .continued_12,
};
const column = 0;
const unused_9 = 2;

pub fn Silent(comptime lanes: type) type {
    return struct {
        /// The words before this position are counted.
        counted: usize,
        kinds: [kinds.len]usize = @splat(0),
        /// Of kind 9.
        padding: usize = 0,
        /// TIME_LOWs that went back behind an event.
        held: usize = 0,
        items: Items = .{},

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;
        const where = lanes.where;

        /// Counts the words up to the end of the input. Returns how many silent ones there have been so far, beside
        /// `columns` columns within the sensor.
        pub noinline fn count(silent: *Self, input: []align(1) const u16, columns: usize) usize {
            while (silent.counted < input.len) {
                const most = std.math.maxInt(u16); // as many as a lane can count
                const part = input[silent.counted..][0..@min(most, input.len - silent.counted)];
                silent.countPart(part);
                silent.counted += part.len;
            }
            var all: usize = 0;
            for (silent.kinds) |one| all += one;
            return all - columns;
        }

        fn countPart(silent: *Self, part: []align(1) const u16) void {
            var sums: [kinds.len]Words = @splat(splat(0));
            var padding = splat(0);
            var index: usize = 0;
            while (index + lanes.count <= part.len) : (index += lanes.count) {
                const word: Words = part[index..][0..lanes.count].*;
                const kind = word & splat(0xf000);
                inline for (kinds, &sums) |one, *sum| sum.* +%= ones(kind == splat(words.Word.of(one, 0)));
                padding +%= ones(word == splat(words.padding));
            }
            for (part[index..]) |word| {
                for (kinds, &silent.kinds) |one, *sum| sum.* += @intFromBool(kindOf(word) == one);
                silent.padding += @intFromBool(word == words.padding);
            }
            for (sums, &silent.kinds) |sum, *all| all.* += @reduce(.Add, sum);
            silent.padding += @reduce(.Add, padding);
        }

        inline fn ones(condition: @Vector(lanes.count, bool)) Words {
            return @select(u16, condition, splat(1), splat(0));
        }

        /// `input` are the words up to where the loop ends, with `columns` columns within the sensor. Returns how many
        /// words were silent.
        pub fn giveTo(silent: *Self, state: *State, input: []align(1) const u16, columns: usize) usize {
            const all = silent.count(input, columns);
            silent.kinds[column] -= columns;
            silent.kinds[unused_9] -= silent.padding;
            for (kinds, silent.kinds) |kind, number| state.count(kind, number);
            state.padding_words += silent.padding;
            state.out_of_sensor += silent.kinds[column];
            state.time.discontinuities += silent.held;
            silent.items.giveTo(state, input);
            return all;
        }

        /// What an item says is read where the loop ends:
        ///
        ///     words      X10   E014  F123  F004  7000  Y7    X11   E016  F100  | the loop ends
        ///                      whole                               open
        pub const Items = struct {
            /// Where the last whole ones begin.
            input: ?usize = null,
            output: ?usize = null,

            /// `ends` are the CONTINUED_4 of a block. There must be three words before the block.
            pub inline fn add(items: *Items, input: []align(1) const u16, position: usize, ends: lanes.Bits) void {
                if (ends == 0) return;
                const first: Words = input[position - 3 ..][0..lanes.count].*;
                const second: Words = input[position - 2 ..][0..lanes.count].*;
                const third: Words = input[position - 1 ..][0..lanes.count].*;
                const continued = splat(words.Word.of(.continued_12, 0));
                const is_item = where(second >= continued) & where(third >= continued);
                const is_input = is_item & where(first == splat(words.Word.of(.others, words.rate_controller_input)));
                const is_output = is_item & where(first == splat(words.Word.of(.others, words.rate_controller_output)));
                items.input = later(items.input, position, lanes.bits(is_input) & ends);
                items.output = later(items.output, position, lanes.bits(is_output) & ends);
            }

            inline fn later(before: ?usize, position: usize, ends: lanes.Bits) ?usize {
                const highest = @bitSizeOf(lanes.Bits) - 1 - @as(usize, @clz(ends | 1));
                return if (ends == 0) before else position + highest - 3;
            }

            fn giveTo(items: *const Items, state: *State, input: []align(1) const u16) void {
                for ([_]?usize{ items.input, items.output }) |first| {
                    if (first) |index| _ = state.takeWholeItem(input[index..]);
                }
                state.item = openItem(input);
            }
        };
    };
}

/// The item that the last words have begun; there must be three words.
pub fn openItem(input: []align(1) const u16) Item {
    const first, const second, const third = input[input.len - 3 ..][0..3].*;
    if (kindOf(third) == .others) return .{ .next = .first_12, .sub_type = third & 0xfff };
    if (kindOf(third) != .continued_12) return .{};
    const part = third & 0xfff;
    if (kindOf(second) == .others) return .{ .next = .second_12, .sub_type = second & 0xfff, .payload = part };
    if (kindOf(second) != .continued_12 or kindOf(first) != .others) return .{};
    return .{ .next = .last_4, .sub_type = first & 0xfff, .payload = second & 0xfff | @as(u32, part) << 12 };
}

fn kindOf(word: u16) words.Kind {
    return @as(words.Word, @bitCast(word)).kind;
}
