//! Which decoder of EVT3 runs: the best for this CPU, or the one that `NEUROMORPHIC_DRIVERS_KERNEL` names.

const std = @import("std");
const builtin = @import("builtin");
const cpu = @import("cpu.zig");
const scalar_evt3 = @import("../evt3/decode.zig");
const Output = @import("../output.zig").Output;
const State = @import("../evt3/state.zig").State;

/// Decodes words until they or the room are used up, and returns how many.
pub const Decode = fn (state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize;

pub const Kernel = struct {
    name: []const u8,
    decode: *const Decode,
};

/// Names of all kernels of all machines, best first.
pub const known = [_][]const u8{ "avx512", "avx2", "x86-64-v2", "neon", "simd128", "scalar" };

const environment_variable = "NEUROMORPHIC_DRIVERS_KERNEL";

/// The specification, which every machine can run.
pub const scalar: *const Kernel = &.{ .name = "scalar", .decode = decodeScalar };

fn decodeScalar(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
    return scalar_evt3.decode(state, input[0..count], output);
}

/// The scalar decoder, for the words that kernels leave. It is compiled once, for the baseline CPU: for CPUs with wide
/// vectors, the compiler makes slower code of it.
fn decodePlainly(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
    return scalar_evt3.decodePlainly(state, input[0..count], output);
}

comptime {
    @export(&decodePlainly, .{ .name = "nd_evt3_decode_plainly", .visibility = .hidden });
}

const Found = struct {
    kernels: [known.len]Kernel,
    count: usize,
    selected: ?usize,
};

var found: Found = undefined;
var find_once: std.atomic.Value(enum(u8) { not_yet, at_it, done }) = .init(.not_yet);

/// Kernels that this machine can run and this library has, best first; the last is the scalar one.
pub fn available() []const Kernel {
    const result = findOnce();
    return result.kernels[0..result.count];
}

/// Null where the environment names a kernel that is not available.
pub fn selected() ?*const Kernel {
    const result = findOnce();
    return &result.kernels[result.selected orelse return null];
}

fn findOnce() *const Found {
    while (find_once.load(.acquire) != .done) {
        if (find_once.cmpxchgStrong(.not_yet, .at_it, .acquire, .monotonic) == null) {
            found = find();
            find_once.store(.done, .release);
        } else std.atomic.spinLoopHint();
    }
    return &found;
}

fn find() Found {
    var result: Found = .{ .kernels = undefined, .count = 0, .selected = 0 };
    inline for (known) |name| {
        const kernel: ?Kernel = if (comptime std.mem.eql(u8, name, "scalar"))
            scalar.*
        else if (comptime ofArchitecture(name))
            if (runsHere(name)) compiled(name) else null
        else
            null;
        if (kernel) |one| {
            result.kernels[result.count] = one;
            result.count += 1;
        }
    }
    var buffer: [32]u8 = undefined;
    const wanted = wantedName(&buffer);
    if (wanted.len == 0) return result;
    result.selected = for (result.kernels[0..result.count], 0..) |kernel, index| {
        if (std.mem.eql(u8, kernel.name, wanted)) break index;
    } else null;
    return result;
}

/// What the environment asks for; empty where it asks for nothing.
fn wantedName(buffer: *[32]u8) []const u8 {
    switch (builtin.os.tag) {
        .freestanding => return "", // no operating system (see rom_main.zig)
        .windows => {
            const length = GetEnvironmentVariableA(environment_variable, buffer, buffer.len);
            return if (length < buffer.len) buffer[0..length] else "longer than any name";
        },
        else => return std.mem.span(std.c.getenv(environment_variable) orelse return ""),
    }
}

extern "kernel32" fn GetEnvironmentVariableA(name: [*:0]const u8, buffer: [*]u8, length: u32) callconv(.winapi) u32;

fn ofArchitecture(comptime name: []const u8) bool {
    const own = switch (builtin.cpu.arch) {
        .x86_64 => return !std.mem.eql(u8, name, "neon") and !std.mem.eql(u8, name, "simd128"),
        .aarch64 => "neon",
        .wasm32 => if (simd128.is_compiled) "simd128" else return false,
        else => return false,
    };
    return std.mem.eql(u8, name, own);
}

fn runsHere(comptime name: []const u8) bool {
    // NEON is part of every 64-bit ARM.
    if (builtin.cpu.arch != .x86_64) return true;
    const needed = @field(cpu.Level, name);
    return @backingInt(cpu.level()) >= @backingInt(needed);
}

/// The kernel of WebAssembly is compiled with all else: an engine takes a module with vectors as a whole, or not at all.
const simd128 = struct {
    const is_compiled = builtin.cpu.arch.isWasm() and builtin.cpu.has(.wasm, .simd128);
    const lanes = @import("lanes.zig");
    const evt3 = @import("evt3.zig").Evt3(lanes);

    fn decode(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
        return evt3.decode(state, input[0..count], output);
    }
};

fn compiled(comptime name: []const u8) ?Kernel {
    if (simd128.is_compiled) return .{ .name = name, .decode = simd128.decode };
    return .{ .name = name, .decode = exported(Decode, "nd_evt3_decode_" ++ name) orelse return null };
}

/// Kernels lie in objects of their own (see build.zig). Weak, so that a test of one file links without them;
/// where Zig's own linker does that, which knows no weak symbols, there are none.
pub fn exported(comptime Function: type, comptime name: []const u8) ?*const Function {
    if (builtin.zig_backend != .stage2_llvm) return null;
    return @extern(?*const Function, .{ .name = name, .linkage = .weak, .visibility = .hidden });
}

/// The kernels as JSON: the one that runs (null where the environment asks for one that is not available),
/// those that could run here, and all that there are.
pub fn describe(buffer: []u8) []const u8 {
    var writer: std.Io.Writer = .fixed(buffer);
    write(&writer) catch unreachable; // The buffer of the caller holds all names three times.
    return writer.buffered();
}

fn write(writer: *std.Io.Writer) std.Io.Writer.Error!void {
    if (selected()) |kernel| {
        try writer.print("{{\"running\":\"{s}\",\"available\":[", .{kernel.name});
    } else try writer.writeAll("{\"running\":null,\"available\":[");
    for (available(), 0..) |kernel, index| {
        try writer.print("{s}\"{s}\"", .{ if (index > 0) "," else "", kernel.name });
    }
    try writer.writeAll("],\"known\":[");
    for (known, 0..) |name, index| try writer.print("{s}\"{s}\"", .{ if (index > 0) "," else "", name });
    try writer.writeAll("]}");
}

test "the scalar kernel is always there, and last" {
    const kernels = available();
    try std.testing.expectEqualStrings("scalar", kernels[kernels.len - 1].name);
    var buffer: [512]u8 = undefined;
    const parsed = try std.json.parseFromSlice(std.json.Value, std.testing.allocator, describe(&buffer), .{});
    defer parsed.deinit();
    try std.testing.expectEqual(kernels.len, parsed.value.object.get("available").?.array.items.len);
}
