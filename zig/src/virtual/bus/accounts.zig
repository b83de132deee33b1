//! Accounts of the virtual bus, for tests that compare what was sent with what arrived.

const std = @import("std");
const Camera = @import("../camera/camera.zig").Camera;

/// What became of the bytes of cameras' events.
pub const Accounts = struct {
    bytes_emitted: u64 = 0,
    bytes_in_failed_transfers: u64 = 0,
    bytes_lost_in_camera: u64 = 0,

    pub fn of(camera: *const Camera) Accounts {
        const account = camera.account();
        return .{
            .bytes_emitted = account.bytes_emitted,
            .bytes_in_failed_transfers = camera.bytes_failed,
            .bytes_lost_in_camera = account.bytes_lost,
        };
    }

    pub fn add(accounts: *Accounts, other: Accounts) void {
        inline for (comptime std.meta.fieldNames(Accounts)) |name| @field(accounts, name) += @field(other, name);
    }
};
