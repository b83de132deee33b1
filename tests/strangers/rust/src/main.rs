//! A client of a camera with the crate neuromorphic-drivers: lists it, opens it with the crate's own defaults, reads
//! events, changes the configuration of an EVK4 while it streams, closes it, and opens it again with a limited rate and
//! with the defaults.
//!
//!     stranger <serial> <window in µs> <folder> [brief]
//!
//! `brief` leaves out the changes of the configuration and the later openings; then any camera will do.
//!
//! The events of each phase are written to `<folder>/<phase>.events`, 16 bytes each, little-endian: t (u64, µs), x, y
//! (u16), on (u8), three bytes 0. What else it saw is one line of JSON on stdout.

use nd::prophesee_evk4 as evk4;
use nd::GenericDevice;
use neuromorphic_drivers as nd;
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

/// A phase ends where the camera does what was asked for; a camera that never does fails it.
const PHASE_LIMIT: Duration = Duration::from_secs(30);

/// The crate submits its transfers while the camera streams. A transfer that ends, and is submitted again, before the
/// last one is submitted for the first time swaps the places of the first buffers: the crate then hands some of them over
/// empty. All is well again once each transfer has ended, so twice as many packets are not looked at.
const UNSETTLED_PACKETS: usize = 2 * evk4::RING_CONFIGURATION.parallel_submissions;

#[derive(Clone, Copy)]
struct Event {
    t: u64,
    x: u16,
    y: u16,
    on: bool,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [serial, window_us, folder, brief @ ..] = arguments.as_slice() else {
        return Err("usage: stranger <serial> <window in µs> <folder> [brief]".into());
    };
    let whole = brief.is_empty();
    let listed: Vec<String> = nd::list_devices()?
        .into_iter()
        .map(|device| match device.serial {
            Ok(serial) => format!(
                "{{\"type\":\"{}\",\"name\":\"{}\",\"serial\":\"{serial}\",\"connection\":\"{}\"}}",
                device.device_type,
                device.device_type.name(),
                device.connection
            ),
            Err(error) => format!(
                "{{\"type\":\"{}\",\"error\":{:?}}}",
                device.device_type,
                error.to_string()
            ),
        })
        .collect();
    let recorder = Recorder {
        folder,
        window_us: window_us.parse()?,
    };

    let mut session = Session::open(serial, None)?;
    recorder.record("defaults", session.windows(&recorder, "defaults", 3, |_| true)?)?;
    if whole {
        change_live(&mut session, &recorder)?;
    }
    let measured = session.evk4().map_or(Ok(String::new()), measure)?;
    let mut account = session.close();

    if whole {
        // The crate sets the limiter at opening only.
        let limiter = evk4::RateLimiter {
            reference_period_us: 1000,
            maximum_events_per_period: 20,
        };
        let limited = evk4::Configuration {
            rate_limiter: Some(limiter),
            ..evk4::DEFAULT_CONFIGURATION
        };
        for (phase, configuration) in [("limiter", Some(limited)), ("again", None)] {
            let mut session = Session::open(serial, configuration)?;
            recorder.record(phase, session.windows(&recorder, phase, 3, |_| true)?)?;
            account = account + session.close();
        }
    }

    println!(
        "{{\"listed\":[{}],{measured}\"overflows\":{},\"dropped\":{}}}",
        listed.join(","),
        account.overflows,
        account.dropped,
    );
    Ok(())
}

/// Members of a JSON object.
fn measure(device: &evk4::Device) -> Result<String, Failure> {
    let temperature = device.temperature_celsius()?.0;
    let illuminance = device
        .illuminance()
        .map_or("null".to_owned(), |value| value.to_string());
    let bounds = device.biases_bounds();
    Ok(format!(
        "\"temperatureCelsius\":{temperature},\"illuminance\":{illuminance},\
         \"diffOn\":{{\"minimum\":{},\"maximum\":{}}},",
        bounds.diff_on.minimum, bounds.diff_on.maximum,
    ))
}

/// What the test expects of each phase stands beside the test (`known_events.ts`).
fn change_live(session: &mut Session, recorder: &Recorder) -> Result<(), Failure> {
    let defaults = evk4::DEFAULT_CONFIGURATION;

    let mut masked = defaults.clone();
    masked.x_mask[..5].fill(u64::MAX); // columns 0 to 319
    masked.y_mask[0] = u64::MAX; // rows 656 to 719: the crate counts them from the bottom
    session.update(masked)?;
    let kept = session.windows(recorder, "masks", 1, |events| {
        events.iter().all(|event| event.x >= 320 && event.y < 656)
    })?;
    recorder.record("masks", kept)?;

    session.update(defaults.clone())?;
    let on_of = |events: &[Event]| events.iter().filter(|event| event.on).count();
    let unmasked =
        |events: &[Event]| events.iter().any(|event| event.x < 320) && events.iter().any(|event| event.y >= 656);
    session.windows(recorder, "unmasked", 1, unmasked)?;
    let whole = session.windows(recorder, "unmasked", 1, unmasked)?; // the first one may begin masked

    let mut less_sensitive = defaults;
    less_sensitive.biases.diff_on = 40; // away from `diff`: fewer ON events
    session.update(less_sensitive)?;
    let limit = on_of(&whole) * 3 / 4;
    let fewer = session.windows(recorder, "biases", 2, |events| on_of(events) < limit)?;
    recorder.record("biases", fewer)
}

