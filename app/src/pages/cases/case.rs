//! The open case: its head, its reason or the form that changes it, its recordings and history, and who may look.

use leptos::prelude::*;
use reelroom_domain::{
    case::{Case, CaseText},
    keep::MayRelease,
    visible::{visible, visible_line},
};

use super::{
    address::Address,
    form::change,
    held::held,
    history::history,
    list::{LONGEST, state},
    lookers::lookers,
    opened::Opened,
};
use crate::{
    components::{Glyph, Icon, IconLink, form_error, request_note, time},
    i18n::{Locale, td},
    query::Query,
    server_fns::{AddToCase, ChangeCase, CloseCase, EndLook, LetLook, ReleaseRecording},
    this_page::locale,
};

/// The case.
pub fn case(of: &Opened, here: &Address, has_dialog: bool) -> impl IntoView + use<> {
    let locale = locale();
    let view = &of.view;
    let text = &view.case.text;
    let query: Query = expect_context();
    let asked = (query.get("did") == "asked").then(|| {
        view! { <p class="inset asked" role="status">{say!(locale, keep.hold.asked)}</p> }
    });
    let of_dialogs = || (form_error::<ReleaseRecording>(), form_error::<CloseCase>());
    let reason = if here.edit && view.may_change {
        change(view, here).into_any()
    } else {
        view! { <p class="reason">{visible(&text.reason)}</p> }.into_any()
    };
    view! {
        <section class="cd" id="detail" aria-labelledby="case-h" inert=has_dialog>
            {head(of, here, has_dialog)}
            <div class="cd-b scroll" tabindex="-1">
                <div>
                    {form_error::<ChangeCase>()}
                    {form_error::<AddToCase>()}
                    {form_error::<LetLook>()}
                    {form_error::<EndLook>()}
                    {(!has_dialog).then(of_dialogs)}
                    {asked}
                    {view.close_request().map(request_note)}
                    {reason}
                    {held(of, here)}
                    {history(locale, of)}
                </div>
                <aside>
                    {about(locale, text, view.may_change && !here.edit, here)}
                    {lookers(locale, view)}
                </aside>
            </div>
        </section>
    }
}

fn head(of: &Opened, here: &Address, has_dialog: bool) -> impl IntoView + use<> {
    let locale = locale();
    let view = &of.view;
    let case = &view.case;
    let is_closed = !of.is_open();
    let is_asked = view.release.is_asked(view.close_request());
    let close = (!is_closed && view.release != MayRelease::No && !is_asked).then(|| {
        view! {
            <a class="btn" href=here.opening("close") data-turbo-action="replace">
                <Icon glyph=Glyph::Unlock />
                {say!(locale, cases.close.button)}
            </a>
        }
    });
    let back = say!(locale, cases.title);
    // Escape closes what is open.
    let is_plain = !has_dialog && !here.edit;
    view! {
        <header class="page-h">
            <a
                class="btn quiet icon back"
                href=here.list()
                aria-label=back
                title=back
                data-key=is_plain.then_some("Escape")
            >
                <Icon glyph=Glyph::Left />
            </a>
            <h1 id="case-h" tabindex="-1" data-focus="" title=case.text.name.clone()>
                {visible_line(&case.text.name, LONGEST)}
            </h1>
            {state(locale, is_closed, view.held)}
            <span class="grow muted num">{opened(locale, case)}</span>
            {close}
        </header>
    }
}

/// The number, and who opened and closed it and when.
fn opened(locale: Locale, case: &Case) -> impl IntoView + use<> {
    let number = visible_line(&case.text.number, LONGEST);
    let name = visible_line(&case.opened_name, LONGEST);
    let closed = case.closed.as_ref().map(|(at, by)| {
        let (time, name) = (time(*at), visible_line(by, LONGEST));
        view! { ". " {td!(locale, cases.closed_by, name, time)} }
    });
    let time = time(case.opened_at);
    view! { {td!(locale, cases.opened, name, number, time)} {closed} }
}

/// Number and reference.
fn about(
    locale: Locale,
    text: &CaseText,
    may_change: bool,
    here: &Address,
) -> impl IntoView + use<> {
    let edit = may_change.then(|| {
        view! {
            <IconLink
                href=here.opening("edit")
                glyph=Glyph::Pencil
                word=say!(locale, cases.edit)
                attr:data-key="e"
                attr:data-turbo-action="replace"
            />
        }
    });
    let reference = (!text.reference.is_empty()).then(|| {
        view! {
            <dt>{say!(locale, cases.reference)}</dt>
            <dd>{visible_line(&text.reference, 200)}</dd>
        }
    });
    view! {
        <section aria-labelledby="about-h">
            <h2 id="about-h">{say!(locale, cases.about)} {edit}</h2>
            <dl class="kv">
                <dt>{say!(locale, common.word.number)}</dt>
                <dd class="mono">{visible_line(&text.number, LONGEST)}</dd>
                {reference}
            </dl>
        </section>
    }
}
