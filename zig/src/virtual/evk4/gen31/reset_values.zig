//! Reset values of the registers of a Gen3.1 and its FPGA, where they are known and not zero.
//!
//! Source: OpenEB 5.1.1's register map of the EVK3 Gen3.1, defaults of the listed fields. The map has another board's id,
//! 0x1C. The version is made up.

/// Of so many registers, one after the other.
pub const ResetValue = struct { address: u32, value: u32, count: u32 = 1 };

pub const reset_values = [_]ResetValue{
    .{ .address = 0x0000, .value = 0x000D8118 }, // atis_control
    .{ .address = 0x0004, .value = 0x00000001 }, // board_control_status
    .{ .address = 0x0010, .value = 0x01E00280 }, // out_of_fov_filter_size
    .{ .address = 0x0014, .value = 0x01E00280 }, // out_of_fov_filter_origin
    .{ .address = 0x0184, .value = 0x00002710 }, // cfg_idle_time_thr
    .{ .address = 0x0188, .value = 0x00002710 }, // cfg_idle_timeout_thr
    .{ .address = 0x0204, .value = 0x0000000B }, // roi_ctrl
    .{ .address = 0x0208, .value = 0x40000BFF }, // readout_ctrl
    .{ .address = 0x020C, .value = 0x00000040 }, // test_bus_ctrl
    .{ .address = 0x0210, .value = 0x00000006 }, // clk_sync_ctrl
    .{ .address = 0x0218, .value = 0x90200C03 }, // chip_id
    .{ .address = 0x0234, .value = 0x00000001 }, // acr_ctrl
    .{ .address = 0x0240, .value = 0x00140500 }, // rob_ctrl
    .{ .address = 0x0244, .value = 0x400003FF }, // roe_ctrl
    .{ .address = 0x0248, .value = 0x000000C8 }, // nfl_ctrl
    .{ .address = 0x024C, .value = 0x00190032 }, // nfl_thresh
    .{ .address = 0x0300, .value = 0x4903E17F, .count = 2 }, // bgen_00
    .{ .address = 0x0308, .value = 0x4900629B }, // bgen_02
    .{ .address = 0x030C, .value = 0x49001BAA }, // bgen_03
    .{ .address = 0x0310, .value = 0x49014D8D }, // bgen_04
    .{ .address = 0x0314, .value = 0x690DB771 }, // bgen_05
    .{ .address = 0x0318, .value = 0x49014D8D, .count = 2 }, // bgen_06
    .{ .address = 0x0320, .value = 0x69002C3F }, // bgen_08
    .{ .address = 0x0324, .value = 0x69005437 }, // bgen_09
    .{ .address = 0x0328, .value = 0x59166CB8 }, // bgen_10
    .{ .address = 0x032C, .value = 0x79000000 }, // bgen_11
    .{ .address = 0x0330, .value = 0x590000F8 }, // bgen_12
    .{ .address = 0x0334, .value = 0x7102CE2A }, // bgen_13
    .{ .address = 0x0338, .value = 0x7108002F }, // bgen_14
    .{ .address = 0x033C, .value = 0x71008321 }, // bgen_15
    .{ .address = 0x0340, .value = 0x590004E3 }, // bgen_16
    .{ .address = 0x0344, .value = 0x590000F1 }, // bgen_17
    .{ .address = 0x0348, .value = 0x49014D8D }, // bgen_18
    .{ .address = 0x034C, .value = 0x7100571F }, // bgen_19
    .{ .address = 0x0350, .value = 0x71125C34 }, // bgen_20
    .{ .address = 0x0354, .value = 0x7102CE2A }, // bgen_21
    .{ .address = 0x0358, .value = 0x610036D6 }, // bgen_22
    .{ .address = 0x035C, .value = 0x510345B1 }, // bgen_23
    .{ .address = 0x0360, .value = 0x51004FD4 }, // bgen_24
    .{ .address = 0x0364, .value = 0x510002D4 }, // bgen_25
    .{ .address = 0x0368, .value = 0x61013254 }, // bgen_26
    .{ .address = 0x0400, .value = 0xFFFFFFFF, .count = 20 }, // td_roi_x00
    .{ .address = 0x0500, .value = 0xFFFFFFFF, .count = 15 }, // td_roi_y00
    .{ .address = 0x0600, .value = 0xFFFFFFFF, .count = 20 }, // em_roi_x00
    .{ .address = 0x0700, .value = 0xFFFFFFFF, .count = 15 }, // em_roi_y00
    .{ .address = 0x074C, .value = 0x00000002 }, // control
    .{ .address = 0x0768, .value = 0x00010000 }, // iodelay_set_value_0
    .{ .address = 0x0780, .value = 0x00010000 }, // iodelay_get_value_0
    .{ .address = 0x0800, .value = 0x00000028 }, // id
    .{ .address = 0x0804, .value = 0x00030900 }, // version
    .{ .address = 0x1504, .value = 0x00000030 }, // data_identifier
    .{ .address = 0x1508, .value = 0x000003F0 }, // frame_period
    .{ .address = 0x150C, .value = 0x000001F8 }, // packet_timeout
    .{ .address = 0x1510, .value = 0x00002000 }, // packet_size
    .{ .address = 0x1514, .value = 0x00000050 }, // start_time
    .{ .address = 0x1518, .value = 0x00000050 }, // start_frame_time
    .{ .address = 0x151C, .value = 0x00000050 }, // end_frame_time
    .{ .address = 0x1520, .value = 0x00000050 }, // inter_frame_time
    .{ .address = 0x1524, .value = 0x00000050 }, // inter_packet_time
};
