//! The board's command protocol: one request on endpoint 0x02, one reply on endpoint 0x82.
//!
//!     property u32 | payload size u32 | payload          (little-endian; "Treuzell")
//!
//! Bit 30 of the property marks a write; bit 31 of the reply's property marks a failure. Two older commands
//! for registers (0x55, 0x56) have no size field.
//!
//! The build date and the clock that a real board reports are unknown; ours are plausible.

const std = @import("std");
const Sensor = @import("sensors.zig").Sensor;
const Version = @import("../camera/model.zig").Version;

pub const maximum_reply = 1024;

pub const write_flag = 0x40000000;
pub const failure_flag = 0x80000000;

pub const Property = struct {
    pub const legacy_read = 0x55;
    pub const legacy_write = 0x56;
    pub const fpga_state = 0x71;
    pub const serial = 0x72;
    pub const release_version = 0x79;
    pub const build_date = 0x7A;
    pub const device_count = 0x10000;
    pub const device_name = 0x10001;
    pub const interface_frequency = 0x10002;
    pub const compatible = 0x10003;
    pub const device_enable = 0x10010;
    pub const registers = 0x10102;
    pub const stream_enable = 0x10200;
    pub const output_format = 0x10201;
};

const build_date_unix_seconds = 1_672_531_200; // 2023-01-01
const interface_frequency_hz = 100_000_000;

/// Numbers of Linux, as in the replies of the board.
const Errno = enum(u32) { io = 5, no_device = 19, invalid = 22 };

pub const Board = struct {
    serial: u32,
    /// OpenEB refuses one below 3.8.0.
    version: Version = .{ .major = 3, .minor = 9, .patch = 0 },
    sensor: Sensor = .of(.imx636, null),
    device_enabled: u32 = 1,
    stream_enabled: u32 = 0,

    /// Writes the reply to a request.
    pub fn answer(board: *Board, request: []const u8, output: *[maximum_reply]u8) []const u8 {
        var reply: Reply = .{ .output = output };
        if (request.len < 8) {
            reply.unknownCommand();
        } else {
            board.answerWhole(request, &reply);
        }
        return output[0..reply.length];
    }

    fn answerWhole(board: *Board, request: []const u8, reply: *Reply) void {
        const property = word(request, 0);
        switch (property) {
            Property.legacy_read, Property.legacy_write => return board.answerLegacy(request, reply),
            else => {},
        }
        const payload = request[8..];
        if (word(request, 1) != payload.len) return reply.fail(property, 0, 0, .invalid);
        switch (property & ~@as(u32, write_flag)) {
            Property.fpga_state,
            Property.serial,
            Property.release_version,
            Property.build_date,
            Property.device_count,
            => {
                // Writing the state resets a board into its boot loader, which the virtual one does not have.
                if (property & write_flag != 0) return reply.fail(property, 0, 0, .invalid);
                reply.begin(property);
                switch (property) {
                    Property.fpga_state => reply.put(0),
                    Property.serial => reply.putTwo(board.serial, 0),
                    Property.release_version => reply.put(board.releaseWord()),
                    Property.build_date => reply.putTwo(build_date_unix_seconds, 0),
                    else => reply.put(@intCast(board.sensor.kind().devices().len)),
                }
            },
            Property.device_name,
            Property.interface_frequency,
            Property.compatible,
            Property.device_enable,
            Property.registers,
            Property.stream_enable,
            Property.output_format,
            => board.answerDevice(property, payload, reply),
            else => reply.unknownCommand(),
        }
    }

    /// Commands whose payload begins with the number of a device.
    fn answerDevice(board: *Board, property: u32, payload: []const u8, reply: *Reply) void {
        if (payload.len < 4) return reply.fail(property, 0, 0, .invalid);
        const device = word(payload, 0);
        const kind = board.sensor.kind();
        if (device >= kind.devices().len) return reply.fail(property, device, 0, .no_device);
        const writes = property & write_flag != 0;
        switch (property & ~@as(u32, write_flag)) {
            Property.registers => return board.answerRegisters(property, payload, reply),
            Property.device_enable => board.answerFlag(&board.device_enabled, property, payload, reply),
            Property.stream_enable => board.answerFlag(&board.stream_enabled, property, payload, reply),
            else => |asked| {
                if (writes) return reply.fail(property, device, 0, .invalid);
                reply.begin(property);
                reply.put(device);
                switch (asked) {
                    Property.device_name => reply.putText(kind.devices()[device].name),
                    Property.interface_frequency => reply.put(interface_frequency_hz),
                    Property.compatible => reply.putText(kind.devices()[device].compatible),
                    else => reply.putText(kind.outputFormat()),
                }
            },
        }
    }

    fn releaseWord(board: *const Board) u32 {
        const version = board.version;
        return @as(u32, version.major) << 16 | @as(u32, version.minor) << 8 | version.patch;
    }

    fn answerFlag(_: *Board, flag: *u32, property: u32, payload: []const u8, reply: *Reply) void {
        if (property & write_flag != 0) {
            if (payload.len != 8) return reply.fail(property, 0, 0, .invalid);
            flag.* = word(payload, 1);
            reply.begin(property);
            return reply.put(0);
        }
        reply.begin(property);
        reply.putTwo(0, flag.*);
    }

    /// Read: device, address, count. Write: device, address, values.
    fn answerRegisters(board: *Board, property: u32, payload: []const u8, reply: *Reply) void {
        if (payload.len < 12 or payload.len % 4 != 0) return reply.fail(property, 0, 0, .invalid);
        const device = word(payload, 0);
        const address = word(payload, 1);
        const writes = property & write_flag != 0;
        const count = if (writes) payload.len / 4 - 2 else word(payload, 2);
        if (!writes and (payload.len != 12 or count > (maximum_reply - 16) / 4)) {
            return reply.fail(property, device, address, .invalid);
        }
        reply.begin(property);
        reply.putTwo(device, address);
        for (0..count) |index| {
            const each = address +% 4 * @as(u32, @intCast(index));
            if (writes) {
                const value = word(payload, 2 + index);
                if (!board.sensor.write(device, each, value)) return reply.fail(property, device, each, .io);
            } else {
                reply.put(board.sensor.read(device, each) orelse return reply.fail(property, device, each, .io));
            }
        }
    }

    /// The layout of these replies is unknown (drivers ignore them). Ours is the request, with the value in place.
    fn answerLegacy(board: *Board, request: []const u8, reply: *Reply) void {
        const property = word(request, 0);
        const writes = property == Property.legacy_write;
        if (request.len != @as(usize, if (writes) 12 else 8)) return reply.fail(property, 0, 0, .invalid);
        const address = word(request, 1);
        if (writes and !board.sensor.write(0, address, word(request, 2))) return reply.fail(property, 0, address, .io);
        const value = board.sensor.read(0, address) orelse return reply.fail(property, 0, address, .io);
        reply.length = 0;
        reply.put(property);
        reply.putTwo(address, value);
    }
};

