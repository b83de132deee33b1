//! The crates evt3 and neuromorphic-drivers, measured.
//!
//!     peers decode <crate>     reads paths of RAW files from stdin, one a line
//!     peers stream <seconds>   opens the only camera, and counts its events
//!
//! `decode` decodes each file from memory into columns or events, as the crate does it, and prints one line of JSON:
//! how many events there were, the sums of their t, x, y and on, and the seconds. The memory of the events is used again.

use neuromorphic_drivers as nd;
use std::io::BufRead;
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

/// The most that a sum may reach in a number of JavaScript.
const MODULUS: u64 = 1 << 53;

/// Bytes that a camera's transfer has.
const PART: usize = 128 << 10;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["decode", "evt3"] => serve(&mut Columns::default()),
        ["decode", "neuromorphic-drivers"] => serve(&mut Events::default()),
        ["stream", seconds] => stream(Duration::from_secs_f64(seconds.parse()?)),
        _ => Err("usage: peers decode evt3|neuromorphic-drivers, peers stream <seconds>".into()),
    }
}

/// A decoder, and room for what it gives.
trait Peer {
    /// Forgets all, but keeps the memory.
    fn begin(&mut self);
    fn decode(&mut self, bytes: &[u8]);
    /// Of all events: how many, and the sums of t, x, y and on.
    fn sums(&self) -> [u64; 5];
}

fn serve(peer: &mut dyn Peer) -> Result<(), Failure> {
    for path in std::io::stdin().lock().lines() {
        let file = std::fs::read(path?)?;
        let words = without_header(&file);
        peer.begin();
        let start = Instant::now();
        for part in words.chunks(PART) {
            peer.decode(part);
        }
        let seconds = start.elapsed().as_secs_f64();
        let [events, t, x, y, on] = peer.sums();
        println!("{{\"events\":{events},\"sums\":[{t},{x},{y},{on}],\"seconds\":{seconds}}}");
    }
    Ok(())
}

/// A RAW file's header has lines that begin with `%`.
fn without_header(file: &[u8]) -> &[u8] {
    let mut rest = file;
    while rest.first() == Some(&b'%') {
        let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |index| index + 1);
        rest = &rest[end..];
    }
    rest
}

#[derive(Default)]
struct Columns {
    decoder: evt3::Evt3Decoder,
    sink: evt3::ColumnarEventSink,
}

impl Peer for Columns {
    fn begin(&mut self) {
        self.decoder = evt3::Evt3Decoder::new();
        self.sink.clear();
    }

    fn decode(&mut self, bytes: &[u8]) {
        self.decoder.decode_bytes_into(bytes, &mut self.sink);
    }

    fn sums(&self) -> [u64; 5] {
        let cd = &self.sink.cd;
        [
            cd.len() as u64,
            cd.timestamp.iter().fold(0, |sum, &t| (sum + t) % MODULUS),
            cd.x.iter().map(|&x| x as u64).sum(),
            cd.y.iter().map(|&y| y as u64).sum(),
            cd.polarity.iter().map(|&on| on as u64).sum(),
        ]
    }
}

struct Events {
    adapter: nd::adapters::evt3::Adapter,
    events: Vec<nd::types::PolarityEvent<u64, u16, u16>>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            adapter: nd::adapters::evt3::Adapter::from_dimensions(1280, 720),
            events: Vec::new(),
        }
    }
}

impl Peer for Events {
    fn begin(&mut self) {
        self.adapter = nd::adapters::evt3::Adapter::from_dimensions(1280, 720);
        self.events.clear();
    }

    fn decode(&mut self, bytes: &[u8]) {
        let events = &mut self.events;
        self.adapter.convert(bytes, |event| events.push(event), |_| {});
    }

    fn sums(&self) -> [u64; 5] {
        self.events.iter().fold([0; 5], |[events, t, x, y, on], event| {
            let is_on = matches!({ event.polarity }, nd::types::Polarity::On);
            [
                events + 1,
                (t + event.t) % MODULUS,
                x + { event.x } as u64,
                y + { event.y } as u64,
                on + is_on as u64,
            ]
        })
    }
}

/// As a program of the crate would: its defaults, events into a list that is used again.
fn stream(duration: Duration) -> Result<(), Failure> {
    let (flag, event_loop) = nd::flag_and_event_loop()?;
    let serial = nd::list_devices()?.remove(0).serial?;
    let device = nd::open(nd::Identifier::Serial(&serial), None, None, event_loop, flag.clone())?;
    let nd::Adapter::Evt3(mut adapter) = device.create_adapter() else {
        return Err("the camera sends no EVT3".into());
    };
    let mut events: Vec<nd::types::PolarityEvent<u64, u16, u16>> = Vec::new();
    let (mut count, mut bytes) = (0, 0);
    let mut delays_ms: Vec<f64> = Vec::new();
    let cpu = cpu_seconds();
    let start = Instant::now();
    while start.elapsed() < duration {
        flag.load_error()?;
        let Some(view) = device.next_with_timeout(&Duration::from_millis(100)) else {
            continue;
        };
        delays_ms.push(view.instant.elapsed().as_secs_f64() * 1e3);
        bytes += view.slice.len();
        events.clear();
        adapter.convert(view.slice, |event| events.push(event), |_| {});
        count += events.len();
    }
    let seconds = start.elapsed().as_secs_f64();
    let used = cpu_seconds() - cpu;
    let dropped = device.dropped_packets();
    delays_ms.sort_by(f64::total_cmp);
    let at = |share: f64| delays_ms[(share * (delays_ms.len() - 1) as f64) as usize];
    println!(
        "{{\"seconds\":{seconds},\"bytes\":{bytes},\"events\":{count},\"cpuSeconds\":{used},\"droppedTransfers\":{dropped},\
         \"medianDelayMs\":{},\"p99DelayMs\":{}}}",
        at(0.5),
        at(0.99)
    );
    Ok(())
}

/// Of all threads of this process, from `/proc/self/stat`, in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    [11, 12].iter().filter_map(|&index| fields.get(index)?.parse::<f64>().ok()).sum::<f64>() / 100.0
}
