// An EVK3 GenX320, whose pixels each have a latch.

#include "session.h"

#include <metavision/hal/facilities/i_antiflicker_module.h>
#include <metavision/hal/facilities/i_camera_synchronization.h>
#include <metavision/hal/facilities/i_digital_crop.h>
#include <metavision/hal/facilities/i_digital_event_mask.h>
#include <metavision/hal/facilities/i_erc_module.h>
#include <metavision/hal/facilities/i_event_trail_filter_module.h>
#include <metavision/hal/facilities/i_ll_biases.h>
#include <metavision/hal/facilities/i_monitoring.h>
#include <metavision/hal/facilities/i_roi.h>
#include <metavision/hal/facilities/i_roi_pixel_mask.h>
#include <metavision/hal/facilities/i_trigger_in.h>

static bool is_in_window(const EventCD &event) {
    return (event.x >= 40 && event.x < 140 && event.y >= 20 && event.y < 220) ||
           (event.x >= 200 && event.x < 260 && event.y >= 150 && event.y < 320);
}

static bool is_masked(unsigned x, unsigned y) {
    return (x + 3 * y) % 11 == 0;
}

static void use_windows(Session &session, size_t whole) {
    auto &roi = facility<I_ROI>(session.device());
    const std::vector<I_ROI::Window> windows{{40, 20, 100, 200}, {200, 150, 60, 170}};
    require(roi.set_mode(I_ROI::Mode::ROI) && roi.set_windows(windows) && roi.enable(true), "windows");
    record("windows", session.windows("windows", 1, [](const Events &events) { return all_of(events, is_in_window); }));
    require(roi.set_mode(I_ROI::Mode::RONI) && roi.set_windows(windows) && roi.enable(true), "RONI");
    record("roni", session.windows("roni", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) { return !is_in_window(event); });
    }));
    require(roi.set_mode(I_ROI::Mode::ROI) && roi.enable(false), "no windows");
    restore(session, "no windows", whole);
}

static void use_lines(Session &session, size_t whole) {
    auto &roi = facility<I_ROI>(session.device());
    std::vector<bool> columns(320, true), rows(320, true);
    std::fill_n(columns.begin(), 100, false);
    std::fill_n(rows.begin() + 300, 20, false);
    require(roi.set_lines(columns, rows) && roi.enable(true), "lines");
    record("lines", session.windows("lines", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) { return event.x >= 100 && event.y < 300; });
    }));
    require(roi.enable(false), "no lines");
    restore(session, "no lines", whole);
}

static void use_pixel_mask(Session &session, size_t whole) {
    auto &mask = facility<I_RoiPixelMask>(session.device());
    mask.reset_pixels();
    for (unsigned y = 0; y < 320; ++y) {
        for (unsigned x = 0; x < 320; ++x) {
            if (is_masked(x, y)) require(mask.set_pixel(x, y, false), "pixel");
        }
    }
    mask.apply_pixels();
    record("pixels", session.windows("pixels", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) { return !is_masked(event.x, event.y); });
    }));
    mask.reset_pixels();
    restore(session, "no pixels", whole);
}

/// Masks the pixel of a window's first event.
static void use_event_mask(Session &session, const Events &window) {
    const auto x = window.front().x, y = window.front().y;
    const auto &masks = facility<I_DigitalEventMask>(session.device()).get_pixel_masks();
    require(masks.at(15)->set_mask(x, y, true), "event mask");
    record("event_mask", session.windows("event mask", 1, [x, y](const Events &events) {
        return all_of(events, [x, y](const EventCD &event) { return event.x != x || event.y != y; });
    }));
    require(masks.at(15)->set_mask(x, y, false), "no event mask");
    restore(session, "no event mask", window.size());
}

