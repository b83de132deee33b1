//! Events for an accumulator, and what became of them.

const builtin = @import("builtin");

/// Columns of the caller, who may change them meanwhile where they are shared memory: each value is read once.
pub const Columns = struct {
    t: [*]align(1) const f64,
    x: [*]align(1) const u16,
    y: [*]align(1) const u16,
    on: [*]const u8,
    count: usize,

    /// The events from `start` on.
    pub fn from(columns: Columns, start: usize) Columns {
        return .{
            .t = columns.t + start,
            .x = columns.x + start,
            .y = columns.y + start,
            .on = columns.on + start,
            .count = columns.count - start,
        };
    }

    /// Where the pixel of an event is.
    pub inline fn pixel(columns: Columns, index: usize, width: usize) usize {
        return @as(usize, columns.y[index]) * width + columns.x[index];
    }

    /// Lets the processor fetch the pixels of events that come a little later: a picture is larger than the caches that
    /// are near. WebAssembly has no instruction for it, and loads in its place cost more than they bring.
    pub inline fn fetchAhead(columns: Columns, index: usize, pixels: anytype, width: usize) void {
        const ahead = 48;
        if (builtin.cpu.arch.isWasm() or index + ahead + run_length > columns.count) return;
        inline for (ahead..ahead + run_length) |later| {
            @prefetch(pixels + columns.pixel(index + later, width), .{ .rw = .write });
        }
    }

    /// How many of the events, whose times ascend, are before a time.
    pub noinline fn countBefore(columns: Columns, end: f64) usize {
        if (columns.t[columns.count - 1] < end) return columns.count;
        var low: usize = 0;
        var high = columns.count;
        while (low < high) {
            const middle = (low + high) / 2;
            if (columns.t[middle] < end) low = middle + 1 else high = middle;
        }
        return low;
    }

    /// Whether this event and the next seven are neighbours in a row, at one time, and alike. Times must ascend.
    pub inline fn isRun(columns: Columns, index: usize) bool {
        const x: Eight = columns.x[index..][0..run_length].*;
        const y: Eight = columns.y[index..][0..run_length].*;
        // Of single events this ends nearly all.
        if (x[7] != x[0] +% 7 or y[7] != y[0]) return false;
        const steps: Eight = .{ 0, 1, 2, 3, 4, 5, 6, 7 };
        const apart = (x ^ (@as(Eight, @splat(x[0])) +% steps)) | (y ^ @as(Eight, @splat(y[0])));
        const on: u64 = @bitCast(columns.on[index..][0..run_length].*);
        return @reduce(.Or, apart) == 0 and columns.t[index] == columns.t[index + 7] and
            on == (on & 1) * 0x0101_0101_0101_0101;
    }

    const Eight = @Vector(run_length, u16);
};

/// How many are 1; the others are 0.
pub noinline fn sumOf(ons: []const u8) u64 {
    var sum: u64 = 0;
    var rest = ons;
    while (rest.len >= 32) {
        // Up to 255 blocks cannot overflow a lane.
        const blocks: usize = @min(rest.len / 32, 255);
        var lanes: @Vector(32, u8) = @splat(0);
        for (0..blocks) |block| lanes += rest[32 * block ..][0..32].*;
        sum += @reduce(.Add, @as(@Vector(32, u16), lanes));
        rest = rest[32 * blocks ..];
    }
    for (rest) |on| sum += on;
    return sum;
}

/// How many neighbours of a row are looked at together: vectors give them.
pub const run_length = 8;

/// What one call has added.
pub const Added = struct {
    events: u64 = 0,
    on_events: u64 = 0,
    /// Events beyond the picture, or with an impossible time, which were left out.
    outside: u64 = 0,

    pub fn plus(added: *Added, more: Added) void {
        added.events += more.events;
        added.on_events += more.on_events;
        added.outside += more.outside;
    }
};

/// Times from here on are impossible, as those below 0 are: 2^51 µs are 71 years.
pub const time_limit = 0x1p51;

pub fn isTime(t: f64) bool {
    return t >= 0 and t < time_limit;
}

/// The nearest whole number, for times.
pub inline fn whole(t: f64) f64 {
    // What has no place in a number of this size is rounded away.
    return (t + 0x1p52) - 0x1p52;
}
