//! The page of a recording that is in the trash or deleted for good, for accounts that may delete.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    ids::RecordingId,
    keep::{Keep, KeepView},
    time::Timestamp,
    visible::visible_line,
};

use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, Time, Tone},
    current_app::CurrentApp,
    form::failed,
    i18n::{Locale, td},
    paths,
    server_fns::RestoreRecording,
    this_page::locale,
    visit::Page,
};

/// The longest name of an account that is shown, in characters.
const LONGEST: usize = 64;

/// The page.
pub fn deleted(id: RecordingId, view: &KeepView) -> Page {
    let locale = locale();
    let this = format!("recording:{id}");
    let heading = heading(locale, &view.keep);
    let certificate = view.certificate.as_deref().map(|number| {
        let word = say!(locale, keep.certificate);
        view! { <a class="btn" href=paths::certificate(number)>{word}</a> }
    });
    let error = failed::<RestoreRecording>().map(|error| view! { <ErrorNote error=error /> });
    let restore = matches!(view.keep, Keep::Trashed { .. }).then(|| restore(id));
    let text = text(locale, &view.keep);
    let main = view! {
        <main class="sheet alone" id="content" data-page=format!("deleted:{id}")>
            <div class="deleted">
                <h1 class="sr" tabindex="-1" data-focus="">
                    {heading}
                </h1>
                {error}
                <Banner tone=tone(&view.keep) title=heading>
                    <p>{text}</p>
                    <div class="btns">
                        {restore} {certificate}
                        <a class="btn" href=paths::TRASH>{say!(locale, keep.trashed.open)}</a>
                        <a class="btn quiet" href=CurrentApp::expect().to("/recordings")>
                            {say!(locale, recording.back)}
                        </a>
                    </div>
                </Banner>
            </div>
        </main>
    };
    Page::new(heading, main).live(this)
}

fn heading(locale: Locale, keep: &Keep) -> &'static str {
    match keep {
        // It was restored meanwhile.
        Keep::Kept => say!(locale, keep.trashed.restored),
        Keep::Trashed { .. } => say!(locale, keep.trashed.title),
        Keep::Purging => say!(locale, keep.purging),
        Keep::Purged { .. } => say!(locale, keep.purged),
    }
}

const fn tone(keep: &Keep) -> Tone {
    match keep {
        Keep::Kept | Keep::Purged { .. } => Tone::Info,
        Keep::Trashed { .. } | Keep::Purging => Tone::Wait,
    }
}

fn text(locale: Locale, keep: &Keep) -> AnyView {
    match keep {
        Keep::Kept => say!(locale, keep.trashed.restored_text).into_any(),
        Keep::Trashed { at, by, until } => {
            let (time, until) = (time(*at), time(*until));
            match by {
                Some(name) => {
                    let name = visible_line(name, LONGEST);
                    td!(locale, keep.trashed.by, name, time, until).into_any()
                }
                None => td!(locale, keep.trashed.late, time, until).into_any(),
            }
        }
        Keep::Purging => say!(locale, keep.purging_text).into_any(),
        Keep::Purged { at } => td!(locale, keep.purged_text, time = time(*at)).into_any(),
    }
}

/// A time within a sentence.
fn time(at: Timestamp) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || view! { <Time at=at /> }.into_any()
}

fn restore(id: RecordingId) -> impl IntoView {
    view! {
        <form method="post" action=RestoreRecording::url()>
            <input type="hidden" name="id" value=id.to_string() />
            <button class="btn primary">
                <Icon glyph=Glyph::Undo />
                {say!(locale(), keep.trashed.restore)}
            </button>
        </form>
    }
}