static void use_biases(Session &session, size_t whole) {
    auto &biases = facility<I_LL_Biases>(session.device());
    const int before = biases.get("bias_diff_on");
    require(biases.set("bias_diff_on", 60), "bias_diff_on");
    record("biases", session.windows("biases", 2, [whole](const Events &events) { return on_of(events) < whole * 3 / 8; }));
    require(biases.set("bias_diff_on", before), "bias_diff_on as before");
    restore(session, "biases as before", whole);
}

static void use_limiter(Session &session, size_t whole) {
    auto &limiter = facility<I_ErcModule>(session.device());
    require(limiter.set_cd_event_rate(20000) && limiter.enable(true), "rate controller");
    record("limiter", session.windows("limiter", 3, [](const Events &events) {
        return events.size() <= static_cast<size_t>(window_us) / 1000 * 20 + 40;
    }));
    require(limiter.enable(false), "no rate controller");
    restore(session, "no rate controller", whole);
}

static void use_crop(Session &session, size_t whole) {
    auto &crop = facility<I_DigitalCrop>(session.device());
    require(crop.set_window_region(I_DigitalCrop::Region(64, 50, 255, 249)) && crop.enable(true), "crop");
    record("crop", session.windows("crop", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) {
            return event.x >= 64 && event.x <= 255 && event.y >= 50 && event.y <= 249;
        });
    }));
    require(crop.enable(false), "no crop");
    restore(session, "no crop", whole);
}

/// What these keep depends on the scene: they are turned on and off.
static void use_filters(Session &session, size_t whole) {
    auto &antiflicker = facility<I_AntiFlickerModule>(session.device());
    require(antiflicker.set_frequency_band(90, 110) && antiflicker.enable(true), "anti-flicker");
    require(antiflicker.enable(false), "no anti-flicker");
    restore(session, "no anti-flicker", whole);
    auto &trail = facility<I_EventTrailFilterModule>(session.device());
    for (const auto type : trail.get_available_types()) {
        require(trail.set_type(type) && trail.set_threshold(10000) && trail.enable(true), "trail filter");
        require(trail.enable(false), "no trail filter");
    }
    restore(session, "no trail filter", whole);
}

/// A secondary waits for its primary, and there is none.
static void use_synchronization(Session &session) {
    auto &synchronization = facility<I_CameraSynchronization>(session.device());
    session.restart([&] { require(synchronization.set_mode_master(), "primary"); });
    record("primary", session.windows("primary", 3, any));
    session.restart([&] { require(synchronization.set_mode_slave(), "secondary"); });
    require(session.is_silent(std::chrono::milliseconds(300)), "a secondary that waits for its primary");
    session.restart([&] { require(synchronization.set_mode_standalone(), "standalone"); });
}

/// Opens the camera with a format, and records what comes.
static void use_format(const std::string &format, const std::string &phase) {
    DeviceConfig config;
    config.set_format(format);
    Session session(config);
    record(phase, session.windows(phase, 3, any));
    session.close();
}

int meet_genx320(bool brief) {
    Session session;
    record("defaults", session.windows("defaults", 3, any));
    auto &monitoring = facility<I_Monitoring>(session.device());
    const int temperature = monitoring.get_temperature();
    if (brief) return temperature;
    const Events window = session.windows("whole", 1, any);
    const size_t whole = window.size();
    use_windows(session, whole);
    use_lines(session, whole);
    use_pixel_mask(session, whole);
    use_event_mask(session, window);
    use_biases(session, whole);
    use_limiter(session, whole);
    use_crop(session, whole);
    use_filters(session, whole);
    auto &trigger = facility<I_TriggerIn>(session.device());
    require(trigger.is_enabled(I_TriggerIn::Channel::Main) && trigger.disable(I_TriggerIn::Channel::Main), "trigger");
    require(monitoring.get_illumination() > 0 && monitoring.get_pixel_dead_time() > 0, "light meter and dead time");
    use_synchronization(session);
    session.close();

    Session again;
    record("again", again.windows("again", 3, any));
    again.close();
    use_format("EVT2", "evt2");
    use_format("EVT3", "evt3");
    return temperature;
}
