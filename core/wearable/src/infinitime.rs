//! InfiniTime, the free firmware of the PineTime watch. It counts steps since its own midnight, and keeps none.
//!
//! Layouts: `doc/MotionService.md` of InfiniTime; heart rate, battery, information and time by the standard profiles.

use bytes::Buf;
use uuid::Uuid;

use crate::{Advert, BandError, Driver, Link, Match, Notification, Reading, standard};

/// The motion service.
pub const MOTION_SERVICE: Uuid = Uuid::from_u128(0x0003_0000_78FC_48FE_8E23_433B_3A19_42D0);
/// Steps, u32.
pub const STEPS: Uuid = Uuid::from_u128(0x0003_0001_78FC_48FE_8E23_433B_3A19_42D0);
/// Acceleration, three times i16.
pub const MOTION: Uuid = Uuid::from_u128(0x0003_0002_78FC_48FE_8E23_433B_3A19_42D0);
/// What the band's acceleration of 1 g is.
const ONE_G: f32 = 1024.0;

/// Watches with InfiniTime.
#[derive(Debug, Clone, Copy, Default)]
pub struct InfiniTime;

#[async_trait::async_trait]
impl Driver for InfiniTime {
    fn family(&self) -> &'static str {
        "infinitime"
    }

    fn recognise(&self, advert: &Advert) -> Option<Match> {
        if advert.services.contains(&MOTION_SERVICE) {
            return Some(Match::Certain);
        }
        (advert.name.as_deref() == Some("InfiniTime")).then_some(Match::Likely)
    }

    async fn pair(&self, link: &mut dyn Link, _key: Option<&[u8; 16]>) -> Result<(), BandError> {
        // Others have a heart rate too.
        if link.has(STEPS) {
            Ok(())
        } else {
            Err(BandError::Missing(STEPS))
        }
    }

    fn live(&self) -> &'static [Uuid] {
        &[STEPS, MOTION, standard::HEART_RATE]
    }

    fn decode(&self, notification: &Notification) -> Result<Vec<Reading>, BandError> {
        match notification.characteristic {
            STEPS => steps(&notification.value).map(|reading| vec![reading]),
            MOTION => motion(&notification.value).map(|reading| vec![reading]),
            _ => standard::decode(notification),
        }
    }
}

/// Its counter of steps.
///
/// # Errors
/// [`BandError::Malformed`]: it isn't four bytes.
pub fn steps(value: &[u8]) -> Result<Reading, BandError> {
    let bytes = value.try_into().map_err(|_| BandError::Malformed("steps"))?;
    Ok(Reading::Steps {
        total: u32::from_le_bytes(bytes),
        distance_m: None,
        kcal: None,
    })
}

/// Its acceleration.
///
/// # Errors
/// [`BandError::Malformed`]: it isn't six bytes.
pub fn motion(mut value: &[u8]) -> Result<Reading, BandError> {
    const BAD: BandError = BandError::Malformed("motion");
    let mut axis = || value.try_get_i16_le().map(|raw| f32::from(raw) / ONE_G);
    let g = [
        axis().map_err(|_| BAD)?,
        axis().map_err(|_| BAD)?,
        axis().map_err(|_| BAD)?,
    ];
    if value.has_remaining() {
        return Err(BAD);
    }
    Ok(Reading::Motion { g })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_and_motion_are_read_as_published() {
        let counted = Reading::Steps {
            total: 70_000,
            distance_m: None,
            kcal: None,
        };
        assert_eq!(steps(&70_000_u32.to_le_bytes()), Ok(counted));
        let lying = [0x00, 0x02, 0x00, 0xFC, 0x00, 0x04];
        assert_eq!(motion(&lying), Ok(Reading::Motion { g: [0.5, -1.0, 1.0] }));
        for length in (0..4).chain(5..8) {
            assert!(steps(&[0; 8][..length]).is_err(), "{length} bytes");
        }
        for length in (0..6).chain(7..9) {
            assert!(motion(&[0; 9][..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn its_name_may_be_imitated_and_its_service_not() {
        let named = |name: &str| Advert {
            name: Some(name.into()),
            ..Advert::default()
        };
        assert_eq!(InfiniTime.recognise(&named("InfiniTime")), Some(Match::Likely));
        assert_eq!(InfiniTime.recognise(&named("Infinity")), None);
        let announced = Advert {
            services: vec![MOTION_SERVICE],
            ..Advert::default()
        };
        assert_eq!(InfiniTime.recognise(&announced), Some(Match::Certain));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn nothing_that_comes_can_harm(value in proptest::collection::vec(any::<u8>(), 0..64)) {
            for characteristic in [STEPS, MOTION, standard::HEART_RATE] {
                let _ = InfiniTime.decode(&Notification { characteristic, value: value.clone() });
            }
        }
    }
}
