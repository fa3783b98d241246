//! Recording: activities, and what the sensors deliver.

use haigou_contract::ActivityKind;
use haigou_phone::HistorySource;
use haigou_route::Sex;

use crate::kinds::{count, size};
use crate::screens::RecordDetail;
use crate::{Phone, PhoneError};

/// One reading of the accelerometer, in m/s², gravity included.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Sample {
    /// When it was taken, in microseconds on the sensor's own clock.
    pub t_us: i64,
    /// Along the device's width.
    pub x: f32,
    /// Along its height.
    pub y: f32,
    /// Out of its face.
    pub z: f32,
}

/// One position, in WGS-84.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Fix {
    /// When it was taken, in milliseconds since the Unix epoch, by the source's clock.
    pub t_ms: i64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Height in metres as the source gives it.
    #[uniffi(default = None)]
    pub altitude_m: Option<f64>,
    /// Radius in metres within which the position lies with about 68 % probability.
    #[uniffi(default = None)]
    pub accuracy_m: Option<f64>,
    /// Speed over ground in m/s as the source gives it.
    #[uniffi(default = None)]
    pub speed_mps: Option<f64>,
    /// Air pressure in hPa, where the device has a barometer.
    #[uniffi(default = None)]
    pub pressure_hpa: Option<f64>,
    /// The system says that the position is made up (a mock location).
    #[uniffi(default = false)]
    pub mock: bool,
}

/// A reading of the phone's built-in step counter.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CounterReading {
    /// The start of the phone that it counts from, as [`crate::Clock`] names it.
    pub boot_id: String,
    /// Steps since then.
    pub steps: i64,
    /// When it was read, in milliseconds of the [`crate::Clock`] that doesn't jump.
    pub mono_ms: i64,
}

/// What one of the system's stores of steps says of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct StepBucket {
    /// Its begin.
    pub from_ms: i64,
    /// Its end; in the future for a day that isn't over.
    pub to_ms: i64,
    /// Steps in it so far.
    pub steps: i64,
}

/// What the member told of himself, all of it optional. Nothing of it leaves the phone.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct BodyProfile {
    /// Centimetres, 50 to 272.
    #[uniffi(default = None)]
    pub height_cm: Option<u16>,
    /// Kilograms, 10 to 500.
    #[uniffi(default = None)]
    pub weight_kg: Option<f64>,
    /// Year of birth, from 1900.
    #[uniffi(default = None)]
    pub birth_year: Option<i32>,
    /// As the equations know it.
    #[uniffi(default = None)]
    pub sex: Option<Sex>,
    /// The greatest heart rate as it was measured, in beats per minute, 100 to 230. Without it the age tells one.
    #[uniffi(default = None)]
    pub max_heart_rate: Option<u8>,
}

#[uniffi::export]
impl Phone {
    /// Starts a walk or run. The activity's id.
    pub fn start_activity(&self, kind: ActivityKind) -> Result<String, PhoneError> {
        let id = self.told(self.core.start_activity(kind))?;
        Ok(id.to_string())
    }

    /// Pauses the activity. What comes until [`Phone::resume`] counts outside of it.
    pub fn pause(&self) -> Result<(), PhoneError> {
        self.told(self.core.pause())
    }

    /// Goes on with the activity.
    pub fn resume(&self) -> Result<(), PhoneError> {
        self.told(self.core.resume())
    }

    /// Ends the activity and keeps it. It is uploaded with its last minute, half a minute after that is over.
    pub fn finish(&self) -> Result<RecordDetail, PhoneError> {
        let record = self.told(self.core.finish())?;
        Ok(record.into())
    }

    /// Ends the activity and throws it away, route included. Its steps stay, as steps outside of activities.
    pub fn discard(&self) -> Result<(), PhoneError> {
        self.told(self.core.discard())
    }

