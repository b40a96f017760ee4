//! What people say about recordings, and whether they have seen them.

use reelroom_domain::{
    about::{About, AboutChange, AboutForm, AboutProblem, AboutView, Tag, Tags},
    access::{Thing, Verb},
    act::{Act, ActKind, detail},
    find::{Count, FacetKey},
    ids::RecordingId,
    outcome::{ItemOutcome, Outcomes},
    recording::Recording,
    search::{SearchText, fold},
};
use reelroom_store::{Conn, about, acts, history, recordings, seen};

use super::{
    find::{outcome_of, recording_for},
    library::LibraryQuery,
};
use crate::{Browser, Found, Principal, Service, ServiceError, ground::best_effort::best_effort};

/// The most tags that are suggested.
const SUGGESTED: usize = 8;

/// The title, tags and notes of a recording were not saved.
#[derive(Debug, thiserror::Error)]
pub enum AboutError {
    /// The form has mistakes.
    #[error("the form has mistakes")]
    Invalid(Vec<AboutProblem>),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Title, tags and notes of a recording, and when the account first opened it.
    pub async fn about(&self, by: &Principal, id: RecordingId) -> Result<AboutView, ServiceError> {
        let mut read = self.0.store.read().await?;
        let recording = recording_for(&mut read, by, Verb::See, id).await?;
        let known = about::get(&mut read, id).await?.found()?;
        let seen = seen::by_user(&mut read, by.user, &[id]).await?;
        Ok(AboutView {
            about: known.about,
            noted: known.noted,
            seen_at: seen.get(&id).copied(),
            may_change: by.may(Verb::Change, Thing::Room(recording.app, &recording.room)),
        })
    }

    /// Saves title, tags and notes of a recording. Its history and that of access have each change.
    pub async fn set_about(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RecordingId,
        form: &AboutForm,
    ) -> Result<(), AboutError> {
        let mut tx = self.0.store.write().await?;
        let recording = recording_for(&mut tx, by, Verb::Change, id).await?;
        let to = form.parse().map_err(AboutError::Invalid)?;
        let from = about::get(&mut tx, id).await?.found()?.about;
        if self
            .describe(&mut tx, by, browser, &recording, &from, &to)
            .await?
        {
            tx.commit().await?;
            self.publish_recording(&recording);
        }
        Ok(())
    }

    /// Adds and removes tags of several recordings. Returns what became of each.
    pub async fn tag_many(
        &self,
        by: &Principal,
        browser: &Browser,
        ids: &[RecordingId],
        add: &Tags,
        remove: &Tags,
    ) -> Result<Outcomes, ServiceError> {
        let mut tx = self.0.store.write().await?;
        let (found, mut outcomes) = allowed(&mut tx, by, Verb::Change, ids).await?;
        let found_ids: Vec<RecordingId> = found.iter().map(|one| one.id).collect();
        let mut known = about::tags_of(&mut tx, &found_ids).await?;
        let of_tags = |tags| About {
            tags,
            ..About::default()
        };
        let mut changed = Vec::new();
        for recording in found {
            let from = known.remove(&recording.id).unwrap_or_default();
            let Some(to) = from.changed(add, remove) else {
                outcomes.insert(recording.id, ItemOutcome::TooManyTags);
                continue;
            };
            let (from, to) = (of_tags(from), of_tags(to));
            if self
                .describe(&mut tx, by, browser, &recording, &from, &to)
                .await?
            {
                changed.push(recording);
            }
        }
        tx.commit().await?;
        for recording in &changed {
            self.publish_recording(recording);
        }
        Ok(outcomes)
    }

