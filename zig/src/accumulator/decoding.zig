//! Bytes straight into a picture. The kernels of EVT3 put events into it (`../decoder/surface.zig`). What they leave to the
//! columns, as the picture does not take its time, goes on from there, and so do all events of other decoders: the
//! columns are so short that they stay in the cache.

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

/// Bytes of one call of the decoder: once a picture has not taken a time, the rest of them goes through columns. The first
/// words of a call choose a loop for the others.
const most_at_once = 128 * 1024;

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
        var surface = if (fits) accumulator.surface() else null;
        var packet: Packet = .of(.{
            .polarity = kinds.columnsAt(kinds.Polarity, &staging.memory, capacity),
            .trigger = triggers.*,
            .surface = if (surface) |*picture| picture else null,
        });
        consumed += decoder.decode(input[consumed..@min(consumed + most_at_once, input.len)], &packet);
        triggers.count = packet.events.trigger.count;
        if (surface) |*picture| added.plus(.{ .events = picture.events, .on_events = picture.on_events });
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
