//! Positions in few bits.

use std::io;

use bitstream_io::{BitRead, BitWrite};
use haigou_route::Fix;

use super::Series;

/// What a fix is made of, in whole steps of its grid: time, latitude, longitude, altitude, accuracy, speed, pressure, heart
/// rate, cadence.
type Cells = [Option<i64>; 9];

/// Steps per degree (1.1 cm), per metre of altitude and accuracy, per m/s, and per hPa (8 cm of height).
const PER_DEGREE: f64 = 1e7;
const PER_METRE: f64 = 10.0;
const PER_MPS: f64 = 100.0;
const PER_HPA: f64 = 100.0;
/// Figures beyond this say nothing of any place on Earth.
const MOST: f64 = 1e9;

/// A fix as it is kept: its figures in whole steps of their grid, those that are no numbers left out.
pub(crate) fn on_grid(fix: &Fix) -> Fix {
    from_cells(&to_cells(fix), fix.mock)
}

/// Writes fixes one after another, or reads them.
#[derive(Debug, Clone, Default)]
pub(crate) struct FixCoder {
    series: [Series; 9],
    /// Which figures the latest fix had, and whether it was made up.
    had: [bool; 10],
}

impl FixCoder {
    /// Writes a fix, as it stands on the grid.
    pub(crate) fn write(&mut self, bits: &mut impl BitWrite, fix: &Fix) -> io::Result<()> {
        let cells = to_cells(fix);
        let mut has = [fix.mock; 10];
        for (has, cell) in has.iter_mut().zip(&cells) {
            *has = cell.is_some();
        }
        bits.write_bit(has != self.had)?;
        if has != self.had {
            has.iter().try_for_each(|has| bits.write_bit(*has))?;
            self.had = has;
        }
        for (series, cell) in self.series.iter_mut().zip(cells) {
            if let Some(value) = cell {
                series.write(bits, value)?;
            }
        }
        Ok(())
    }

    pub(crate) fn read(&mut self, bits: &mut impl BitRead) -> io::Result<Fix> {
        if bits.read_bit()? {
            for had in &mut self.had {
                *had = bits.read_bit()?;
            }
        }
        let [had @ .., mock] = self.had;
        let mut cells = Cells::default();
        for ((series, cell), had) in self.series.iter_mut().zip(&mut cells).zip(had) {
            if had {
                *cell = Some(series.read(bits)?);
            }
        }
        Ok(from_cells(&cells, mock))
    }
}

fn to_cells(fix: &Fix) -> Cells {
    let whole = |value: f64, per: f64| (value.abs() <= MOST).then(|| steps(value * per));
    [
        Some(fix.t_ms),
        whole(fix.lat, PER_DEGREE),
        whole(fix.lon, PER_DEGREE),
        fix.altitude_m.and_then(|m| whole(m, PER_METRE)),
        fix.accuracy_m.and_then(|m| whole(m, PER_METRE)),
        fix.speed_mps.and_then(|mps| whole(mps, PER_MPS)),
        fix.pressure_hpa.and_then(|hpa| whole(hpa, PER_HPA)),
        fix.heart_rate.map(i64::from),
        fix.cadence.map(i64::from),
    ]
}

fn from_cells(cells: &Cells, mock: bool) -> Fix {
    let [
        t_ms,
        lat,
        lon,
        altitude,
        accuracy,
        speed,
        pressure,
        heart,
        cadence,
    ] = *cells;
    let figure = |cell: Option<i64>, per: f64| cell.map(|steps| steps as f64 / per);
    let small = |cell: Option<i64>| cell.and_then(|value| u8::try_from(value).ok());
    Fix {
        t_ms: t_ms.unwrap_or_default(),
        lat: figure(lat, PER_DEGREE).unwrap_or_default(),
        lon: figure(lon, PER_DEGREE).unwrap_or_default(),
        altitude_m: figure(altitude, PER_METRE),
        accuracy_m: figure(accuracy, PER_METRE),
        speed_mps: figure(speed, PER_MPS),
        pressure_hpa: figure(pressure, PER_HPA),
        heart_rate: small(heart),
        cadence: small(cadence),
        mock,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 1e16")]
fn steps(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use bitstream_io::{BigEndian, BitReader, BitWriter};
    use proptest::prelude::*;

    use super::*;

    fn any_fix() -> impl Strategy<Value = Fix> {
        let figure = || prop::option::of(prop_oneof![any::<f64>(), -500.0..9_000.0]);
        (
            any::<i64>(),
            -90.0..=90.0,
            -180.0..=180.0,
            [figure(), figure(), figure(), figure()],
            any::<(Option<u8>, Option<u8>, bool)>(),
        )
            .prop_map(
                |(t_ms, lat, lon, [altitude_m, accuracy_m, speed_mps, pressure_hpa], rest)| Fix {
                    t_ms,
                    lat,
                    lon,
                    altitude_m,
                    accuracy_m,
                    speed_mps,
                    pressure_hpa,
                    heart_rate: rest.0,
                    cadence: rest.1,
                    mock: rest.2,
                },
            )
    }

    proptest! {
        #[test]
        fn fixes_come_back_as_they_stand_on_the_grid(fixes in prop::collection::vec(any_fix(), 0..40)) {
            let mut bits = BitWriter::endian(Vec::new(), BigEndian);
            let mut coder = FixCoder::default();
            for fix in &fixes {
                coder.write(&mut bits, fix).unwrap();
            }
            bits.byte_align().unwrap();
            let bytes = bits.into_writer();
            let mut bits = BitReader::endian(&bytes[..], BigEndian);
            let mut coder = FixCoder::default();
            for fix in &fixes {
                let read = coder.read(&mut bits).unwrap();
                prop_assert_eq!(read, on_grid(fix));
                prop_assert_eq!(on_grid(&read), read, "the grid stays where it is");
            }
        }
    }

    #[test]
    fn the_grid_is_finer_than_any_receiver() {
        let fix = Fix {
            lat: 31.218_654_67,
            lon: -121.548_396_84,
            altitude_m: Some(-7.415),
            accuracy_m: Some(f64::NAN),
            speed_mps: Some(2.943),
            pressure_hpa: Some(1_013.255_4),
            ..Fix::default()
        };
        let kept = on_grid(&fix);
        let apart = haigou_route::distance_m((fix.lat, fix.lon), (kept.lat, kept.lon));
        assert!(apart < 0.008, "{apart} m");
        assert_eq!((kept.altitude_m, kept.accuracy_m), (Some(-7.4), None));
        assert_eq!((kept.speed_mps, kept.pressure_hpa), (Some(2.94), Some(1_013.26)));
    }
}