    /// Marks recordings as seen by the account, or as not seen. Returns what became of each.
    pub async fn set_seen(
        &self,
        by: &Principal,
        ids: &[RecordingId],
        is_seen: bool,
    ) -> Result<Outcomes, ServiceError> {
        let mut tx = self.0.store.write().await?;
        let (found, outcomes) = allowed(&mut tx, by, Verb::See, ids).await?;
        let ids: Vec<RecordingId> = found.iter().map(|one| one.id).collect();
        if is_seen {
            seen::mark(&mut tx, by.user, &ids, self.now()).await?;
        } else {
            seen::unmark(&mut tx, by.user, &ids).await?;
        }
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Marks a recording as seen by the account that opens its page, unless the database is busy. Returns whether it
    /// is marked.
    pub async fn mark_opened(&self, by: &Principal, id: RecordingId) -> bool {
        let mark = async { self.set_seen(by, &[id], true).await.map(drop) };
        best_effort("a recording is not marked as seen", mark).await
    }

    /// Tags for a recording that the account may change, with the number of recordings that have them: those that
    /// begin with `typed`, then those that contain it; the most frequent ones first, at most 8.
    pub async fn suggest_tags(
        &self,
        by: &Principal,
        id: RecordingId,
        typed: &str,
    ) -> Result<Vec<(Tag, Count)>, ServiceError> {
        let recording =
            recording_for(&mut *self.0.store.read().await?, by, Verb::Change, id).await?;
        let query = LibraryQuery {
            app: Some(recording.app),
            ..LibraryQuery::default()
        };
        let typed = SearchText::parse(typed);
        let typed = typed.as_ref().map_or("", SearchText::as_str);
        let found = self.facet_values(by, &query, FacetKey::Tag, typed).await?;
        let mut tags: Vec<_> = found
            .iter()
            .filter_map(|facet| Some((Tag::parse(&facet.value)?, facet.count)))
            .collect();
        let begins = fold(typed);
        tags.sort_by_key(|(tag, _)| !tag.key().starts_with(&begins));
        tags.truncate(SUGGESTED);
        Ok(tags)
    }

    /// Changes title, tags and notes of a recording, and records the change. Returns whether there is one.
    async fn describe(
        &self,
        tx: &mut Conn,
        by: &Principal,
        browser: &Browser,
        recording: &Recording,
        from: &About,
        to: &About,
    ) -> Result<bool, ServiceError> {
        let changes = from.changes(to);
        if changes.is_empty() {
            return Ok(false);
        }
        let (id, now) = (recording.id, self.now());
        about::set(tx, id, to, &changes, now, &by.name).await?;
        for change in &changes {
            history::append_change(tx, id, now, change, &by.name).await?;
        }
        let names: Vec<&str> = changes.iter().map(AboutChange::name).collect();
        let act = Act {
            room: Some((recording.app, recording.room.clone())),
            recording: Some(id),
            ..self.act_about(by, browser, ActKind::Described, "")
        };
        acts::append(tx, &act.with(detail::FIELDS, names.join(", "))).await?;
        tracing::info!(recording = %id, ?names, by = by.name, "recording described");
        Ok(true)
    }
}

/// The recordings of these ids with which `by` may do this, and what becomes of each id if all goes well.
async fn allowed(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    ids: &[RecordingId],
) -> Result<(Vec<Recording>, Outcomes), ServiceError> {
    let mut outcomes: Outcomes = ids.iter().map(|id| (*id, ItemOutcome::Gone)).collect();
    let mut found = recordings::get_all(conn, ids).await?;
    found.retain(|recording| {
        let thing = Thing::Room(recording.app, &recording.room);
        let outcome = match by.require(verb, thing) {
            Ok(()) => ItemOutcome::Done,
            Err(error) => outcome_of(&error),
        };
        outcomes.insert(recording.id, outcome);
        outcome == ItemOutcome::Done
    });
    Ok((found, outcomes))
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        access::{Grant, Rights},
        act::ActFilter,
        recording::RecordingState,
        user::Role,
        view::HistoryEvent,
    };
    use reelroom_store::{DatabaseUrl, testing::Databases};
    use tempfile::TempDir;

    use super::*;
    use crate::testing::{
        TestService, account, insert_stopped, on_both, refused, silent_app, sqlite,
    };

    /// A service without jobs, with two recordings of one room, and an operator who reaches it.
    struct Case {
        service: TestService,
        ids: [RecordingId; 2],
        operator: Principal,
    }

    impl Case {
        async fn open(url: impl FnOnce(&TempDir) -> DatabaseUrl) -> Self {
            let service = TestService::open(url, 0).await;
            let app = silent_app(&service).await;
            let mut ids = Vec::new();
            for _ in 0..2 {
                let state = RecordingState::AwaitingFiles;
                ids.push(insert_stopped(&service, app, state).await.id);
            }
            let mut operator = account(&service, "ada", Role::Operator).await;
            operator.access.rights = Rights::default();
            operator.access.grants = vec![Grant::App { app }];
            Self {
                service,
                ids: ids.try_into().unwrap(),
                operator,
            }
        }

        fn with(&self, role: Role, grants: &[Grant]) -> Principal {
            let mut other = self.operator.clone();
            other.access.role = role;
            other.access.grants = grants.to_vec();
            other
        }

        async fn save(&self, by: &Principal, form: &AboutForm) -> Result<(), AboutError> {
            let browser = Browser::default();
            self.service
                .set_about(by, &browser, self.ids[0], form)
                .await
        }
    }

    fn form(title: &str, tags: &str, notes: &str) -> AboutForm {
        let (title, tags, notes) = (title.to_owned(), tags.to_owned(), notes.to_owned());
        AboutForm { title, tags, notes }
    }

    on_both! {
        said, what_people_say_is_kept_with_its_history_on_sqlite, what_people_say_is_kept_with_its_history_on_postgres;
    }

