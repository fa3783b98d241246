//! The values that scenarios are written in.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use haigou_contract::{Amount, AmountError, Asset, Bucket};
use haigou_ledger::Slot;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A plain decimal, as it was written: whether it is an amount of something is for the rules to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure(String);

impl Figure {
    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Whether there are too many decimals is for the rules to say.
        match Amount::parse(&text, 0) {
            Err(AmountError::NotANumber) => Err(D::Error::custom(AmountError::NotANumber)),
            _ => Ok(Self(text)),
        }
    }
}

/// The name of an account, for example `hi_shell.available`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AccountName(pub(super) Slot);

impl<'de> Deserialize<'de> for AccountName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = Slot::ALL.into_iter().find(|slot| slot.to_string() == text);
        found.map(Self).ok_or_else(|| {
            let names: Vec<_> = Slot::ALL.iter().map(Slot::to_string).collect();
            D::Error::custom(format!(
                "unknown account `{text}`, expected one of {}",
                names.join(", ")
            ))
        })
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for AccountName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The name of an account that an opening balance may stand in: neither held nor owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpeningAccount(pub(super) Slot);

impl<'de> Deserialize<'de> for OpeningAccount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let AccountName(slot) = AccountName::deserialize(deserializer)?;
        match slot.bucket() {
            Bucket::Held | Bucket::Debt => Err(D::Error::custom(format!("nothing is given to `{slot}`"))),
            _ => Ok(Self(slot)),
        }
    }
}

/// A region's adcode: six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region(pub(super) u32);

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_code = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(code) if is_code => Ok(Self(code)),
            _ => Err(D::Error::custom(
                "write the region's adcode, six digits, for example \"441900\"",
            )),
        }
    }
}

/// A struct that is written as an object, and not as a list of its fields' values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData)).map(Self)
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// An object whose keys may each stand once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Each<K: Ord, V>(pub(super) BTreeMap<K, V>);

impl<'de, K, V> Deserialize<'de> for Each<K, V>
where
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(EachOnce::new(|_: &K| PhantomData::<V>))
            .map(Self)
    }
}

impl<K, V> Each<K, V>
where
    K: for<'k> Deserialize<'k> + Ord + fmt::Display,
    V: for<'v> Deserialize<'v>,
{
    /// Reads it from an object's entries.
    pub(super) fn visit<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        EachOnce::new(|_: &K| PhantomData::<V>).visit_map(map).map(Self)
    }
}

/// Amounts by account, as decimal strings with all decimals of their asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Amounts(BTreeMap<AccountName, String>);

impl<'de> Deserialize<'de> for Amounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seed = |account: &AccountName| AmountOf(account.0.asset());
        deserializer.deserialize_map(EachOnce::new(seed)).map(Self)
    }
}

/// Reads an amount of an asset.
struct AmountOf(Asset);

impl<'de> DeserializeSeed<'de> for AmountOf {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        let amount = self.0.parse(&text).map_err(D::Error::custom)?;
        Ok(self.0.show(amount))
    }
}

/// Reads an object whose keys may each stand once; the function says how the value of a key is read.
struct EachOnce<F, K>(F, PhantomData<K>);

impl<K, S, F: Fn(&K) -> S> EachOnce<F, K> {
    const fn new(seed: F) -> Self {
        Self(seed, PhantomData)
    }
}

impl<'de, K, S, F> Visitor<'de> for EachOnce<F, K>
where
    K: Deserialize<'de> + Ord + fmt::Display,
    S: DeserializeSeed<'de>,
    F: Fn(&K) -> S,
{
    type Value = BTreeMap<K, S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some(key) = map.next_key::<K>()? {
            if read.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` stands here twice")));
            }
            let value = map.next_value_seed((self.0)(&key))?;
            read.insert(key, value);
        }
        Ok(read)
    }
}
