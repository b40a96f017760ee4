//! Byte ranges (RFC 9110 §14): a client's request, and the platform's answer.

use std::{iter, ops::Range};

use reelroom_media::HEAD;
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, HeaderMap, HeaderValue, RANGE},
};

/// The bytes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The whole file.
    Whole,
    /// From the first to the last, or to the end of the file.
    From(u64, Option<u64>),
    /// The last `n`.
    Last(u64),
}

impl Wanted {
    /// Parses a `Range` header. Several ranges, other units and invalid ranges are ignored, as
    /// RFC 9110 §14.2 allows: they are the whole file.
    pub fn parse(header: &str) -> Self {
        Self::one_range(header).unwrap_or(Self::Whole)
    }

    fn one_range(header: &str) -> Option<Self> {
        let (unit, range) = header.trim().split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        Some(match (first, last) {
            ("", last) => Self::Last(position(last)?),
            (first, "") => Self::From(position(first)?, None),
            (first, last) => {
                let (first, last) = (position(first)?, position(last)?);
                (first <= last).then_some(Self::From(first, Some(last)))?
            }
        })
    }

    /// The headers of a request for these bytes, uncompressed.
    pub(super) fn headers(self) -> HeaderMap {
        let identity = (ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let range = self.header();
        let range = range.and_then(|range| HeaderValue::try_from(range).ok());
        let range = range.map(|range| (RANGE, range));
        iter::once(identity).chain(range).collect()
    }

    /// The `Range` header for these bytes; none for the whole file.
    fn header(self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::From(first, None) => Some(format!("bytes={first}-")),
            Self::From(first, Some(last)) => Some(format!("bytes={first}-{last}")),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }

    /// These bytes within a file of `size` bytes; `None` if the file has none of them.
    pub(crate) fn within(self, size: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::Whole => 0..size,
            Self::From(first, None) => first..size,
            Self::From(first, Some(last)) => first..last.saturating_add(1).min(size),
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        (!range.is_empty()).then_some(range)
    }
}

/// Parses a number of a request. One above [`u64::MAX`] is beyond every file, as [`u64::MAX`] is.
fn position(text: &str) -> Option<u64> {
    are_digits(text).then(|| text.parse().unwrap_or(u64::MAX))
}

/// Parses a number of an answer, which must fit.
fn number(text: &str) -> Option<u64> {
    are_digits(text).then(|| text.parse().ok()).flatten()
}

/// Whether `text` is a decimal number; `str::parse` alone would accept a sign.
fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the body of an answer is compressed, against [`Wanted::headers`].
pub(super) fn is_compressed(answer: &Response) -> bool {
    let encoding = answer.headers().get(CONTENT_ENCODING);
    encoding.is_some_and(|encoding| encoding != "identity")
}

/// The range of an answer's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The range, which is not empty; `None`: the whole file.
    pub range: Option<Range<u64>>,
    /// The size of the whole file, if known.
    pub size: Option<u64>,
}

impl Part {
    /// The length of the body, if known.
    pub fn length(&self) -> Option<u64> {
        let range = self.range.as_ref();
        range.map_or(self.size, |range| Some(range.end - range.start))
    }

    /// Whether it has the first bytes, as many as tell what the file is.
    pub fn has_head(&self) -> bool {
        self.range.as_ref().is_none_or(|range| {
            range.start == 0 && (range.end >= HEAD || self.size == Some(range.end))
        })
    }

