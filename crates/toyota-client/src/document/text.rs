//! What is in a document's file: the document, and by which version it was written.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Found;
use super::fault::Fault;
use super::file::MOST;

const VERSION: u64 = 1;

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct Whole<T> {
    version: u64,
    #[serde(flatten)]
    document: T,
}

/// Reads what is in a file. What a newer version has written is not taken for damage: it is still good
/// for that.
pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<Found<T>, Fault> {
    match serde_json::from_slice(text) {
        Ok(Versioned { version }) if version > VERSION => return Err(Fault::Newer(version)),
        Ok(Versioned { version: VERSION }) => {}
        Ok(_) | Err(_) => return Ok(Found::Damaged),
    }
    let read = serde_json::from_slice(text);
    Ok(read.map_or(Found::Damaged, |whole: Whole<T>| {
        Found::Document(whole.document)
    }))
}

/// Returns what goes into a file.
pub(super) fn render<T: Serialize>(document: &T) -> Result<Vec<u8>, Fault> {
    let version = VERSION;
    let text = serde_json::to_vec(&Whole { version, document }).map_err(|_| Fault::NotJson)?;
    if text.len() > MOST {
        return Err(Fault::TooLarge);
    }
    Ok(text)
}
