//! Inputs with their moments, as bits.

use std::io;

use bitstream_io::{BigEndian, BitRead, BitReader, BitWrite, BitWriter};
use haigou_wearable::BandId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::input::{Input, Told, from_steps, to_steps};
use crate::packed::{FixCoder, Series};
use crate::{CounterReading, json};

/// Kinds of inputs, in four bits. They never change, nor does what they are followed by: after an update the app finds the
/// log of the version before. New ones take the next number.
const END: u8 = 0;
const SAMPLES: u8 = 1;
const FIX: u8 = 2;
const READING: u8 = 3;
const START: u8 = 4;
const SETTLE: u8 = 5;
const PAUSE: u8 = 6;
const RESUME: u8 = 7;
const FINISH: u8 = 8;
const TIME: u8 = 9;
const BEAT: u8 = 10;
const BAND_STEPS: u8 = 11;
const BAND_CADENCE: u8 = 12;
const BAND_BEAT: u8 = 13;
const BAND_BATTERY: u8 = 14;

pub(super) type Bits = BitWriter<Vec<u8>, BigEndian>;

/// Writes inputs one after another, or reads them: each is told by what it differs in from those before.
#[derive(Debug, Default)]
pub(super) struct Coder {
    moments: Series,
    counts: Series,
    times: Series,
    magnitudes: Series,
    fixes: FixCoder,
    read_at: Series,
    raw: Series,
    boot_id: String,
    beats: Series,
    totals: Series,
    cadences: Series,
    band: Option<BandId>,
}

impl Coder {
    /// Writes an input that came at a moment of the monotonic clock, in milliseconds.
    pub(super) fn write(&mut self, bits: &mut Bits, input: &Input, mono_ms: i64) -> io::Result<()> {
        let kind = match input {
            Input::Samples(_) => SAMPLES,
            Input::Fix(_) => FIX,
            Input::Reading(_) => READING,
            Input::Start(_) => START,
            Input::Settle => SETTLE,
            Input::Pause => PAUSE,
            Input::Resume => RESUME,
            Input::Finish => FINISH,
            Input::Time(_) => TIME,
            Input::Beat(_) => BEAT,
            Input::Band(_, Told::Steps(_)) => BAND_STEPS,
            Input::Band(_, Told::Cadence(_)) => BAND_CADENCE,
            Input::Band(_, Told::Beat(_)) => BAND_BEAT,
            Input::Band(_, Told::Battery(..)) => BAND_BATTERY,
        };
        self.begin(bits, kind, mono_ms)?;
        match input {
            Input::Samples(samples) => {
                let count = i64::try_from(samples.len()).unwrap_or(i64::MAX);
                self.counts.write(bits, count)?;
                for sample in samples {
                    let (t, magnitude) = to_steps(sample);
                    self.times.write(bits, t)?;
                    self.magnitudes.write(bits, magnitude)?;
                }
                Ok(())
            }
            Input::Fix(fix) => self.fixes.write(bits, fix),
            Input::Reading(reading) => {
                self.read_at.write(bits, reading.mono_ms)?;
                self.raw.write(bits, reading.raw.cast_signed())?;
                let is_new = self.boot_id != reading.boot_id;
                bits.write_bit(is_new)?;
                if is_new {
                    write_text(bits, &reading.boot_id)?;
                    self.boot_id.clone_from(&reading.boot_id);
                }
                Ok(())
            }
            Input::Beat(bpm) => self.beats.write(bits, i64::from(*bpm)),
            Input::Band(band, told) => {
                self.write_band(bits, band)?;
                match told {
                    Told::Steps(total) => self.totals.write(bits, i64::from(*total)),
                    Told::Cadence(per_minute) => self.cadences.write(bits, i64::from(*per_minute)),
                    Told::Beat(bpm) => self.beats.write(bits, i64::from(*bpm)),
                    Told::Battery(percent, charging) => write_text(bits, &(percent, charging)),
                }
            }
            Input::Start(activity) => write_text(bits, activity),
            Input::Time(timeline) => write_text(bits, timeline),
            Input::Settle | Input::Pause | Input::Resume | Input::Finish => Ok(()),
        }
    }

