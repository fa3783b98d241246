//! Bringing what was recorded to the server: each minute once, whatever is lost on the way.

use std::collections::VecDeque;
use std::sync::Arc;

use haigou_contract::{ActivityRecord, ErrorCode, UploadAnswer};
use tokio::task::JoinSet;

use crate::api::Call;
use crate::freeze::freeze;
use crate::gather::forget_uploads;
use crate::store::{Lasting, Tx, UploadState, WaitingUpload};
use crate::{Phone, PhoneError};

/// So many uploads are under way at the same time.
const AT_ONCE: usize = 4;
const PATH: &str = "/api/v1/sport/uploads";

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Uploads that were sent, once or more often.
    pub sent: u64,
    /// Uploads that the server took.
    pub answered: u64,
    /// Uploads that the server refused for good. They are kept, and the status screen says why.
    pub refused: u64,
    /// Uploads that still wait.
    pub left: u64,
    /// Minutes with steps that no server has answered for yet; those of the last minute or two are still open.
    pub unsynced_minutes: u64,
    /// Why it stopped before everything was sent, if it did.
    pub stopped: Option<PhoneError>,
}

impl Phone {
    /// Brings everything that is ready to the server, and asks what became of it. It goes through once; the
    /// background task tries again later.
    ///
    /// # Errors
    /// [`PhoneError::NotSignedIn`], [`PhoneError::Closed`], and those of the store. A server that can't be reached is no
    /// error: the report says so.
    pub async fn sync_now(self: &Arc<Self>) -> Result<SyncReport, PhoneError> {
        let _turn = self.syncing.lock().await;
        if self.api.member().is_none() {
            return Err(PhoneError::NotSignedIn);
        }
        let mut report = SyncReport {
            stopped: self.freeze_ready().await?,
            ..SyncReport::default()
        };
        let unreachable = matches!(
            report.stopped,
            Some(PhoneError::Offline | PhoneError::NotOurServer { .. })
        );
        // What is frozen already needs no time: it goes out even if the server couldn't tell what time it is.
        if !unreachable {
            let stopped = self.send_waiting(&mut report).await?;
            report.stopped = stopped.or(report.stopped);
        }
        if report.answered > 0 && report.stopped.is_none() {
            report.stopped = self.refresh_today().await.err();
        }
        self.with(|core, now| {
            report.left = count(core.store.read().waiting_uploads(&core.owner)?.len());
            report.unsynced_minutes = core.unsynced_minutes()?;
            if report.answered > 0 {
                core.synced_ms = Some(now.t_ms);
                core.prune(now)?;
            }
            Ok::<_, PhoneError>(())
        })??;
        self.gather_from_here();
        self.show_all();
        Ok(report)
    }

    /// Sends uploads that the server refused once more, as new ones: after an update of the app, for example.
    ///
    /// # Errors
    /// Those of the store.
    pub fn retry_refused(&self) -> Result<(), PhoneError> {
        self.with(|core, _| {
            let owner = core.owner.clone();
            core.store.write(Lasting::Power, |tx| {
                forget_uploads(tx, &owner)?;
                tx.retry_refused(&owner)
            })
        })??;
        self.show_all();
        self.wake.notify_one();
        Ok(())
    }

    /// Makes uploads of closed minutes. Only under a time that the server has confirmed in this start of the phone:
    /// what is frozen can't be moved any more.
    async fn freeze_ready(&self) -> Result<Option<PhoneError>, PhoneError> {
        if !self.with(|core, _| core.timeline.sure)?
            && let Err(error) = self.refresh_today().await
        {
            return Ok(Some(error));
        }
        self.with(|core, now| {
            if let Err(error) = core.store_now(now) {
                return Ok(Some(error));
            }
            if !core.timeline.sure {
                // An activity that began before the time was known goes first.
                return Ok(None);
            }
            let owner = core.owner.clone();
            let frozen = core
                .store
                .write(Lasting::Power, |tx| freeze(tx, &owner, now.t_ms))?;
            core.recorder.freeze(frozen);
            Ok(None)
        })?
    }

