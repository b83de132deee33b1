// An EVK4.

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

static void use_region(Session &session, size_t whole) {
    auto &roi = facility<I_ROI>(session.device());
    std::vector<bool> columns(1280, true), rows(720, true);
    std::fill_n(columns.begin(), 320, false);
    std::fill_n(rows.begin() + 656, 64, false);
    require(roi.set_mode(I_ROI::Mode::ROI) && roi.set_lines(columns, rows) && roi.enable(true), "region");
    record("masks", session.windows("masks", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) { return event.x >= 320 && event.y < 656; });
    }));
    require(roi.enable(false), "no region");
    restore(session, "no region", whole);
}

static void use_region_of_non_interest(Session &session, size_t whole) {
    auto &roi = facility<I_ROI>(session.device());
    require(roi.set_mode(I_ROI::Mode::RONI) && roi.set_window({500, 200, 280, 320}) && roi.enable(true), "RONI");
    record("roni", session.windows("roni", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) {
            return event.x < 500 || event.x >= 780 || event.y < 200 || event.y >= 520;
        });
    }));
    require(roi.enable(false) && roi.set_mode(I_ROI::Mode::ROI), "no RONI");
    restore(session, "no RONI", whole);
}

/// Masks the pixel of a window's first event.
static void use_event_mask(Session &session, const Events &window) {
    const auto x = window.front().x, y = window.front().y;
    const auto &masks = facility<I_DigitalEventMask>(session.device()).get_pixel_masks();
    require(masks.at(5)->set_mask(x, y, true), "event mask");
    record("event_mask", session.windows("event mask", 1, [x, y](const Events &events) {
        return all_of(events, [x, y](const EventCD &event) { return event.x != x || event.y != y; });
    }));
    require(masks.at(5)->set_mask(x, y, false), "no event mask");
    restore(session, "no event mask", window.size());
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

static void use_biases(Session &session, size_t whole) {
    auto &biases = facility<I_LL_Biases>(session.device());
    require(biases.set("bias_diff_on", 40), "bias_diff_on");
    record("biases", session.windows("biases", 2, [whole](const Events &events) { return on_of(events) < whole * 3 / 8; }));
    require(biases.set("bias_diff_on", 0), "bias_diff_on 0");
    restore(session, "biases 0", whole);
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
    require(crop.set_window_region(I_DigitalCrop::Region(320, 180, 959, 539)) && crop.enable(true), "crop");
    record("crop", session.windows("crop", 1, [](const Events &events) {
        return all_of(events, [](const EventCD &event) {
            return event.x >= 320 && event.x <= 959 && event.y >= 180 && event.y <= 539;
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

int meet_imx636() {
    Session session;
    record("defaults", session.windows("defaults", 3, any));
    const Events window = session.windows("whole", 1, any);
    const size_t whole = window.size();
    use_region(session, whole);
    use_region_of_non_interest(session, whole);
    use_event_mask(session, window);
    use_biases(session, whole);
    use_limiter(session, whole);
    use_crop(session, whole);
    use_filters(session, whole);
    auto &monitoring = facility<I_Monitoring>(session.device());
    const int temperature = monitoring.get_temperature();
    require(monitoring.get_illumination() > 0 && monitoring.get_pixel_dead_time() > 0, "light meter and dead time");
    use_synchronization(session);
    session.close();

    Session again;
    record("again", again.windows("again", 3, any));
    again.close();

    DeviceConfig config;
    config.set_format("EVT21");
    Session evt21(config);
    record("evt21", evt21.windows("evt21", 3, any));
    evt21.close();
    return temperature;
}
