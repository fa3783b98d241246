//! `haigou statement`.

use haigou_server::{Settings, Trace, trace};
use haigou_store::Store;
use serde_json::json;

use super::output::{self, Form};
use super::{Failed, Verdict};

/// Prints every line behind a member's balances, the oldest first, also while a server works on the database.
pub(super) fn run(settings: &Settings, who: &str, form: &Form) -> Result<Verdict, Failed> {
    let store = Store::open_read_only(&settings.db)?;
    let traced = store.read_blocking(|reader| trace(reader, who, form.language))?;
    let Some(traced) = traced else {
        return Err(format!(
            "there is no member {who:?}: write an id, a number, a phone number or an invite code"
        )
        .into());
    };
    if form.json {
        for line in &traced.lines {
            output::print(&serde_json::to_string(line)?);
        }
        let rest = json!({"member": traced.member, "number": traced.number, "open_shares": traced.open_shares,
            "balances": traced.balances, "adds_up": traced.adds_up()});
        output::print(&rest.to_string());
    } else {
        write_out(&traced);
    }
    Ok(if traced.adds_up() {
        Verdict::Yes
    } else {
        Verdict::No
    })
}

fn write_out(traced: &Trace) {
    for traced in &traced.lines {
        let line = &traced.line;
        let bucket = format!("{}.{}", line.asset, line.bucket);
        output::print(&format!(
            "{}  journal {:>6}  {:<22} {:>+16} = {:>16}  {}  [{} {}, {} v{}]",
            line.at.format("%Y-%m-%d %H:%M:%S"),
            line.journal,
            bucket,
            line.amount,
            traced.balance,
            line.text,
            line.event,
            traced.cause,
            line.rulebook.name,
            line.rulebook.version,
        ));
    }
    output::print(&format!(
        "member {} ({}): {} lines; shares of closed days still to be booked: {}",
        traced.number,
        traced.member,
        traced.lines.len(),
        traced.open_shares
    ));
    for balance in &traced.balances {
        output::print(&format!(
            "{:<22} {:>16}  {}",
            format!("{}.{}", balance.asset, balance.bucket),
            balance.balance,
            if balance.lines == balance.balance {
                "the lines add up to it".to_owned()
            } else {
                format!("THE LINES ADD UP TO {}", balance.lines)
            }
        ));
    }
}
