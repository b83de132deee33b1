// A client of a camera with OpenEB's HAL: lists it, opens it, reads events, uses the sensor's facilities while it
// streams, closes it, and opens it again.
//
//     stranger <serial> <window in µs> <folder>
//
// The files and the line of JSON that it writes are those of the client in Rust (`../rust/src/main.rs`).

#include <metavision/hal/device/device.h>
#include <metavision/hal/device/device_discovery.h>
#include <metavision/hal/facilities/i_antiflicker_module.h>
#include <metavision/hal/facilities/i_camera_synchronization.h>
#include <metavision/hal/facilities/i_digital_crop.h>
#include <metavision/hal/facilities/i_digital_event_mask.h>
#include <metavision/hal/facilities/i_erc_module.h>
#include <metavision/hal/facilities/i_event_decoder.h>
#include <metavision/hal/facilities/i_event_trail_filter_module.h>
#include <metavision/hal/facilities/i_events_stream.h>
#include <metavision/hal/facilities/i_events_stream_decoder.h>
#include <metavision/hal/facilities/i_ll_biases.h>
#include <metavision/hal/facilities/i_monitoring.h>
#include <metavision/hal/facilities/i_roi.h>
#include <metavision/hal/utils/device_config.h>
#include <metavision/sdk/base/events/event_cd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace Metavision;
using Events = std::vector<EventCD>;

// A phase ends where the camera does what was asked for; a camera that never does fails it.
constexpr std::chrono::seconds phase_limit(30);

static std::string serial;
static std::string folder;
static int64_t window_us;

static void require(bool done, const std::string &what) {
    if (!done) throw std::runtime_error("refused: " + what);
}

template<typename Facility>
static Facility &facility(Device &device) {
    auto *found = device.get_facility<Facility>();
    if (found == nullptr) throw std::runtime_error(std::string("missing: ") + typeid(Facility).name());
    return *found;
}

static void record(const std::string &phase, const Events &events) {
    std::ofstream file(folder + "/" + phase + ".events", std::ios::binary);
    for (const auto &event : events) {
        const uint64_t t = event.t;
        const uint8_t rest[4] = {static_cast<uint8_t>(event.p), 0, 0, 0};
        file.write(reinterpret_cast<const char *>(&t), 8);
        file.write(reinterpret_cast<const char *>(&event.x), 2);
        file.write(reinterpret_cast<const char *>(&event.y), 2);
        file.write(reinterpret_cast<const char *>(rest), 4);
    }
}

static size_t on_of(const Events &events) {
    return std::count_if(events.begin(), events.end(), [](const EventCD &event) { return event.p == 1; });
}

template<typename Kept>
static bool all_of(const Events &events, Kept kept) {
    return !events.empty() && std::all_of(events.begin(), events.end(), kept);
}

/// A camera that streams.
class Session {
public:
    explicit Session(const DeviceConfig &config = {}) : device_(DeviceDiscovery::open(serial, config)) {
        require(device_ != nullptr, "opening");
        decoder().add_event_buffer_callback([this](const EventCD *begin, const EventCD *end) {
            timestamp shift = 0;
            facility<I_EventsStreamDecoder>(*device_).get_timestamp_shift(shift);
            for (auto event = begin; event != end; ++event) {
                pending_.push_back(*event);
                pending_.back().t += shift; // the sensor's time
            }
        });
        stream().start();
    }

    Device &device() {
        return *device_;
    }

    /// Changes what may not change while the camera streams.
    void restart(const std::function<void()> &change) {
        stream().stop();
        change();
        pending_.clear();
        stream().start();
    }

    /// Whether no event comes for a time.
    bool is_silent(std::chrono::milliseconds time) {
        const auto end = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < end) {
            if (stream().poll_buffer() > 0) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }

    /// Reads on until `count` consecutive windows of the sensor's time, at multiples of their length, are as wanted.
    Events windows(const std::string &phase, size_t count, const std::function<bool(const Events &)> &wanted) {
        const auto begin = std::chrono::steady_clock::now();
        Events found;
        for (size_t windows = 0; windows < count;) {
            require(std::chrono::steady_clock::now() - begin < phase_limit, phase);
            read();
            for (Events window; windows < count && !(window = take_window()).empty();) {
                if (wanted(window)) {
                    windows += 1;
                    found.insert(found.end(), window.begin(), window.end());
                } else {
                    windows = 0;
                    found.clear();
                }
            }
        }
        return found;
    }

    void close() {
        stream().stop();
        device_.reset();
    }

private:
    I_EventsStream &stream() {
        return facility<I_EventsStream>(*device_);
    }

    I_EventDecoder<EventCD> &decoder() {
        return facility<I_EventDecoder<EventCD>>(*device_);
    }

    void read() {
        require(stream().wait_next_buffer() == 1, "events");
        facility<I_EventsStreamDecoder>(*device_).decode(stream().get_latest_raw_data());
    }

    /// The events of the first window, where a later event shows that it has ended.
    Events take_window() {
        if (pending_.empty()) return {};
        const int64_t end = (pending_.front().t / window_us + 1) * window_us;
        const auto later =
            std::find_if(pending_.begin(), pending_.end(), [end](const EventCD &event) { return event.t >= end; });
        if (later == pending_.end()) return {};
        Events window(pending_.begin(), later);
        pending_.erase(pending_.begin(), later);
        return window;
    }

    std::unique_ptr<Device> device_;
    Events pending_;
};

static bool any(const Events &) {
    return true;
}

/// Waits until a whole loop has come again.
static Events restore(Session &session, const std::string &phase, size_t whole) {
    return session.windows(phase, 1, [whole](const Events &events) { return events.size() == whole; });
}

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

int main(int count, char **arguments) try {
    if (count != 4) throw std::invalid_argument("usage: stranger <serial> <window in µs> <folder>");
    serial = arguments[1];
    window_us = std::stoll(arguments[2]);
    folder = arguments[3];
    std::string listed;
    for (const auto &name : DeviceDiscovery::list_local()) {
        listed += (listed.empty() ? "" : ",") + ("{\"name\":\"" + name + "\",\"serial\":\"" + serial + "\"}");
    }

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
    std::cout << "{\"listed\":[" << listed << "],\"temperatureCelsius\":" << temperature << ",\"dropped\":0}" << std::endl;
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << std::endl;
    return 1;
}