    async fn said(databases: &Databases) {
        let case = Case::open(|_| databases.another()).await;
        let Case { service, ids, .. } = &case;
        let ada = &case.operator;
        service.set_time(5000);
        let first = form("Fractions", "lesson, b", "See https://x.example");
        case.save(ada, &first).await.unwrap();
        // Nothing changes.
        case.save(ada, &first).await.unwrap();
        case.save(ada, &form("", "lesson", "See https://x.example"))
            .await
            .unwrap();
        let view = service.about(ada, ids[0]).await.unwrap();
        assert_eq!(
            AboutForm::from(&view.about),
            form("", "lesson", "See https://x.example")
        );
        assert_eq!(view.noted.unwrap().1, "ada");
        assert!(view.may_change);

        let history = service.recording(ada, ids[0]).await.unwrap().history;
        let changes = history.iter().filter_map(|line| line.change.as_ref());
        let names: Vec<_> = changes.map(AboutChange::name).collect();
        assert_eq!(names, ["title", "tags", "notes", "title", "tags"]);
        for line in &history {
            let (event, actor) = (line.event, line.actor.as_deref());
            assert_eq!((event, actor), (HistoryEvent::Described, Some("ada")));
        }
        let mut read = service.0.store.read().await.unwrap();
        let filter = ActFilter {
            recording: Some(ids[0]),
            ..ActFilter::default()
        };
        let acts = acts::page(&mut read, &filter, None, 10).await.unwrap();
        let fields = acts.iter().map(|line| &*line.act.detail[detail::FIELDS]);
        assert_eq!(
            fields.collect::<Vec<_>>(),
            ["title, tags", "title, tags, notes"]
        );
    }

    #[tokio::test]
    async fn who_may_not_change_a_recording_reads_what_is_said() {
        let case = Case::open(sqlite).await;
        let Case { service, ids, .. } = &case;
        let grants = case.operator.access.grants.clone();
        let long = form("界", &"x".repeat(41), &"x".repeat(10_001));
        let (saved, wrong) = (
            case.save(&case.operator, &long),
            [AboutProblem::Tag, AboutProblem::Notes],
        );
        refused!(saved => AboutError::Invalid(problems) if *problems == wrong);
        for role in [Role::Viewer, Role::Auditor] {
            let reader = case.with(role, &grants);
            let refused = case.save(&reader, &long).await;
            let forbidden = ServiceError::Forbidden;
            assert_eq!(refused.unwrap_err().to_string(), forbidden.to_string());
            let view = service.about(&reader, ids[0]).await.unwrap();
            assert_eq!((view.about, view.may_change), (About::default(), false));
        }
        let stranger = case.with(Role::Operator, &[]);
        refused!(case.save(&stranger, &long) => AboutError::Service(ServiceError::NotFound));
        assert!(service.about(&stranger, ids[0]).await.is_err());
    }

    #[tokio::test]
    async fn an_action_on_several_reports_each() {
        let case = Case::open(sqlite).await;
        let Case { service, ids, .. } = &case;
        let (ada, browser) = (&case.operator, Browser::default());
        let full: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        case.save(ada, &form("", &full.join(","), ""))
            .await
            .unwrap();
        let unknown: RecordingId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
        let all = [ids[0], ids[1], unknown];
        let tags = |typed| Tags::parse(typed).unwrap();
        let (add, none) = (tags("lesson"), Tags::default());
        let outcomes = |of: Outcomes| all.map(|id| of[&id]);
        let tagged = service.tag_many(ada, &browser, &all, &add, &none).await;
        assert_eq!(
            outcomes(tagged.unwrap()),
            [
                ItemOutcome::TooManyTags,
                ItemOutcome::Done,
                ItemOutcome::Gone
            ]
        );
        let tagged = service
            .tag_many(ada, &browser, &all, &add, &tags("0, 1"))
            .await;
        assert_eq!(
            outcomes(tagged.unwrap())[..2],
            [ItemOutcome::Done, ItemOutcome::Done]
        );
        let view = service.about(ada, ids[1]).await.unwrap();
        assert_eq!(view.about.tags, add);
        let suggested = async |typed: &str| {
            let found = service.suggest_tags(ada, ids[0], typed).await.unwrap();
            let found = found.into_iter();
            found
                .map(|(tag, count)| (tag.as_str().to_owned(), count.n))
                .collect::<Vec<_>>()
        };
        assert_eq!(suggested("LES").await, [("lesson".to_owned(), 2)]);
        assert_eq!(suggested("").await.len(), 8);
        // Those that begin so are first.
        assert_eq!(suggested("3").await[0].0, "3");

        let viewer = case.with(Role::Viewer, &case.operator.access.grants);
        let refused = service.tag_many(&viewer, &browser, &all, &none, &add).await;
        assert_eq!(
            outcomes(refused.unwrap()),
            [
                ItemOutcome::Refused,
                ItemOutcome::Refused,
                ItemOutcome::Gone
            ]
        );
        let seen = service.set_seen(&viewer, &all, true).await;
        assert_eq!(
            outcomes(seen.unwrap()),
            [ItemOutcome::Done, ItemOutcome::Done, ItemOutcome::Gone]
        );
        let is_seen =
            async |id| service.about(&viewer, id).await.unwrap().seen_at == Some(service.now());
        assert!(is_seen(ids[0]).await && is_seen(ids[1]).await);
        service.set_seen(&viewer, &ids[..1], false).await.unwrap();
        assert!(!is_seen(ids[0]).await && is_seen(ids[1]).await);
        let stranger = case.with(Role::Viewer, &[]);
        let hidden = service.set_seen(&stranger, &all, true).await;
        assert_eq!(outcomes(hidden.unwrap()), [ItemOutcome::Gone; 3]);
    }
}
