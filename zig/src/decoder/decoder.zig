//! One decoder for all formats: cuts bytes into words, carries the rest of a cut word to the next call,
//! and hands whole words to the format's own decoder (for EVT3: to the best kernel for this CPU).

const std = @import("std");
const abi = @import("../abi.zig");
const dispatch = @import("kernels/dispatch.zig");
const evt3 = struct {
    const State = @import("evt3/state.zig").State;
    const decodeWithoutOutput = @import("evt3/decode.zig").decodeWithoutOutput;
};
const evt2 = struct {
    const State = @import("evt2/state.zig").State;
    const decode = @import("evt2/decode.zig").decode;
    const decodeWithoutOutput = @import("evt2/decode.zig").decodeWithoutOutput;
};
const evt21 = @import("evt21/decode.zig");
const evt4 = struct {
    const State = @import("evt4/state.zig").State;
    const decode = @import("evt4/decode.zig").decode;
    const decodeWithoutOutput = @import("evt4/decode.zig").decodeWithoutOutput;
};
const snapshot = @import("snapshot.zig");
const statistics_module = @import("statistics.zig");

pub const Capacities = @import("packet.zig").Capacities;
pub const Packet = @import("packet.zig").Packet;
pub const byteLength = @import("packet.zig").byteLength;

pub const Surface = @import("surface.zig").Surface;
const Output = @import("output.zig").Output;

/// False where the environment asks for a kernel that is not available.
pub fn available() bool {
    return dispatch.selected() != null;
}

/// The kernels as JSON.
pub const describe = dispatch.describe;

/// After a longer pause the words alone do not tell the sensor's time, µs.
pub fn halfWrapUs(format: abi.Format) u64 {
    return switch (format) {
        .evt3 => evt3.State.Time.half_wrap_us,
        .evt2, .evt21, .evt21_legacy => evt2.State.Time.half_wrap_us,
        .evt4 => evt4.State.Time.half_wrap_us,
    };
}

