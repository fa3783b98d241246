//! Errors as the API gives them: RFC 9457 problem details with a stable code.

use serde::{Deserialize, Serialize};

/// The language a sentence is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Language {
    /// 简体中文, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The first language of an `Accept-Language` header that we speak, by its weights; else Chinese.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0.0_f32, Self::default());
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or("").trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The tag for `Accept-Language` and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The one of two sentences that is in this language.
    #[must_use]
    pub const fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $status:literal, $zh:literal, $en:literal;)+) => {
        /// The stable code of an error, with its HTTP status and a sentence in both languages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// What happened and what to do, for a person.
            #[must_use]
            pub const fn sentence(self, language: Language) -> &'static str {
                match self { $(Self::$variant => language.pick($zh, $en)),+ }
            }
        }
    };
}

error_codes! {
    /// The request can't be read at all.
    BadRequest = "bad_request", 400, "请求无法识别，请更新应用后重试。", "The request can't be understood. Update the app and try again.";
    /// A change came without an idempotency key.
    IdempotencyKeyMissing = "idempotency_key_missing", 400, "缺少 Idempotency-Key 请求头（1–64 个可见字符）。", "The Idempotency-Key header (1 to 64 visible characters) is missing.";
    /// No session, or one that was never given out.
    Unauthenticated = "unauthenticated", 401, "请先登录。", "Sign in first.";
    /// The access token is past its time: refresh it.
    SessionExpired = "session_expired", 401, "登录已过期，请刷新。", "The session's token has expired. Refresh it.";
    /// The session was ended: by sign-out, on another device, or because a refresh token was used twice.
    SessionEnded = "session_ended", 401, "此设备已退出登录，请重新登录。", "This device was signed out. Sign in again.";
    /// An old refresh token came again: someone else may hold it.
    RefreshReused = "refresh_reused", 401, "登录凭证被重复使用，为安全起见已退出此设备，请重新登录。", "A sign-in token was used twice. For safety this device was signed out. Sign in again.";
    /// The SMS code is wrong.
    CodeWrong = "code_wrong", 401, "验证码不正确，请核对后重新输入。", "The code is wrong. Check it and type it again.";
    /// The SMS code is too old or used.
    CodeExpired = "code_expired", 401, "验证码已失效，请重新获取。", "The code is no longer valid. Ask for a new one.";
    /// The signature doesn't belong to this device, request and body.
    SignatureInvalid = "signature_invalid", 401, "设备签名无效，请在本设备上重新登录。", "The device's signature is not valid. Sign in again on this device.";
    /// The person may not do this.
    Forbidden = "forbidden", 403, "您没有此操作的权限。", "You may not do this.";
    /// There is no such thing.
    NotFound = "not_found", 404, "没有找到该内容。", "There is no such thing.";
    /// The address exists, but not for this method.
    MethodNotAllowed = "method_not_allowed", 405, "不支持此请求方法。", "This address doesn't take that method.";
    /// The present state doesn't allow it.
    WrongState = "wrong_state", 409, "当前状态不允许此操作，请刷新后再看。", "This isn't possible in the present state. Refresh and look again.";
    /// A name is taken already.
    Duplicate = "duplicate", 409, "该名称已被使用，请换一个。", "That name is taken. Choose another.";
    /// Somebody has too little of what this takes.
    Insufficient = "insufficient", 409, "余额不足，请核对后重试。", "There isn't enough for this. Check the balance and try again.";
    /// The rulebook in force doesn't offer this.
    SwitchedOff = "switched_off", 409, "该功能目前未开放。", "This isn't offered at present.";
    /// More than what remains can't be refunded.
    OverRefund = "over_refund", 409, "退款金额超出剩余可退金额，请改小。", "That is more than what can still be refunded. Ask for less.";
    /// The region has an approved operation centre.
    RegionTaken = "region_taken", 409, "该地区已有运营中心，请选择其他地区。", "That region has an operation centre already. Choose another.";
    /// What it takes to be admitted isn't there.
    NotEligible = "not_eligible", 409, "尚未满足所需条件，暂不能办理。", "What this requires isn't fulfilled yet.";
    /// The merchant or centre isn't approved.
    NotApproved = "not_approved", 409, "尚未通过审核，请待审核通过后再试。", "It isn't approved yet. Wait for the approval and try again.";
    /// Nobody deals with himself.
    SelfDealing = "self_dealing", 409, "不能与自己交易。", "You can't deal with yourself.";
    /// A partner never loses his tier.
    TierKept = "tier_kept", 409, "不能低于现有的合伙人等级。", "A partner's tier is never lowered. Choose the present one or a higher one.";
    /// No more Hi-Shell than 390,000 is ever issued.
    CapExceeded = "cap_exceeded", 409, "超出嗨贝总量上限，未做任何更改。", "That would be more Hi-Shell than may ever exist. Nothing was changed.";
    /// No listing was found that could be filled.
    Unfilled = "unfilled", 409, "没有可成交的挂单，请调整价格后重试。", "No listing could be filled. Change the price and try again.";
    /// It is gone for good.
    Gone = "gone", 410, "该账号已注销。", "This account was deleted.";
    /// The body is larger than the server takes.
    PayloadTooLarge = "payload_too_large", 413, "内容过大，请分批提交。", "The content is too large. Send it in parts.";
    /// The body isn't JSON.
    UnsupportedMediaType = "unsupported_media_type", 415, "请以 application/json 提交。", "Send the body as application/json.";
    /// A field's value can't be taken; `field` says which.
    Invalid = "invalid", 422, "有一项内容不正确，请修改后重试。", "One of the values isn't right. Correct it and try again.";
    /// The same idempotency key came with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422, "同一个 Idempotency-Key 已用于另一请求，请换新的。", "This Idempotency-Key was used for another request. Use a new one.";
    /// Not a phone number we can send to.
    PhoneInvalid = "phone_invalid", 422, "手机号不正确，请按国际格式填写，例如 +8613800138000。", "That isn't a phone number. Write it in international form, for example +8613800138000.";
    /// There is no such sponsor: nobody has this invite code.
    UnknownSponsor = "unknown_sponsor", 422, "邀请码不存在，请核对或留空。", "Nobody has this invite code. Check it or leave it out.";
    /// There is no such member.
    UnknownMember = "unknown_member", 422, "会员不存在，请核对。", "There is no such member. Check who is meant.";
    /// There is no such product.
    UnknownProduct = "unknown_product", 422, "商品不存在，请核对。", "There is no such product. Check which is meant.";
    /// There is no such order or bill.
    UnknownOrder = "unknown_order", 422, "订单不存在，请核对。", "There is no such order or bill. Check which is meant.";
    /// There is no such merchant.
    UnknownMerchant = "unknown_merchant", 422, "商家不存在，请核对。", "There is no such merchant. Check which is meant.";
    /// There is no such operation centre.
    UnknownCentre = "unknown_centre", 422, "运营中心不存在，请核对。", "There is no such operation centre. Check which is meant.";
    /// There is no such listing.
    UnknownListing = "unknown_listing", 422, "挂单不存在，请核对。", "There is no such listing. Check which is meant.";
    /// Not an amount that can be taken: not positive, out of bounds, or with more decimals than its asset has.
    BadAmount = "bad_amount", 422, "金额不正确，须为正数、在允许范围内，且小数位数不超过规定。", "That amount can't be taken: it must be positive, within its bounds, and have no more decimals than allowed.";
    /// The terms must be accepted first.
    ConsentRequired = "consent_required", 422, "请先阅读并同意用户协议与隐私政策。", "Read and accept the terms and the privacy policy first.";
    /// Too many requests from this phone number or address.
    RateLimited = "rate_limited", 429, "操作过于频繁，请稍后再试。", "Too many attempts. Wait a moment and try again.";
    /// A fault of ours; it is logged.
    Internal = "internal", 500, "服务器出错，我们已记录，请稍后重试。", "Something went wrong on our side and was recorded. Try again later.";
    /// The queue is full or the server is stopping: nothing was done.
    Busy = "busy", 503, "服务器繁忙，未做任何更改，请稍后重试。", "The server is busy and changed nothing. Try again shortly.";
    /// The SMS couldn't be handed to the network: no code was sent.
    SmsUnavailable = "sms_unavailable", 503, "短信暂时无法发送，请稍后重试。", "The SMS can't be sent at the moment. Try again later.";
    /// The server can't write now (its disk is full, for example): nothing was done.
    StorageUnavailable = "storage_unavailable", 503, "服务器暂时无法保存，未做任何更改，请稍后重试。", "The server can't save at the moment and changed nothing. Try again later.";
    /// No answer in time. Whether it was done is open: the same request with the same key finds out.
    Timeout = "timeout", 504, "服务器未能及时答复，请用同一请求重试。", "The server didn't answer in time. Send the same request again.";
}

