//! Reset values of the IMX636's registers, where they are known and not zero, and what differs in the Gen4.1. Those of
//! biases and of the chip's id are in `chip.zig`.
//!
//! Source: OpenEB's register maps (`imx636_registermap.h`, `gen41_registermap.h`), defaults of the listed fields; 0xC0C4 from its
//! anti-flicker filter, which refuses to work when the flag is not set before its first use.

pub const ResetValue = struct { address: u32, value: u32 };

pub const reset_values = [_]ResetValue{
    .{ .address = 0x0004, .value = 0xF0005040 }, // roi_ctrl
    .{ .address = 0x003C, .value = 0x02CF04FF }, // roi_win_end_addr
    .{ .address = 0x0044, .value = 0xCCFFFCCF }, // dig_pad2_ctrl
    .{ .address = 0x004C, .value = 0x00007640 }, // adc_control
    .{ .address = 0x0054, .value = 0x00000210 }, // adc_misc_ctrl
    .{ .address = 0x005C, .value = 0x00000080 }, // temp_ctrl
    .{ .address = 0x0074, .value = 0x00000002 }, // iph_mirr_ctrl
    .{ .address = 0x0078, .value = 0x4001DF48 }, // gcd_ctrl1
    .{ .address = 0x00C8, .value = 0x00000100 }, // stop_sequence_control
    .{ .address = 0x4058, .value = 0x00FF0000 }, // td_roi_y22
    .{ .address = 0x6008, .value = 0x00000080 }, // reference_period
    .{ .address = 0x600C, .value = 0x00000080 }, // td_target_event_rate
    .{ .address = 0x7000, .value = 0xFFFF0001 }, // pipeline_control
    .{ .address = 0x7004, .value = 0x00000400 }, // reserved_7004
    .{ .address = 0x8000, .value = 0x00000080 }, // reserved_8000
    .{ .address = 0x9000, .value = 0x00000208 }, // readout_ctrl
    .{ .address = 0x9004, .value = 0x0000001E }, // ro_fsm_ctrl
    .{ .address = 0x9008, .value = 0x00000640 }, // time_base_ctrl
    .{ .address = 0x9030, .value = 0x00000140 }, // area_x1_addr
    .{ .address = 0x9034, .value = 0x00000280 }, // area_x2_addr
    .{ .address = 0x9038, .value = 0x000003C0 }, // area_x3_addr
    .{ .address = 0x903C, .value = 0x00000500 }, // area_x4_addr
    .{ .address = 0x9044, .value = 0x000000B4 }, // area_y1_addr
    .{ .address = 0x9048, .value = 0x00000168 }, // area_y2_addr
    .{ .address = 0x904C, .value = 0x0000021C }, // area_y3_addr
    .{ .address = 0x9050, .value = 0x000002D0 }, // area_y4_addr
    .{ .address = 0x9054, .value = 0x00000004 }, // counter_ctrl
    .{ .address = 0x9058, .value = 0x000003E8 }, // counter_timer_threshold
    .{ .address = 0xB000, .value = 0x00000158 }, // mipi_control
    .{ .address = 0xB020, .value = 0x00002000 }, // mipi_packet_size
    .{ .address = 0xB024, .value = 0x00000040 }, // mipi_packet_timeout
    .{ .address = 0xB028, .value = 0x000007D0 }, // mipi_frame_period
    .{ .address = 0xB02C, .value = 0x0000000A }, // mipi_line_blanking
    .{ .address = 0xC004, .value = 0x00000034 }, // param
    .{ .address = 0xC008, .value = 0x00089C0F }, // filter_period
    .{ .address = 0xC0C0, .value = 0x0A05A5A0 }, // invalidation
    .{ .address = 0xC0C4, .value = 0x00000004 }, // initialization
    .{ .address = 0xC0D4, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0xC0D8, .value = 0x000003E8 }, // shadow_timer_threshold
    .{ .address = 0xD004, .value = 0x00004E20 }, // stc_param
    .{ .address = 0xD008, .value = 0x00030D40 }, // trail_param
    .{ .address = 0xD00C, .value = 0x0000022D }, // timestamping
    .{ .address = 0xD0C0, .value = 0x0A118004 }, // invalidation
    .{ .address = 0xD0D4, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0xD0D8, .value = 0x000003E8 }, // shadow_timer_threshold
    .{ .address = 0xE000, .value = 0x00000104 }, // slvs_control
    .{ .address = 0xE020, .value = 0x00001000 }, // slvs_packet_size
    .{ .address = 0xE024, .value = 0x00000040 }, // slvs_packet_timeout
    .{ .address = 0xE02C, .value = 0x0000000A }, // slvs_line_blanking
};

/// In place of those of the IMX636.
pub const gen41_reset_values = [_]ResetValue{
    .{ .address = 0x0004, .value = 0xF0005440 }, // roi_ctrl
    .{ .address = 0x004C, .value = 0x00007140 }, // adc_control
    .{ .address = 0x0054, .value = 0x00000010 }, // adc_misc_ctrl
    .{ .address = 0x0074, .value = 0x00000000 }, // iph_mirr_ctrl
    .{ .address = 0x0078, .value = 0x4001C748 }, // gcd_ctrl1
    .{ .address = 0x00C8, .value = 0x00000000 }, // not in the map
    .{ .address = 0x9000, .value = 0x00000008 }, // readout_ctrl
    .{ .address = 0x9004, .value = 0x00000000 }, // ro_fsm_ctrl
    .{ .address = 0xE000, .value = 0x00000000 }, // neither in the map
    .{ .address = 0xE020, .value = 0x00000000 },
    .{ .address = 0xE024, .value = 0x00000000 },
    .{ .address = 0xE02C, .value = 0x00000000 },
};
