//! A library for tests: functions that return their arguments, so that `tests/ffi/` can check that each runtime passes
//! every type unchanged, and a decoder of a made-up format with events of every kind.

const abi = @import("abi.zig");
const made_up = @import("decoder/testing/made_up.zig");
const packets = @import("decoder/packet.zig");

export fn nd_echo_u8(value: u8) u8 {
    return value;
}

export fn nd_echo_u16(value: u16) u16 {
    return value;
}

export fn nd_echo_u32(value: u32) u32 {
    return value;
}

export fn nd_echo_i32(value: i32) i32 {
    return value;
}

export fn nd_echo_address(value: usize) usize {
    return value;
}

/// The address of a buffer; 0 for NULL.
export fn nd_echo_buffer(buffer: ?*anyopaque) usize {
    return @intFromPtr(buffer);
}

export fn nd_echo_nothing() void {}

/// More parameters than any calling convention passes in registers, narrow ones among them.
export fn nd_echo_many(
    a: u8,
    b: u16,
    c: u32,
    d: i32,
    e: usize,
    f: u8,
    g: i32,
    h: u16,
    i: usize,
    output: *[9]f64,
) i32 {
    inline for (.{ a, b, c, d, e, f, g, h, i }, output) |value, *element| element.* = @floatFromInt(value);
    return -1;
}

/// As `nd_decoder_decode`, of the made-up format; the decoder's handle means nothing.
export fn nd_made_up_decode(
    _: u32,
    input: [*]const u8,
    input_length: u32,
    columns: [*]align(8) u8,
    options: *const abi.ReadOptions,
    report: *abi.Report,
) i32 {
    var capacities: packets.Capacities = undefined;
    for (&capacities, options.capacity) |*capacity, wanted| capacity.* = @intFromFloat(wanted);
    var packet: packets.Packet = .at(columns, &capacities);
    made_up.decode(input[0..input_length], &packet, report);
    return 0;
}
