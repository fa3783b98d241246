//! The parts of an export. Each is read by itself, so that recording never waits for more than one.

use haigou_contract::{Day, Minute, moment};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::bands::Band;
use crate::core::Core;
use crate::freeze::minutes_of;
use crate::minute::{kind_name, source_name};
use crate::screens::Figures;
use crate::{Phone, PhoneError};

impl Phone {
    /// What this is.
    pub(super) fn about_part(&self, now_ms: i64, missing: Option<&PhoneError>) -> Result<Value, PhoneError> {
        let member = self.with(|core, _| core.owner.clone())?;
        Ok(json!({
            "app": "Haigou",
            "version": env!("CARGO_PKG_VERSION"),
            "at": moment(now_ms).to_rfc3339(),
            "member": member,
            "server_missing": missing.map(PhoneError::code),
            "files": {
                "body.json": "Body profile, kept on this phone only / 身体资料，仅保存在手机上",
                "settings.json": "Language, settings, daily goals, each with its first day / 语言、设置、每日目标及其生效日期",
                "days.json": "Sums of days / 每日汇总",
                "minutes.json": "Steps per minute and source, as recorded / 每分钟步数（按来源）",
                "bands.json": "Paired wristbands / 已配对的手环",
                "system_steps.json": "What the phone's own stores of steps said / 系统健康数据的步数",
                "records.json": "Walks and runs / 步行与跑步记录",
                "routes/": "Their routes as GPX / 轨迹（GPX）",
                "uploads.json": "What was sent, and the answers / 上传记录及服务器答复",
                "server_said.json": "What screens knew last / 服务器最近的数据",
                "server.json": "What the server keeps / 服务器保存的数据"
            }
        }))
    }

    pub(super) fn settings_part(&self) -> Result<Value, PhoneError> {
        let goals: Value = self
            .with(|core, _| core.store.read().state("goals"))??
            .unwrap_or(json!([]));
        let settings = self.with(|core, _| core.settings)?;
        Ok(json!({ "language": self.api.language().tag(), "chosen": settings, "daily_goals": goals }))
    }

    pub(super) fn days_part(&self) -> Result<Vec<Value>, PhoneError> {
        let days = self.with(|core, now| {
            core.sum_up(now)?;
            core.store.read().days(
                &core.owner,
                Day::from_number(i32::MIN),
                Day::from_number(i32::MAX),
            )
        })??;
        Ok(days
            .iter()
            .map(|(day, figures)| day_line(*day, figures))
            .collect())
    }

    pub(super) fn uploads_part(&self) -> Result<Vec<Value>, PhoneError> {
        let uploads = self.with(|core, _| core.store.read().all_uploads(&core.owner))??;
        Ok(uploads
            .into_iter()
            .map(|(created_ms, minutes, activities, state, answer)| {
                let state = match state {
                    0 => "waits",
                    1 => "answered",
                    _ => "refused",
                };
                json!({
                    "at": moment(created_ms).to_rfc3339(), "minutes": minutes, "activities": activities,
                    "state": state, "answer": read(answer),
                })
            })
            .collect())
    }

    pub(super) fn cache_part(&self) -> Result<Value, PhoneError> {
        let cached = self.with(|core, _| core.store.read().all_cached(&core.owner))??;
        let said = |(name, value, fetched_ms): (String, String, i64)| {
            let value = json!({ "at": moment(fetched_ms).to_rfc3339(), "value": read(Some(value)) });
            (name, value)
        };
        Ok(Value::Object(cached.into_iter().map(said).collect()))
    }

    /// The minute rows of a day, as they were recorded: the phone's, then the bands'.
    pub(super) fn minutes_part(&self, day: Day) -> Result<Vec<Value>, PhoneError> {
        let (from, to) = minutes_of(day);
        let heard = self.with(|core, _| core.store.read().heard(&core.owner, from, to))??;
        let at = |minute: Minute| moment(minute.start_ms()).to_rfc3339();
        let own = heard.rows.iter().map(|(key, row)| {
            json!({
                "at": at(key.minute), "source": source_name(key.source), "activity": key.activity,
                "kind": kind_name(row.kind), "steps": row.steps, "covered_ms": row.covered_ms,
                "distance_m": row.distance_m, "interval_cv": row.interval_cv, "peak_cv": row.peak_cv,
            })
        });
        let bands = heard.bands.iter().flat_map(|(band, minutes)| {
            minutes.iter().map(move |(minute, told)| {
                json!({
                    "at": at(*minute), "source": "band", "band": band,
                    "steps": told.steps, "heart_rate": told.heart_rate,
                })
            })
        });
        Ok(own.chain(bands).collect())
    }

    /// The bands that are paired.
    pub(super) fn bands_part(&self) -> Result<Vec<Value>, PhoneError> {
        let bands = self.with(|core, _| core.bands.paired.values().cloned().collect::<Vec<_>>())?;
        let line = |band: Band| {
            json!({
                "id": band.id.0, "family": band.family, "name": band.name, "one_foot": band.one_foot,
                "maker": band.maker, "model": band.model, "firmware": band.firmware,
            })
        };
        Ok(bands.into_iter().map(line).collect())
    }

    /// What the system's own stores of steps said.
    pub(super) fn system_part(&self) -> Result<Vec<Value>, PhoneError> {
        let stretches = self.with(|core, _| core.store.read().all_stretches(&core.owner))??;
        let line = |(source, from_ms, to_ms, steps): (String, i64, i64, u32)| {
            json!({
                "source": source, "from": moment(from_ms).to_rfc3339(), "to": moment(to_ms).to_rfc3339(),
                "steps": steps,
            })
        };
        Ok(stretches.into_iter().map(line).collect())
    }

    /// A record and its route; none if it isn't there any more.
    pub(super) fn record_part(&self, id: Uuid) -> Result<Option<(Value, Option<String>)>, PhoneError> {
        let language = self.api.language();
        self.with(|core: &mut Core, _| {
            let record = match core.record(id) {
                Ok(record) => record,
                Err(PhoneError::NoSuchRecord) => return Ok(None),
                Err(error) => return Err(error),
            };
            let gpx = if record.route.is_empty() {
                None
            } else {
                Some(core.gpx(id, language)?)
            };
            let zones = record.zones.map(|zones| {
                json!({
                    "max_bpm": zones.max_bpm, "from_bpm": zones.from_bpm,
                    "time_ms": zones.time_ms, "below_ms": zones.below_ms,
                })
            });
            let line = json!({
                "summary": record.line.summary, "judgement": record.line.judgement,
                "not_counted": record.line.not_counted, "imported": record.line.imported,
                "title": record.line.title, "note": record.line.note, "splits": record.splits,
                "heart_rate_zones": zones, "heart_rate_by_minute": record.heart_by_minute,
                "route": gpx.as_ref().map(|_| format!("routes/{id}.gpx")),
            });
            Ok(Some((line, gpx)))
        })?
    }
}

fn day_line(day: Day, figures: &Figures) -> Value {
    json!({
        "day": day, "walk": figures.walk, "run": figures.run, "passive": figures.passive,
        "distance_m": figures.distance_m, "estimated_m": figures.estimated_m,
        "active_ms": figures.active_ms, "kcal": figures.kcal, "activities": figures.activities,
    })
}

/// JSON that was kept as text; as text, should it not be JSON.
fn read(text: Option<String>) -> Value {
    text.map_or(Value::Null, |text| {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    })
}
