// A client of a camera with OpenEB's HAL: lists it, opens it, reads events, uses the sensor's facilities while it
// streams, closes it, and opens it again.
//
//     stranger <serial> <window in µs> <folder> [genx320 [brief]]
//
// The files and the line of JSON that it writes are those of the client in Rust (`../rust/src/main.rs`).

#include "session.h"

#include <iostream>

int main(int count, char **arguments) try {
    if (count < 4) throw std::invalid_argument("usage: stranger <serial> <window in µs> <folder> [genx320 [brief]]");
    serial = arguments[1];
    window_us = std::stoll(arguments[2]);
    folder = arguments[3];
    std::string listed;
    for (const auto &name : DeviceDiscovery::list_local()) {
        listed += (listed.empty() ? "" : ",") + ("{\"name\":\"" + name + "\",\"serial\":\"" + serial + "\"}");
    }
    const bool is_genx320 = count > 4 && std::string(arguments[4]) == "genx320";
    const int temperature = is_genx320 ? meet_genx320(count > 5) : meet_imx636();
    std::cout << "{\"listed\":[" << listed << "],\"temperatureCelsius\":" << temperature << ",\"dropped\":0}" << std::endl;
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << std::endl;
    return 1;
}
