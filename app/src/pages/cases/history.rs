//! The history of a case.

use leptos::prelude::*;
use reelroom_domain::{
    case::{CaseEvent, CaseLine},
    visible::visible_line,
};

use super::{list::LONGEST, opened::Opened};
use crate::{
    components::{Glyph, Icon, Time},
    i18n::Locale,
    paths, words,
};

/// The lines, the newest first, with the recordings that they are about, of those that the reader sees.
pub fn history(locale: Locale, of: &Opened) -> impl IntoView + use<> {
    let line = |line: &CaseLine| {
        view! {
            <li>
                <Time at=line.at />
                <Icon glyph=glyph(&line.event) />
                <b class="trunc">{visible_line(&line.actor, LONGEST)}</b>
                <span>{text(locale, &line.event)} {recording(locale, of, line)}</span>
            </li>
        }
    };
    let lines = of.view.history.iter().map(line).collect_view();
    let earlier = of.view.earlier;
    let earlier = (earlier > 0).then(|| {
        view! { <p class="hint">{say!(locale, common.more, n = words::number(earlier))}</p> }
    });
    view! {
        <section aria-labelledby="history-h">
            <div class="sec-h">
                <h2 id="history-h">{say!(locale, cases.history)}</h2>
            </div>
            <ol class="log">{lines}</ol>
            {earlier}
        </section>
    }
}

/// The link to the recording of a line: its name, and when it began.
fn recording(locale: Locale, of: &Opened, line: &CaseLine) -> Option<impl IntoView + use<>> {
    let id = line.event.recording()?;
    let row = of.rows.iter().find(|row| row.id == id)?;
    let (name, at) = (visible_line(row.name(), LONGEST), row.began_at());
    let colon = match locale {
        Locale::en => ": ",
        Locale::zh_CN => "：",
    };
    Some(view! { {colon} <a href=paths::recording(id)>{name}</a> " " <Time at=at /> })
}

const fn glyph(event: &CaseEvent) -> Glyph {
    match event {
        CaseEvent::Opened => Glyph::Folder,
        CaseEvent::Changed => Glyph::Pencil,
        CaseEvent::Added { .. } | CaseEvent::Kept { .. } => Glyph::Lock,
        CaseEvent::Released { .. } | CaseEvent::Closed => Glyph::Unlock,
        CaseEvent::LookerAdded { .. } | CaseEvent::LookerRemoved { .. } => Glyph::Users,
    }
}

/// An event in words that follow the name of the person.
fn text(locale: Locale, event: &CaseEvent) -> String {
    let fixed = match event {
        CaseEvent::Added { recordings } if recordings.len() > 1 => {
            let n = u32::try_from(recordings.len()).unwrap_or(u32::MAX);
            return say!(locale, cases.did.added, n = words::number(n));
        }
        CaseEvent::LookerAdded { name } => {
            let name = visible_line(name, LONGEST);
            return say!(locale, cases.did.looker_added, name);
        }
        CaseEvent::LookerRemoved { name } => {
            let name = visible_line(name, LONGEST);
            return say!(locale, cases.did.looker_removed, name);
        }
        CaseEvent::Opened => say!(locale, cases.did.opened),
        CaseEvent::Changed => say!(locale, cases.did.changed),
        CaseEvent::Added { .. } => say!(locale, cases.did.added_single),
        CaseEvent::Released { .. } => say!(locale, cases.did.released),
        CaseEvent::Kept { .. } => say!(locale, cases.did.kept),
        CaseEvent::Closed => say!(locale, cases.did.closed),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use reelroom_domain::ids::RecordingId;

    use super::*;

    #[test]
    fn each_event_has_its_words() {
        let id: RecordingId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
        let name = "Teachers".to_owned();
        let events = [
            CaseEvent::Opened,
            CaseEvent::Changed,
            CaseEvent::Added {
                recordings: vec![id],
            },
            CaseEvent::Added {
                recordings: vec![id; 1_200],
            },
            CaseEvent::Released { recording: id },
            CaseEvent::LookerAdded { name: name.clone() },
            CaseEvent::LookerRemoved { name },
            CaseEvent::Kept { recording: id },
            CaseEvent::Closed,
        ];
        for locale in [Locale::en, Locale::zh_CN] {
            let words: BTreeSet<String> = events.iter().map(|one| text(locale, one)).collect();
            assert_eq!(words.len(), events.len());
        }
        assert_eq!(text(Locale::en, &events[3]), "added 1,200 recordings");
        assert_eq!(text(Locale::zh_CN, &events[5]), "允许 Teachers 查看");
    }
}