/// The body of an error answer, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: the code says which error it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ErrorCode,
    /// What happened and what to do, in the caller's language.
    pub title: String,
    /// More about this one case, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field that is wrong, for example `minutes[3].steps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How many seconds to wait before another try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// The problem of a code, in a language.
    #[must_use]
    pub fn new(code: ErrorCode, language: Language) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            status: code.status(),
            code,
            title: code.sentence(language).to_owned(),
            detail: None,
            field: None,
            retry_after_s: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_language_follows_the_weights() {
        assert_eq!(
            Language::from_accept_language("en-GB,en;q=0.9,zh;q=0.8"),
            Language::English
        );
        assert_eq!(
            Language::from_accept_language("en;q=0.2, zh-TW;q=0.3"),
            Language::Chinese
        );
        assert_eq!(Language::from_accept_language("fr, de;q=0.5"), Language::Chinese);
        assert_eq!(Language::from_accept_language(""), Language::Chinese);
        assert_eq!(Language::from_accept_language("en;q=x,;;,=,"), Language::Chinese);
    }

    #[test]
    fn codes_are_unique_and_survive_the_wire() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for &code in ErrorCode::ALL {
            let wire = serde_json::to_string(&code).unwrap();
            assert_eq!(wire, format!("\"{}\"", code.name()));
            assert_eq!(serde_json::from_str::<ErrorCode>(&wire).unwrap(), code);
            assert!((400..600).contains(&code.status()));
        }
    }
}
