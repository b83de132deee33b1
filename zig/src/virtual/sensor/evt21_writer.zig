//! Writes a stream of EVT3 words as EVT2.1, or as EVT2, whose words hold one event each.
//!
//!     bit  63  60 59    54 53           43 42           32 31                         0
//!     0x0 | 0000 | t 5:0  |       x       |       y       | an event at x + i for bit i |  darker
//!     0x1 | 0001 | t 5:0  |       x       |       y       | an event at x + i for bit i |  brighter
//!     0x8 | 1000 |              time 33:6                 |              0              |  TIME_HIGH
//!     0xA | 1010 | t 5:0  |    id 44:40     rising bit 32 |              0              |  EXT_TRIGGER
//!     0xE | 1110 | t 5:0  |             sub-type 47:32    |     0xF, 28 bits payload    |  OTHERS
//!
//! EVT2 has the upper halves of these: of pixels one for each event, with its own x. The payload of OTHERS follows in a
//! word of its own, whose type is 0xF.
//!
//! The same events come in the same order. A group of vectors becomes a word, as x is a multiple of 32; a single event
//! becomes a word with one bit. TIME_HIGH stands where bits 33:6 change and where EVT3 has it; how often the sensor
//! repeats it in EVT2.1 is unknown.

const std = @import("std");

/// A vector that crosses a multiple of 32, and the words that waited before it, each after a TIME_HIGH. In EVT2 a vector
/// has 12 words, and up to 32 pixels wait.
pub fn maximumBytes(words: usize) usize {
    return 64 * words + 256;
}

pub const Layout = enum {
    /// The upper half of a word first, as from an IMX636.
    legacy,
    little,
    evt2,

    pub fn wordBytes(layout: Layout) usize {
        return if (layout == .evt2) 4 else 8;
    }
};

