"""A client of a camera with PyPI's neuromorphic-drivers: lists it, opens it with the package's own defaults, reads
events, changes the configuration while it streams, closes it, and opens it again with a limited rate.

    client.py <serial> <window in µs> <folder>

The files and the line of JSON that it writes are those of the client in Rust (`../rust/src/main.rs`).
"""

import json
import sys
import time

import neuromorphic_drivers as nd
import numpy

# See the client in Rust: the first packets of a session may be mixed up.
UNSETTLED_PACKETS = 64

# A phase ends where the camera does what was asked for; a camera that never does fails it.
PHASE_LIMIT_S = 60

RECORD = numpy.dtype([("t", "<u8"), ("x", "<u2"), ("y", "<u2"), ("on", "u1"), ("rest", "u1", 3)])

serial, window_us, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]


class Session:
    """A camera that streams."""

    def __init__(self, configuration):
        self.device = nd.open(configuration, serial=serial, iterator_timeout=0.1)
        self.pending = numpy.zeros(0, dtype=RECORD)
        self.dropped = 0
        packets = 0
        while packets < UNSETTLED_PACKETS:
            packets += self.read()
        self.pending = self.pending[:0]

    def read(self):
        """Returns how many packets were read."""
        status, packet = next(self.device)
        if status.ring is None:
            return 0
        self.dropped = status.ring.dropped_packets
        if packet is None or packet.polarity_events is None:
            return status.ring.raw_packets
        events = packet.polarity_events
        records = numpy.zeros(len(events), dtype=RECORD)
        for name in ("t", "x", "y", "on"):
            records[name] = events[name]
        self.pending = numpy.concatenate((self.pending, records))
        return status.ring.raw_packets

    def take_window(self):
        """The events of the first window, where a later event shows that it has ended."""
        if len(self.pending) == 0:
            return None
        end = (self.pending["t"][0] // window_us + 1) * window_us
        length = int(numpy.argmax(self.pending["t"] >= end))
        if length == 0:
            return None
        window, self.pending = self.pending[:length], self.pending[length:]
        return window

    def windows(self, phase, count, wanted=lambda events: True):
        """Reads on until `count` consecutive windows are as wanted."""
        begin = time.monotonic()
        found = []
        while len(found) < count:
            if time.monotonic() - begin > PHASE_LIMIT_S:
                raise TimeoutError(f"{phase}: the camera never did what was asked for")
            self.read()
            while len(found) < count and (window := self.take_window()) is not None:
                found = [*found, window] if wanted(window) else []
        return numpy.concatenate(found)

    def close(self):
        self.device.close()
        return self.dropped


def record(phase, events):
    events.tofile(f"{folder}/{phase}.events")


def change_live(session):
    configuration = nd.prophesee_evk4.Configuration

    mask = nd.prophesee_evk4.RowColumnMask(set=False)
    mask.set_x_range(0, 320, 1)
    mask.set_y_range(0, 64, 1)  # rows 656 to 719: counted from the bottom
    session.device.update_configuration(configuration(x_mask=mask.x_mask(), y_mask=mask.y_mask()))
    kept = session.windows("masks", 1, lambda events: events["x"].min() >= 320 and events["y"].max() < 656)
    record("masks", kept)

    session.device.update_configuration(configuration())
    unmasked = lambda events: events["x"].min() < 320 and events["y"].max() >= 656
    session.windows("unmasked", 1, unmasked)
    whole = session.windows("unmasked", 1, unmasked)  # the first one may begin masked

    biases = nd.prophesee_evk4.Biases(diff_on=40)  # away from `diff`: fewer ON events
    session.device.update_configuration(configuration(biases=biases))
    limit = whole["on"].sum() * 3 / 4
    record("biases", session.windows("biases", 2, lambda events: events["on"].sum() < limit))


listed = nd.list_devices()
session = Session(nd.prophesee_evk4.Configuration())
record("defaults", session.windows("defaults", 3))
change_live(session)
temperature = session.device.temperature_celsius()
illuminance = session.device.illuminance()
bounds = session.device.biases_bounds()
dropped = session.close()
limiter = nd.prophesee_evk4.RateLimiter(reference_period_us=1000, maximum_events_per_period=20)
session = Session(nd.prophesee_evk4.Configuration(rate_limiter=limiter))
record("limiter", session.windows("limiter", 3))
dropped += session.close()
print(
    json.dumps(
        {
            "listed": [
                {"name": device.name.value, "serial": device.serial, "connection": device.connection.value}
                for device in listed
            ],
            "temperatureCelsius": temperature,
            "illuminance": illuminance,
            "diffOn": {"minimum": int(bounds.diff_on.minimum), "maximum": int(bounds.diff_on.maximum)},
            "dropped": dropped,
        }
    )
)
