//! The wallet's actions: balances, statement, airdrop.

use haigou_contract::{AirdropDay, Asset, ErrorCode, Language, Page, StatementLine, Wallet};

use crate::core::{CACHE_AIRDROP, CACHE_STATEMENT, CACHE_WALLET};
use crate::gather;
use crate::refresh::for_query;
use crate::screens::{ExplainedLine, StatementFilter};
use crate::store::{Lasting, Reach};
use crate::{Phone, PhoneError};

/// So many lines or days come with one request: the most that the server gives.
const PAGE: u32 = 100;
/// So many pages are asked for at most in one go. If more lines are new, older ones come with "load more".
const PAGES: u32 = 10;
/// So many lines are shown at first, and so many more each time.
pub(crate) const STEP: u32 = 50;

impl Phone {
    /// Asks the server for balances, the new lines of the statement and the newest days of the airdrop. What is new
    /// becomes messages.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_wallet(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_WALLET, async |owner| {
            // The look at the wallet settles the airdrop, so that its shares are in the statement.
            let wallet: Wallet = self.get("/api/v1/wallet").await?;
            self.fetch_new_lines(owner).await?;
            self.fetch_airdrop(owner).await?;
            self.keep(owner, CACHE_WALLET, &wallet)
        })
        .await
    }

    /// Asks the server for the new lines of the statement.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_statement(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_STATEMENT, async |owner| self.fetch_new_lines(owner).await)
            .await
    }

    /// Chooses which lines the statement screen shows, from what is on this phone at once.
    ///
    /// # Errors
    /// [`PhoneError::Closed`].
    pub fn set_statement_filter(&self, filter: StatementFilter) -> Result<(), PhoneError> {
        self.with(|core, _| {
            core.statement_filter = filter;
            core.statement_shown = STEP;
        })?;
        self.show_all();
        Ok(())
    }

    /// Shows more lines of the statement: those on this phone, else the server is asked for older ones.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn load_more_statement(&self) -> Result<(), PhoneError> {
        self.with(|core, _| core.statement_shown = core.statement_shown.saturating_add(STEP))?;
        let all_here = |owner: &str| {
            self.with(|core, _| {
                let tx = core.store.read();
                let wanted = core.statement_shown;
                let here = tx.statement(owner, &core.statement_filter, wanted)?.len();
                let next = tx.statement_reach(owner)?.and_then(|reach| reach.next);
                let enough = u32::try_from(here).unwrap_or(u32::MAX) >= wanted;
                Ok::<_, PhoneError>(next.filter(|_| !enough))
            })?
        };
        let owner = self.with(|core, _| core.owner.clone())?;
        if all_here(&owner)?.is_none() {
            self.show_all();
            return Ok(());
        }
        self.asking(CACHE_STATEMENT, async |owner| {
            for _ in 0..PAGES {
                let Some(next) = all_here(owner)? else { break };
                let page = self.statement_page(None, Some(&next), Some(PAGE)).await?;
                self.keep_older(owner, page)?;
            }
            Ok(())
        })
        .await
    }

    /// A page of the statement as the server has it, newest first: of one asset or of all, from the beginning or from where
    /// the page before ended.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn statement(
        &self,
        asset: Option<Asset>,
        after: Option<&str>,
    ) -> Result<Page<StatementLine>, PhoneError> {
        self.statement_page(asset, after, None).await
    }

    /// One line with all that explains it: from this phone, else from the server.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchLine`]; else as [`Phone::refresh_today`].
    pub async fn explain_line(&self, line: &str) -> Result<ExplainedLine, PhoneError> {
        let here = self.with(|core, _| core.store.read().statement_line(&core.owner, line))??;
        if let Some((line, together)) = here {
            return Ok(ExplainedLine { line, together });
        }
        let path = format!("/api/v1/wallet/statement/{}", for_query(line));
        match self.get(&path).await {
            Ok(line) => Ok(ExplainedLine {
                line,
                together: Vec::new(),
            }),
            Err(PhoneError::Refused(problem)) if problem.code == ErrorCode::NotFound => {
                Err(PhoneError::NoSuchLine)
            }
            Err(error) => Err(error),
        }
    }

    /// Asks the server for the newest days of the airdrop.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_airdrop(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_AIRDROP, async |owner| self.fetch_airdrop(owner).await)
            .await
    }

    /// Asks the server for older days of the airdrop.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn load_more_airdrop(&self) -> Result<(), PhoneError> {
        self.load_more::<AirdropDay>(CACHE_AIRDROP, "/api/v1/wallet/airdrop")
            .await
    }

    async fn fetch_airdrop(&self, owner: &str) -> Result<(), PhoneError> {
        let path = format!("/api/v1/wallet/airdrop?limit={PAGE}");
        let page: Page<AirdropDay> = self.get(&path).await?;
        self.add_messages(owner, gather::airdrop(&page.items))?;
        self.keep(owner, CACHE_AIRDROP, &page)
    }

    async fn statement_page(
        &self,
        asset: Option<Asset>,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<StatementLine>, PhoneError> {
        let limit = limit.map(|limit| limit.to_string());
        let mut path = "/api/v1/wallet/statement".to_owned();
        let mut join = '?';
        for (name, value) in [
            ("asset", asset.map(Asset::name)),
            ("cursor", after),
            ("limit", limit.as_deref()),
        ] {
            if let Some(value) = value {
                path.push(join);
                path.push_str(&format!("{name}={}", for_query(value)));
                join = '&';
            }
        }
        self.get(&path).await
    }

    /// Gets what is newer than the newest line here. Lines never change; but their texts are in a language, so in another
    /// one they are asked for anew.
    async fn fetch_new_lines(&self, owner: &str) -> Result<(), PhoneError> {
        let language = self.api.language();
        let known = self.with(|core, _| {
            let tx = core.store.read();
            let reach = tx
                .statement_reach(owner)?
                .filter(|reach| reach.language == language);
            let newest = tx.newest_line(owner)?;
            Ok::<_, PhoneError>(reach.map(|reach| (reach, newest)))
        })??;
        let newest = known.as_ref().and_then(|(_, newest)| newest.as_deref());
        let (mut fresh, mut next, mut joined) = (Vec::new(), None, false);
        for _ in 0..PAGES {
            let page = self.statement_page(None, next.as_deref(), Some(PAGE)).await?;
            let end = page.items.is_empty();
            for line in page.items {
                joined = newest == Some(line.line.as_str());
                if joined {
                    break;
                }
                fresh.push(line);
            }
            next = page.next.filter(|_| !end);
            if joined || next.is_none() {
                break;
            }
        }
        if joined {
            next = known.and_then(|(reach, _)| reach.next);
        }
        self.keep_newer(owner, &fresh, joined, next, language)
    }

    fn keep_newer(
        &self,
        owner: &str,
        fresh: &[StatementLine],
        joined: bool,
        next: Option<String>,
        language: Language,
    ) -> Result<(), PhoneError> {
        self.with(|core, now| {
            if core.owner != owner {
                return Ok(());
            }
            core.store.write(Lasting::Process, |tx| {
                if !joined {
                    tx.forget_statement(owner)?;
                }
                tx.add_newer_lines(owner, fresh)?;
                let fetched_ms = now.t_ms;
                tx.set_statement_reach(
                    owner,
                    &Reach {
                        next,
                        fetched_ms,
                        language,
                    },
                )?;
                gather::add(tx, owner, gather::booked(fresh), now.t_ms)
            })
        })?
    }

    fn keep_older(&self, owner: &str, page: Page<StatementLine>) -> Result<(), PhoneError> {
        self.with(|core, _| {
            if core.owner != owner {
                return Ok(());
            }
            core.store.write(Lasting::Process, |tx| {
                let Some(reach) = tx.statement_reach(owner)? else {
                    return Ok(());
                };
                tx.add_older_lines(owner, &page.items)?;
                let next = page.next.filter(|_| !page.items.is_empty());
                tx.set_statement_reach(owner, &Reach { next, ..reach })
            })
        })?
    }
}
