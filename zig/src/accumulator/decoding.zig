//! Bytes straight into a picture: a decoder writes events into columns so short that they stay in the cache, and they go
//! on from there. The README tells why that is quicker than to look at words one by one.

const std = @import("std");
const accumulator_module = @import("accumulator.zig");
const decoder_module = @import("../decoder/decoder.zig");
const kinds = @import("../kinds.zig");
const Accumulator = accumulator_module.Accumulator;
const Added = accumulator_module.Added;
const Decoder = decoder_module.Decoder;
const Packet = decoder_module.Packet;

/// How many events the columns have room for: as few as stay in a processor's second cache, and as many as make the end of
/// the room rare, where decoders are slow.
pub const capacity = 16 * 1024;

/// The short columns.
pub const Staging = struct {
    memory: [kinds.bytesPerEvent(kinds.Polarity) * capacity]u8 align(64),
};

/// Decodes until the input or the room for triggers is used up, and adds the events. Returns the bytes consumed.
pub fn decode(
    accumulator: *Accumulator,
    decoder: *Decoder,
    staging: *Staging,
    input: []const u8,
    triggers: *kinds.Trigger,
    added: *Added,
) usize {
    const fits = decoder.fits(accumulator.width(), accumulator.height());
    var consumed: usize = 0;
    while (true) {
        const polarity = kinds.columnsAt(kinds.Polarity, &staging.memory, capacity);
        var packet: Packet = .of(.{ .polarity = polarity, .trigger = triggers.* });
        consumed += decoder.decode(input[consumed..], &packet);
        triggers.count = packet.events.trigger.count;
        const events = packet.events.polarity;
        added.plus(accumulator.addDecoded(.{
            .t = events.t,
            .x = events.x,
            .y = events.y,
            .on = events.on,
            .count = events.count,
        }, fits));
        // A decoder that has room ends at a jump of the time, too, or where the triggers have no more room.
        if (consumed == input.len or triggers.count == triggers.capacity) return consumed;
    }
}
