//! The consumer of the stress program: reads raw or decoded, slowly or fast, and discards now and then. It checks that
//! the camera's numbers come in order, and that as many are missing as are reported lost.

const std = @import("std");
const abi = @import("../../abi.zig");
const clock = @import("../../system/clock.zig");
const decoder_api = @import("../../api/decoder_api.zig");
const stream_api = @import("../../api/stream_api.zig");

const io = clock.io;
const ok = abi.Status.ok.code();

pub const Consumer = struct {
    stream: u32,
    /// 0: it reads raw packets.
    decoder: u32 = 0,
    prng: std.Random.DefaultPrng,
    failure: ?anyerror = null,
    /// The number that comes next.
    next: u64 = 0,
    read_bytes: u64 = 0,
    raw_packets: u64 = 0,
    dropped_bytes: u64 = 0,
    dropped_transfers: u64 = 0,

    pub fn init(stream: u32, seed: u64, decodes: bool) !Consumer {
        var consumer: Consumer = .{ .stream = stream, .prng = .init(seed) };
        const options: abi.DecoderOptions = .{ .format = 0, .width = 1280, .height = 720, .is_file = 0 };
        if (decodes and decoder_api.create(&options, &consumer.decoder) != ok) return error.NoDecoder;
        return consumer;
    }

    pub fn deinit(consumer: *Consumer) void {
        if (consumer.decoder != 0) _ = decoder_api.destroy(consumer.decoder);
    }

    pub fn run(consumer: *Consumer) void {
        const random = consumer.prng.random();
        while (true) {
            if (stream_api.wait(consumer.stream, 20) < 0) return; // closed
            if (random.uintLessThan(u32, 4) == 0) {
                std.Io.sleep(io, .fromMicroseconds(random.uintLessThan(u32, 3000)), .awake) catch {};
            }
            const status = consumer.readOnce(random) catch |failure| {
                consumer.failure = failure;
                return;
            };
            if (status != ok) return; // ended, or closed
        }
    }

    fn readOnce(consumer: *Consumer, random: std.Random) !i32 {
        var report: abi.Report = undefined;
        if (random.uintLessThan(u32, 16) == 0) {
            const status = stream_api.clearBacklog(consumer.stream, consumer.decoder, random.uintLessThan(u32, 3), &report);
            if (status >= 0) {
                consumer.count(report);
                consumer.next += @intFromFloat((report.bytes + report.dropped_bytes) / 8);
            }
            return status;
        }
        const maximum = random.uintLessThan(u32, 4);
        if (consumer.decoder != 0) {
            var columns: [13 * 64 + 10 * 8]u8 align(8) = undefined;
            const room: abi.ReadOptions = .{
                .capacity = .{ 64, 8, 0, 0, 0 },
                .maximum_raw_packets = @floatFromInt(maximum),
            };
            const status = stream_api.read(consumer.stream, consumer.decoder, &columns, &room, &report);
            if (status >= 0) consumer.count(report);
            return status;
        }
        var buffer: [16384]u8 = undefined;
        const status = stream_api.readRaw(consumer.stream, &buffer, buffer.len, maximum, &report);
        if (status < 0) return status;
        consumer.count(report);
        var missing: u64 = 0;
        const length: usize = @intFromFloat(report.bytes);
        for (0..length / 8) |index| {
            const number = std.mem.readInt(u64, buffer[8 * index ..][0..8], .little);
            if (number < consumer.next) return error.OutOfOrder;
            missing += number - consumer.next;
            consumer.next = number + 1;
        }
        // After the last loss there are no bytes.
        if (status == ok and 8 * missing != @as(u64, @intFromFloat(report.dropped_bytes))) return error.LossNotReported;
        return status;
    }

    fn count(consumer: *Consumer, report: abi.Report) void {
        consumer.read_bytes += @intFromFloat(report.bytes);
        consumer.raw_packets += @intFromFloat(report.raw_packets);
        consumer.dropped_bytes += @intFromFloat(report.dropped_bytes);
        consumer.dropped_transfers += @intFromFloat(report.dropped_transfers);
    }
};
