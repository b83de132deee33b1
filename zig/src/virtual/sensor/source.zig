//! What a camera shows, and how fast.

const std = @import("std");
const scene = @import("scene.zig");
const sensor_stream = @import("sensor_stream.zig");
const Filtered = @import("filtered.zig").Filtered;

pub const Source = struct {
    content: sensor_stream.Content = .counter,
    pacing: sensor_stream.Pacing,
    /// Takes the place of the content once it is built, which takes long: so that is done when the camera is first
    /// started.
    scene: ?scene.Options = null,
    /// Null where registers change nothing, because the bytes are an account of themselves.
    filtered: ?*Filtered = null,

    pub fn deinit(source: *Source, allocator: std.mem.Allocator) void {
        switch (source.content) {
            .counter => {},
            .loop => |*loop| loop.deinit(allocator),
        }
        if (source.filtered) |filtered| filtered.destroy();
    }
};