    fn write_band(&mut self, bits: &mut Bits, band: &BandId) -> io::Result<()> {
        let is_new = self.band.as_ref() != Some(band);
        bits.write_bit(is_new)?;
        if is_new {
            write_text(bits, band)?;
            self.band = Some(band.clone());
        }
        Ok(())
    }

    fn read_band(&mut self, bits: &mut impl BitRead, most: usize) -> io::Result<BandId> {
        if bits.read_bit()? {
            self.band = Some(read_text(bits, most)?);
        }
        let band = self.band.clone();
        band.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
    }

    /// Writes the end of a record, at its moment.
    pub(super) fn end(&mut self, bits: &mut Bits, mono_ms: i64) -> io::Result<()> {
        self.begin(bits, END, mono_ms)?;
        bits.byte_align()
    }

    fn begin(&mut self, bits: &mut Bits, kind: u8, mono_ms: i64) -> io::Result<()> {
        bits.write::<4, u8>(kind)?;
        self.moments.write(bits, mono_ms)
    }

    /// Reads a record: its inputs and its end, each with its moment.
    pub(super) fn read(&mut self, record: &[u8]) -> io::Result<(Vec<(Input, i64)>, i64)> {
        let mut bits = BitReader::endian(record, BigEndian);
        let mut inputs = Vec::new();
        loop {
            let kind: u8 = bits.read::<4, u8>()?;
            let mono_ms = self.moments.read(&mut bits)?;
            let input = match kind {
                END => return Ok((inputs, mono_ms)),
                SAMPLES => {
                    let mut samples = Vec::new();
                    for _ in 0..self.counts.read(&mut bits)? {
                        let steps = (self.times.read(&mut bits)?, self.magnitudes.read(&mut bits)?);
                        samples.push(from_steps(steps));
                    }
                    Input::Samples(samples)
                }
                FIX => Input::Fix(self.fixes.read(&mut bits)?),
                READING => {
                    let (mono_ms, raw) = (self.read_at.read(&mut bits)?, self.raw.read(&mut bits)?);
                    if bits.read_bit()? {
                        self.boot_id = read_text(&mut bits, record.len())?;
                    }
                    Input::Reading(CounterReading {
                        boot_id: self.boot_id.clone(),
                        raw: raw.cast_unsigned(),
                        mono_ms,
                    })
                }
                START => Input::Start(Box::new(read_text(&mut bits, record.len())?)),
                SETTLE => Input::Settle,
                PAUSE => Input::Pause,
                RESUME => Input::Resume,
                FINISH => Input::Finish,
                TIME => Input::Time(read_text(&mut bits, record.len())?),
                BEAT => Input::Beat(small(self.beats.read(&mut bits)?)?),
                BAND_STEPS..=BAND_BATTERY => {
                    let band = self.read_band(&mut bits, record.len())?;
                    let told = match kind {
                        BAND_STEPS => Told::Steps(small(self.totals.read(&mut bits)?)?),
                        BAND_CADENCE => Told::Cadence(small(self.cadences.read(&mut bits)?)?),
                        BAND_BEAT => Told::Beat(small(self.beats.read(&mut bits)?)?),
                        _ => {
                            let (percent, charging) = read_text(&mut bits, record.len())?;
                            Told::Battery(percent, charging)
                        }
                    };
                    Input::Band(band, told)
                }
                _ => return Err(io::Error::from(io::ErrorKind::InvalidData)),
            };
            inputs.push((input, mono_ms));
        }
    }
}

