//! Reset values of the GenX320's registers that are not zero. That of the chip's id is in `registers.zig`.
//!
//! Source: OpenEB 5.1.1's register map of the early sensor (`genx320es_registermap.h`), which it uses for the production
//! sensor, too; defaults of the listed fields.

pub const ResetValue = struct {
    address: u32,
    value: u32,
    /// Of registers one behind the other.
    count: u32 = 1,
};

pub const reset_values = [_]ResetValue{
    .{ .address = 0x0000, .value = 0x00000400 }, // roi_ctrl
    .{ .address = 0x002C, .value = 0x00200624 }, // ro_td_ctrl
    .{ .address = 0x0044, .value = 0x00000014 }, // roi_master_chicken_bit
    .{ .address = 0x0048, .value = 0x00040000 }, // cpu_int_control
    .{ .address = 0x004C, .value = 0x00204E20 }, // adc_control
    .{ .address = 0x0050, .value = 0x20820000 }, // adc_status1
    .{ .address = 0x0054, .value = 0x40080000 }, // adc_misc_ctrl
    .{ .address = 0x0058, .value = 0x08020820 }, // adc_manual_ctrl1
    .{ .address = 0x005C, .value = 0x00000080 }, // temp_ctrl
    .{ .address = 0x0064, .value = 0x03E80000 }, // top_chicken
    .{ .address = 0x0068, .value = 0xFFFFFFFF }, // spare_ctrl1
    .{ .address = 0x0070, .value = 0x0000055C }, // cp_ctrl
    .{ .address = 0x0078, .value = 0x00013200 }, // gcd_ctrl
    .{ .address = 0x007C, .value = 0x0000025C }, // gcd_ctrl2
    .{ .address = 0x0080, .value = 0x00000010 }, // gcd_refr_ctrl
    .{ .address = 0x00BC, .value = 0x3FFFFFFF }, // sram_pd0
    .{ .address = 0x00C0, .value = 0x000000F8 }, // sram_pd1
    .{ .address = 0x0204, .value = 0x0000CD6C }, // sys_clk_ctrl
    .{ .address = 0x020C, .value = 0x0000000C }, // rtc_clk_ctrl
    .{ .address = 0x0214, .value = 0x000005F4 }, // pll_ctrl
    .{ .address = 0x0600, .value = 0x2739CE73 }, // io_ctrl0
    .{ .address = 0x0604, .value = 0x27514EB3 }, // io_ctrl1
    .{ .address = 0x0608, .value = 0x04214EA2 }, // io_ctrl2
    .{ .address = 0x060C, .value = 0x04210842 }, // io_ctrl3
    .{ .address = 0x0610, .value = 0x00210842 }, // io_ctrl4
    .{ .address = 0x0614, .value = 0x00033F9F }, // io_ctrl5
    .{ .address = 0x0800, .value = 0x003E8480 }, // gpo_px_init_ctrl0
    .{ .address = 0x0804, .value = 0x00000014 }, // gpo_px_init_ctrl1
    .{ .address = 0x0808, .value = 0x000F422C }, // gpo_px_init_ctrl2
    .{ .address = 0x080C, .value = 0x000200C8 }, // gpo_px_rst_amp_ctrl0
    .{ .address = 0x0810, .value = 0x00640005 }, // gpo_px_rst_amp_ctrl1
    .{ .address = 0x0814, .value = 0x000200C8 }, // gpo_px_rst_cmp_ctrl0
    .{ .address = 0x0818, .value = 0x0064000A }, // gpo_px_rst_cmp_ctrl1
    .{ .address = 0x081C, .value = 0x000200C8 }, // gpo_px_rst_bias_ctrl0
    .{ .address = 0x0820, .value = 0x0064000C }, // gpo_px_rst_bias_ctrl1
    .{ .address = 0x0824, .value = 0x000000C8 }, // gpo_px_act_ctrl0
    .{ .address = 0x082C, .value = 0x000000C8 }, // gpo_px_trg_ctrl0
    .{ .address = 0x0830, .value = 0x0062005D }, // gpo_px_trg_ctrl1
    .{ .address = 0x0834, .value = 0x000000C8 }, // gpo_px_mask_b_ctrl0
    .{ .address = 0x0838, .value = 0x0058000E }, // gpo_px_mask_b_ctrl1
    .{ .address = 0x1000, .value = 0x0301003D }, // bias_pr_hv0
    .{ .address = 0x1004, .value = 0x03010027 }, // bias_fo_hv0
    .{ .address = 0x1008, .value = 0x0101003F }, // bias_fes_hv0
    .{ .address = 0x100C, .value = 0x0301003D }, // bias_pr_hv1
    .{ .address = 0x1010, .value = 0x03010027 }, // bias_fo_hv1
    .{ .address = 0x1014, .value = 0x0101003F }, // bias_fes_hv1
    .{ .address = 0x1100, .value = 0x03010000 }, // bias_hpf_lv0
    .{ .address = 0x1104, .value = 0x01090018 }, // bias_diff_on_lv0
    .{ .address = 0x1108, .value = 0x01010033 }, // bias_diff_lv0
    .{ .address = 0x110C, .value = 0x01090013 }, // bias_diff_off_lv0
    .{ .address = 0x1110, .value = 0x01010039 }, // bias_inv_lv0
    .{ .address = 0x1114, .value = 0x03010052 }, // bias_refr_lv0
    .{ .address = 0x1118, .value = 0x03010042 }, // bias_invp_lv0
    .{ .address = 0x111C, .value = 0x03000074 }, // bias_req_pu_lv0
    .{ .address = 0x1120, .value = 0x010000A4 }, // bias_sm_pdy_lv0
    .{ .address = 0x1124, .value = 0x03010000 }, // bias_hpf_lv1
    .{ .address = 0x1128, .value = 0x01090018 }, // bias_diff_on_lv1
    .{ .address = 0x112C, .value = 0x01010033 }, // bias_diff_lv1
    .{ .address = 0x1130, .value = 0x01090013 }, // bias_diff_off_lv1
    .{ .address = 0x1134, .value = 0x01010039 }, // bias_inv_lv1
    .{ .address = 0x1138, .value = 0x03010052 }, // bias_refr_lv1
    .{ .address = 0x113C, .value = 0x03010042 }, // bias_invp_lv1
    .{ .address = 0x1140, .value = 0x03000074 }, // bias_req_pu_lv1
    .{ .address = 0x1144, .value = 0x010000A4 }, // bias_sm_pdy_lv1
    .{ .address = 0x1204, .value = 0x0000000A }, // bgen_timer
    .{ .address = 0x1218, .value = 0x00000110 }, // bgen_cgm_sub
    .{ .address = 0x1228, .value = 0x00000007 }, // bgen_fes_shdio
    .{ .address = 0x122C, .value = 0x00000004 }, // bgen_diff_on_vdsn
    .{ .address = 0x1230, .value = 0x00000004 }, // bgen_diff_off_vdsn
    .{ .address = 0x2000, .value = 0xFFFFFFFF, .count = 10 }, // td_roi_x00 to td_roi_x09
    .{ .address = 0x2028, .value = 0x000000FF }, // td_roi_x10
    .{ .address = 0x2800, .value = 0xFFFFFFFF, .count = 10 }, // td_roi_x_xor00 to td_roi_x_xor09
    .{ .address = 0x2828, .value = 0x000000FF }, // td_roi_x_xor10
    .{ .address = 0x3000, .value = 0xFFFFFFFF, .count = 10 }, // td_roi_y00 to td_roi_y09
    .{ .address = 0x4004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0x4040, .value = 0x00000003 }, // ehc_control
    .{ .address = 0x4044, .value = 0x00000044 }, // bits_splitting
    .{ .address = 0x4048, .value = 0x000186A0 }, // integration_period
    .{ .address = 0x404C, .value = 0x000186A0 }, // event_rate_threshold
    .{ .address = 0x4114, .value = 0x00320000 }, // irq_control
    .{ .address = 0x6004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0x6010, .value = 0xC0000000 }, // pipeline_flush
    .{ .address = 0x6014, .value = 0x00002010 }, // ahvt_dropping_control
    .{ .address = 0x6020, .value = 0x00000080 }, // ref_period_flavor
    .{ .address = 0x6024, .value = 0x00000101 }, // delay_fifo_non_td_rsvd_area
    .{ .address = 0x6028, .value = 0x00001408 }, // delay_fifo_size
    .{ .address = 0x602C, .value = 0x00000080 }, // td_target_event_count
    .{ .address = 0x6030, .value = 0x80000000 }, // interest_level
    .{ .address = 0x604C, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0x6050, .value = 0x00000001 }, // shadow_timer_threshold
    .{ .address = 0x6090, .value = 0x80070000 }, // sram_power_down
    .{ .address = 0x6094, .value = 0x00050505 }, // sram_read_write_cycle_timing
    .{ .address = 0x60A0, .value = 0x00000001 }, // delay_fifo_flush_and_bypass
    .{ .address = 0x60B4, .value = 0x00000001 }, // reset_tdrop_counter_on_mtag_first
    .{ .address = 0x60BC, .value = 0x00000008 }, // nice_to_have
    .{ .address = 0x7004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0x7040, .value = 0x0000C5FF }, // event_type_en
    .{ .address = 0x704C, .value = 0x000007D0 }, // output_interface_control
    .{ .address = 0x7100, .value = 0x0000FFFF }, // external_output_adapter
    .{ .address = 0x8000, .value = 0x0001E800 }, // pipeline_control
    .{ .address = 0x8004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0x8008, .value = 0x00000800 }, // packet_size_control
    .{ .address = 0x800C, .value = 0x00010810 }, // packet_time_control
    .{ .address = 0x8010, .value = 0x00000020 }, // frame_size_control
    .{ .address = 0x8014, .value = 0x00000001 }, // frame_time_control
    .{ .address = 0x9008, .value = 0x00000320 }, // time_base_ctrl
    .{ .address = 0x901C, .value = 0x5A5A5A5A }, // self_test_data
    .{ .address = 0x9024, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0x9030, .value = 0x00000040 }, // lp_x1
    .{ .address = 0x9034, .value = 0x000000A0 }, // lp_x2
    .{ .address = 0x9038, .value = 0x00000100 }, // lp_x3
    .{ .address = 0x903C, .value = 0x00000140 }, // lp_x4
    .{ .address = 0x9044, .value = 0x00000040 }, // lp_y1
    .{ .address = 0x9048, .value = 0x000000A0 }, // lp_y2
    .{ .address = 0x904C, .value = 0x00000100 }, // lp_y3
    .{ .address = 0x9050, .value = 0x00000140 }, // lp_y4
    .{ .address = 0x9054, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0x9058, .value = 0x000003E8 }, // shadow_timer_threshold
    .{ .address = 0xA000, .value = 0x00000400 }, // bg
    .{ .address = 0xA004, .value = 0x00000024 }, // ldo_hv
    .{ .address = 0xA008, .value = 0x00000084 }, // ldo_lv
    .{ .address = 0xA00C, .value = 0x0000012C }, // ldo_hv_en_delay_max
    .{ .address = 0xA010, .value = 0x0000927C }, // ldo_hv_start_pulse_max
    .{ .address = 0xA014, .value = 0x0000012C }, // ldo_lv_en_delay_max
    .{ .address = 0xA018, .value = 0x000030D4 }, // ldo_lv_start_pulse_max
    .{ .address = 0xA01C, .value = 0x0007601C }, // pmu
    .{ .address = 0xB000, .value = 0x1000C000 }, // csi_ctrl
    .{ .address = 0xB00C, .value = 0x00000006 }, // clk_ctrl
    .{ .address = 0xB014, .value = 0x01402000 }, // frame_cfg
    .{ .address = 0xB018, .value = 0x00000004 }, // frame_sync
    .{ .address = 0xB01C, .value = 0x0000041D }, // mid
    .{ .address = 0xB03C, .value = 0x0000D6D8 }, // ulps_ctrl
    .{ .address = 0xB44C, .value = 0x00000001 }, // dphy_block_m_clk_module_id
    .{ .address = 0xB450, .value = 0x00000001 }, // dphy_block_m_clk_version_id
    .{ .address = 0xC004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0xC008, .value = 0x00000034 }, // afk_param
    .{ .address = 0xC00C, .value = 0x00089C0F }, // filter_period
    .{ .address = 0xC0C0, .value = 0x0505AF3C }, // invalidation
    .{ .address = 0xC0D4, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0xC0D8, .value = 0x000003E8 }, // shadow_timer_threshold
    .{ .address = 0xC1C0, .value = 0x0000001B }, // chicken0_bits
    .{ .address = 0xC1C4, .value = 0x00800003 }, // chicken1_bits
    .{ .address = 0xD004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0xD008, .value = 0x01004E20 }, // stc_param
    .{ .address = 0xD00C, .value = 0x00030D40 }, // trail_param
    .{ .address = 0xD010, .value = 0x0001022D }, // timestamping
    .{ .address = 0xD0C0, .value = 0x05118004 }, // invalidation
    .{ .address = 0xD0D4, .value = 0x00000004 }, // shadow_ctrl
    .{ .address = 0xD0D8, .value = 0x000003E8 }, // shadow_timer_threshold
    .{ .address = 0xD1C0, .value = 0x0000000F }, // chicken0_bits
    .{ .address = 0xD1C4, .value = 0x00100001 }, // chicken1_bits
    .{ .address = 0xE004, .value = 0x00000001 }, // pipeline_status
    .{ .address = 0xE008, .value = 0x00000400 }, // reference_period
    .{ .address = 0xE00C, .value = 0x00000020 }, // min_voxel_threshold_on
    .{ .address = 0xE010, .value = 0x00000020 }, // min_voxel_threshold_off
    .{ .address = 0xE014, .value = 0x001FFFFF }, // max_voxel_threshold_off
    .{ .address = 0xE018, .value = 0x001FFFFF }, // max_voxel_threshold_on
    .{ .address = 0xE020, .value = 0x06000000 }, // voxels_in_window
};
