//! The holds of the recording, and the forms that hold, release and delete it.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    case::CaseRow,
    ids::RecordingId,
    keep::{Hold, KeepView, MayRelease, REASON_LENGTH, ShownRequest},
    view::RecordingView,
    visible::visible_line,
};

use crate::{
    components::{
        ErrorNote, Glyph, Icon, fold_title, form_error, icon_link, pill, reason_field,
        request_note, time,
    },
    error::ApiError,
    form::failed,
    i18n::td,
    open_cases::{open_cases, options},
    paths,
    query::Query,
    server_fns::{AddToCase, HoldRecording, ReleaseRecording, TrashRecording},
    this_page::locale,
    visit::Visit,
};

/// The longest number or name that is shown, in characters.
const LONGEST: usize = 80;

/// Whether the recording is kept, and the open cases that it can be added to.
pub struct Kept {
    id: RecordingId,
    view: KeepView,
    cases: Vec<CaseRow>,
    is_active: bool,
}

/// Loads it.
pub async fn load(visit: &Visit, recording: &RecordingView) -> Result<Kept, ApiError> {
    let Visit { service, me, .. } = visit;
    let id = recording.row.id;
    let view = service.kept(me, id).await?;
    let cases = if view.may_hold {
        let is_in = |row: &CaseRow| {
            let mut cases = view.holds.iter().filter_map(|hold| hold.case.as_ref());
            cases.any(|(case, _)| *case == row.case.id)
        };
        let mut cases = open_cases(&service.cases(me).await?, me);
        cases.retain(|row| !is_in(row));
        cases
    } else {
        Vec::new()
    };
    Ok(Kept {
        id,
        view,
        cases,
        is_active: recording.row.state.is_active(),
    })
}

/// The mark of a recording on hold, for the head of the page.
pub fn mark(kept: &Kept) -> Option<AnyView> {
    let is_held = !kept.view.holds.is_empty();
    is_held.then(|| pill("", Glyph::Lock, say!(locale(), keep.hold.on)).into_any())
}

/// The holds and, for an account that may, the forms that hold, release and delete.
pub fn sections(kept: &Kept) -> impl IntoView + use<> {
    view! { {holds(kept)} {kept.view.may_delete.then(|| delete(kept))} }
}

fn holds(kept: &Kept) -> impl IntoView + use<> {
    let locale = locale();
    let all = &kept.view.holds;
    let shown = if all.is_empty() {
        view! { <p class="muted">{say!(locale, keep.hold.none)}</p> }.into_any()
    } else {
        let lines = all.iter().map(|of| hold(kept, of)).collect_view();
        view! {
            <p class="hint">{say!(locale, keep.hold.means)}</p>
            <ul class="holds">{lines}</ul>
        }
        .into_any()
    };
    let note = (!all.is_empty()).then_some(match kept.view.release {
        MayRelease::No => say!(locale, keep.hold.release_denied),
        MayRelease::Alone => "",
        MayRelease::WithSecond => say!(locale, keep.hold.release_second),
    });
    let note = note.filter(|note| !note.is_empty());
    let query: Query = expect_context();
    let asked = (query.get("did") == "asked").then(|| {
        view! { <p role="status">{say!(locale, keep.hold.asked)}</p> }
    });
    let is_own = |of: &Hold| of.case.is_none();
    let put = (kept.view.may_hold && !all.iter().any(is_own)).then(|| put(kept.id));
    let to_case = kept.view.may_hold.then(|| to_case(kept));
    view! {
        <section aria-labelledby="hold-h" class="keep">
            <h2 id="hold-h">{say!(locale, keep.hold.title)}</h2>
            {form_error::<HoldRecording>()}
            {form_error::<ReleaseRecording>()}
            {form_error::<AddToCase>()}
            {asked}
            {shown}
            {note.map(|note| view! { <p class="hint">{note}</p> })}
            {put}
            {to_case}
        </section>
    }
}

/// A hold: its reason or its case, who put it and when, and the form that releases it.
fn hold(kept: &Kept, of: &Hold) -> impl IntoView + use<> {
    let locale = locale();
    let (time, name) = (time(of.at), visible_line(&of.by, LONGEST));
    let reason = visible_line(&of.reason, REASON_LENGTH);
    let what = match &of.case {
        Some((id, number)) => {
            let number = visible_line(number, LONGEST);
            let word = say!(locale, keep.hold.case, number);
            if reason.is_empty() {
                word.into_any()
            } else {
                view! { <a href=paths::case(*id)>{word}</a> ", " {reason} }.into_any()
            }
        }
        None => view! { "“" {reason} "”" }.into_any(),
    };
    let request = ShownRequest::of_release(&kept.view.requests, kept.id, of.of_case());
    let is_asked = kept.view.release.is_asked(request);
    let release = match kept.view.release {
        MayRelease::No => None,
        MayRelease::Alone => Some(release(kept.id, of, false)),
        MayRelease::WithSecond => (!is_asked).then(|| release(kept.id, of, true)),
    };
    view! {
        <li>
            <Icon glyph=Glyph::Lock />
            <div>
                <p>{what}</p>
                <p class="hint">{td!(locale, common.by_at, name, time)}</p>
                {request.map(request_note)}
                {release}
            </div>
        </li>
    }
}

