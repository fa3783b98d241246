//! What is done in one connection with a band: pairing, getting to know it, catching up on what it kept, and then listening.

use std::mem::discriminant;

use futures_util::FutureExt as _;
use haigou_contract::Minute;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::keeper::Keeper;
use crate::{BandError, BandMinute, Kept, Link, LinkState, Notification, Reading};

/// So many values more that can't be read than can are the end of a connection. (Random bytes make sense now and then: to ask
/// for so many in a row would keep a broken band for long.)
const GARBAGE: u32 = 50;
/// So many values are taken in one round at most.
const AT_ONCE: usize = 4096;

/// See the module.
pub(super) struct Session<'k> {
    keeper: &'k Keeper,
    /// The band has told something that could be understood.
    pub(super) heard: bool,
    /// The band has told minutes that are stored now.
    pub(super) stored: bool,
    /// How many values more couldn't be read than could, at least 0.
    garbage: u32,
}

/// What there is to do next.
enum Next {
    Said(Result<Notification, BandError>),
    CatchUp,
    Battery,
}

impl<'k> Session<'k> {
    pub(super) fn new(keeper: &'k Keeper) -> Self {
        Self {
            keeper,
            heard: false,
            stored: false,
            garbage: 0,
        }
    }

    /// Runs until something ends it, which is what is returned.
    pub(super) async fn run(&mut self, link: &mut dyn Link) -> BandError {
        match self.prepare(link).await {
            Ok(live) => self.listen(link, &live).await,
            Err(error) => error,
        }
    }

    /// Up to the first live value. The characteristics that are listened to.
    async fn prepare(&mut self, link: &mut dyn Link) -> Result<Vec<Uuid>, BandError> {
        let keeper = self.keeper;
        let driver = &*keeper.driver;
        driver.pair(link, keeper.key.as_ref()).await?;
        let of_family = driver.live();
        let live: Vec<Uuid> = of_family.iter().copied().filter(|of| link.has(*of)).collect();
        if live.is_empty() {
            return Err(of_family
                .first()
                .map_or(BandError::Refused, |first| BandError::Missing(*first)));
        }
        let info = driver.info(link).await?;
        keeper.host.introduced(&keeper.band, &info);
        self.set_time(link).await?;
        self.battery(link).await?;
        keeper
            .host
            .stands(&keeper.band, LinkState::CatchingUp { minutes: 0 });
        self.catch_up(link).await?;
        let mut listened = Vec::new();
        for of in live {
            if optional(link.subscribe(of).await)?.is_some() {
                listened.push(of);
            }
        }
        if listened.is_empty() {
            return Err(BandError::Refused);
        }
        keeper.host.stands(&keeper.band, LinkState::Live);
        self.ask(link, &listened).await?;
        Ok(listened)
    }

    /// Listens, and does in between what is due.
    async fn listen(&mut self, link: &mut dyn Link, live: &[Uuid]) -> BandError {
        let keeper = self.keeper;
        let mut heard = Instant::now();
        let mut history = Instant::now() + keeper.pace.history;
        loop {
            let next = tokio::select! {
                said = link.next(live) => Next::Said(said),
                () = sleep_until(heard + keeper.pace.silence) => Next::Said(Err(BandError::Silent)),
                () = sleep_until(history) => Next::CatchUp,
                () = keeper.nudges.catch_up.notified() => Next::CatchUp,
                () = keeper.nudges.battery.notified() => Next::Battery,
            };
            let done = match next {
                Next::Said(Ok(first)) => self.round(link, live, first).await.map(|any| {
                    if any {
                        heard = Instant::now();
                    }
                }),
                Next::Said(Err(BandError::Silent)) => Ok(()),
                Next::Said(Err(error)) => Err(error),
                Next::CatchUp => {
                    history = Instant::now() + keeper.pace.history;
                    self.catch_up_again(link).await
                }
                Next::Battery => self.battery(link).await,
            };
            if let Err(error) = done {
                return error;
            }
            if heard.elapsed() >= keeper.pace.silence {
                match self.ask(link, live).await {
                    Ok(true) => heard = Instant::now(),
                    Ok(false) => return BandError::Silent,
                    Err(error) => return error,
                }
            }
        }
    }

    /// Tells the host what the band says, and takes a breath. Whether it was anything.
    async fn round(
        &mut self,
        link: &mut dyn Link,
        live: &[Uuid],
        first: Notification,
    ) -> Result<bool, BandError> {
        let mut newest = Vec::new();
        self.understand(&first, &mut newest)?;
        // What waits is there at once, or not at all.
        let mut lost = None;
        for _ in 0..AT_ONCE {
            match link.next(live).now_or_never() {
                Some(Ok(said)) => self.understand(&said, &mut newest)?,
                Some(Err(error)) => {
                    lost = Some(error);
                    break;
                }
                None => break,
            }
        }
        let any = !newest.is_empty();
        self.tell(newest);
        match lost {
            None | Some(BandError::Silent) => {
                sleep(self.keeper.pace.round).await;
                Ok(any)
            }
            Some(error) => Err(error),
        }
    }

