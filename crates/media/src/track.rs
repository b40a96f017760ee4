//! A track of an MP4: what it holds, and whether its samples lie in the file (ISO/IEC 14496-12 §8.3 to
//! §8.7).

use mp4_atom::{Esds, Mdhd, Tkhd, Trex};

use crate::{
    facts::Track,
    source::{Atom, Source, Table},
    trouble::{Cut, Trouble},
};

/// Receives the place, the bytes and the number of samples.
pub(crate) type Visit<'a> = dyn FnMut(&mut Source, u64, u64, u32) -> Result<(), Trouble> + 'a;

/// A `trak` box, and what its fragments add.
pub(crate) struct Trak {
    pub id: u32,
    /// Ticks a second.
    pub scale: u32,
    /// The durations of all samples.
    pub ticks: u64,
    /// The number of samples.
    pub samples: u64,
    /// The defaults of its fragments.
    pub defaults: Trex,
    /// Pictures or sound, and not text or hints.
    pub track: Option<Track>,
    /// Its tables.
    pub stbl: Atom,
}

impl Trak {
    /// Reads a `trak`.
    pub(crate) fn read(
        source: &mut Source,
        trak: Atom,
        defaults: &[Trex],
    ) -> Result<Self, Trouble> {
        let id = source.decode_child::<Tkhd>(trak)?.track_id;
        let mdia = source.require(trak, *b"mdia")?;
        let hdlr = source.require(mdia, *b"hdlr")?;
        let minf = source.require(mdia, *b"minf")?;
        let stbl = source.require(minf, *b"stbl")?;
        let handler = source.field(hdlr, 8)?;
        let default = defaults.iter().find(|trex| trex.track_id == id);
        Ok(Self {
            id,
            scale: source.decode_child::<Mdhd>(mdia)?.timescale,
            ticks: ticks(source, stbl)?,
            samples: check_samples(source, stbl)?,
            defaults: default.cloned().unwrap_or_default(),
            track: describe(source, stbl, handler)?,
            stbl,
        })
    }
}

/// The first sample entry of `stsd`.
pub(crate) fn sample_entry(source: &mut Source, stbl: Atom) -> Result<Atom, Trouble> {
    let stsd = source.require(stbl, *b"stsd")?;
    let entry = source.atom(stsd.start + 8, stsd.end)?;
    entry.ok_or(Trouble::Malformed)
}

/// The decoder's configuration in a sample entry of AAC. `QuickTime`'s versions of the entry have more
/// fields before it.
pub(crate) fn esds(source: &mut Source, entry: Atom) -> Result<Esds, Trouble> {
    let skip = match u16::from_be_bytes(source.field(entry, 8)?) {
        0 => 28,
        1 => 44,
        _ => 64,
    };
    source.decode_child(entry.after(skip))
}

/// Reads the first sample entry (§8.5.2, §12.1.3, §12.2.3).
fn describe(source: &mut Source, stbl: Atom, handler: [u8; 4]) -> Result<Option<Track>, Trouble> {
    // mp4-atom's own reader of entries recurses into nested entries, and is not for foreign files.
    let entry = sample_entry(source, stbl)?;
    let name = entry.kind.escape_ascii().to_string();
    Ok(match &handler {
        b"vide" => Some(Track::Video {
            codec: match source.child(entry.after(78), *b"avcC")? {
                Some(avcc) => {
                    let [profile, compatible, level] = source.field(avcc, 1)?;
                    format!("{name}.{profile:02x}{compatible:02x}{level:02x}")
                }
                None => name,
            },
            width: u16::from_be_bytes(source.field(entry, 24)?),
            height: u16::from_be_bytes(source.field(entry, 26)?),
        }),
        b"soun" => Some(Track::Audio {
            codec: match &entry.kind {
                b"mp4a" => aac(source, entry, name),
                _ => name,
            },
            // Of 16.16 bits.
            sample_rate: u16::from_be_bytes(source.field(entry, 24)?).into(),
        }),
        _ => None,
    })
}