struct Recorder<'a> {
    folder: &'a str,
    window_us: u64,
}

impl Recorder<'_> {
    fn record(&self, phase: &str, events: Vec<Event>) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(16 * events.len());
        for event in events {
            bytes.extend(event.t.to_le_bytes());
            bytes.extend(event.x.to_le_bytes());
            bytes.extend(event.y.to_le_bytes());
            bytes.extend([event.on as u8, 0, 0, 0]);
        }
        Ok(std::fs::write(format!("{}/{phase}.events", self.folder), bytes)?)
    }
}

/// A camera that streams.
struct Session {
    device: nd::Device,
    flag: nd::Flag<nd::Error, nd::UsbOverflow>,
    adapter: nd::adapters::evt3::Adapter,
    overflows: u64,
    /// Of a window that has not ended.
    pending: Vec<Event>,
}

struct Account {
    overflows: u64,
    dropped: u64,
}

impl std::ops::Add for Account {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            overflows: self.overflows + other.overflows,
            dropped: self.dropped + other.dropped,
        }
    }
}

impl Session {
    /// With the configuration of an EVK4, or any camera with its own.
    fn open(serial: &str, configuration: Option<evk4::Configuration>) -> Result<Self, Failure> {
        let (flag, event_loop) = nd::flag_and_event_loop()?;
        let device = nd::open(
            nd::Identifier::Serial(serial),
            configuration.map(nd::Configuration::PropheseeEvk4),
            None,
            event_loop,
            flag.clone(),
        )?;
        if device.serial() != serial || device.vendor_and_product_id().is_none() {
            return Err(format!("{} was opened for {serial}", device.serial()).into());
        }
        let nd::Adapter::Evt3(adapter) = device.create_adapter() else {
            return Err(format!("{} sends no EVT3", device.name()).into());
        };
        let mut session = Self {
            device,
            flag,
            adapter,
            overflows: 0,
            pending: Vec::new(),
        };
        for _ in 0..UNSETTLED_PACKETS {
            session.read()?;
        }
        session.pending.clear();
        Ok(session)
    }

    fn evk4(&self) -> Option<&evk4::Device> {
        match &self.device {
            nd::Device::PropheseeEvk4(device) => Some(device),
            _ => None,
        }
    }

    fn update(&self, configuration: evk4::Configuration) -> Result<(), Failure> {
        Ok(self
            .device
            .update_configuration(nd::Configuration::PropheseeEvk4(configuration))?)
    }

    fn close(self) -> Account {
        Account {
            overflows: self.overflows,
            dropped: self.device.dropped_packets(),
        }
    }

    /// Reads on until `count` consecutive windows of the sensor's time, at multiples of their length, are as wanted, and
    /// returns their events. The first window of a session may begin late.
    fn windows(
        &mut self,
        recorder: &Recorder,
        phase: &str,
        count: usize,
        wanted: impl Fn(&[Event]) -> bool,
    ) -> Result<Vec<Event>, Failure> {
        let begin = Instant::now();
        let mut found: Vec<Vec<Event>> = Vec::new();
        while found.len() < count {
            if begin.elapsed() > PHASE_LIMIT {
                return Err(format!("{phase}: the camera never did what was asked for").into());
            }
            self.read()?;
            while let Some(window) = self.take_window(recorder.window_us) {
                if found.len() == count {
                    break;
                }
                if wanted(&window) {
                    found.push(window);
                } else {
                    found.clear();
                }
            }
        }
        Ok(found.concat())
    }

    fn read(&mut self) -> Result<(), Failure> {
        let pending = &mut self.pending;
        if let Some(view) = self.device.next_with_timeout(&Duration::from_millis(100)) {
            let add = |event: nd::types::PolarityEvent<u64, u16, u16>| {
                pending.push(Event {
                    t: event.t,
                    x: event.x,
                    y: event.y,
                    on: matches!(event.polarity, nd::types::Polarity::On),
                })
            };
            self.adapter.convert(view.slice, add, |_| {});
        }
        self.flag.load_error()?;
        self.overflows += self.flag.load_warning().is_some() as u64;
        Ok(())
    }

    /// The events of the first window, where a later event shows that it has ended.
    fn take_window(&mut self, window_us: u64) -> Option<Vec<Event>> {
        let end = (self.pending.first()?.t / window_us + 1) * window_us;
        let length = self.pending.iter().position(|event| event.t >= end)?;
        Some(self.pending.drain(..length).collect())
    }
}
