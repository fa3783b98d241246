//! Proving that we know a band's key.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use super::{AUTH, STEPS};
use crate::{BandError, Link};

/// What is asked of the band, and echoed in its answer.
const NEW_KEY: u8 = 0x01;
const RANDOM: u8 = 0x02;
const PROOF: u8 = 0x03;
const FLAGS: u8 = 0x00;
const ANSWER: u8 = 0x10;
const OK: u8 = 0x01;
/// So many values that answer nothing are passed over before a band is given up.
const STRAYS: usize = 8;
/// So many times its wearer is waited for.
const PATIENCE: usize = 3;

/// Proves the key. A band that knows another one, or none, is given ours: an older one asks its wearer, a newer one
/// refuses.
///
/// # Errors
/// [`BandError::KeyWrong`], [`BandError::Malformed`], those of the link.
pub(super) async fn pair(link: &mut dyn Link, key: &[u8; 16]) -> Result<(), BandError> {
    if !link.has(STEPS) {
        return Err(BandError::Missing(STEPS));
    }
    link.subscribe(AUTH).await?;
    if prove(link, key).await? {
        return Ok(());
    }
    let offer = [&[NEW_KEY, FLAGS][..], key].concat();
    link.write(AUTH, &offer).await?;
    let mut waited = 0;
    let taken = loop {
        match answer(link, NEW_KEY).await {
            Err(BandError::Silent) if waited < PATIENCE => waited += 1,
            other => break other?,
        }
    };
    if taken.first() == Some(&OK) && prove(link, key).await? {
        Ok(())
    } else {
        Err(BandError::KeyWrong)
    }
}

/// The band sends 16 random bytes; who sends them back encrypted has the key.
async fn prove(link: &mut dyn Link, key: &[u8; 16]) -> Result<bool, BandError> {
    link.write(AUTH, &[RANDOM, FLAGS]).await?;
    let challenge = answer(link, RANDOM).await?;
    let Some((&OK, random)) = challenge.split_first() else {
        return Ok(false);
    };
    let random: [u8; 16] = random.try_into().map_err(|_| BandError::Malformed("challenge"))?;
    let proof = [&[PROOF, FLAGS][..], &encrypted(key, random)].concat();
    link.write(AUTH, &proof).await?;
    Ok(answer(link, PROOF).await?.first() == Some(&OK))
}

pub(crate) fn encrypted(key: &[u8; 16], random: [u8; 16]) -> [u8; 16] {
    let mut block = random.into();
    Aes128::new(&(*key).into()).encrypt_block(&mut block);
    block.into()
}

/// What follows `10` and what was asked.
async fn answer(link: &mut dyn Link, to: u8) -> Result<Vec<u8>, BandError> {
    for _ in 0..STRAYS {
        let said = link.next(&[AUTH]).await?;
        match said.value.strip_prefix(&[ANSWER, to]) {
            Some([]) => return Err(BandError::Malformed("answer about a key")),
            Some(rest) => return Ok(rest.to_vec()),
            None => {}
        }
    }
    Err(BandError::Malformed("answer about a key"))
}