/// `mp4a` with the object types of `esds` (RFC 6381 §3.3), where these can be read.
fn aac(source: &mut Source, entry: Atom, name: String) -> String {
    let Ok(Esds { es_desc }) = esds(source, entry) else {
        return name;
    };
    let config = es_desc.dec_config;
    match (config.object_type_indication, config.dec_specific) {
        (0x40, Some(specific)) => format!("{name}.40.{}", specific.profile),
        (object, _) => format!("{name}.{object:02x}"),
    }
}

/// The durations of the samples in `stts` (§8.6.1.2).
fn ticks(source: &mut Source, stbl: Atom) -> Result<u64, Trouble> {
    let stts = source.require(stbl, *b"stts")?;
    let mut runs = table(source, stts, 8)?;
    let mut ticks: u64 = 0;
    while let Some(count) = runs.number(source)? {
        let delta = runs.number(source)?.unwrap_or_default();
        ticks = ticks.saturating_add(u64::from(count) * u64::from(delta));
    }
    Ok(ticks)
}

/// Checks that each chunk lies in the file; returns the number of samples.
fn check_samples(source: &mut Source, stbl: Atom) -> Result<u64, Trouble> {
    if source.child(stbl, *b"stsz")?.is_none() {
        // The compact form: these sizes are not checked.
        let stz2 = source.require(stbl, *b"stz2")?;
        return Ok(u32::from_be_bytes(source.field(stz2, 8)?).into());
    }
    let samples = each_sample(source, stbl, &mut |source, at, bytes, _| {
        let within = at.saturating_add(bytes) <= source.size;
        within.then_some(()).ok_or(Trouble::Truncated(Cut::Samples))
    })?;
    Ok(samples.into())
}

/// Calls `visit` for each sample, or for each chunk where all samples have one size (§8.7.3 to §8.7.5);
/// returns the number of all samples.
pub(crate) fn each_sample(
    source: &mut Source,
    stbl: Atom,
    visit: &mut Visit,
) -> Result<u32, Trouble> {
    let stsz = source.require(stbl, *b"stsz")?;
    let same_size = u32::from_be_bytes(source.field(stsz, 4)?);
    let samples = u32::from_be_bytes(source.field(stsz, 8)?);
    let mut sizes = Table::new(stsz, 12, u64::from(samples) * 4);
    let chunks = source.require(stbl, *b"stsc")?;
    let mut runs = table(source, chunks, 12)?;
    let (mut offsets, wide) = if let Some(co64) = source.child(stbl, *b"co64")? {
        (table(source, co64, 8)?, true)
    } else {
        let stco = source.require(stbl, *b"stco")?;
        (table(source, stco, 4)?, false)
    };

    let mut next_run = run(source, &mut runs)?;
    let (mut per_chunk, mut left) = (0, samples);
    for chunk in 1_u32.. {
        let offset = if wide {
            offsets.next(source)?.map(u64::from_be_bytes)
        } else {
            offsets.number(source)?.map(u64::from)
        };
        let Some(offset) = offset.filter(|_| left > 0) else {
            break;
        };
        while let Some((_, count)) = next_run.filter(|(first, _)| *first <= chunk) {
            per_chunk = count;
            next_run = run(source, &mut runs)?;
        }
        let here = left.min(per_chunk);
        left -= here;
        if same_size > 0 {
            visit(source, offset, u64::from(same_size) * u64::from(here), here)?;
            continue;
        }
        let mut at = offset;
        for _ in 0..here {
            let size = sizes.number(source)?.ok_or(Trouble::Malformed)?;
            visit(source, at, size.into(), 1)?;
            at = at.saturating_add(size.into());
        }
    }
    Ok(samples)
}

/// A table of as many entries as its box counts, each of `width` bytes.
pub(crate) fn table(source: &mut Source, atom: Atom, width: u64) -> Result<Table, Trouble> {
    let count = u32::from_be_bytes(source.field(atom, 4)?);
    Ok(Table::new(atom, 8, u64::from(count) * width))
}

/// The next run of chunks in `stsc`: its first chunk, and the samples in each.
fn run(source: &mut Source, runs: &mut Table) -> Result<Option<(u32, u32)>, Trouble> {
    let first = runs.number(source)?;
    let samples = runs.number(source)?;
    runs.number(source)?;
    Ok(first.zip(samples))
}