const Reply = struct {
    output: *[maximum_reply]u8,
    length: usize = 0,

    fn begin(reply: *Reply, property: u32) void {
        std.mem.writeInt(u32, reply.output[0..4], property, .little);
        reply.length = 8;
        reply.setSize();
    }

    fn fail(reply: *Reply, property: u32, device: u32, address: u32, errno: Errno) void {
        reply.begin(property | failure_flag);
        reply.putTwo(device, address);
        reply.put(@backingInt(errno));
    }

    fn unknownCommand(reply: *Reply) void {
        reply.begin(failure_flag);
    }

    fn put(reply: *Reply, value: u32) void {
        std.mem.writeInt(u32, reply.output[reply.length..][0..4], value, .little);
        reply.length += 4;
        reply.setSize();
    }

    fn putTwo(reply: *Reply, first: u32, second: u32) void {
        reply.put(first);
        reply.put(second);
    }

    /// With a NUL at its end.
    fn putText(reply: *Reply, text: []const u8) void {
        @memcpy(reply.output[reply.length..][0..text.len], text);
        reply.output[reply.length + text.len] = 0;
        reply.length += text.len + 1;
        reply.setSize();
    }

    fn setSize(reply: *Reply) void {
        if (reply.length >= 8) std.mem.writeInt(u32, reply.output[4..8], @intCast(reply.length - 8), .little);
    }
};

fn word(bytes: []const u8, index: usize) u32 {
    return std.mem.readInt(u32, bytes[4 * index ..][0..4], .little);
}
