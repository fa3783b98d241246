//! What an operator may set about the API.

use haigou_contract::ErrorCode;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Allowance, Refusal};

/// Settings of the API. Every one has a default that suits production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// Proxies whose `X-Forwarded-For` is believed, for example `["10.0.0.0/8"]`.
    pub trusted_proxies: Vec<IpNet>,
    /// The largest body that is taken, in bytes.
    pub body_limit: usize,
    /// How long a request may take, in seconds.
    pub timeout_s: u64,
    /// How often SMS codes may be asked for.
    pub codes: CodeLimits,
    /// Sign-ins and deletions that one address may try; none: no limit.
    pub sign_ins_per_address: Option<Allowance>,
    /// Refreshes that one address may ask for; none: no limit.
    pub refreshes_per_address: Option<Allowance>,
    /// What SMS codes are hashed with. Left empty, it is made anew at every start, and codes on their way are lost then.
    pub code_secret: String,
    /// The version of the terms that registration accepts.
    pub terms_version: String,
}

/// How often SMS codes may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodeLimits {
    /// Seconds between two codes for one number; 0: none.
    pub resend_after_s: u32,
    /// Codes for one number in any hour; 0: no limit.
    pub per_hour: u32,
    /// Codes for one number in any 24 hours; 0: no limit.
    pub per_day: u32,
    /// Codes that one address may ask for; none: no limit.
    pub per_address: Option<Allowance>,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            body_limit: 1024 * 1024,
            timeout_s: 30,
            codes: CodeLimits::default(),
            // Many members share the address of one mobile network.
            sign_ins_per_address: Some(Allowance::new(300, 3_000)),
            refreshes_per_address: Some(Allowance::new(1_000, 20_000)),
            code_secret: String::new(),
            terms_version: "1".to_owned(),
        }
    }
}

impl Default for CodeLimits {
    fn default() -> Self {
        Self {
            resend_after_s: 60,
            per_hour: 5,
            per_day: 10,
            per_address: Some(Allowance::new(100, 600)),
        }
    }
}

impl WebSettings {
    /// The settings without any limit on how often somebody may sign in: for tests and the demonstration.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            codes: CodeLimits {
                resend_after_s: 0,
                per_hour: 0,
                per_day: 0,
                per_address: None,
            },
            sign_ins_per_address: None,
            refreshes_per_address: None,
            ..Self::default()
        }
    }

    /// Checks what types alone can't.
    ///
    /// # Errors
    /// `invalid` with the setting's name.
    pub fn check(&self) -> Result<(), Refusal> {
        let refuse = |field: &str, en: &str| {
            Err(Refusal::new(ErrorCode::Invalid)
                .at(field)
                .because("设置不正确。", en))
        };
        if self.timeout_s == 0 {
            return refuse("timeout_s", "A request needs at least 1 second.");
        }
        if self.body_limit < 1024 {
            return refuse("body_limit", "A body may need 1024 bytes at least.");
        }
        if !self.code_secret.is_empty() && self.code_secret.len() < 32 {
            return refuse("code_secret", "A secret has at least 32 characters.");
        }
        Ok(())
    }
}
