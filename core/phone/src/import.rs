//! GPX files from elsewhere become records: to look at. They earn nothing, are never uploaded and never counted.

use haigou_route::gpx;
use haigou_route::{GpxError, gpx::Recording};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::activity::{Activity, Now};
use crate::core::Core;
use crate::screens::RecordDetail;
use crate::store::{Lasting, Measured, Position};
use crate::{Phone, PhoneError};

/// Larger files are refused on a phone, in bytes: a day at a position a second.
pub const MOST_GPX_BYTES: usize = 32 << 20;
/// Files with more positions are refused on a phone: two days at one a second.
pub const MOST_GPX_POINTS: usize = 172_800;
/// A file's times may be ahead of the phone's by so much, in milliseconds: its clock may be wrong.
const AHEAD_MS: i64 = 86_400_000;

impl Phone {
    /// Reads a GPX file into a record with route, splits and figures, marked as imported. The same file again is the
    /// same record.
    ///
    /// # Errors
    /// [`PhoneError::Gpx`] says what is wrong with the file, and where: too large, broken, without times, from the
    /// future. Nothing was kept then. Those of the store.
    pub fn import_gpx(&self, file: &[u8]) -> Result<RecordDetail, PhoneError> {
        // What a large file takes, it takes outside of the lock: recording goes on.
        let recording = read(file)?;
        let (owner, body) = self.with(|core, _| (core.owner.clone(), core.body))?;
        let [id, before] = [owner.as_str(), ""].map(|owner| name_of(file, owner));
        let imported = Activity::imported(id, recording, &body);
        let (activity, positions) = imported.ok_or(PhoneError::Gpx(GpxError::NoTrack))?;
        let id = self.with(|core, now| {
            // What was imported before anybody signed in keeps its id.
            for known in [id, before] {
                if core.store.read().owner_of(known)?.is_some_and(|of| of == owner) {
                    return Ok(known);
                }
            }
            core.keep_imported(&owner, &activity, &positions, now)?;
            Ok::<_, PhoneError>(id)
        })??;
        self.show_all();
        self.record(id)
    }
}

impl Core {
    fn keep_imported(
        &mut self,
        owner: &str,
        activity: &Activity,
        positions: &[Position],
        now: Now,
    ) -> Result<(), PhoneError> {
        let ended_ms = activity.ended_ms.unwrap_or(activity.started_ms);
        if activity.started_ms < 0 || ended_ms > now.t_ms.saturating_add(AHEAD_MS) {
            return Err(PhoneError::GpxTime);
        }
        let by = Measured {
            boot: &self.timeline.boot,
            sure: true,
        };
        self.store.write(Lasting::Power, |tx| {
            tx.save_activity(owner, by, activity)?;
            tx.add_positions(positions)
        })
    }
}

fn read(file: &[u8]) -> Result<Recording, PhoneError> {
    let too_large = |limit| Err(PhoneError::Gpx(GpxError::TooLarge { limit }));
    if file.len() > MOST_GPX_BYTES {
        return too_large(format!("{} MiB", MOST_GPX_BYTES >> 20));
    }
    let recording = gpx::read(file).map_err(PhoneError::Gpx)?;
    if recording.segments.iter().map(Vec::len).sum::<usize>() > MOST_GPX_POINTS {
        return too_large(format!("{MOST_GPX_POINTS} points"));
    }
    Ok(recording)
}

/// A file and whose it is, as an id.
fn name_of(file: &[u8], owner: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(owner)
        .chain_update([0])
        .chain_update(file)
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
