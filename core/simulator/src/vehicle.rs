//! What it feels like to be carried.

/// Something that moves a person who does not walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vehicle {
    /// A car or bus.
    Car,
    /// A train or metro.
    Train,
    /// A bicycle: the legs turn, the feet never strike.
    Bicycle,
}

/// What a vehicle does to a phone in it, in g (root mean square) and Hz.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ride {
    /// The body of the vehicle on its springs: narrow-band noise.
    pub(crate) bounce_g: f64,
    pub(crate) bounce_hz: f64,
    /// For how long a bounce keeps its rhythm, in seconds.
    pub(crate) bounce_s: f64,
    /// Road, rail and engine: noise without a rhythm.
    pub(crate) hum_g: f64,
    /// Pedalling: amplitude of a smooth wave.
    pub(crate) pedal_g: f64,
    pub(crate) pedal_hz: f64,
}

impl Vehicle {
    /// Bounce of cars 1-1.5 Hz and of rail coaches about 1 Hz: ISO 2631-1 surveys (Griffin 1990, ch. 2 and 11).
    pub(crate) const fn ride(self) -> Ride {
        match self {
            Self::Car => Ride {
                bounce_g: 0.03,
                bounce_hz: 1.3,
                bounce_s: 0.5,
                hum_g: 0.025,
                pedal_g: 0.0,
                pedal_hz: 0.0,
            },
            Self::Train => Ride {
                bounce_g: 0.015,
                bounce_hz: 1.0,
                bounce_s: 0.7,
                hum_g: 0.012,
                pedal_g: 0.0,
                pedal_hz: 0.0,
            },
            Self::Bicycle => Ride {
                bounce_g: 0.05,
                bounce_hz: 2.8,
                bounce_s: 0.25,
                hum_g: 0.08,
                pedal_g: 0.03,
                pedal_hz: 1.35,
            },
        }
    }
}
