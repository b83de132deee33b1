"""Reads a recording with another program's reader: prints its events, and the seconds of the clock and of the CPU.

    python read.py READER FILE
"""

import json
import sys
import time


def evutils(path):
    from evutils.io import EventReader

    return len(EventReader(path, mode="all", max_events=1 << 30, max_time=1 << 60).read_all()["t"])


def evt3(path):
    import evt3 as package

    return len(package.decode_file(path).timestamp)


def faery(path):
    from faery import extension

    return sum(len(packet["events"]) for packet in extension.evt.Decoder(path, (1280, 720), "evt3") if "events" in packet)


def expelliarmus(path):
    from expelliarmus import Wizard

    wizard = Wizard(encoding="evt3", chunk_size=1 << 20)
    wizard.set_file(path)
    return sum(len(chunk) for chunk in wizard.read_chunk())


reader, path = sys.argv[1:]
read = globals()[reader]
start, cpu = time.perf_counter(), time.process_time()
events = read(path)
print(json.dumps({"events": events, "seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - cpu}))
