"""Reads a recording with another project's reader, and writes what it gives as plain records.

    python read.py READER KIND FILE WIDTH HEIGHT OUT

OUT.events gets records of 13 bytes (t u64 in µs, x u16, y u16, on u8), OUT.triggers of 10 (t u64, id u8, edge u8), all
little-endian. A reader that knows no triggers writes no OUT.triggers.
"""

import os
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

    has_triggers = kind.startswith("raw") or kind == "aedat4"  # without, it ends at the first trigger of AEDAT 4
    options = {"order": ["t", "x", "y", "p"], "delimiter": ","} if kind == "csv" else {}
    reader = EventReader(path, mode="all", ext_trigger=has_triggers, max_events=1 << 30, max_time=1 << 60, **options)
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

    if kind == "dat":
        return faery_dat(extension.dat, path, size)
    if kind == "es":
        packets = list(extension.es.Decoder(path, 0))
        # It counts rows upwards, as the file does.
        for packet in packets:
            packet["y"] = size[1] - 1 - packet["y"]
        return joined(EVENT, [faery_events(packet) for packet in packets]), None
    if kind == "csv":
        columns = (0, 1, 2, 3)
        decoder = extension.csv.Decoder(path, size, True, ord(","), *columns, 0.0, 0, b"1", b"0", False)
        return joined(EVENT, [faery_events(packet) for packet in decoder]), None
    if kind == "aedat4":
        packets = [(track.data_type, packet) for track, packet in extension.aedat.Decoder(path)]
        return aedat4_records(packets, "t", "source")
    if not kind.startswith("raw"):
        raise SystemExit(f"faery: no way to read {kind} stands here")
    events, triggers = [], []
    for packet in extension.evt.Decoder(path, size, kind.removeprefix("raw-")):
        if "events" in packet:
            events.append(faery_events(packet["events"]))
        if "triggers" in packet:
            part = packet["triggers"]
            triggers.append(records(TRIGGER, [part[name] for name in part.dtype.names[:3]]))
    return joined(EVENT, events), joined(TRIGGER, triggers)


def faery_events(part):
    polarity = "payload" if "payload" in part.dtype.names else "on"
    return records(EVENT, [part[name] for name in ("t", "x", "y", polarity)])


def faery_dat(dat, path, size):
    """Events, and triggers of the file beside. It names them as events: the value is x, the input is in y and payload."""
    events = [faery_events(packet) for packet in dat.Decoder(path, size, "dat2")]
    beside = path.replace(".dat", "_trigger.dat")
    triggers = []
    if os.path.exists(beside):
        for packet in dat.Decoder(beside, size, "dat2"):
            number = (packet["y"] >> 12) | (packet["payload"].astype("u2") << 2)
            triggers.append(records(TRIGGER, [packet["t"], number, packet["x"]]))
    return joined(EVENT, events), joined(TRIGGER, triggers)


def plain_numpy(kind, path, _size):
    """What a line of a notebook does."""
    if kind == "csv":
        beside = path.replace(".csv", ".triggers.csv")
        triggers = numpy_text(TRIGGER, beside) if os.path.exists(beside) else joined(TRIGGER, [])
        return numpy_text(EVENT, path), triggers
    array = numpy.load(path)
    if kind == "npy":
        polarity = "on" if "on" in array.dtype.names else "p"
        return records(EVENT, [array[name] for name in ("t", "x", "y", polarity)]), None
    names = ("trigger_t", "trigger_id", "trigger_p")
    triggers = [array[name] if name in array.files else [] for name in names]
    return records(EVENT, [array[name] for name in ("t", "x", "y", "p")]), records(TRIGGER, triggers)


def numpy_text(kind, path):
    return records(kind, numpy.loadtxt(path, delimiter=",", dtype="i8", skiprows=1, ndmin=2).T)


def aedat4_records(packets, time, source):
    """AEDAT 4's triggers have no number. Their type is 1 for a rising edge and 2 for a falling one."""
    events = [records(EVENT, [part[name] for name in ("t", "x", "y", "on")]) for kind, part in packets if kind == "events"]
    triggers = [
        records(TRIGGER, [part[time], numpy.zeros(len(part)), part[source] == 1])
        for kind, part in packets
        if kind == "triggers"
    ]
    return joined(EVENT, events), joined(TRIGGER, triggers)


def aedat(_kind, path, _size):
    import aedat as package

    packets = [(kind, packet[kind]) for packet in package.Decoder(path) for kind in ("events", "triggers") if kind in packet]
    return aedat4_records(packets, "t", "source")


def dv_processing(_kind, path, _size):
    import dv_processing as dv

    recording = dv.io.MonoCameraRecording(path)
    events, triggers = [], []
    while (batch := recording.getNextEventBatch()) is not None:
        places = batch.coordinates()
        events.append(records(EVENT, [batch.timestamps(), places[:, 0], places[:, 1], batch.polarities()]))
    rising = dv.TriggerType.EXTERNAL_SIGNAL_RISING_EDGE
    while (batch := recording.getNextTriggerBatch()) is not None:
        rows = [(trigger.timestamp, 0, trigger.type == rising) for trigger in batch]
        triggers.append(records(TRIGGER, [list(column) for column in zip(*rows)]) if rows else numpy.zeros(0, TRIGGER))
    return joined(EVENT, events), joined(TRIGGER, triggers)


def mcap(_kind, path, _size):
    from mcap.reader import make_reader
    from mcap_ros2.decoder import DecoderFactory

    events, triggers = [], []
    with open(path, "rb") as file:
        for _, _, _, message in make_reader(file, decoder_factories=[DecoderFactory()]).iter_decoded_messages():
            words = numpy.frombuffer(bytes(message.events), dtype="<u8")
            time = (message.time_base + (words & 0xFFFFFFFF)) // 1000
            low, high, bit = (words >> 32) & 0xFFFF, (words >> 48) & 0x7FFF, words >> 63
            if message.encoding == "trigger":
                triggers.append(records(TRIGGER, [time, high, bit]))
            else:
                events.append(records(EVENT, [time, low, high, bit]))
    return joined(EVENT, events), joined(TRIGGER, triggers)


def pyarrow(_kind, path, _size):
    from pyarrow import ipc

    table = ipc.open_file(path).read_all()
    table.validate(full=True)
    return records(EVENT, [table[name].to_numpy() for name in ("t", "x", "y", "on")]), None


READERS = {
    "aedat": aedat,
    "dv-processing": dv_processing,
    "evutils": evutils,
    "evt3": evt3,
    "faery": faery,
    "mcap": mcap,
    "numpy": plain_numpy,
    "pyarrow": pyarrow,
}


def main(reader, kind, path, width, height, out):
    events, triggers = READERS[reader](kind, path, (int(width), int(height)))
    events.tofile(f"{out}.events")
    if triggers is not None:
        triggers.tofile(f"{out}.triggers")


main(*sys.argv[1:])
