//! What a phone is opened with.

use std::path::PathBuf;
use std::sync::Arc;

use haigou_contract::{Language, Platform};

use crate::{Clock, KeyStore, Transport};

/// What a phone is opened with. [`PhoneOptions::new`] fills in what most callers leave alone.
#[derive(Clone)]
pub struct PhoneOptions {
    /// The folder that the store lives in. One phone per folder.
    pub dir: PathBuf,
    /// Where the server is, for example `https://api.example.com`, without a path.
    pub server_url: String,
    /// The language of texts.
    pub language: Language,
    /// The device's name as its owner sees it in the list of devices, at most 64 characters.
    pub device_name: String,
    /// What it runs on.
    pub platform: Platform,
    /// The phone's clocks.
    pub clock: Arc<dyn Clock>,
    /// Where secrets are kept.
    pub keys: Arc<dyn KeyStore>,
    /// How requests travel; none for HTTP as the phone does it by itself.
    pub transport: Option<Arc<dyn Transport>>,
    /// The most that the store and its log may take on the disk, in bytes; none for no limit.
    pub store_limit: Option<u64>,
}

impl PhoneOptions {
    /// The usual options.
    #[must_use]
    pub fn new(
        dir: impl Into<PathBuf>,
        server_url: impl Into<String>,
        clock: Arc<dyn Clock>,
        keys: Arc<dyn KeyStore>,
    ) -> Self {
        Self {
            dir: dir.into(),
            server_url: server_url.into(),
            language: Language::default(),
            device_name: "Haigou".to_owned(),
            platform: Platform::Other,
            clock,
            keys,
            transport: None,
            store_limit: None,
        }
    }
}