pub const Decoder = struct {
    kernel: *const dispatch.Kernel,
    state: State,
    /// First bytes of a word, the rest of which has not come yet.
    partial: [8]u8 = undefined,
    partial_length: usize = 0,

    const State = union(abi.Format) {
        evt3: evt3.State,
        evt2: evt2.State,
        evt21: evt2.State,
        evt21_legacy: evt2.State,
        evt4: evt4.State,
    };

    /// Runs the selected kernel (the scalar one where the selected one cannot run: see `available`).
    /// Width and height are from 1 to 2048.
    pub fn init(format: abi.Format, width: u32, height: u32) Decoder {
        return initKernel(dispatch.selected() orelse dispatch.scalar, format, width, height);
    }

    pub fn initKernel(kernel: *const dispatch.Kernel, format: abi.Format, width: u32, height: u32) Decoder {
        return .{ .kernel = kernel, .state = switch (format) {
            inline else => |tag| @unionInit(State, @tagName(tag), .init(@intCast(width), @intCast(height))),
        } };
    }

    /// The bytes are a file's: the sensor's time is followed where it jumps ahead (see `sensor_time.zig`).
    pub fn followJumps(decoder: *Decoder) void {
        switch (decoder.state) {
            inline else => |*state| state.time.follows_jumps = true,
        }
    }

    /// Whether all of its events lie within a picture of this size.
    pub fn fits(decoder: *const Decoder, width: u32, height: u32) bool {
        return switch (decoder.state) {
            inline else => |*state| state.width <= width and state.height <= height,
        };
    }

    /// With this much room every word makes progress.
    pub fn minimumCapacities(_: *const Decoder) Capacities {
        return .{ 16, 1, 0, 0, 0 }; // a VECT_12 of EVT3, a trigger
    }

    /// Decodes until the input or the room is used up, and returns the bytes consumed. An incomplete word at the end is
    /// consumed and kept. A picture of the packet must have room for all pixels of the sensor (see `fits`).
    pub fn decode(decoder: *Decoder, input: []const u8, packet: *Packet) usize {
        decoder.stopAtJumps(false);
        return decoder.decodePart(input, packet);
    }

    pub const UntilJump = struct {
        consumed: usize,
        /// Time that is missing where the sensor's clock has jumped, µs; 0 where it has started again. Null where it
        /// has done neither.
        jump_us: ?u64,
    };

    /// As `decode`, but ends behind a time word with which the sensor's clock jumps.
    pub fn decodeUntilJump(decoder: *Decoder, input: []const u8, packet: *Packet) UntilJump {
        decoder.stopAtJumps(true);
        const jumps = decoder.jumped().jumps;
        const consumed = decoder.decodePart(input, packet);
        const now = decoder.jumped();
        return .{ .consumed = consumed, .jump_us = if (now.jumps == jumps) null else now.missing_us };
    }

    fn stopAtJumps(decoder: *Decoder, stop: bool) void {
        switch (decoder.state) {
            inline else => |*state| state.time.stops_at_jumps = stop,
        }
    }

    const Jumped = struct { jumps: u64, missing_us: u64 };

    fn jumped(decoder: *const Decoder) Jumped {
        return switch (decoder.state) {
            inline else => |*state| .{ .jumps = state.time.jumps, .missing_us = state.time.missingUs() },
        };
    }

    fn decodePart(decoder: *Decoder, input: []const u8, packet: *Packet) usize {
        const jumps = decoder.jumped().jumps;
        const output = &packet.events;
        const size = decoder.wordSize();
        var consumed: usize = 0;
        if (decoder.partial_length > 0) {
            const missing = size - decoder.partial_length;
            if (input.len < missing) return decoder.keep(input);
            @memcpy(decoder.partial[decoder.partial_length..][0..missing], input[0..missing]);
            if (decoder.decodeWords(&decoder.partial, 1, output) == 0) return 0;
            decoder.partial_length = 0;
            consumed = missing;
            if (decoder.jumped().jumps != jumps) return consumed;
        }
        const count = (input.len - consumed) / size;
        const decoded = decoder.decodeWords(input.ptr + consumed, count, output);
        consumed += decoded * size;
        if (decoded == count and decoder.jumped().jumps == jumps) consumed += decoder.keep(input[consumed..]);
        return consumed;
    }

    /// Decodes without output, to discard a backlog: follows time, row and counters of the input. The totals of events
    /// and triggers stay as they are, since none were handed out.
    pub fn decodeWithoutOutput(decoder: *Decoder, input: []const u8) void {
        const size = decoder.wordSize();
        var rest = input;
        if (decoder.partial_length > 0) {
            const missing = size - decoder.partial_length;
            if (rest.len < missing) {
                _ = decoder.keep(rest);
                return;
            }
            @memcpy(decoder.partial[decoder.partial_length..][0..missing], rest[0..missing]);
            decoder.followWords(&decoder.partial, 1);
            decoder.partial_length = 0;
            rest = rest[missing..];
        }
        const count = rest.len / size;
        decoder.followWords(rest.ptr, count);
        _ = decoder.keep(rest[count * size ..]);
    }

    /// Bytes were lost between the last input and the next one, which came `elapsed_us` later.
    pub fn lose(decoder: *Decoder, elapsed_us: u64) void {
        decoder.partial_length = 0;
        switch (decoder.state) {
            inline else => |*state| state.lose(elapsed_us),
        }
    }

    /// Nothing was received for `elapsed_us`, as the program or its machine stood still: where the sensor's clock jumps
    /// then, the host's tells how often it has wrapped.
    pub fn pause(decoder: *Decoder, elapsed_us: u64) void {
        switch (decoder.state) {
            inline else => |*state| state.time.pause(elapsed_us),
        }
    }

    /// The sensor's clock, µs; NaN before the first TIME_HIGH.
    pub fn currentTime(decoder: *const Decoder) f64 {
        return switch (decoder.state) {
            inline else => |*state| if (state.time.clock == .unset) std.math.nan(f64) else state.t(),
        };
    }

    /// What no camera that works sends, counted since the decoder was made or reset.
    pub const Faults = struct { time_discontinuities: u64, out_of_sensor: u64 };

    pub fn faults(decoder: *const Decoder) Faults {
        return switch (decoder.state) {
            inline else => |*state| .{
                .time_discontinuities = state.time.discontinuities,
                .out_of_sensor = state.out_of_sensor,
            },
        };
    }

    /// Tells the clock, the rate controller's counts, and the faults that came after those given.
    pub fn tell(decoder: *const Decoder, before: Faults, report: *abi.Report) void {
        const now = decoder.faults();
        report.current_time = decoder.currentTime();
        report.time_discontinuities = statistics_module.float(now.time_discontinuities - before.time_discontinuities);
        report.out_of_sensor = statistics_module.float(now.out_of_sensor - before.out_of_sensor);
        switch (decoder.state) {
            inline else => |*state| {
                report.rate_controller_input = statistics_module.counter(state.events_in);
                report.rate_controller_output = statistics_module.counter(state.events_out);
            },
        }
    }

    /// Back to the beginning: state and totals.
    pub fn reset(decoder: *Decoder) void {
        decoder.partial_length = 0;
        switch (decoder.state) {
            inline else => |*state| {
                const follows_jumps = state.time.follows_jumps;
                state.* = .init(state.width, state.height);
                state.time.follows_jumps = follows_jumps;
            },
        }
    }

    /// Bytes that `save` writes.
    pub fn snapshotLength(decoder: *const Decoder) usize {
        return switch (decoder.state) {
            inline else => |*state| snapshot.length(@TypeOf(state.*)),
        };
    }

    /// Writes all that the decoder knows, into `snapshotLength` bytes.
    pub fn save(decoder: *const Decoder, bytes: []u8) void {
        switch (decoder.state) {
            inline else => |*state, format| snapshot.save(format, state, decoder.partial[0..decoder.partial_length], bytes),
        }
    }

    /// Goes on where a decoder was when it was saved. False, and nothing changed, where that one was made otherwise, or
    /// where the bytes are none that this version writes.
    pub fn restore(decoder: *Decoder, bytes: []const u8) bool {
        const partial = switch (decoder.state) {
            inline else => |*state, format| snapshot.restore(format, state, decoder.wordSize(), bytes) orelse return false,
        };
        decoder.partial = partial.bytes;
        decoder.partial_length = partial.length;
        return true;
    }

    pub fn statistics(decoder: *const Decoder, out: *abi.DecoderStatistics) void {
        switch (decoder.state) {
            .evt3 => |*state| statistics_module.ofEvt3(state, out),
            .evt2 => |*state| statistics_module.ofEvt2(state, &out.address_x_words, out),
            .evt21, .evt21_legacy => |*state| statistics_module.ofEvt2(state, &out.vector_words, out),
            .evt4 => |*state| statistics_module.ofEvt4(state, out),
        }
    }

    /// Bytes of a word.
    pub fn wordSize(decoder: *const Decoder) usize {
        return switch (decoder.state) {
            .evt3 => 2,
            .evt2, .evt4 => 4,
            .evt21, .evt21_legacy => 8,
        };
    }

    fn keep(decoder: *Decoder, bytes: []const u8) usize {
        @memcpy(decoder.partial[decoder.partial_length..][0..bytes.len], bytes);
        decoder.partial_length += bytes.len;
        return bytes.len;
    }

    fn decodeWords(decoder: *Decoder, bytes: [*]const u8, count: usize, output: *Output) usize {
        return switch (decoder.state) {
            .evt3 => |*state| decoder.kernel.decode(state, @ptrCast(bytes), count, output),
            .evt2 => |*state| evt2.decode(state, words(u32, bytes, count), output),
            .evt21 => |*state| evt21.decode(.little, state, words(u64, bytes, count), output),
            .evt21_legacy => |*state| evt21.decode(.legacy, state, words(u64, bytes, count), output),
            .evt4 => |*state| evt4.decode(state, words(u32, bytes, count), output),
        };
    }

    fn followWords(decoder: *Decoder, bytes: [*]const u8, count: usize) void {
        switch (decoder.state) {
            .evt3 => |*state| evt3.decodeWithoutOutput(state, words(u16, bytes, count)),
            .evt2 => |*state| evt2.decodeWithoutOutput(state, words(u32, bytes, count)),
            .evt21 => |*state| evt21.decodeWithoutOutput(.little, state, words(u64, bytes, count)),
            .evt21_legacy => |*state| evt21.decodeWithoutOutput(.legacy, state, words(u64, bytes, count)),
            .evt4 => |*state| evt4.decodeWithoutOutput(state, words(u32, bytes, count)),
        }
    }
};

/// Every target of this library is little-endian, as the words are.
fn words(comptime Word: type, bytes: [*]const u8, count: usize) []align(1) const Word {
    return @as([*]align(1) const Word, @ptrCast(bytes))[0..count];
}
