//! Why steps weren't counted, as a member reads it.

use haigou_contract::{Doubt, Language, Minute, NotCounted};

/// The sentence of a doubt.
pub(crate) const fn sentence(doubt: Doubt, language: Language) -> &'static str {
    match doubt {
        Doubt::Overlap => language.pick(
            "这段时间已由本设备或其他设备上报，每分钟只计一次。",
            "This time was already reported by this or another device; each minute counts once.",
        ),
        Doubt::Future => language.pick(
            "这段时间还没有到来，请校准手机时钟。",
            "This time has not come yet. Set the phone's clock.",
        ),
        Doubt::TooOld => language.pick(
            "超过 35 天才上报，无法再计入。",
            "It came more than 35 days late and can no longer be counted.",
        ),
        Doubt::CadenceTooHigh => language.pick(
            "每分钟超过 220 步，超出人的步频。",
            "More than 220 steps a minute: quicker than legs can go.",
        ),
        Doubt::TooRegular => language.pick(
            "步伐间隔和力度几乎没有变化，像是机器摇动。",
            "The steps hardly vary in time and strength, as when a machine shakes the phone.",
        ),
        Doubt::Stride => language.pick(
            "每一步的距离与走路或跑步不符。",
            "The distance per step doesn't fit walking or running.",
        ),
        Doubt::TooFast => language.pick(
            "移动速度超出步行或跑步的可能。",
            "The speed is beyond walking or running.",
        ),
        Doubt::MockPositions => language.pick(
            "系统提示部分位置是模拟的。",
            "The system says that positions were made up.",
        ),
        Doubt::ClockChanged => language.pick(
            "运动期间手机时钟被更改。",
            "The phone's clock was changed during the activity.",
        ),
        Doubt::Inconsistent => language.pick(
            "运动汇总与逐分钟记录不一致。",
            "The activity's sums don't agree with its minutes.",
        ),
        Doubt::NoRest => language.pick(
            "连续四小时以上没有任何停顿，也没有移动距离。",
            "More than four hours without any pause and without covering any distance.",
        ),
        Doubt::ActivityOverlap => language.pick(
            "与另一次运动的时间重叠。",
            "It overlaps another activity in time.",
        ),
    }
}

/// Puts neighbouring minutes with the same doubt together; they rise.
pub(super) fn grouped(
    rows: impl Iterator<Item = (Minute, u32, Doubt)>,
    language: Language,
) -> Vec<NotCounted> {
    let mut groups: Vec<NotCounted> = Vec::new();
    for (minute, steps, reason) in rows {
        match groups.last_mut() {
            Some(group) if group.reason == reason && group.to.0.saturating_add(1) == minute.0 => {
                group.to = minute;
                group.steps = group.steps.saturating_add(steps.into());
            }
            _ => groups.push(NotCounted {
                from: minute,
                to: minute,
                steps: steps.into(),
                reason,
                text: sentence(reason, language).to_owned(),
            }),
        }
    }
    groups
}
