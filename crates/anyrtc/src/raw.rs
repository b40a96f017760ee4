//! Finds the JSON in a call's body: compressed or plain, in one of the platform's encodings, JSON or a
//! form (`VENDOR.md` §3 and §4).

use std::{borrow::Cow, io::Read};

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::{
    json,
    pieces::{self, Pieces},
};

/// The limit of a decompressed body in bytes.
pub const LARGEST: usize = 1 << 20;

/// A body with its headers, which may be wrong or absent: the bytes take precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raw<'a> {
    /// The body.
    pub body: &'a [u8],
    /// `Content-Type`, of which only `charset` is used.
    pub content_type: Option<&'a str>,
    /// `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
}

/// The error of a body without readable JSON.
#[derive(Debug, thiserror::Error)]
pub enum Undecodable {
    /// Over [`LARGEST`] bytes when decompressed.
    #[error("more than 1 MiB when unpacked")]
    TooLarge,
    /// Compressed and broken.
    #[error("cannot be unpacked: {0}")]
    Packed(std::io::Error),
    /// In none of UTF-8, GB 18030 and the encoding of the header.
    #[error("not JSON: not text in a known encoding")]
    NotText,
    /// Neither JSON nor a form.
    #[error("not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl<'a> From<&'a [u8]> for Raw<'a> {
    /// A body without headers.
    fn from(body: &'a [u8]) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }
}

impl Raw<'_> {
    /// The JSON in it, without unreadable members: a number out of range, a lone surrogate, bytes in
    /// no known encoding, more than 128 levels.
    ///
    /// A form becomes an object of its fields, or the object or array that one of its fields contains.
    /// A JSON string that contains an object or an array is read as that.
    pub fn json(&self) -> Result<Value, Undecodable> {
        self.pieces().map(|read| read.value)
    }

    /// The JSON in it, if all of it can be read.
    pub fn whole(&self) -> Option<Value> {
        let read = self.pieces().ok()?;
        read.unreadable.is_empty().then_some(read.value)
    }

    /// As [`Self::json`], with the unreadable members.
    pub(crate) fn pieces(&self) -> Result<Pieces, Undecodable> {
        let bytes = self.unpacked()?;
        if bytes.len() > LARGEST {
            return Err(Undecodable::TooLarge);
        }
        let charset = self.charset();
        let read = match decode(&bytes, charset) {
            Some(text) => read_text(&text, charset, false),
            None => Err(Undecodable::NotText),
        };
        read.or_else(|why| {
            let (text, _, damaged) = charset.unwrap_or(UTF_8).decode(&bytes);
            damaged
                .then(|| read_text(&text, charset, true).ok())
                .flatten()
                .ok_or(why)
        })
    }

    /// The text in it, as far as it can be decompressed; U+FFFD stands for bytes in no encoding.
    pub fn text(&self) -> String {
        let mut bytes = Vec::new();
        // An error leaves the bytes before it.
        let unpacked = match self.body {
            [0x1f, 0x8b, ..] => MultiGzDecoder::new(self.body)
                .take(LARGEST as u64)
                .read_to_end(&mut bytes),
            // The usual headers of RFC 1950.
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => ZlibDecoder::new(self.body)
                .take(LARGEST as u64)
                .read_to_end(&mut bytes),
            _ => Ok(0),
        };
        drop(unpacked);
        let bytes = if bytes.is_empty() { self.body } else { &bytes };
        let charset = self.charset();
        decode(bytes, charset).map_or_else(
            || charset.unwrap_or(UTF_8).decode(bytes).0.into_owned(),
            Cow::into_owned,
        )
    }

    fn unpacked(&self) -> Result<Cow<'_, [u8]>, Undecodable> {
        let body = self.body;
        let declared = self.content_encoding.unwrap_or_default().trim();
        // By its first bytes and not its header: a proxy may have changed the compression.
        if body.starts_with(&[0x1f, 0x8b]) {
            return bounded(MultiGzDecoder::new(body)).map(Cow::Owned);
        }
        if declared.eq_ignore_ascii_case("deflate")
            && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
        {
            // With the wrapper of RFC 1950, as the standard demands, or without, as is common.
            return bounded(ZlibDecoder::new(body))
                .or_else(|_| bounded(DeflateDecoder::new(body)))
                .map(Cow::Owned);
        }
        Ok(Cow::Borrowed(body))
    }

    /// GB 18030 if the header names it or one of its subsets. Other names are ignored, since many
    /// frameworks add one.
    fn charset(&self) -> Option<&'static Encoding> {
        self.content_type?
            .split(';')
            .skip(1)
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .and_then(|(_, label)| Encoding::for_label(label.trim().trim_matches('"').as_bytes()))
            .filter(|named| *named == GB18030 || *named == GBK)
            .map(|_| GB18030)
    }
}

