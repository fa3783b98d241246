//! Everything that is kept of the member, given out to him: a ZIP of JSON and GPX.

mod archive;
mod parts;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use serde_json::value::RawValue;

use crate::api::Call;
use crate::{Phone, PhoneError};
use archive::Archive;

/// How far an export has come, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportProgress {
    /// Parts that are done.
    pub done: u64,
    /// Parts in all.
    pub of: u64,
}

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportReport {
    /// Files in it.
    pub files: u64,
    /// Records, imported ones included.
    pub records: u64,
    /// Minute rows.
    pub minutes: u64,
    /// Why what the server keeps isn't in it; none where it is.
    pub server_missing: Option<PhoneError>,
}

impl Phone {
    /// Writes all of the member's data as a ZIP file: body profile, settings, minutes, days, records with their routes as
    /// GPX, uploads, what the server said last, and, if it can be reached, what the server keeps. `progress` is called
    /// after each part. Without anybody signed in it holds what was recorded before. Recording goes on meanwhile. Dropped, it
    /// ends with the part that it is at.
    ///
    /// # Errors
    /// [`PhoneError::ExportFailed`] where `into` fails; those of the store. What was written by then is of no use.
    pub async fn export_data<W: Write + Send + 'static>(
        self: &Arc<Self>,
        into: W,
        progress: impl Fn(ExportProgress) + Send + 'static,
    ) -> Result<ExportReport, PhoneError> {
        self.export(into, progress, || Ok(())).await
    }

    /// As [`Phone::export_data`], into a file, which is there when it is whole, and not before.
    ///
    /// # Errors
    /// As [`Phone::export_data`].
    pub async fn export_to_file(
        self: &Arc<Self>,
        path: &Path,
        progress: impl Fn(ExportProgress) + Send + 'static,
    ) -> Result<ExportReport, PhoneError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let (part, path) = (PathBuf::from(part), path.to_owned());
        // Where it can't be written is known before anything is asked.
        let file = std::fs::File::create(&part).map_err(archive::failed)?;
        let part = Part(part);
        let whole = move || std::fs::rename(&part.0, path);
        self.export(BufWriter::new(file), progress, whole).await
    }

    /// Writes an export, and calls `whole` where all of it was written.
    async fn export<W: Write + Send + 'static>(
        self: &Arc<Self>,
        into: W,
        progress: impl Fn(ExportProgress) + Send + 'static,
        whole: impl FnOnce() -> io::Result<()> + Send + 'static,
    ) -> Result<ExportReport, PhoneError> {
        let server: Result<Box<RawValue>, PhoneError> = self.as_member(&Call::get("/api/v1/me/export")).await;
        let phone = Arc::clone(self);
        // Gone with this future, when it is dropped.
        let waits = Arc::new(());
        let wanted = Arc::downgrade(&waits);
        // Compressing takes seconds: on a thread where that is in nobody's way, until nobody waits for it any more.
        let written = tokio::task::spawn_blocking(move || {
            let report = phone.write_export(into, server, &progress, &wanted)?;
            whole().map_err(archive::failed)?;
            Ok(report)
        });
        let written = written.await;
        drop(waits);
        written.map_err(archive::failed)?
    }

    fn write_export<W: Write>(
        &self,
        into: W,
        server: Result<Box<RawValue>, PhoneError>,
        progress: &dyn Fn(ExportProgress),
        wanted: &Weak<()>,
    ) -> Result<ExportReport, PhoneError> {
        let now_ms = self.with(|_, now| now.t_ms)?;
        let mut archive = Archive::new(into, now_ms);
        let mut report = ExportReport::default();
        let (records, days) = self.with(|core, now| {
            core.store_now(now)?;
            let tx = core.store.read();
            Ok::<_, PhoneError>((tx.record_ids(&core.owner)?, tx.days_with_minutes(&core.owner)?))
        })??;
        let of = u64::try_from(records.len() + days.len())
            .unwrap_or(u64::MAX)
            .saturating_add(2);
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(ExportProgress { done, of });
            if wanted.strong_count() > 0 {
                Ok(())
            } else {
                Err(archive::failed("it was given up"))
            }
        };

        archive.file("body.json", &self.body()?)?;
        archive.file("settings.json", &self.settings_part()?)?;
        archive.file("days.json", &self.days_part()?)?;
        archive.file("bands.json", &self.bands_part()?)?;
        archive.file("system_steps.json", &self.system_part()?)?;
        archive.file("uploads.json", &self.uploads_part()?)?;
        archive.file("server_said.json", &self.cache_part()?)?;
        step()?;

        let mut list = archive.list("minutes.json")?;
        for day in days {
            for row in self.minutes_part(day)? {
                list.add(&row)?;
                report.minutes += 1;
            }
            step()?;
        }
        list.end()?;

        let mut lines = Vec::new();
        for id in records {
            // Deleted meanwhile: it isn't wanted.
            if let Some((line, gpx)) = self.record_part(id)? {
                if let Some(gpx) = gpx {
                    archive.text(&format!("routes/{id}.gpx"), &gpx)?;
                }
                lines.push(line);
                report.records += 1;
            }
            step()?;
        }
        archive.file("records.json", &lines)?;

        match server {
            Ok(server) => archive.file("server.json", &server)?,
            Err(error) => report.server_missing = Some(error),
        }
        archive.file(
            "about.json",
            &self.about_part(now_ms, report.server_missing.as_ref())?,
        )?;
        report.files = archive.end()?;
        step()?;
        Ok(report)
    }
}

/// A file that isn't whole yet, and is removed unless it was given its name. If it can't be there is nothing more to do.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
