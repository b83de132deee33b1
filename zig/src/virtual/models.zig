//! The cameras that can be plugged into the virtual bus. A new camera adds its models to this list, and to no other.

const std = @import("std");
const evk4 = @import("evk4/evk4.zig");
const Model = @import("camera/model.zig").Model;

/// The first one is the default.
pub const models = evk4.models;

pub fn byName(name: []const u8) ?*const Model {
    for (&models) |*model| if (std.mem.eql(u8, model.name, name)) return model;
    return null;
}
