//! A decoder of a made-up format that has events of every kind, for tests of what lies between decoders and programs:
//! the supported cameras send only two of the kinds. A stream is made of records, packed and little-endian:
//!
//!     kind u8, then the kind's columns in order                         an event
//!     kind u8 = frame, then its columns, then width x height pixels     a frame; its pixel_offset means nothing
//!     0xff, then bytes u32, silence_us u32                              bytes that were lost here

const std = @import("std");
const abi = @import("../../abi.zig");
const kinds = @import("../../kinds.zig");
const Packet = @import("../packet.zig").Packet;

const loss_mark = 0xff;

/// Decodes whole records until they or the room are used up, and reports what came of it.
pub fn decode(input: []const u8, packet: *Packet, report: *abi.Report) void {
    report.clear();
    var gaps: usize = 0;
    var rest = input;
    while (rest.len > 0) {
        if (rest[0] == loss_mark) {
            const bytes: f64 = @floatFromInt(std.mem.bytesToValue(u32, rest[1..5]));
            const silence_us: f64 = @floatFromInt(std.mem.bytesToValue(u32, rest[5..9]));
            rest = rest[9..];
            report.gap[gaps] = .{
                .index = packet.counts(),
                .byte_index = @floatFromInt(input.len - rest.len),
                .transfers = 1,
                .bytes = bytes,
                .silence_us = silence_us,
                .jump_us = 0,
            };
            gaps += 1;
            report.dropped_transfers += 1;
            report.dropped_bytes += bytes;
        } else {
            const length = decodeEvent(rest, packet, report) orelse break;
            rest = rest[length..];
        }
    }
    report.events = packet.counts();
    report.gaps = @floatFromInt(gaps);
    report.consumed_bytes = @floatFromInt(input.len - rest.len);
    report.bytes = report.consumed_bytes;
}

/// Returns the length of the record; null where it does not fit.
fn decodeEvent(record: []const u8, packet: *Packet, report: *abi.Report) ?usize {
    const kind: kinds.Kind = @fromBackingInt(record[0]);
    switch (kind) {
        inline .polarity, .trigger, .imu => |tag| {
            const Columns = kinds.Columns(tag);
            const event = eventOf(Columns, record[1..]);
            if (!kinds.append(packet.columns(tag), event)) return null;
            report.current_time = event.t;
            return 1 + kinds.bytesPerEvent(Columns);
        },
        .frame => {
            var frame = eventOf(kinds.Frame, record[1..]);
            const start = 1 + kinds.bytesPerEvent(kinds.Frame);
            const size: usize = if (frame.format == @backingInt(kinds.FrameFormat.gray8)) 1 else 2;
            const pixels = record[start..][0 .. size * frame.width * frame.height];
            // The next frame's pixels begin at a multiple of 8 again.
            const used = std.mem.alignForward(usize, pixels.len, 8);
            const columns = &packet.pixel;
            if (columns.capacity - columns.count < used or packet.frame.count == packet.frame.capacity) return null;
            frame.pixel_offset = @intCast(columns.count);
            @memcpy(columns.byte[columns.count..][0..pixels.len], pixels);
            columns.count += used;
            report.current_time = frame.t;
            std.debug.assert(kinds.append(&packet.frame, frame));
            return start + pixels.len;
        },
        .pixel => unreachable, // No record is one: pixels come with their frames.
    }
}

/// An event of a kind, a field for each column.
fn Event(comptime Columns: type) type {
    const names = kinds.columnNames(Columns);
    var types: [names.len]type = undefined;
    for (names, &types) |name, *Field| Field.* = kinds.Element(Columns, name);
    return @Struct(.auto, null, names, &types, &@splat(.{}));
}

fn eventOf(comptime Columns: type, bytes: []const u8) Event(Columns) {
    var event: Event(Columns) = undefined;
    var rest = bytes;
    inline for (comptime kinds.columnNames(Columns)) |name| {
        const Element = kinds.Element(Columns, name);
        @field(event, name) = std.mem.bytesToValue(Element, rest[0..@sizeOf(Element)]);
        rest = rest[@sizeOf(Element)..];
    }
    return event;
}
