// What the clients of both cameras need: a camera with OpenEB's HAL that streams, and its events by windows of time.

#pragma once

#include <metavision/hal/device/device.h>
#include <metavision/hal/device/device_discovery.h>
#include <metavision/hal/facilities/i_event_decoder.h>
#include <metavision/hal/facilities/i_events_stream.h>
#include <metavision/hal/facilities/i_events_stream_decoder.h>
#include <metavision/hal/utils/device_config.h>
#include <metavision/sdk/base/events/event_cd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace Metavision;
using Events = std::vector<EventCD>;

// A phase ends where the camera does what was asked for; a camera that never does fails it.
constexpr std::chrono::seconds phase_limit(30);

inline std::string serial;
inline std::string folder;
inline int64_t window_us;

inline void require(bool done, const std::string &what) {
    if (!done) throw std::runtime_error("refused: " + what);
}

template<typename Facility>
Facility &facility(Device &device) {
    auto *found = device.get_facility<Facility>();
    if (found == nullptr) throw std::runtime_error(std::string("missing: ") + typeid(Facility).name());
    return *found;
}

inline void record(const std::string &phase, const Events &events) {
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

inline size_t on_of(const Events &events) {
    return std::count_if(events.begin(), events.end(), [](const EventCD &event) { return event.p == 1; });
}

template<typename Kept>
inline bool all_of(const Events &events, Kept kept) {
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

inline bool any(const Events &) {
    return true;
}

/// Waits until a whole loop has come again.
inline Events restore(Session &session, const std::string &phase, size_t whole) {
    return session.windows(phase, 1, [whole](const Events &events) { return events.size() == whole; });
}

/// Uses a camera as its sensor allows, or only reads its events, and returns its temperature.
int meet_imx636();
int meet_genx320(bool brief);