fn bounded(packed: impl Read) -> Result<Vec<u8>, Undecodable> {
    let mut bytes = Vec::new();
    packed
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Undecodable::Packed)?;
    if bytes.len() > LARGEST {
        return Err(Undecodable::TooLarge);
    }
    Ok(bytes)
}

/// Decodes text in the first encoding that fits wholly: of its byte-order mark, of the header, UTF-8,
/// GB 18030.
fn decode<'a>(bytes: &'a [u8], named: Option<&'static Encoding>) -> Option<Cow<'a, str>> {
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        return marked.decode_without_bom_handling_and_without_replacement(&bytes[length..]);
    }
    let guessed = || Some(GB18030).filter(|_| !is_damaged_utf8(bytes));
    [named, Some(UTF_8)]
        .into_iter()
        .chain(std::iter::once_with(guessed))
        .flatten()
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes))
}

/// Whether it is Chinese in UTF-8 with some bytes missing. Nearly any bytes are valid GB 18030, but GB
/// 18030 rarely contains so much valid UTF-8.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let lost = text.matches(char::REPLACEMENT_CHARACTER).count();
    let long = text.chars().filter(|char| char.len_utf8() > 2).count();
    // U+FFFD is long, too.
    lost > 0 && long > 2 * lost
}

/// The JSON in a text. With `damaged`, U+FFFD stands for bytes that could not be decoded.
fn read_text(
    text: &str,
    charset: Option<&'static Encoding>,
    damaged: bool,
) -> Result<Pieces, Undecodable> {
    // Some senders include the NUL at the end of their text.
    let text = text.trim_end_matches('\0').trim();
    match pieces::read(text, damaged) {
        Ok(read) => Ok(match &read.value {
            Value::String(inner) => holding(inner, damaged).unwrap_or(read),
            _ => read,
        }),
        Err(broken) => form(text, charset, damaged).ok_or_else(|| broken.into()),
    }
}

/// The object or array in a text.
fn holding(text: &str, damaged: bool) -> Option<Pieces> {
    pieces::read(text.trim(), damaged)
        .ok()
        .filter(|read| read.value.is_object() || read.value.is_array())
}

/// Fields by which a form is a call of the platform and not any text with a `=`.
const TELLING: [&str; 4] = ["type", "groupId", "fileName", "option"];

fn form(text: &str, charset: Option<&'static Encoding>, damaged: bool) -> Option<Pieces> {
    if text.starts_with(['{', '[', '<']) {
        return None;
    }
    let (mut fields, mut unreadable) = (Map::new(), Vec::new());
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_damaged = damaged && pair.contains(char::REPLACEMENT_CHARACTER);
        let read = || Some((plain(written, charset)?, plain(value, charset)?));
        let Some((name, value)) = read().filter(|_| !is_damaged) else {
            unreadable.push((written.to_owned(), value.to_owned()));
            continue;
        };
        let is_user_data = name.eq_ignore_ascii_case("userData");
        // The whole call as the value or the name of one field.
        if let Some(held) = holding(&value, damaged).filter(|_| !is_user_data) {
            return Some(held);
        }
        if let Some(held) = holding(&name, damaged).filter(|_| value.is_empty()) {
            return Some(held);
        }
        fields.insert(name, Value::String(value));
    }
    let tells = |name| json::text(&fields, name).is_some();
    TELLING.into_iter().any(tells).then(|| Pieces {
        value: Value::Object(fields),
        unreadable,
    })
}

/// A form's name or value, decoded.
fn plain(text: &str, charset: Option<&'static Encoding>) -> Option<String> {
    let spaced = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode(spaced.as_bytes()).into();
    decode(&bytes, charset).map(Cow::into_owned)
}

#[cfg(test)]
mod tests;
