//! Small MP4s: pictures and sound that decode to nothing, in real boxes.

use mp4_atom::{
    Audio, Avc1, Avcc, Co64, Codec, Edts, Elst, ElstEntry, Encode, FourCC, Ftyp, Hdlr, Mdhd, Mdia,
    Minf, Moof, Moov, Mp4a, Mvex, Mvhd, Sidx, Stbl, Stsc, StscEntry, Stsd, Stss, Stsz, StszSamples,
    Stts, SttsEntry, Tfhd, Tkhd, Traf, Trak, Trex, Trun, TrunEntry, TrunSamples, Visual,
};

/// The number of samples of a track.
const SAMPLES: u32 = 50;
/// The number of samples in a chunk.
const PER_CHUNK: u32 = 7;
/// The bytes of the samples of one track.
pub const BYTES: u64 = 50 * 100;

/// The bytes of a box.
pub fn bytes(atom: &impl Encode) -> Vec<u8> {
    let mut bytes = Vec::new();
    atom.encode(&mut bytes).unwrap();
    bytes
}

/// The first box of a file.
pub fn ftyp() -> Vec<u8> {
    bytes(&Ftyp {
        major_brand: FourCC::new(b"isom"),
        minor_version: 512,
        compatible_brands: vec![FourCC::new(b"isom")],
    })
}

/// A box of media that says that it has `len` bytes.
pub fn mdat(len: u64) -> Vec<u8> {
    media_box(&vec![0x5a; usize::try_from(len).unwrap()])
}

/// The number of a track and its sample entry.
pub type Entry = (u32, Codec);

/// H.264, constrained baseline, level 3.1.
pub fn pictures() -> Entry {
    let visual = Visual {
        width: 640,
        height: 360,
        ..Visual::default()
    };
    let avcc = Avcc::new(&[0x67, 0x42, 0xc0, 0x1f], &[0x68]).unwrap();
    let entry = Avc1 {
        visual,
        avcc,
        ..Avc1::default()
    };
    (1, entry.into())
}

/// AAC-LC, stereo.
pub fn sound() -> Entry {
    let mut entry = Mp4a {
        audio: Audio {
            data_reference_index: 1,
            channel_count: 2,
            sample_size: 16,
            sample_rate: 48_000.into(),
        },
        esds: mp4_atom::Esds::default(),
        btrt: None,
        taic: None,
    };
    let config = &mut entry.esds.es_desc.dec_config;
    config.object_type_indication = 0x40;
    config.stream_type = 5;
    let specific = config.dec_specific.get_or_insert_default();
    (specific.profile, specific.freq_index, specific.chan_conf) = (2, 3, 2);
    (2, entry.into())
}

/// The header of two seconds, for samples that start at the byte `first`.
pub fn moov(first: u64, entries: &[Entry]) -> Moov {
    let tracks = (0_u64..).zip(entries);
    Moov {
        mvhd: Mvhd {
            timescale: 1000,
            duration: 2000,
            ..Mvhd::default()
        },
        trak: tracks
            .map(|(index, entry)| trak(first + index * BYTES, entry))
            .collect(),
        ..Moov::default()
    }
}

