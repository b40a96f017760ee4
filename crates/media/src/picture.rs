//! Still pictures: the end marker.

use crate::{
    facts::{Facts, Kind},
    source::Source,
    trouble::{Cut, Trouble},
};

/// The part of the end in which the end marker is looked for: some cameras write bytes after it.
const END: u64 = 1024;

/// Checks that a picture is whole.
pub(crate) fn inspect(source: &mut Source, kind: Kind) -> Result<Facts, Trouble> {
    let mut bytes = Vec::new();
    source.load(source.size.saturating_sub(END), END, &mut bytes)?;
    let has = |marker: &[u8]| bytes.windows(marker.len()).any(|part| part == marker);
    let whole = match kind {
        // Within the picture's data 0xff is followed by another byte (ISO/IEC 10918-1 §B.1.1.5).
        Kind::Jpeg => has(&[0xff, 0xd9]),
        Kind::Png => has(b"IEND\xae\x42\x60\x82"),
        Kind::Gif => bytes.iter().rfind(|byte| **byte != 0) == Some(&b';'),
        // The size in the header is that of what follows it.
        _ => {
            let length = source.peek(4, 8, 4)?.first_chunk().copied();
            let length = length.map_or(u64::MAX, |size| u64::from(u32::from_le_bytes(size)));
            length.saturating_add(8) <= source.size
        }
    };
    if !whole {
        return Err(Trouble::Truncated(Cut::EndMarker));
    }
    Ok(Facts::of(kind))
}
