//! How the value of each kind of setting is read by people.

use haigou_contract::Language;

use crate::explain::{grouped, percent, trimmed};
use crate::figures::{Multiple, Price, Share, Sum};
use crate::rulebook::{
    ActiveFrom, BillRewards, CentreBase, Conditions, HiValueBase, JoinsBy, Offset, PartnerMode,
    ReferralRight, Rung, Schedule, Scope, Task, TaskKind,
};
use crate::said::Said;
use crate::words::conditions;

/// A value as people read it.
pub(super) trait Shown {
    /// In both languages.
    fn shown(&self) -> Said;
}

impl Shown for String {
    fn shown(&self) -> Said {
        Said::same(self.as_str())
    }
}

impl Shown for Share {
    fn shown(&self) -> Said {
        Said::same(percent(&self.to_string()))
    }
}

impl Shown for Multiple {
    fn shown(&self) -> Said {
        let text = self.to_string();
        let times = trimmed(&text);
        Said::new(format!("{times} 倍"), format!("{times} times"))
    }
}

impl<const DECIMALS: u32> Shown for Sum<DECIMALS> {
    fn shown(&self) -> Said {
        let text = self.to_string();
        Said::same(grouped(if DECIMALS > 2 { trimmed(&text) } else { &text }))
    }
}

impl Shown for Price {
    fn shown(&self) -> Said {
        Said::new(format!("{self} 元"), format!("{self} CNY"))
    }
}

impl Shown for bool {
    fn shown(&self) -> Said {
        if *self {
            Said::new("开", "on")
        } else {
            Said::new("关", "off")
        }
    }
}

/// Levels up the line.
impl Shown for Option<u32> {
    fn shown(&self) -> Said {
        match self {
            None => Said::new("不限", "no limit"),
            Some(levels) => Said::new(format!("{levels} 层"), levels.to_string()),
        }
    }
}

impl Shown for Conditions {
    fn shown(&self) -> Said {
        Said::new(
            conditions(self, Language::Chinese),
            conditions(self, Language::English),
        )
    }
}

impl<const DECIMALS: u32> Shown for Option<Sum<DECIMALS>> {
    fn shown(&self) -> Said {
        self.as_ref().map_or_else(unset, Shown::shown)
    }
}

impl<T: Shown> Shown for Option<Vec<T>> {
    fn shown(&self) -> Said {
        self.as_ref().map_or_else(unset, Shown::shown)
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> Said {
        if self.is_empty() {
            return Said::new("无", "none");
        }
        let (zh, en): (Vec<_>, Vec<_>) = self
            .iter()
            .map(Shown::shown)
            .map(|said| (said.zh, said.en))
            .unzip();
        Said::new(zh.join("、"), en.join("; "))
    }
}

impl Shown for Rung {
    fn shown(&self) -> Said {
        let rate = self.rate.shown().en;
        Said::new(
            format!("{} 步 {rate}", self.steps),
            format!("{} steps {rate}", self.steps),
        )
    }
}

impl Shown for Task {
    fn shown(&self) -> Said {
        let (zh, en) = match self.kind {
            TaskKind::Walk => ("走路", "walk"),
            TaskKind::Run => ("跑步", "run"),
        };
        Said::new(
            format!("{zh} {} 步解冻 {}", self.steps, self.unfreeze),
            format!("{en} {} steps unfreeze {}", self.steps, self.unfreeze),
        )
    }
}

fn unset() -> Said {
    Said::new("未设", "not set")
}

macro_rules! shown {
    ($($choice:ident { $($variant:ident => $zh:literal, $en:literal;)+ })+) => {
        $(impl Shown for $choice {
            fn shown(&self) -> Said {
                match self {
                    $(Self::$variant => Said::new($zh, $en),)+
                }
            }
        })+
    };
}

shown! {
    ActiveFrom {
        StarterPack => "收到首个激活礼包", "with the first starter pack received";
        Registration => "注册", "at registration";
    }
    ReferralRight {
        Vip => "仅 VIP", "VIP members only";
        Everyone => "所有会员", "everyone";
    }
    HiValueBase {
        Granted => "所赠嗨值", "the Hi-Value granted";
        Amount => "订单金额", "the order's amount";
    }
    Offset {
        Required => "必须全额", "all of the rebate's worth, or no bill";
        Optional => "不足部分以现金抵付", "what there is, the rest in cash";
        Off => "不销毁", "not at all";
    }
    BillRewards {
        Rebate => "按让利", "by the rebate";
        Mall => "与商城相同", "as in the mall";
    }
    PartnerMode {
        Each => "逐级全额", "every partner in full";
        Difference => "级差", "every partner, less what is paid below";
        Nearest => "仅最近一位", "the nearest one only";
    }
    JoinsBy {
        Pack => "购买礼包", "buying the pack";
        Senior => "高级合伙人", "as a senior partner";
        Application => "申请", "by application";
    }
    Scope {
        Region => "所在区域", "those of its region";
        Team => "所在团队", "those of its team";
    }
    CentreBase {
        Rebate => "让利", "the rebate";
        Turnover => "营业额", "the turnover";
    }
    Schedule {
        Halving => "逐年减半", "halved each year";
        Yearly => "按年总量", "a total for each year";
    }
}