    /// Sends what waits, several at a time. An upload with activities goes out when all before it are answered.
    async fn send_waiting(
        self: &Arc<Self>,
        report: &mut SyncReport,
    ) -> Result<Option<PhoneError>, PhoneError> {
        let ids = self.with(|core, _| core.store.read().waiting_uploads(&core.owner))??;
        let mut queue: VecDeque<i64> = ids.into();
        let mut under_way: JoinSet<Result<Option<UploadState>, PhoneError>> = JoinSet::new();
        let mut stopped = None;
        let mut next: Option<WaitingUpload> = None;
        loop {
            while stopped.is_none() && under_way.len() < AT_ONCE {
                if next.is_none()
                    && let Some(id) = queue.pop_front()
                {
                    next = Some(self.with(|core, _| core.store.read().upload(id))??);
                }
                if next.as_ref().is_some_and(|upload| upload.activities > 0) && !under_way.is_empty() {
                    break;
                }
                let Some(upload) = next.take() else { break };
                report.sent += 1;
                let phone = Arc::clone(self);
                under_way.spawn(async move { phone.send(upload).await });
            }
            match under_way.join_next().await {
                None => return Ok(stopped),
                Some(Ok(Ok(Some(UploadState::Refused)))) => report.refused += 1,
                Some(Ok(Ok(_))) => report.answered += 1,
                Some(Ok(Err(error))) => stopped = stopped.or(Some(error)),
                Some(Err(error)) => {
                    stopped = stopped.or(Some(PhoneError::StoreFailed {
                        cause: error.to_string(),
                    }));
                }
            }
        }
    }

    /// Sends one upload, and writes the answer down in one transaction with what follows from it. Until that is on the
    /// disk, the same bytes go out again under the same key.
    async fn send(&self, upload: WaitingUpload) -> Result<Option<UploadState>, PhoneError> {
        let call = Call {
            signed: true,
            ..Call::post(PATH, &upload.key, upload.body)
        };
        let (state, text, answer) = match self.as_member::<UploadAnswer>(&call).await {
            Ok(answer) => (
                UploadState::Answered,
                serde_json::to_string(&answer)?,
                Some(answer),
            ),
            Err(PhoneError::Refused(problem)) if is_final(problem.code) => {
                tracing::warn!(code = problem.code.name(), "an upload was refused");
                (UploadState::Refused, serde_json::to_string(&problem)?, None)
            }
            Err(error) => return Err(error),
        };
        self.with(|core, _| {
            core.store.write(Lasting::Power, |tx| {
                tx.settle_upload(upload.id, state, &text)?;
                answer.iter().try_for_each(|answer| keep_judgements(tx, answer))
            })
        })??;
        Ok(Some(state))
    }
}

/// Whether the server will say the same again, however often it is asked.
fn is_final(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::BadRequest
            | ErrorCode::Invalid
            | ErrorCode::Forbidden
            | ErrorCode::WrongState
            | ErrorCode::PayloadTooLarge
            | ErrorCode::UnsupportedMediaType
            | ErrorCode::IdempotencyMismatch
    )
}

/// The records learn at once what the server made of them.
fn keep_judgements(tx: &Tx<'_>, answer: &UploadAnswer) -> Result<(), PhoneError> {
    for judgement in &answer.activities {
        let Some(stored) = tx.activity(judgement.activity)? else {
            continue;
        };
        let Some(summary) = stored.summary else { continue };
        let within = |part: &&haigou_contract::NotCounted| {
            part.from.start_ms() <= summary.ended_ms && part.to.start_ms() + 60_000 > summary.started_ms
        };
        let not_counted = answer.not_counted.iter().filter(within).cloned().collect();
        let record = ActivityRecord {
            summary: summary.clone(),
            judgement: judgement.clone(),
            not_counted,
        };
        tx.set_record(judgement.activity, &record)?;
    }
    Ok(())
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