    /// Parses the headers of a 200 or a 206. `None` if they contradict each other, or if the range is
    /// not the `wanted` one.
    pub fn of(answer: &Response, wanted: Wanted) -> Option<Self> {
        let length = answer.content_length();
        if answer.status() == StatusCode::OK {
            return Some(Self {
                range: None,
                size: length,
            });
        }
        let mut headers = answer.headers().get_all(CONTENT_RANGE).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return None;
        };
        let part = Self::parse(header.to_str().ok()?)?;
        let fits =
            part.answers(wanted) && length.is_none_or(|length| part.length() == Some(length));
        fits.then_some(part)
    }

    /// Parses a `Content-Range` header: `bytes 0-99/1234` or `bytes 0-99/*`.
    fn parse(header: &str) -> Option<Self> {
        let (unit, range) = header.trim().split_once(' ')?;
        let (range, size) = range.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = number(first)?..number(last)?.checked_add(1)?;
        let size = match size {
            "*" => None,
            size => Some(number(size).filter(|size| range.end <= *size)?),
        };
        let is_valid = unit.eq_ignore_ascii_case("bytes") && !range.is_empty();
        let range = Some(range);
        is_valid.then_some(Self { range, size })
    }

    /// Whether it begins where `wanted` begins, and ends no later. A server may send less than was
    /// requested (RFC 9110 §15.3.7).
    fn answers(&self, wanted: Wanted) -> bool {
        let Some(range) = &self.range else {
            return wanted == Wanted::Whole;
        };
        match (wanted, self.size) {
            (Wanted::Whole, _) => false,
            (Wanted::From(first, last), _) => {
                range.start == first && last.is_none_or(|last| range.end - 1 <= last)
            }
            (Wanted::Last(count), None) => range.end - range.start <= count,
            (Wanted::Last(count), Some(size)) => range.start == size.saturating_sub(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_range_is_read_and_others_mean_the_whole_file() {
        for (text, wanted) in [
            ("bytes=0-", Wanted::From(0, None)),
            ("bytes=5-9", Wanted::From(5, Some(9))),
            ("Bytes=-7", Wanted::Last(7)),
            ("bytes=18446744073709551615-", Wanted::From(u64::MAX, None)),
            ("bytes=99999999999999999999-", Wanted::From(u64::MAX, None)),
            (
                "bytes=0-99999999999999999999",
                Wanted::From(0, Some(u64::MAX)),
            ),
            ("bytes=-99999999999999999999", Wanted::Last(u64::MAX)),
        ] {
            assert_eq!(Wanted::parse(text), wanted, "{text}");
        }
        for odd in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=--1",
            "bytes=9-5",
            "bytes=0-1,5-6",
            "bytes=+0-1",
            "bytes=0-+1",
            "bytes=0x0-1",
            "bytes=a-b",
            "items=0-1",
            "0-1",
        ] {
            assert_eq!(Wanted::parse(odd), Wanted::Whole, "{odd}");
        }
    }

    #[test]
    fn ranges_are_cut_to_the_file() {
        let cut = |wanted: Wanted, size| wanted.within(size).map(|cut| (cut.start, cut.end - 1));
        assert_eq!(cut(Wanted::From(0, None), 10), Some((0, 9)));
        assert_eq!(cut(Wanted::From(3, Some(99)), 10), Some((3, 9)));
        assert_eq!(cut(Wanted::Last(4), 10), Some((6, 9)));
        assert_eq!(cut(Wanted::Last(40), 10), Some((0, 9)));
        for wanted in [Wanted::From(10, None), Wanted::Last(0)] {
            assert_eq!(cut(wanted, 10), None, "{wanted:?}");
        }
        assert_eq!(cut(Wanted::From(0, None), 0), None);
    }

    #[test]
    fn a_contradictory_content_range_is_rejected() {
        for bad in [
            "bytes 0-18446744073709551615/*",
            "bytes 0-18446744073709551616/*",
            "bytes 0-9/18446744073709551616",
            "bytes 0-18446744073709551614/18446744073709551614",
            "bytes 9-5/10",
            "bytes 0-10/10",
            "bytes 0-9/0",
            "bytes */10",
            "bytes 0-9",
            "bytes 0-9/",
            "bytes 0-9/10/11",
            "bytes +0-9/10",
            "bytes=0-9/10",
            "items 0-9/10",
            "",
        ] {
            assert_eq!(Part::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_part_must_match_the_requested_range() {
        let part = |text| Part::parse(text).unwrap();
        for (text, wanted, fits) in [
            ("bytes 5-9/100", Wanted::From(5, Some(9)), true),
            ("bytes 5-7/100", Wanted::From(5, Some(9)), true),
            ("bytes 5-10/100", Wanted::From(5, Some(9)), false),
            ("bytes 4-9/100", Wanted::From(5, Some(9)), false),
            ("bytes 5-99/100", Wanted::From(5, None), true),
            ("bytes 5-99/*", Wanted::From(5, None), true),
            ("bytes 0-99/100", Wanted::From(5, None), false),
            ("bytes 93-99/100", Wanted::Last(7), true),
            ("bytes 0-99/100", Wanted::Last(200), true),
            ("bytes 0-6/100", Wanted::Last(7), false),
            ("bytes 93-99/*", Wanted::Last(7), true),
            ("bytes 92-99/*", Wanted::Last(7), false),
            ("bytes 0-99/100", Wanted::Whole, false),
        ] {
            assert_eq!(part(text).answers(wanted), fits, "{text} {wanted:?}");
        }
    }

    proptest! {
        #[test]
        fn any_accepted_part_is_consistent(
            first in prop_oneof![any::<u64>(), 0..40u64, Just(u64::MAX)],
            last in prop_oneof![any::<u64>(), 0..40u64, Just(u64::MAX)],
            size in prop_oneof![any::<u64>(), 0..40u64, Just(u64::MAX)],
            known: bool,
            junk in "[-+ */=,0-9a-z]{0,24}",
        ) {
            let size = if known { size.to_string() } else { "*".to_owned() };
            for text in [format!("bytes {first}-{last}/{size}"), format!("bytes {junk}"), junk] {
                let Some(part) = Part::parse(&text) else { continue };
                let range = part.range.clone().unwrap();
                prop_assert!(range.start < range.end);
                prop_assert_eq!(part.length(), Some(range.end - range.start));
                prop_assert!(part.size.is_none_or(|size| range.end <= size));
            }
        }

        #[test]
        fn a_correct_part_is_accepted(
            size in 1..60u64, first in 0..70u64, last in 0..70u64, shape in 0..3u8,
        ) {
            let wanted = match shape {
                0 => Wanted::From(first, None),
                1 => Wanted::From(first.min(last), Some(first.max(last))),
                _ => Wanted::Last(last),
            };
            prop_assert_eq!(Wanted::parse(&wanted.header().unwrap()), wanted);
            if let Some(range) = wanted.within(size) {
                prop_assert!(range.end <= size);
                let header = format!("bytes {}-{}/{size}", range.start, range.end - 1);
                prop_assert!(Part::parse(&header).unwrap().answers(wanted));
            }
        }
    }
}