/// A number that was smaller when it was written.
fn small<T: TryFrom<i64>>(value: i64) -> io::Result<T> {
    T::try_from(value).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

/// What comes rarely is written as JSON.
fn write_text<T: Serialize>(bits: &mut Bits, value: &T) -> io::Result<()> {
    let text = serde_json::to_vec(value)?;
    bits.write::<32, u32>(u32::try_from(text.len()).map_err(io::Error::other)?)?;
    bits.write_bytes(&text)
}

fn read_text<T: DeserializeOwned>(bits: &mut impl BitRead, most: usize) -> io::Result<T> {
    let length = usize::try_from(bits.read::<32, u32>()?).unwrap_or(usize::MAX);
    if length > most {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut text = vec![0; length];
    bits.read_bytes(&mut text)?;
    Ok(json::from_bytes(&text)?)
}

#[cfg(test)]
mod tests {
    use haigou_contract::ActivityKind;
    use haigou_motion::Sample;
    use haigou_route::Fix;
    use proptest::prelude::*;

    use super::*;
    use crate::activity::{Activity, Now};
    use crate::timeline::Timeline;
    use crate::{BodyProfile, ManualClock, input};

    fn any_told() -> impl Strategy<Value = Told> {
        prop_oneof![
            any::<u32>().prop_map(Told::Steps),
            any::<u8>().prop_map(Told::Cadence),
            any::<u8>().prop_map(Told::Beat),
            any::<(u8, Option<bool>)>().prop_map(|(percent, charging)| Told::Battery(percent, charging)),
        ]
    }

    fn any_input() -> impl Strategy<Value = Input> {
        let sample =
            (0..1_i64 << 50, -70.0..70.0_f32).prop_map(|(t_us, magnitude_g)| Sample { t_us, magnitude_g });
        let fix = (
            any::<i64>(),
            -90.0..90.0,
            -180.0..180.0,
            prop::option::of(0.0..100.0),
        )
            .prop_map(|(t_ms, lat, lon, accuracy_m)| Fix {
                t_ms,
                lat,
                lon,
                accuracy_m,
                ..Fix::default()
            });
        let reading = ("[a-z]{0,8}", any::<u64>(), any::<i64>());
        let started = |mono_ms| {
            let now = Now {
                t_ms: mono_ms + 7,
                mono_ms,
            };
            Activity::start(ActivityKind::Run, &BodyProfile::default(), "boot", now)
        };
        prop_oneof![
            prop::collection::vec(sample, 1..40).prop_map(|fed| Input::Samples(input::samples(&fed).0)),
            fix.prop_map(|fed| Input::Fix(input::fix(&fed).unwrap())),
            reading.prop_map(|(boot_id, raw, mono_ms)| Input::Reading(CounterReading {
                boot_id,
                raw,
                mono_ms
            })),
            (0..1_i64 << 40).prop_map(move |mono_ms| Input::Start(Box::new(started(mono_ms)))),
            any::<u8>().prop_map(Input::Beat),
            ("[0-9A-F]{2,6}", any_told()).prop_map(|(band, told)| Input::Band(BandId(band), told)),
            Just(Input::Settle),
            Just(Input::Pause),
            Just(Input::Resume),
            Just(Input::Finish),
            (0..1_i64 << 40)
                .prop_map(|wall_ms| Input::Time(Timeline::start(None, &ManualClock::new(wall_ms)))),
        ]
    }

    proptest! {
        #[test]
        fn records_come_back_one_after_another(records in prop::collection::vec(
            (prop::collection::vec((any_input(), any::<i64>()), 0..6), any::<i64>()), 1..6)
        ) {
            let (mut writer, mut reader) = (Coder::default(), Coder::default());
            for (inputs, end_ms) in records {
                let mut bits = Bits::endian(Vec::new(), BigEndian);
                for (input, mono_ms) in &inputs {
                    writer.write(&mut bits, input, *mono_ms).unwrap();
                }
                writer.end(&mut bits, end_ms).unwrap();
                prop_assert_eq!(reader.read(&bits.into_writer()).unwrap(), (inputs, end_ms));
            }
        }

        #[test]
        fn any_bytes_are_read_to_their_end_at_most(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Coder::default().read(&bytes);
        }
    }
}
