//! `haigou rules lint`.

use std::path::Path;

use haigou_rules::forecast::Growth;
use haigou_rules::lint::{Finding, Source, lint};
use haigou_server::rulebook_of;

use super::{Form, growth};
use crate::cli::{Failed, Verdict, output};

/// Every finding; the answer is no if there is one.
pub(super) fn run(rulebook: &str, assumed: Option<&Path>, form: &Form) -> Result<Verdict, Failed> {
    let growth = assumed.map_or_else(|| Ok(Growth::default()), growth::read)?;
    let findings = lint(&rulebook_of(rulebook)?, &growth)?;
    for finding in &findings {
        if form.json {
            output::print(&serde_json::to_string(finding)?);
        } else {
            print_words(finding, form);
        }
    }
    let language = form.language;
    if findings.is_empty() {
        output::say(language.pick(
            "没有发现（不是法律意见）",
            "no findings (this is no legal advice)",
        ));
        return Ok(Verdict::Yes);
    }
    output::say(language.pick(
        "不是法律意见，请律师审阅。启用这样的规则须由两位管理员逐条书面接受。",
        "No legal advice: have a lawyer look. Such a rulebook starts only when two administrators have accepted each finding in writing.",
    ));
    Ok(Verdict::No)
}

fn print_words(finding: &Finding, form: &Form) {
    let language = form.language;
    output::print(&format!(
        "[{}] {}: {}",
        finding.severity.words().of(language),
        finding.code,
        finding.says.of(language)
    ));
    for setting in &finding.settings {
        output::print(&format!("    {}  ({})", setting.words.of(language), setting.path));
    }
    for regulation in &finding.regulations {
        let article = match (regulation.article, language.pick("zh", "en")) {
            ("", _) => String::new(),
            (article, "zh") => format!(" 第 {article} 条"),
            (article, _) => format!(", article {article}"),
        };
        let source = match regulation.source {
            Source::PublicText => language.pick("见公开文本", "read in public texts"),
            Source::Memory => language.pick("凭记忆，须核对", "from memory: look it up"),
        };
        output::print(&format!(
            "    § {}{article} ({source}; {})",
            language.pick(regulation.zh, regulation.en),
            finding.list_date
        ));
    }
    output::print(&format!("    → {}", finding.change.of(language)));
}
