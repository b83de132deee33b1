//! A plugin of QEMU that counts the instructions of the program that QEMU emulates. When the program ends, the count goes
//! to QEMU's log as one line (`-d plugin`). `deno task bench:instructions` loads it.

const std = @import("std");

/// The version of QEMU's interface for plugins (its `include/qemu/qemu-plugin.h`): that of QEMU 7.2.
export const qemu_plugin_version: c_int = 1;

const Id = u64;
const Block = opaque {};
extern fn qemu_plugin_register_vcpu_tb_trans_cb(Id, *const fn (Id, *Block) callconv(.c) void) void;
extern fn qemu_plugin_tb_n_insns(*const Block) usize;
/// Instead of calling the plugin, QEMU itself adds to a number, each time that the block runs.
extern fn qemu_plugin_register_vcpu_tb_exec_inline(*Block, operation: c_int, number: *u64, added: u64) void;
extern fn qemu_plugin_register_atexit_cb(Id, *const fn (Id, ?*anyopaque) callconv(.c) void, ?*anyopaque) void;
extern fn qemu_plugin_outs([*:0]const u8) void;

const add_u64 = 0;
var instructions: u64 = 0;

fn translated(_: Id, block: *Block) callconv(.c) void {
    qemu_plugin_register_vcpu_tb_exec_inline(block, add_u64, &instructions, qemu_plugin_tb_n_insns(block));
}

fn ended(_: Id, _: ?*anyopaque) callconv(.c) void {
    var line: [32]u8 = undefined;
    qemu_plugin_outs(std.fmt.bufPrintSentinel(&line, "{d}\n", .{instructions}, 0) catch unreachable);
}

export fn qemu_plugin_install(id: Id, _: *const anyopaque, _: c_int, _: [*]const [*:0]const u8) c_int {
    qemu_plugin_register_vcpu_tb_trans_cb(id, &translated);
    qemu_plugin_register_atexit_cb(id, &ended, null);
    return 0;
}
