//! Pictures, as H.264 in the form that MP4 holds (each unit behind its length).

use openh264::{
    OpenH264API, Timestamp,
    encoder::{
        Complexity, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, Profile, RateControlMode,
    },
    formats::YUVSlices,
};

use super::{canvas::Canvas, error::MediaError};

/// Seconds from one picture that stands alone to the next: how fine a seek is.
const SYNC_SECONDS: u32 = 2;

/// Unit types (ITU-T H.264 table 7-1).
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;

/// Encodes the pictures of one file.
pub(crate) struct Video {
    encoder: Encoder,
    sample: Vec<u8>,
    sequence: Vec<u8>,
    picture: Vec<u8>,
}

impl Video {
    /// An encoder for that many pictures a second.
    pub(crate) fn new(fps: u16) -> Result<Self, MediaError> {
        let config = EncoderConfig::new()
            .profile(Profile::Baseline)
            .complexity(Complexity::Low)
            .rate_control_mode(RateControlMode::Off)
            .max_frame_rate(FrameRate::from_hz(f32::from(fps)))
            .intra_frame_period(IntraFramePeriod::from_num_frames(
                u32::from(fps) * SYNC_SECONDS,
            ))
            // Each picture must come out, or the length would not be the recording's.
            .skip_frames(false)
            .scene_change_detect(false)
            .num_threads(1);
        Ok(Self {
            encoder: Encoder::with_api_config(OpenH264API::from_source(), config)?,
            sample: Vec::new(),
            sequence: Vec::new(),
            picture: Vec::new(),
        })
    }

    /// Encodes one picture, shown at `at` milliseconds; the sample, and whether it stands alone.
    pub(crate) fn encode(&mut self, canvas: &Canvas, at: u64) -> Result<(&[u8], bool), MediaError> {
        let width = usize::from(canvas.size().width);
        let height = usize::from(canvas.size().height);
        let source = YUVSlices::new(
            canvas.planes(),
            (width, height),
            (width, width / 2, width / 2),
        );
        let stream = self
            .encoder
            .encode_at(&source, Timestamp::from_millis(at))?;
        self.sample.clear();
        let mut alone = false;
        for layer in (0..stream.num_layers()).filter_map(|index| stream.layer(index)) {
            for unit in (0..layer.nal_count()).filter_map(|index| layer.nal_unit(index)) {
                let unit = without_start_code(unit);
                match unit.first().map(|first| first & 0x1f) {
                    Some(SEQUENCE_PARAMETERS) => self.sequence = unit.to_vec(),
                    Some(PICTURE_PARAMETERS) => self.picture = unit.to_vec(),
                    Some(kind) => {
                        alone |= kind == 5;
                        let length = u32::try_from(unit.len()).map_err(|_| MediaError::TooLong)?;
                        self.sample.extend(length.to_be_bytes());
                        self.sample.extend(unit);
                    }
                    None => {}
                }
            }
        }
        if self.sample.is_empty() {
            return Err(MediaError::NoPicture);
        }
        Ok((&self.sample, alone))
    }

    /// Sequence and picture parameters, for the file's header; known after the first picture.
    pub(crate) fn parameters(&self) -> (&[u8], &[u8]) {
        (&self.sequence, &self.picture)
    }
}

fn without_start_code(unit: &[u8]) -> &[u8] {
    unit.strip_prefix(&[0, 0, 0, 1])
        .or_else(|| unit.strip_prefix(&[0, 0, 1]))
        .unwrap_or(unit)
}
