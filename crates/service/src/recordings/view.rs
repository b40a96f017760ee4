//! The page of one recording.

use reelroom_domain::{
    access::Verb,
    file::{FileKind, FileState},
    ids::RecordingId,
    ledger::lines,
    naming::Token,
    order::USER_DATA_BYTES,
    recording::{Origin, Recording},
    view::RecordingView,
};
use reelroom_store::{
    apps, checks, expected,
    files::{self, File},
    history, recordings,
};

use super::{
    find::{case_effects, recording_for, require_with},
    library,
    patience::patience,
    takes::takes,
};
use crate::{Found, Principal, Service, ServiceError, ground::correlation};

impl Service {
    /// One recording with its history and its files.
    pub async fn recording(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<RecordingView, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let recording = recording_for(&mut read, by, Verb::See, id).await?;
        let effects = case_effects(&mut read, by, &[&recording]).await?;
        let effect = effects.get(&id).copied();
        let may_watch = require_with(by, Verb::Watch, &recording, effect).is_ok();
        let summary = recordings::summary(&mut read, id).await?.found()?;
        let history = history::of_recording(&mut read, id).await?;
        let files = files::of_recording(&mut read, id).await?;
        let expected = expected::of_recording(&mut read, id).await?;
        let patience = patience(&mut read).await?;
        let is_blocked = files.iter().any(|file| file.state == FileState::Blocked);
        let settings = if is_blocked {
            apps::get(&mut read, summary.recording.app).await?
        } else {
            None
        };
        let checks = checks::of_recording(&mut read, id).await?.checks;
        let row = library::row(by, summary, effect, patience, now);
        let announced = files.iter().map(|file| {
            let announced = &file.announced;
            let who = announced.participant.as_ref();
            (announced.kind, who, file.announced_at)
        });
        let lines = lines(announced, &expected, recording.frames_expected);
        let awaited_from = recording.awaits_files().then(|| recording.awaited_from());
        let stopped = recording.stopped_at.or(awaited_from);
        let name = row.file_name.as_deref();
        let shown = files::shown(&mut read, id).await?;
        let copies = shown.iter().filter_map(File::copy_with_crc32);
        let zip = copies.fold((0, 0), |(files, bytes), (copy, _)| {
            (files + 1, bytes + copy.size)
        });
        drop(read);
        let app = self.in_address(by, recording.app).await?;
        Ok(RecordingView {
            app,
            name_parts: name_parts(&recording, name).unwrap_or_default(),
            rule: recording.rule,
            // The platform's user data of an old recording may contain a token.
            user_data: match recording.origin {
                Origin::Started => recording.user_data,
                Origin::AutoRecorded => recording
                    .user_data
                    .as_deref()
                    .and_then(correlation::without_token),
            }
            .map(within_limit),
            path: recording.path,
            started_by: recording.requested_by,
            stopped_by: recording.stopped_by,
            auto_stop: recording.auto_stop,
            lines,
            late_at: stopped.map(|at| at.plus_millis(patience.late_after)),
            due_at: stopped.map(|at| at.plus_millis(patience.due_after)),
            checks: checks.filter(|_| recording.state.is_checked()),
            history,
            files: takes(files, settings.as_ref()),
            zip,
            may_watch,
            row,
            now,
        })
    }
}

/// Cuts user data to its limit: rows from before there was one may be longer.
fn within_limit(mut data: String) -> String {
    data.truncate(data.floor_char_boundary(USER_DATA_BYTES));
    data
}

/// The parts of the composite's name; none if it does not follow the rule.
fn name_parts(recording: &Recording, name: Option<&str>) -> Option<Vec<(Token, String)>> {
    let rule = recording.naming_rule()?;
    let read = rule.read_back(name?, FileKind::Composite, Some(&recording.room))?;
    let parts = [
        (Token::RoomId, read.room),
        (Token::Date, read.date),
        (Token::Time, read.time),
        (Token::Random, read.random),
        (Token::UserId, read.user),
    ];
    let read = |(token, value): (Token, Option<String>)| Some((token, value?));
    Some(parts.into_iter().filter_map(read).collect())
}
