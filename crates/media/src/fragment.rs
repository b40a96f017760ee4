//! The fragments of an MP4 (ISO/IEC 14496-12 §8.8, §8.16.3).

use mp4_atom::{Tfhd, Trex};

use crate::{
    source::{Atom, Source, Table},
    track::Trak,
    trouble::{Cut, Trouble},
};

/// The flag of a sample at which decoding cannot start (§8.8.3.1).
const NO_SYNC: u32 = 0x1_0000;

/// The first sample of a run.
pub(crate) struct First {
    /// The number of its track.
    pub track: u32,
    /// Where it is in its track's time.
    pub ticks: u64,
    /// Where it is in the file.
    pub at: u64,
    pub bytes: u64,
    /// Whether decoding can start at it.
    pub is_sync: bool,
}

/// Receives the first sample of each run.
pub(crate) type Visit<'a> = dyn FnMut(&mut Source, First) -> Result<(), Trouble> + 'a;

/// A run of samples that lie one after another (`trun`, §8.8.8).
struct Run {
    /// From the base of its fragment.
    offset: Option<i32>,
    samples: u64,
    bytes: u64,
    ticks: u64,
    first_bytes: u32,
    first_flags: u32,
}

/// The defaults of fragments (`trex`).
pub(crate) fn defaults(source: &mut Source, mvex: Atom) -> Result<Vec<Trex>, Trouble> {
    let boxes = source.children(mvex, *b"trex")?;
    boxes.into_iter().map(|trex| source.decode(trex)).collect()
}

/// Adds the samples of a `moof` to their tracks, checks that they lie in the file, and calls `visit` for each
/// run that is not empty.
pub(crate) fn read(
    source: &mut Source,
    moof: Atom,
    traks: &mut [Trak],
    visit: &mut Visit,
) -> Result<(), Trouble> {
    let mut behind = moof.head;
    for traf in source.children(moof, *b"traf")? {
        let tfhd: Tfhd = source.decode_child(traf)?;
        let Some(trak) = traks.iter_mut().find(|trak| trak.id == tfhd.track_id) else {
            continue;
        };
        let default = Trex {
            default_sample_duration: tfhd
                .default_sample_duration
                .unwrap_or(trak.defaults.default_sample_duration),
            default_sample_size: tfhd
                .default_sample_size
                .unwrap_or(trak.defaults.default_sample_size),
            default_sample_flags: tfhd
                .default_sample_flags
                .unwrap_or(trak.defaults.default_sample_flags),
            ..Trex::default()
        };
        let implied = if tfhd.default_base_is_moof {
            moof.head
        } else {
            behind
        };
        let base = tfhd.base_data_offset.unwrap_or(implied);
        behind = base;
        for trun in source.children(traf, *b"trun")? {
            let run = Run::read(source, trun, &default)?;
            if let Some(offset) = run.offset {
                behind = base.saturating_add_signed(offset.into());
            }
            let at = behind;
            behind = behind.saturating_add(run.bytes);
            if behind > source.size {
                return Err(Trouble::Truncated(Cut::Fragment));
            }
            if run.samples > 0 {
                let first = First {
                    track: trak.id,
                    ticks: trak.ticks,
                    at,
                    bytes: run.first_bytes.into(),
                    is_sync: run.first_flags & NO_SYNC == 0,
                };
                visit(source, first)?;
            }
            trak.samples += run.samples;
            trak.ticks = trak.ticks.saturating_add(run.ticks);
        }
    }
    Ok(())
}

impl Run {
    fn read(source: &mut Source, trun: Atom, default: &Trex) -> Result<Self, Trouble> {
        let flags = u32::from_be_bytes(source.field(trun, 0)?);
        let samples = u32::from_be_bytes(source.field(trun, 4)?);
        let has = |flag| flags & flag != 0;
        let mut numbers = Table::new(trun, 8, u64::MAX);
        let mut number = |flag, default| -> Result<u32, Trouble> {
            if !has(flag) {
                return Ok(default);
            }
            numbers.number(source)?.ok_or(Trouble::Malformed)
        };
        let offset = number(0x1, 0)?.cast_signed();
        let flags = number(0x4, default.default_sample_flags)?;
        let mut run = Self {
            offset: has(0x1).then_some(offset),
            samples: samples.into(),
            bytes: 0,
            ticks: 0,
            first_bytes: 0,
            first_flags: flags,
        };
        let (duration, size) = (default.default_sample_duration, default.default_sample_size);
        // Without a column of its own each sample takes no bytes here, and their count may be anything.
        let (rows, times) = if has(0xf00) {
            (samples, 1)
        } else {
            (1, samples)
        };
        for row in 0..rows {
            run.ticks += u64::from(number(0x100, duration)?) * u64::from(times);
            let bytes = number(0x200, size)?;
            run.bytes += u64::from(bytes) * u64::from(times);
            let flags = number(0x400, flags)?;
            number(0x800, 0)?;
            if row == 0 {
                (run.first_bytes, run.first_flags) = (bytes, flags);
            }
        }
        Ok(run)
    }
}

/// Checks that what a `sidx` lists lies in the file.
pub(crate) fn check_index(source: &mut Source, sidx: Atom) -> Result<(), Trouble> {
    let [version] = source.field(sidx, 0)?;
    let (first, skip) = if version == 0 {
        (u32::from_be_bytes(source.field(sidx, 16)?).into(), 20)
    } else {
        (u64::from_be_bytes(source.field(sidx, 20)?), 28)
    };
    let count = u16::from_be_bytes(source.field(sidx, skip + 2)?);
    let mut references = Table::new(sidx, skip + 4, u64::from(count) * 12);
    let mut end = sidx.end.saturating_add(first);
    while let Some(size) = references.number(source)? {
        end = end.saturating_add(u64::from(size & 0x7fff_ffff));
        references.next::<8>(source)?;
    }
    if end > source.size {
        return Err(Trouble::Truncated(Cut::Fragment));
    }
    Ok(())
}