fn trak(first: u64, (id, codec): &Entry) -> Trak {
    let chunks = u64::from(SAMPLES.div_ceil(PER_CHUNK));
    let stbl = Stbl {
        stsd: Stsd {
            codecs: vec![codec.clone()],
        },
        stts: Stts {
            entries: vec![SttsEntry {
                sample_count: SAMPLES,
                sample_delta: 40,
            }],
        },
        stsc: Stsc {
            entries: vec![StscEntry {
                first_chunk: 1,
                samples_per_chunk: PER_CHUNK,
                sample_description_index: 1,
            }],
        },
        stsz: Stsz {
            samples: StszSamples::Different {
                sizes: vec![100; SAMPLES as usize],
            },
        },
        co64: Some(Co64 {
            entries: (0..chunks)
                .map(|chunk| first + chunk * u64::from(PER_CHUNK) * 100)
                .collect(),
        }),
        ..Stbl::default()
    };
    let handler = if codec.visual().is_some() {
        b"vide"
    } else {
        b"soun"
    };
    Trak {
        tkhd: Tkhd {
            track_id: *id,
            ..Tkhd::default()
        },
        edts: Some(Edts {
            elst: Some(Elst {
                entries: vec![ElstEntry::default()],
            }),
        }),
        mdia: Mdia {
            mdhd: Mdhd {
                timescale: 1000,
                language: "und".into(),
                ..Mdhd::default()
            },
            hdlr: Hdlr {
                handler: FourCC::new(handler),
                name: "made here".into(),
            },
            minf: Minf {
                stbl,
                ..Minf::default()
            },
        },
        ..Trak::default()
    }
}

/// A file of packets of Opus, 20 ms each, one in each chunk.
pub fn opus(packets: &[Vec<u8>]) -> Vec<u8> {
    let entry = mp4_atom::Opus {
        audio: Audio {
            data_reference_index: 1,
            channel_count: 1,
            sample_size: 16,
            sample_rate: 48_000.into(),
        },
        dops: mp4_atom::Dops {
            output_channel_count: 1,
            pre_skip: 312,
            input_sample_rate: 48_000,
            output_gain: 0,
            channel_mapping: None,
        },
        btrt: None,
    };
    chunks(&(1, entry.into()), packets, None)
}

/// A file of a track with one sample in each chunk, 40 ms each, and the numbers of its sync samples.
pub fn chunks(entry: &Entry, samples: &[Vec<u8>], sync: Option<Vec<u32>>) -> Vec<u8> {
    let mut moov = moov(0, std::slice::from_ref(entry));
    let media = samples.concat();
    let mut offset = ftyp().len() as u64 + 16;
    let stbl = &mut moov.trak[0].mdia.minf.stbl;
    stbl.stsc.entries[0].samples_per_chunk = 1;
    stbl.stts.entries[0].sample_count = u32::try_from(samples.len()).unwrap();
    stbl.stss = sync.map(|entries| Stss { entries });
    let (mut sizes, mut offsets) = (Vec::new(), Vec::new());
    for sample in samples {
        sizes.push(u32::try_from(sample.len()).unwrap());
        offsets.push(offset);
        offset += sample.len() as u64;
    }
    stbl.stsz.samples = StszSamples::Different { sizes };
    stbl.co64 = Some(Co64 { entries: offsets });
    [ftyp(), media_box(&media), bytes(&moov)].concat()
}

/// A box of media.
fn media_box(media: &[u8]) -> Vec<u8> {
    let size = media.len() as u64 + 16;
    [
        &1_u32.to_be_bytes()[..],
        b"mdat",
        &size.to_be_bytes(),
        media,
    ]
    .concat()
}

/// A file of one track with a fragment for each group of samples, 40 ms each, that begins with a sync sample.
pub fn groups(entry: &Entry, groups: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut header = without_samples(std::slice::from_ref(entry));
    header.mvex = Some(Mvex {
        mehd: None,
        trex: vec![Trex {
            track_id: entry.0,
            default_sample_duration: 40,
            default_sample_flags: 0x1_0000,
            ..Trex::default()
        }],
    });
    let group = |samples: &Vec<Vec<u8>>| {
        let make = |size: i32| {
            let row = |(number, sample): (usize, &Vec<u8>)| TrunEntry {
                size: u32::try_from(sample.len()).ok(),
                flags: Some(if number == 0 { 0 } else { 0x1_0000 }),
                ..TrunEntry::default()
            };
            let entries = samples.iter().enumerate().map(row);
            let samples = TrunSamples::Explicit(entries.collect());
            moof(vec![traf(entry.0, size + 16, samples)])
        };
        let moof = make(i32::try_from(make(0).len()).unwrap());
        [moof, media_box(&samples.concat())].concat()
    };
    let groups: Vec<_> = groups.iter().map(group).collect();
    [ftyp(), bytes(&header), groups.concat()].concat()
}

