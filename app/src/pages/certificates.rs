//! `/certificates`: the certificates of deletion; `/certificates/{number}`: one of them, to print.

mod paper;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{certificate::Certificate, keep::REASON_LENGTH, visible::visible_line};

pub use self::paper::certificate;
use crate::{
    components::{Empty, Glyph, Time, crumb},
    current_app::CurrentApp,
    paths,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The certificates that the account may read, the newest first.
pub async fn certificates(visit: Visit) -> Response {
    let loaded = visit.service.certificates(&visit.me).await;
    visit.answer(loaded, |all| page(&all)).await
}

fn page(all: &[Certificate]) -> Page {
    let locale = locale();
    let title = say!(locale, certificate.title);
    let content = if all.is_empty() {
        let (none, text) = (
            say!(locale, certificate.none),
            say!(locale, certificate.none_text),
        );
        view! { <Empty glyph=Glyph::Doc title=none text=text /> }.into_any()
    } else {
        table(all).into_any()
    };
    let main = view! {
        <main class="sheet saved" id="content" data-page="certificates">
            <header class="page-h">
                {crumb(CurrentApp::expect().to("/recordings"), say!(locale, common.nav.library))}
                <h1>{title}</h1>
            </header>
            <div class="saved-b scroll" tabindex="-1">{content}</div>
        </main>
    };
    Page::new(title, main)
}

fn table(all: &[Certificate]) -> impl IntoView + use<> {
    let locale = locale();
    let rows = all.iter().map(|of| {
        let room = of.room.to_string();
        let reason = of.why.reason.as_deref();
        let reason = reason.map(|reason| visible_line(reason, REASON_LENGTH));
        let sizes = of.files.iter().filter_map(|file| file.size);
        let size = words::bytes(locale, sizes.fold(0, u64::saturating_add));
        view! {
            <tr>
                <td>
                    <a class="mono" href=paths::certificate(&of.number) data-walk="">
                        {of.number.clone()}
                    </a>
                </td>
                <td class="c-room">
                    <bdi class="trunc">{room}</bdi>
                </td>
                <td class="c-why">
                    <span class="trunc">{reason}</span>
                </td>
                <td class="c-files num r">{of.files.len()}</td>
                <td class="c-size num r">{size}</td>
                <td class="num">
                    <Time at=of.at />
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <table class="table certs" aria-label=say!(locale, certificate.title)>
            <thead>
                <tr>
                    <th>{say!(locale, common.word.number)}</th>
                    <th class="c-room">{say!(locale, common.word.room)}</th>
                    <th class="c-why">{say!(locale, common.word.reason)}</th>
                    <th class="c-files r">{say!(locale, common.word.files)}</th>
                    <th class="c-size r">{say!(locale, common.word.size)}</th>
                    <th>{say!(locale, certificate.at)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
