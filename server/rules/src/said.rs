//! What is said in both languages.

use haigou_contract::Language;
use serde::Serialize;

/// The same words in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// Both.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// What reads the same in every language: figures.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(text.clone(), text)
    }

    /// The words in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}
