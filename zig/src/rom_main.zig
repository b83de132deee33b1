//! The kernels of x86-64 against the scalar decoder, without an operating system: the ROM of a PC that Bochs emulates,
//! for the kernels that neither this machine nor QEMU can run. Its messages go to Bochs's debug port 0xe9.

const std = @import("std");
const dispatch = @import("decoder/kernels/dispatch.zig");
const differential = @import("decoder/testing/differential.zig");

const rounds = 300;

pub const std_options_debug_io: std.Io = .failing;
pub const panic = std.debug.FullPanic(panicWith);

/// Memory behind the program and its stack (see rom/loader.S).
const heap = 0x110_0000;
const heap_length = 0x100_0000;

/// The present comparison, for the message of a failure. The details that a failed comparison prints cannot be shown
/// here, and end in a panic: the same seed shows them on a machine that can run the kernel.
var kernel_name: []const u8 = "none";
var seed: usize = 0;

export fn _start() linksection(".text.start") callconv(.c) noreturn {
    compareKernels() catch |failure| fail(@errorName(failure));
    shutDown();
}

fn compareKernels() !void {
    var memory: std.heap.FixedBufferAllocator = .init(@as([*]u8, @ptrFromInt(heap))[0..heap_length]);
    var comparison: differential.Comparison = try .init(memory.allocator());
    // The emulated processor can run all kernels.
    if (!std.mem.eql(u8, dispatch.available()[0].name, dispatch.known[0])) return error.BestKernelMissing;
    for (dispatch.available()) |*kernel| {
        if (kernel.decode == dispatch.scalar.decode) continue;
        kernel_name = kernel.name;
        for (0..rounds) |round| {
            seed = round;
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var words: [2000]u16 = undefined;
            const length = 1 + random.uintLessThan(usize, words.len);
            const sensor: differential.Sensor = .draw(random);
            differential.fill(std.enums.fromInt(differential.Stream, seed % 3).?, random, sensor, words[0..length]);
            thinOut(words[0..length]);
            try comparison.run(kernel, random, sensor, words[0..length]);
        }
        print("kernel {s} equals the scalar one\n", .{kernel.name});
    }
    print("all kernels compared\n", .{});
}

/// Bochs 2.7 takes a VPCOMPRESSW that keeps all 32 lanes for one that keeps none. So every group of vectors that has
/// all 32 pixels loses one, and every 32nd of consecutive words with pixels becomes a vector without.
fn thinOut(words: []u16) void {
    var with_pixels: usize = 0;
    for (words, 0..) |*word, index| {
        if (index >= 2 and words[index - 2] == 0x4fff and words[index - 1] == 0x4fff and word.* & 0xf0ff == 0x50ff) {
            word.* &= ~@as(u16, 0x80);
        }
        with_pixels = if (word.* -% 0x2000 < 0x1000 or word.* & 0xe000 == 0x4000) with_pixels + 1 else 0;
        if (with_pixels < 32) continue;
        word.* = 0x4000;
        with_pixels = 0;
    }
}

fn panicWith(message: []const u8, _: ?usize) noreturn {
    fail(message);
}

fn fail(message: []const u8) noreturn {
    print("failed: kernel {s}, seed {d}: {s}\n", .{ kernel_name, seed, message });
    shutDown();
}

fn print(comptime format: []const u8, arguments: anytype) void {
    var buffer: [256]u8 = undefined;
    for (std.fmt.bufPrint(&buffer, format, arguments) catch "failed: a long message\n") |byte| outByte(0xe9, byte);
}

/// Bochs ends when this word comes to this port.
fn shutDown() noreturn {
    for ("Shutdown") |byte| outByte(0x8900, byte);
    while (true) {}
}

fn outByte(port: u16, byte: u8) void {
    asm volatile ("outb %%al, %%dx"
        :
        : [byte] "{al}" (byte),
          [port] "{dx}" (port),
    );
}