/// A run of samples of a track, which lie at `offset` from the begin of their fragment.
fn traf(track_id: u32, offset: i32, samples: TrunSamples) -> Traf {
    Traf {
        tfhd: Tfhd {
            track_id,
            default_base_is_moof: true,
            ..Tfhd::default()
        },
        trun: vec![Trun {
            data_offset: Some(offset),
            samples,
        }],
        ..Traf::default()
    }
}

/// The header of a fragment.
fn moof(traf: Vec<Traf>) -> Vec<u8> {
    bytes(&Moof {
        traf,
        ..Moof::default()
    })
}

/// A header whose tables are empty.
fn without_samples(entries: &[Entry]) -> Moov {
    let mut moov = moov(0, entries);
    moov.mvhd.duration = 0;
    for trak in &mut moov.trak {
        let stbl = &mut trak.mdia.minf.stbl;
        (stbl.stts, stbl.stsc, stbl.stsz) = (Stts::default(), Stsc::default(), Stsz::default());
        stbl.co64 = Some(Co64::default());
    }
    moov
}

/// A file with its header first.
pub fn header_first(entries: &[Entry]) -> Vec<u8> {
    let head = ftyp().len() + bytes(&moov(0, entries)).len() + 16;
    let moov = bytes(&moov(head as u64, entries));
    [ftyp(), moov, mdat(BYTES * entries.len() as u64)].concat()
}

/// A file with its header last.
pub fn header_last(entries: &[Entry]) -> Vec<u8> {
    let first = ftyp().len() as u64 + 16;
    let media = mdat(BYTES * entries.len() as u64);
    [ftyp(), media, bytes(&moov(first, entries))].concat()
}

/// A file of four fragments of half a second, one track each time, with an index where told.
pub fn fragmented(entries: &[Entry], index: bool) -> Vec<u8> {
    let mut moov = without_samples(entries);
    let trex = entries.iter().map(|(track_id, _)| Trex {
        track_id: *track_id,
        default_sample_duration: 20,
        default_sample_size: 10,
        ..Trex::default()
    });
    moov.mvex = Some(Mvex {
        mehd: None,
        trex: trex.collect(),
    });
    let fragments: Vec<_> = (0..4).map(|_| fragment(entries)).collect();
    let sidx = Sidx {
        reference_id: 1,
        timescale: 1000,
        references: fragments
            .iter()
            .map(|fragment| mp4_atom::SegmentReference {
                reference_type: false,
                referenced_size: u32::try_from(fragment.len()).unwrap(),
                subsegment_duration: 500,
                starts_with_sap: true,
                sap_type: 1,
                sap_delta_time: 0,
            })
            .collect(),
        ..Sidx::default()
    };
    let sidx = if index { bytes(&sidx) } else { Vec::new() };
    [ftyp(), bytes(&moov), sidx, fragments.concat()].concat()
}

/// The first track tells the size and duration of each of 5 samples, the others leave that of 25 to
/// the header.
fn fragment(entries: &[Entry]) -> Vec<u8> {
    let make = |size: i32| {
        let run = |(index, (track_id, _)): (i32, &Entry)| {
            let samples = if *track_id == 1 {
                let entry = TrunEntry {
                    duration: Some(100),
                    size: Some(50),
                    flags: None,
                    cts: Some(0),
                };
                TrunSamples::Explicit(vec![entry; 5])
            } else {
                let (count, first_flags) = (25, None);
                TrunSamples::Inherited { count, first_flags }
            };
            traf(*track_id, size + 16 + index * 250, samples)
        };
        moof((0..).zip(entries).map(run).collect())
    };
    let moof = make(i32::try_from(make(0).len()).unwrap());
    [moof, mdat(250 * entries.len() as u64)].concat()
}
