"""Readers of RAW files of other projects, measured.

    read.py <package>     reads paths of RAW files from stdin, one a line

Reads each file into columns or events, as the package does it, and prints one line of JSON: how many events there were,
the sums of their t, x, y and on, and the seconds from opening the file to the last event.
"""

import json
import sys
import time


def evutils(path):
    from evutils.io import EventReader

    yield EventReader(path, mode="all", max_events=1 << 30, max_time=1 << 60).read_all()


def evt3(path):
    import evt3 as package

    events = package.decode_file(path)
    yield {"t": events.timestamp, "x": events.x, "y": events.y, "p": events.polarity}


def faery(path):
    from faery import extension

    for packet in extension.evt.Decoder(path, (1280, 720), "evt3"):
        if "events" in packet:
            yield packet["events"]


def expelliarmus(path):
    from expelliarmus import Wizard

    wizard = Wizard(encoding="evt3", chunk_size=1 << 20)
    wizard.set_file(path)
    for chunk in wizard.read_chunk():
        yield chunk.copy()


def sum_of(chunks, *names):
    import numpy

    def column(chunk):
        for name in names:
            try:
                return numpy.asarray(chunk[name])
            except (KeyError, ValueError, IndexError):
                pass
        raise KeyError(names)

    return sum(int(column(chunk).astype("u8").sum()) for chunk in chunks) % (1 << 53)


read = globals()[sys.argv[1]]
for line in sys.stdin:
    begin = time.perf_counter()
    chunks = list(read(line.strip()))
    seconds = time.perf_counter() - begin
    events = sum(len(chunk["x"]) for chunk in chunks)
    sums = [sum_of(chunks, "t"), sum_of(chunks, "x"), sum_of(chunks, "y"), sum_of(chunks, "p", "on")]
    print(json.dumps({"events": events, "sums": sums, "seconds": seconds}), flush=True)
