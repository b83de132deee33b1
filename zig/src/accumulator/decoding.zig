//! Bytes straight into a picture: a decoder writes events into columns so short that they stay in the cache, and they go
//! on from there. Where most words of EVT3 are vectors, it stores their pixels in the picture at once. The README tells
//! why that is quicker than to look at words one by one.

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

/// Bytes that go through columns until it is looked for vectors: fewest after many were painted, and then twice as many
/// each time.
const fewest_by_columns = 256;
const most_by_columns = 32 * 1024;

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
        const part = @max(accumulator.by_columns, fewest_by_columns);
        const vectors_before = decoder.vectorWords();
        const decoded = decoder.decode(input[consumed..@min(consumed + part, input.len)], &packet);
        consumed += decoded;
        triggers.count = packet.events.trigger.count;
        const events = packet.events.polarity;
        added.plus(accumulator.addDecoded(.{
            .t = events.t,
            .x = events.x,
            .y = events.y,
            .on = events.on,
            .count = events.count,
        }, fits));
        accumulator.by_columns = @min(2 * part, most_by_columns);
        // Half of the words, which have two bytes.
        if (fits and 4 * (decoder.vectorWords() - vectors_before) > decoded) {
            const painted = accumulator.paint(decoder, input[consumed..], added);
            consumed += painted;
            if (painted >= fewest_by_columns) accumulator.by_columns = fewest_by_columns;
        }
        // A decoder that has room ends at a jump of the time, too, or where the triggers have no more room.
        if (consumed == input.len or triggers.count == triggers.capacity) return consumed;
    }
}