/// The form that releases a hold, or asks for it.
fn release(id: RecordingId, of: &Hold, with_second: bool) -> AnyView {
    let locale = locale();
    let case = of.case.as_ref().map(|(id, _)| id.to_string());
    let case = case.unwrap_or_default();
    let query: Query = expect_context();
    let is_here = query.get("case") == case;
    let word = if with_second {
        say!(locale, keep.hold.release_ask)
    } else {
        say!(locale, keep.hold.release)
    };
    let label = of.case.as_ref().filter(|_| !with_second);
    let label = label.map(|(_, number)| {
        let number = visible_line(number, LONGEST);
        say!(locale, keep.hold.release_of, number)
    });
    let error = failed::<ReleaseRecording>().filter(|_| is_here);
    let hint = Some(say!(locale, keep.hold.reason_hint));
    let field = reason_field(&format!("release-{case}-reason"), hint, error.as_ref());
    view! {
        <details class="fold" open=error.is_some()>
            <summary aria-label=label>
                <Icon glyph=Glyph::Right />
                {word}
            </summary>
            <form method="post" action=ReleaseRecording::url() data-closes="">
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="case" value=case />
                {field}
                <button class="btn">
                    <Icon glyph=Glyph::Unlock />
                    {word}
                </button>
            </form>
        </details>
    }
    .into_any()
}

/// The form that puts the recording on hold.
fn put(id: RecordingId) -> impl IntoView {
    let locale = locale();
    let error = failed::<HoldRecording>();
    let hint = Some(say!(locale, keep.hold.reason_hint));
    let field = reason_field("hold-reason", hint, error.as_ref());
    view! {
        <details class="fold" open=error.is_some()>
            {fold_title(say!(locale, keep.hold.put))}
            <form method="post" action=HoldRecording::url() data-closes="">
                <input type="hidden" name="id" value=id.to_string() />
                {field}
                <button class="btn">
                    <Icon glyph=Glyph::Lock />
                    {say!(locale, keep.hold.submit)}
                </button>
            </form>
        </details>
    }
}

/// The choice of an open case, and a link to a new one.
fn to_case(kept: &Kept) -> impl IntoView + use<> {
    let locale = locale();
    let id = kept.id.to_string();
    let form = (!kept.cases.is_empty()).then(|| {
        view! {
            <form method="post" action=AddToCase::url() class="to-case">
                <input type="hidden" name="ids" value=id />
                <select class="select" name="id" aria-label=say!(locale, common.word.case)>
                    {options(&kept.cases)}
                </select>
                <button class="btn">{say!(locale, keep.hold.add)}</button>
            </form>
        }
    });
    let error = failed::<AddToCase>();
    let new_case = say!(locale, keep.hold.new_case);
    view! {
        <details class="fold" open=error.is_some()>
            {fold_title(say!(locale, keep.hold.to_case))}
            {form}
            {icon_link("btn quiet", paths::case_with(kept.id), Glyph::Folder, new_case)}
        </details>
    }
}

/// The button that moves the recording to the trash. Its key asks for a second press, so that a stray key deletes
/// nothing.
fn delete(kept: &Kept) -> impl IntoView + use<> {
    let locale = locale();
    let is_held = !kept.view.holds.is_empty();
    let locked = if is_held {
        Some(say!(locale, keep.delete.held))
    } else {
        kept.is_active.then(|| say!(locale, keep.delete.running))
    };
    let error = failed::<TrashRecording>();
    let button = if locked.is_some() {
        view! {
            <button type="button" class="btn danger" aria-disabled="true" aria-describedby="delete-note">
                <Icon glyph=Glyph::Trash />
                {say!(locale, keep.delete.button)}
            </button>
        }
        .into_any()
    } else {
        let id = kept.id.to_string();
        let word = say!(locale, keep.delete.button);
        view! {
            <form method="post" action=TrashRecording::url()>
                <input type="hidden" name="id" value=id />
                <button
                    class="btn danger"
                    aria-describedby="delete-note"
                    data-key="Delete"
                    data-does=word
                    data-twice=say!(locale, keep.delete.again)
                >
                    <Icon glyph=Glyph::Trash />
                    <span data-word="">{word}</span>
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="delete-h" class="keep">
            <h2 id="delete-h">{say!(locale, common.action.delete)}</h2>
            {error.map(|error| view! { <ErrorNote error=error /> })}
            <p class="hint" id="delete-note">
                {locked.unwrap_or(say!(locale, keep.delete.means))}
            </p>
            {button}
        </section>
    }
}
