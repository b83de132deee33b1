//! Tests of what may be on the bus: refused JSON, cameras that leave at once, the default.

const std = @import("std");
const testing = std.testing;
const api = @import("libusb_api.zig");
const control_api = @import("control_api.zig");
const bus_module = @import("bus.zig");
const testing_session = @import("testing/session.zig");
const Context = bus_module.Context;
const Device = bus_module.Device;
const Session = testing_session.Session;
const expectCode = testing_session.expectCode;
const pattern = testing_session.pattern;

test "refused configurations change nothing and tell the reason" {
    const session = try Session.begin(pattern);
    const handle = try session.open();
    inline for (.{
        .{ "{", "not JSON (UnexpectedEndOfInput)" },
        .{ "[]", "an object expected" },
        .{ "{\"camera\":[]}", "camera: unknown member" },
        .{ "{\"cameras\":[1]}", "cameras[0]: an object expected" },
        .{ "{\"cameras\":[{},{\"colour\":1}]}", "cameras[1].colour: unknown member" },
        .{ "{\"cameras\":[{\"model\":\"evk5\"}]}", "cameras[0].model: unknown model \"evk5\"" },
        .{ "{\"cameras\":[{\"serial\":\"xyz\"}]}", "cameras[0].serial: hexadecimal digits expected" },
        .{ "{\"cameras\":[{\"serial\":\"\"}]}", "cameras[0].serial: 1 to 8 hexadecimal digits expected" },
        .{ "{\"cameras\":[{\"speed\":\"low\"}]}", "cameras[0].speed: unknown: \"low\"" },
        .{ "{\"cameras\":[{\"permission\":1}]}", "cameras[0].permission: true or false expected" },
        .{ "{\"cameras\":[{\"bytes_per_second\":1}]}", "cameras[0].bytes_per_second: a scene takes 10000 to 500000000, 0 or null" },
        .{ "{\"cameras\":[{\"source\":{\"kind\":\"video\"}}]}", "cameras[0].source.kind: unknown: \"video\"" },
        .{ "{\"cameras\":[{\"source\":{\"kind\":\"recording\"}}]}", "cameras[0].source.path: the path of a RAW file expected" },
        .{
            "{\"cameras\":[{\"source\":{\"kind\":\"recording\",\"path\":\"nowhere.raw\"}}]}",
            "cameras[0].source.path: nowhere.raw: the file cannot be read",
        },
        .{ "{\"cameras\":[{\"source\":{\"kind\":\"pattern\"},\"trigger_hz\":5}]}", "cameras[0].trigger_hz: only a scene has triggers" },
        .{ "{\"cameras\":[{\"faults\":[{}]}]}", "cameras[0].faults[0].kind: missing" },
        .{
            "{\"cameras\":[{\"faults\":[{\"kind\":\"stall\"}]}]}",
            "cameras[0].faults[0].endpoint: either an endpoint or a function expected",
        },
        .{
            "{\"cameras\":[{\"faults\":[{\"kind\":\"stall\",\"function\":\"libusb_open\"}]}]}",
            "cameras[0].faults[0].kind: \"stall\" has no meaning at this place",
        },
        .{
            "{\"cameras\":[{\"faults\":[{\"kind\":\"error\",\"function\":\"libusb_open\",\"code\":3}]}]}",
            "cameras[0].faults[0].code: an integer from -99 to -1 expected",
        },
    }) |case| {
        var message: [200]u8 = undefined;
        try testing.expectEqual(-2, control_api.configure(case[0], case[0].len, &message, message.len));
        try testing.expectEqualStrings(case[1], std.mem.sliceTo(&message, 0));
        // A message that does not fit is truncated.
        try testing.expectEqual(-2, control_api.configure(case[0], case[0].len, &message, 4));
        try testing.expectEqual(3, std.mem.sliceTo(&message, 0).len);
    }
    try expectCode(.success, api.claimInterface(handle, 0));
    api.close(handle);
    try session.end();
}

test "cameras that a call on the whole bus unplugs leave the list" {
    const unplugged = "{\"faults\":[{\"kind\":\"unplug\",\"function\":\"libusb_get_device_list\"}]}";
    const session: Session = try .begin("{\"cameras\":[" ++ unplugged ++ ",{}," ++ unplugged ++ "]}");
    var list: [*:null]?*Device = undefined;
    try testing.expectEqual(1, api.getDeviceList(session.context, &list));
    api.freeDeviceList(list, 1);
    try session.end();
}

test "threads that initialise at the same time all find the default camera" {
    for (0..100) |_| {
        api.bus = .{ .allocator = testing.allocator };
        var counts: [4]isize = @splat(-1);
        var threads: [counts.len]std.Thread = undefined;
        for (&threads, &counts) |*thread, *count| thread.* = try std.Thread.spawn(.{}, countDevices, .{count});
        for (threads) |thread| thread.join();
        try testing.expectEqual(@as([counts.len]isize, @splat(1)), counts);
        api.bus.deinit();
    }
}

fn countDevices(count: *isize) void {
    var context: ?*Context = null;
    if (api.init(&context) != 0) return;
    defer api.exit(context);
    var list: [*:null]?*Device = undefined;
    count.* = api.getDeviceList(context, &list);
    if (count.* >= 0) api.freeDeviceList(list, 1);
}