    /// Adds what a value means; of each kind the newest stays.
    fn understand(&mut self, said: &Notification, newest: &mut Vec<Reading>) -> Result<(), BandError> {
        match self.keeper.driver.decode(said) {
            Ok(readings) => {
                self.garbage = self.garbage.saturating_sub(1);
                for reading in readings {
                    newest.retain(|older| discriminant(older) != discriminant(&reading));
                    newest.push(reading);
                }
                Ok(())
            }
            Err(error) => {
                self.garbage += 1;
                if self.garbage >= GARBAGE {
                    Err(error)
                } else {
                    Ok(())
                }
            }
        }
    }

    fn tell(&mut self, readings: Vec<Reading>) {
        for reading in readings {
            self.heard = true;
            self.keeper.host.heard(&self.keeper.band, reading);
        }
    }

    /// Asks for what can be asked for, where a band doesn't tell it by itself. Whether it told anything.
    async fn ask(&mut self, link: &mut dyn Link, live: &[Uuid]) -> Result<bool, BandError> {
        let mut newest = Vec::new();
        for of in live {
            if let Some(value) = optional(link.read(*of).await)? {
                let said = Notification {
                    characteristic: *of,
                    value,
                };
                self.understand(&said, &mut newest)?;
            }
        }
        let any = !newest.is_empty();
        self.tell(newest);
        Ok(any)
    }

    async fn set_time(&self, link: &mut dyn Link) -> Result<(), BandError> {
        let (now_ms, utc_offset_s) = self.keeper.host.now();
        // A band may have no clock that can be set, and live on.
        optional(self.keeper.driver.set_time(link, now_ms, utc_offset_s).await)?;
        Ok(())
    }

    async fn battery(&mut self, link: &mut dyn Link) -> Result<(), BandError> {
        match self.keeper.driver.battery(link).await {
            Ok(reading) => self.keeper.host.heard(&self.keeper.band, reading),
            // It is worth no more than that.
            Err(BandError::Malformed(_)) => {}
            other => drop(optional(other)?),
        }
        Ok(())
    }

    async fn catch_up_again(&mut self, link: &mut dyn Link) -> Result<(), BandError> {
        self.set_time(link).await?;
        let stored = self.catch_up(link).await?;
        if stored > 0 {
            self.keeper.host.stands(&self.keeper.band, LinkState::Live);
        }
        self.battery(link).await
    }

    /// Fetches what the band kept. How many minutes were stored.
    async fn catch_up(&mut self, link: &mut dyn Link) -> Result<u32, BandError> {
        let keeper = self.keeper;
        let (_, utc_offset_s) = keeper.host.now();
        let since = keeper.host.cursor(&keeper.band);
        let mut store = Store {
            keeper,
            since,
            stored: 0,
        };
        let fetched = keeper.driver.fetch(link, since, utc_offset_s, &mut store).await;
        self.stored |= store.stored > 0;
        // Not every model of a family has a memory.
        optional(fetched)?;
        Ok(store.stored)
    }
}

/// Nothing where the band lacks something, or won't do it; that alone ends no connection.
fn optional<T>(result: Result<T, BandError>) -> Result<Option<T>, BandError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(BandError::Missing(_) | BandError::Refused) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts minutes into the host's store: each once, and none that hasn't ended. A band whose clock is ahead would else
/// carry the cursor into the future, and what really happens then would never be fetched.
struct Store<'k> {
    keeper: &'k Keeper,
    since: Minute,
    stored: u32,
}

#[async_trait::async_trait]
impl Kept for Store<'_> {
    async fn keep(&mut self, minutes: &[BandMinute]) -> Result<(), BandError> {
        let (now_ms, _) = self.keeper.host.now();
        let can_be = self.since..Minute::at(now_ms);
        let minutes: Vec<BandMinute> = minutes
            .iter()
            .filter(|minute| can_be.contains(&minute.minute))
            .copied()
            .collect();
        let Some(last) = minutes.last() else {
            return Ok(());
        };
        let band = &self.keeper.band;
        if let Err(error) = self.keeper.host.keep(band, &minutes) {
            tracing::warn!(%error, "a band's minutes");
            return Err(BandError::NotStored);
        }
        self.since = Minute(last.minute.0.saturating_add(1));
        self.stored = self
            .stored
            .saturating_add(u32::try_from(minutes.len()).unwrap_or(u32::MAX));
        self.keeper
            .host
            .stands(band, LinkState::CatchingUp { minutes: self.stored });
        Ok(())
    }
}
