//! The regulations behind the findings.

use serde::Serialize;

/// When the list of regulations was last gone through.
pub const LIST_DATE: &str = "2026-11-22";

/// Where a regulation's content was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Read in public texts.
    PublicText,
    /// Named from memory: to be looked up before relying on it.
    Memory,
}

/// A regulation and the article that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Regulation {
    /// Its Chinese name.
    #[serde(rename = "name_zh-CN")]
    pub zh: &'static str,
    /// Its name in English.
    #[serde(rename = "name_en")]
    pub en: &'static str,
    /// The article, empty where it is the whole.
    pub article: &'static str,
    /// Where its content was taken from.
    pub source: Source,
}

const fn regulation(zh: &'static str, en: &'static str, article: &'static str, source: Source) -> Regulation {
    Regulation {
        zh,
        en,
        article,
        source,
    }
}

const fn pyramid(article: &'static str) -> Regulation {
    regulation(
        "禁止传销条例（国务院令第444号，2005）",
        "Regulation on the Prohibition of Pyramid Selling (State Council Decree 444, 2005)",
        article,
        Source::PublicText,
    )
}

/// Pay by the number of people recruited.
pub(super) const PYRAMID_HEADCOUNT: Regulation = pyramid("7 (1)");
/// A fee, or buying goods, as the right to join or to recruit.
pub(super) const PYRAMID_ENTRY_FEE: Regulation = pyramid("7 (2)");
/// Pay to the upper line on the lower line's sales.
pub(super) const PYRAMID_TEAM_PAY: Regulation = pyramid("7 (3)");
/// From 30 people and 3 levels.
pub(super) const CRIMINAL_LAW: Regulation = regulation(
    "刑法及2013年最高法、最高检、公安部意见",
    "Criminal Law, and the 2013 opinion of the Supreme Court, the Procuratorate and the Ministry of Public Security",
    "224-1",
    Source::PublicText,
);
/// At most 30 % of own sales.
pub(super) const DIRECT_SELLING: Regulation = regulation(
    "直销管理条例",
    "Regulation on the Administration of Direct Selling",
    "24",
    Source::Memory,
);
/// No token issue as financing, no exchange, no pricing, no matching.
pub(super) const TOKENS_2017: Regulation = regulation(
    "关于防范代币发行融资风险的公告（七部委，2017-09-04）",
    "Announcement on Preventing the Financing Risks of Token Issuance (seven ministries, 2017-09-04)",
    "",
    Source::PublicText,
);
/// Exchange, matching, pricing and clearing of virtual currency.
pub(super) const TOKENS_2021: Regulation = regulation(
    "关于进一步防范和处置虚拟货币交易炒作风险的通知（银发〔2021〕237号）",
    "Notice on Further Preventing and Handling the Risks of Virtual Currency Trading (Yinfa 2021 No. 237)",
    "",
    Source::Memory,
);
/// Single-purpose and multi-purpose prepaid cards.
pub(super) const PREPAID_CARDS: Regulation = regulation(
    "支付机构预付卡业务管理办法、单用途商业预付卡管理办法",
    "Measures on Prepaid Cards of Payment Institutions, and on Single-Purpose Commercial Prepaid Cards",
    "",
    Source::PublicText,
);
/// Holding customers' money, or balances that pay third parties.
pub(super) const PAYMENT_INSTITUTIONS: Regulation = regulation(
    "非银行支付机构监督管理条例（2024）",
    "Regulation on the Supervision of Non-Bank Payment Institutions (2024)",
    "",
    Source::Memory,
);
/// No misleading claims, no promise of returns.
pub(super) const ADVERTISING: Regulation = regulation(
    "广告法、反不正当竞争法、网络交易监督管理办法",
    "Advertising Law, Anti-Unfair Competition Law, Measures on the Supervision of Online Trading",
    "",
    Source::Memory,
);
/// No promise of return to the public.
pub(super) const FUND_RAISING: Regulation = regulation(
    "防范和处置非法集资条例（2021）",
    "Regulation on Preventing and Handling Illegal Fund-Raising (2021)",
    "",
    Source::Memory,
);
/// Full return of spending.
pub(super) const SPENDING_REBATES: Regulation = regulation(
    "工商总局等关于“消费返利”的风险提示（2017）",
    "Warnings on \"spending rebates\" by the Administration for Industry and Commerce and others (2017)",
    "",
    Source::Memory,
);