pub const Evt21Writer = struct {
    layout: Layout = .legacy,
    /// The sensor's time near the first word, µs: EVT3 has its lower 24 bits only.
    begun_us: u64 = 0,
    /// Of 4096 µs each, with wraps. Null: not known yet, as are row and base.
    time_high: ?u64 = null,
    time_low: u12 = 0,
    /// As decoders: TIME_LOW does not fall below that of the last event.
    used_low: u12 = 0,
    row: ?u12 = null,
    base: ?u16 = null,
    base_on: u1 = 0,
    /// Pixels of a word that may get more, from `block` on, a multiple of 32.
    pixels: u32 = 0,
    block: u16 = 0,
    others: ?Others = null,
    /// Bits 33:6 of the last TIME_HIGH that was written.
    told: ?u28 = null,

    const Others = struct { sub_type: u12, payload: u28 = 0, words: u2 = 0 };
    const Kind = enum(u64) { off = 0x0, on = 0x1, time_high = 0x8, trigger = 0xA, others = 0xE };

    /// Reads words and returns how many bytes were written. The output has room for `maximumBytes`.
    pub fn run(writer: *Evt21Writer, words: []const u8, output: []u8) usize {
        var bytes: Bytes = .{ .output = output, .layout = writer.layout };
        var index: usize = 0;
        while (index < words.len) : (index += 2) writer.read(std.mem.readInt(u16, words[index..][0..2], .little), &bytes);
        return bytes.length;
    }

    fn read(writer: *Evt21Writer, word: u16, bytes: *Bytes) void {
        const payload: u12 = @truncate(word);
        const kind = word >> 12;
        if (kind == 0x4 or kind == 0x5) {
            writer.used_low = writer.time_low;
            writer.addVector(if (kind == 0x4) 12 else 8, payload, bytes);
            if (kind == 0x5) writer.endPixels(bytes);
            return;
        }
        writer.endPixels(bytes);
        if (kind == 0x7 or kind == 0xF) return writer.continueOthers(kind == 0x7, payload, bytes);
        writer.endOthers(bytes);
        switch (kind) {
            0x0 => writer.row = payload,
            0x1 => writer.row = 0xFFF, // a row whose events no decoder takes
            0x2 => {
                writer.used_low = writer.time_low;
                const x = payload & 0x7FF;
                writer.putPixels(x / 32 * 32, @as(u32, 1) << @intCast(x % 32), @intCast(payload >> 11), bytes);
            },
            0x3 => {
                writer.base = payload & 0x7FF;
                writer.base_on = @intCast(payload >> 11);
            },
            0x6 => writer.time_low = @max(payload, writer.used_low),
            0x8 => writer.followTimeHigh(payload, bytes),
            0xA => {
                writer.used_low = writer.time_low;
                const id = @as(u64, payload >> 8) << 40;
                writer.put(.trigger, id | @as(u64, payload & 1) << 32, bytes);
            },
            0xE => writer.others = .{ .sub_type = payload },
            else => {},
        }
    }

    fn followTimeHigh(writer: *Evt21Writer, payload: u12, bytes: *Bytes) void {
        const high = if (writer.time_high) |old| old + (payload -% @as(u12, @truncate(old))) else writer.firstTimeHigh(payload);
        if (writer.time_high != high) {
            writer.time_low = 0;
            writer.used_low = 0;
        }
        writer.time_high = high;
        writer.tellTimeHigh(writer.used_low, bytes); // of a time that may still go back, nothing is told
    }

    /// Of those with these lower bits, the one nearest to where the stream begins.
    fn firstTimeHigh(writer: *const Evt21Writer, payload: u12) u64 {
        const begun = writer.begun_us >> 12;
        const distance: i12 = @bitCast(payload -% @as(u12, @truncate(begun)));
        return @intCast(@max(payload, @as(i64, @intCast(begun)) + distance));
    }

    /// Pixels from the base on, which moves behind them.
    fn addVector(writer: *Evt21Writer, length: u4, payload: u12, bytes: *Bytes) void {
        const base = writer.base orelse return;
        writer.base = base +| length;
        const bits = @as(u64, payload & (@as(u12, 0xFFF) >> @intCast(12 - length))) << @intCast(base % 32);
        if (base / 32 * 32 != writer.block) writer.endPixels(bytes);
        writer.block = base / 32 * 32;
        writer.pixels |= @truncate(bits);
        if (base % 32 + length < 32) return;
        writer.endPixels(bytes);
        writer.block +|= 32;
        writer.pixels = @intCast(bits >> 32);
    }

    /// No more pixels join those of the last vectors.
    fn endPixels(writer: *Evt21Writer, bytes: *Bytes) void {
        if (writer.pixels == 0) return;
        writer.putPixels(writer.block, writer.pixels, writer.base_on, bytes);
        writer.pixels = 0;
    }

    fn putPixels(writer: *Evt21Writer, x: u16, pixels: u32, on: u1, bytes: *Bytes) void {
        const row = writer.row orelse return;
        if (row >= 1 << 11 or x >= 1 << 11) return;
        writer.put(if (on == 1) .on else .off, @as(u64, x) << 43 | @as(u64, row) << 32 | pixels, bytes);
    }

    /// 12 bits, 12 bits, 4 bits.
    fn continueOthers(writer: *Evt21Writer, is_last: bool, payload: u12, bytes: *Bytes) void {
        const others = if (writer.others) |*known| known else return;
        if (is_last != (others.words == 2)) return writer.endOthers(bytes);
        const bits = if (is_last) payload & 0xF else payload;
        others.payload |= @as(u28, bits) << @as(u5, 12) * others.words;
        others.words += 1;
        if (is_last) writer.endOthers(bytes);
    }

    fn endOthers(writer: *Evt21Writer, bytes: *Bytes) void {
        const others = writer.others orelse return;
        writer.others = null;
        writer.used_low = writer.time_low;
        const continued: u64 = if (others.words > 0) 0xF << 28 else 0;
        writer.put(.others, @as(u64, others.sub_type) << 32 | continued | others.payload, bytes);
    }

    /// A word with a time, after a TIME_HIGH if it needs one.
    fn put(writer: *Evt21Writer, kind: Kind, fields: u64, bytes: *Bytes) void {
        if (writer.time_high == null) return;
        if (writer.timeHigh(writer.time_low) != writer.told) writer.tellTimeHigh(writer.time_low, bytes);
        bytes.put(@backingInt(kind) << 60 | @as(u64, writer.time_low & 0x3F) << 54 | fields);
    }

    fn tellTimeHigh(writer: *Evt21Writer, low: u12, bytes: *Bytes) void {
        writer.told = writer.timeHigh(low);
        bytes.put(@backingInt(Kind.time_high) << 60 | @as(u64, writer.told.?) << 32);
    }

    fn timeHigh(writer: *const Evt21Writer, low: u12) u28 {
        return @truncate((writer.time_high.? << 12 | low) >> 6);
    }
};

const Bytes = struct {
    output: []u8,
    layout: Layout,
    length: usize = 0,

    fn put(bytes: *Bytes, word: u64) void {
        switch (bytes.layout) {
            .legacy => bytes.putNumber(u64, std.math.rotl(u64, word, 32)),
            .little => bytes.putNumber(u64, word),
            .evt2 => bytes.putEvt2(word),
        }
    }

    fn putEvt2(bytes: *Bytes, word: u64) void {
        const upper: u32 = @truncate(word >> 32);
        const lower: u32 = @truncate(word);
        const head = upper & 0xFFC0_0000; // type and time
        switch (upper >> 28) {
            0x0, 0x1 => {
                const x = upper >> 11 & 0x7FF;
                const row = upper & 0x7FF;
                var rest = lower;
                while (rest != 0) : (rest &= rest - 1) bytes.putNumber(u32, head | (x + @ctz(rest)) << 11 | row);
            },
            0xE => {
                bytes.putNumber(u32, upper);
                if (lower != 0) bytes.putNumber(u32, lower);
            },
            else => bytes.putNumber(u32, upper),
        }
    }

    fn putNumber(bytes: *Bytes, T: type, number: T) void {
        std.mem.writeInt(T, bytes.output[bytes.length..][0..@sizeOf(T)], number, .little);
        bytes.length += @sizeOf(T);
    }
};