    /// Takes samples of the accelerometer, oldest first, as they arrive. Those that are no numbers are left out and told
    /// with the code `samples_invalid`; the others are taken.
    pub fn feed_samples(&self, samples: Vec<Sample>) -> Result<(), PhoneError> {
        let samples: Vec<_> = samples.into_iter().map(Into::into).collect();
        self.told(self.core.feed_samples(&samples))
    }

    /// Takes a position. Outside of an activity it is of no use, and not kept.
    pub fn feed_fix(&self, fix: Fix) -> Result<(), PhoneError> {
        self.told(self.core.feed_fix(fix.into()))
    }

    /// Takes a reading of the phone's built-in step counter. One that can't be true is left out.
    pub fn feed_counter_reading(&self, reading: CounterReading) -> Result<(), PhoneError> {
        self.told(self.core.feed_counter_reading(reading.into()))
    }

    /// Takes a heart rate in beats per minute that some other source than a paired band has just sent.
    pub fn feed_heart_rate(&self, bpm: u16) -> Result<(), PhoneError> {
        self.told(self.core.feed_heart_rate(bpm))
    }

    /// Takes what one of the system's stores of steps says of the last days, as often as it is asked. What it has beyond all
    /// that was counted meanwhile is counted. How many stretches were new or changed.
    pub async fn import_history(
        &self,
        source: HistorySource,
        buckets: Vec<StepBucket>,
    ) -> Result<i64, PhoneError> {
        let buckets: Vec<_> = buckets.into_iter().map(Into::into).collect();
        let changed = self.local(move |core| core.import_history(source, &buckets));
        Ok(count(changed.await?))
    }

    /// The body profile.
    pub fn body(&self) -> Result<BodyProfile, PhoneError> {
        let body = self.told(self.core.body())?;
        Ok(body.into())
    }

    /// Changes the body profile. It counts for activities that start from now on.
    pub fn set_body(&self, body: BodyProfile) -> Result<(), PhoneError> {
        self.told(self.core.set_body(body.into()))
    }
}

impl From<Sample> for haigou_motion::Sample {
    fn from(sample: Sample) -> Self {
        Self::from_axes(sample.t_us, sample.x, sample.y, sample.z)
    }
}

impl From<Fix> for haigou_route::Fix {
    fn from(fix: Fix) -> Self {
        Self {
            t_ms: fix.t_ms,
            lat: fix.lat,
            lon: fix.lon,
            altitude_m: fix.altitude_m,
            accuracy_m: fix.accuracy_m,
            speed_mps: fix.speed_mps,
            pressure_hpa: fix.pressure_hpa,
            heart_rate: None,
            cadence: None,
            mock: fix.mock,
        }
    }
}

impl From<CounterReading> for haigou_phone::CounterReading {
    fn from(reading: CounterReading) -> Self {
        Self {
            boot_id: reading.boot_id,
            raw: size(reading.steps),
            mono_ms: reading.mono_ms,
        }
    }
}

impl From<StepBucket> for haigou_phone::StepBucket {
    fn from(bucket: StepBucket) -> Self {
        Self {
            from_ms: bucket.from_ms,
            to_ms: bucket.to_ms,
            // More than fit in are too many to be taken, and fewer than none are, too.
            steps: bucket.steps.try_into().unwrap_or(u32::MAX),
        }
    }
}

impl From<BodyProfile> for haigou_phone::BodyProfile {
    fn from(body: BodyProfile) -> Self {
        Self {
            height_cm: body.height_cm,
            weight_kg: body.weight_kg,
            birth_year: body.birth_year,
            sex: body.sex,
            max_heart_rate: body.max_heart_rate,
        }
    }
}

impl From<haigou_phone::BodyProfile> for BodyProfile {
    fn from(body: haigou_phone::BodyProfile) -> Self {
        Self {
            height_cm: body.height_cm,
            weight_kg: body.weight_kg,
            birth_year: body.birth_year,
            sex: body.sex,
            max_heart_rate: body.max_heart_rate,
        }
    }
}
