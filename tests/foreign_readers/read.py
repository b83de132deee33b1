"""Reads a recording with somebody else's reader, and writes what it gives as plain records.

    python read.py READER KIND FILE WIDTH HEIGHT OUT

OUT.events gets records of 13 bytes (t u64 in µs, x u16, y u16, on u8), OUT.triggers of 10 (t u64, id u8, edge u8), all
little-endian. A reader that knows no triggers writes no OUT.triggers.
"""

import sys

import numpy

EVENT = numpy.dtype([("t", "<u8"), ("x", "<u2"), ("y", "<u2"), ("on", "u1")])
TRIGGER = numpy.dtype([("t", "<u8"), ("id", "u1"), ("edge", "u1")])


def records(kind, columns):
    """Columns, in the order of the fields, as records."""
    array = numpy.zeros(len(columns[0]), dtype=kind)
    for name, column in zip(kind.names, columns):
        array[name] = numpy.asarray(column)
    return array


def joined(kind, parts):
    return numpy.concatenate([numpy.zeros(0, dtype=kind), *parts])


def evutils(kind, path, _size):
    from evutils.io import EventReader

    has_triggers = kind.startswith("raw")
    reader = EventReader(path, mode="all", ext_trigger=has_triggers, max_events=1 << 30, max_time=1 << 60)
    result = reader.read_all()
    events, triggers = result if has_triggers else (result, None)
    return (
        records(EVENT, [events[name] for name in ("t", "x", "y", "p")]),
        None if triggers is None else records(TRIGGER, [triggers[name] for name in ("t", "id", "p")]),
    )


def evt3(_kind, path, _size):
    import evt3 as package

    events, triggers = package.decode_file_with_triggers(path)
    return (
        records(EVENT, [events.timestamp, events.x, events.y, events.polarity]),
        records(TRIGGER, [triggers.timestamp, triggers.id, triggers.value]),
    )


def faery(kind, path, size):
    from faery import extension

    if not kind.startswith("raw"):
        raise SystemExit(f"faery: no way to read {kind} stands here")
    events, triggers = [], []
    for packet in extension.evt.Decoder(path, size, kind.removeprefix("raw-")):
        if "events" in packet:
            part = packet["events"]
            events.append(records(EVENT, [part[name] for name in ("t", "x", "y", "on")]))
        if "triggers" in packet:
            part = packet["triggers"]
            triggers.append(records(TRIGGER, [part[name] for name in part.dtype.names[:3]]))
    return joined(EVENT, events), joined(TRIGGER, triggers)


READERS = {"evutils": evutils, "evt3": evt3, "faery": faery}


def main(reader, kind, path, width, height, out):
    events, triggers = READERS[reader](kind, path, (int(width), int(height)))
    events.tofile(f"{out}.events")
    if triggers is not None:
        triggers.tofile(f"{out}.triggers")


main(*sys.argv[1:])
