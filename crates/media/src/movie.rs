//! MP4: the boxes of a file, and its header (ISO/IEC 14496-12 §8.2, §8.8.1).

use mp4_atom::{Mehd, Mvhd};

use crate::{
    facts::{Facts, Kind, Track},
    fragment::{self, Visit},
    source::{Atom, Source},
    track::Trak,
    trouble::{Cut, Trouble},
};

/// The limit of tracks.
const MAX_TRACKS: usize = 64;

/// The header of a file, and what its fragments add to the tracks.
pub(crate) struct Movie {
    head: Mvhd,
    pub traks: Vec<Trak>,
    /// Whether fragments may follow.
    extends: bool,
    /// The length of all fragments, in ticks of the header.
    fragments: u64,
    /// Whether there are fragments.
    pub fragmented: bool,
}

/// Reads the header and the fragments of an MP4, and calls `visit` for each run of samples in these.
pub(crate) fn read(source: &mut Source, visit: &mut Visit) -> Result<Movie, Trouble> {
    let mut movie: Option<Movie> = None;
    let mut at = 0;
    while let Some(atom) = source.atom(at, source.size)? {
        at = atom.end;
        match (&atom.kind, &mut movie) {
            (b"moov", None) => movie = Some(Movie::read(source, atom)?),
            (b"moof", Some(movie)) => {
                fragment::read(source, atom, &mut movie.traks, visit)?;
                movie.fragmented = true;
            }
            (b"sidx", _) => fragment::check_index(source, atom)?,
            _ => {}
        }
    }
    movie.ok_or(Trouble::Truncated(Cut::Header))
}

/// Reads what an MP4 is.
pub(crate) fn inspect(source: &mut Source) -> Result<Facts, Trouble> {
    let movie = read(source, &mut |_, _| Ok(()))?;
    let length_ms = movie.length_ms();
    if movie.traks.iter().all(|trak| trak.samples == 0) && movie.extends {
        return Err(Trouble::Truncated(Cut::Fragment));
    }
    let filled = movie.traks.into_iter().filter(|trak| trak.samples > 0);
    let tracks: Vec<_> = filled.filter_map(|trak| trak.track).collect();
    if tracks.is_empty() {
        return Err(Trouble::NoSamples);
    }
    Ok(Facts {
        length_ms,
        tracks,
        ..Facts::of(Kind::Mp4)
    })
}

/// The first track of sound in the header of an MP4.
pub(crate) fn sound(source: &mut Source) -> Result<Option<Trak>, Trouble> {
    let file = Atom {
        kind: *b"file",
        head: 0,
        start: 0,
        end: source.size,
    };
    let moov = source.require(file, *b"moov")?;
    let mut traks = Movie::read(source, moov)?.traks.into_iter();
    Ok(traks.find(|trak| matches!(trak.track, Some(Track::Audio { .. })) && trak.samples > 0))
}

impl Movie {
    fn read(source: &mut Source, moov: Atom) -> Result<Self, Trouble> {
        let mut defaults = Vec::new();
        let mut fragments = 0;
        let mvex = source.child(moov, *b"mvex")?;
        if let Some(mvex) = mvex {
            defaults = fragment::defaults(source, mvex)?;
            if let Some(mehd) = source.child(mvex, *b"mehd")? {
                fragments = source.decode::<Mehd>(mehd)?.fragment_duration;
            }
        }
        let boxes = source.children(moov, *b"trak")?;
        if boxes.len() > MAX_TRACKS {
            return Err(Trouble::TooComplex);
        }
        let mut traks = Vec::new();
        for trak in boxes {
            traks.push(Trak::read(source, trak, &defaults)?);
        }
        Ok(Self {
            head: source.decode_child(moov)?,
            traks,
            extends: mvex.is_some(),
            fragments,
            fragmented: false,
        })
    }

    /// The length in milliseconds: from the header, or from the samples where the header has none. The other way round
    /// for a fragmented file, whose header was written before its fragments.
    fn length_ms(&self) -> Option<u64> {
        let measured = self.traks.iter().map(|trak| millis(trak.ticks, trak.scale));
        let measured = measured.max().flatten();
        let told = millis(self.head.duration, self.head.timescale);
        if self.fragmented {
            let fragments = millis(self.fragments, self.head.timescale);
            measured.or(fragments).or(told)
        } else {
            told.or(measured)
        }
    }
}

/// Ticks in milliseconds. All ones mean *unknown* (§8.2.2), 0 that there is nothing yet.
fn millis(ticks: u64, scale: u32) -> Option<u64> {
    if matches!(ticks, 0 | 0xffff_ffff | u64::MAX) || scale == 0 {
        return None;
    }
    u64::try_from(u128::from(ticks) * 1000 / u128::from(scale)).ok()
}
